"""Names, places and words to draw from, with the frequencies they have in life.

English given names and surnames carry the weights of Faker's ``en_US`` tables (US Social Security and census counts),
Chinese surnames those of its ``zh_CN`` table (the 2020 report on names of China's Ministry of Public Security); the
rest is ``benchmarks/synthetic/vocabulary.yaml``.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from faker.providers.address.en_US import Provider as AmericanAddress
from faker.providers.person.en_US import Provider as AmericanPerson
from faker.providers.person.zh_CN import Provider as ChinesePerson
from pypinyin import lazy_pinyin

__all__ = ["Ints", "Objects", "Table", "digits", "draw", "lookup", "objects", "table", "vocabulary", "zipf"]

Objects = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Table = tuple[Objects, npt.NDArray[np.float64]]


@cache
def vocabulary() -> dict[str, Any]:
    """The words of ``benchmarks/synthetic/vocabulary.yaml``."""
    loaded: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("vocabulary.yaml").read_text(encoding="utf-8"))
    return loaded


def objects(values: Any) -> Objects:
    """An object array of the values, one element each."""
    listed = list(values)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def zipf(count: int, exponent: float = 1.0) -> npt.NDArray[np.float64]:
    """Probabilities that fall with the rank: Zipf's law."""
    weights = 1.0 / np.arange(1, count + 1, dtype=np.float64) ** exponent
    shares: npt.NDArray[np.float64] = weights / weights.sum()
    return shares


def draw(rng: np.random.Generator, choices: Table, count: int) -> Objects:
    """``count`` values drawn by their weights."""
    values, weights = choices
    drawn: Objects = values[np.searchsorted(np.cumsum(weights)[:-1], rng.random(count), side="right")]
    return drawn


@cache
def digits(width: int) -> Objects:
    """Every number of ``width`` digits as text, by its value: a table to format numbers with, in bulk."""
    return objects(f"{number:0{width}d}" for number in range(10**width))


@cache
def table(name: str) -> Table:
    """A weighted table: ``en_given_M``, ``en_given_F``, ``en_surname``, and the same of ``zh``."""
    if name == "zh_surname":
        counts = {**dict(list(ChinesePerson.last_names.items())[:200]), **vocabulary()["cn_compound_surnames"]}
    elif name.startswith("zh_given"):
        counts = _chinese_given(name[-1])
    elif name == "en_surname":
        counts = AmericanPerson.last_names
    else:
        counts = AmericanPerson.first_names_male if name[-1] == "M" else AmericanPerson.first_names_female
    weights = np.array(list(counts.values()), dtype=np.float64)
    return objects(counts), weights / weights.sum()


def _chinese_given(gender: str) -> dict[str, float]:
    """Three names in ten from Faker's list (it is ordered by frequency), the rest of two characters each."""
    listed = ChinesePerson.first_names_male if gender == "M" else ChinesePerson.first_names_female
    counts = dict(zip(listed, 0.3 * zipf(len(listed), 0.7), strict=True))
    firsts, seconds = vocabulary()["cn_given_first"][gender], vocabulary()["cn_given_second"][gender]
    pairs = product(
        zip(firsts, zipf(len(firsts), 0.5), strict=True), zip(seconds, zipf(len(seconds), 0.5), strict=True)
    )
    for (first, first_weight), (second, second_weight) in pairs:
        if first != second:
            counts[first + second] = counts.get(first + second, 0.0) + 0.7 * first_weight * second_weight
    return counts


@cache
def _mapping(name: str) -> dict[str, str]:
    words = vocabulary()
    if name == "pinyin_surname":
        return {
            surname: words["cn_surname_readings"].get(surname) or _pinyin(surname) for surname in table("zh_surname")[0]
        }
    if name == "pinyin_given":
        return {given: _pinyin(given) for gender in "MF" for given in table(f"zh_given_{gender}")[0]}
    if name == "pinyin_brand":
        return {character: _pinyin(character) for character in words["cn_brand_characters"]}
    found: dict[str, str] = words[name]
    return found


def _pinyin(text: str) -> str:
    return "".join(lazy_pinyin(text))


def lookup(name: str, values: Objects) -> Objects:
    """Each value's entry in a mapping (``nicknames``, ``pinyin_surname``, …), the value itself where it has none."""
    mapping = _mapping(name)
    return objects(mapping.get(value, value) for value in values)


def postcode_ranges() -> dict[str, tuple[int, int]]:
    """The first and last postcode of each state of the US."""
    ranges: dict[str, tuple[int, int]] = AmericanAddress.states_postcode
    return ranges
