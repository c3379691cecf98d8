"""A population of persons in one flat table, at any size: what speed is measured on.

Unlike the exports of `benchmarks.generate` it is made by array operations alone, ten million rows in a minute or two.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.synthetic.names import table, vocabulary, zipf

__all__ = ["population"]

_DISTINCT: Final = 0.6
_HOUSEHOLD: Final = 0.08  # of the persons live with the one before them
_MAILS: Final = ("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "proton.me")
_TOWNS: Final = 4_000
_KINDS: Final = ("St", "Ave", "Rd", "Ln", "Dr", "Ct")
# Of the repeats: how many have a slip of the pen in a column, how many lack it.
_SLIPS: Final = {"given": 0.10, "surname": 0.08, "birth_date": 0.06, "city": 0.05, "postcode": 0.04, "street": 0.10}
_GAPS: Final = {"given": 0.02, "birth_date": 0.15, "city": 0.05, "postcode": 0.08, "street": 0.10}
_MISSING: Final = {"phone": 0.25, "email": 0.25}  # of all records
_CHANGED: Final = {"phone": 0.20, "email": 0.15}  # of the repeats: another one of the same person
_MOVED: Final = 0.10

Ints = npt.NDArray[np.int64]


def population(rows: int, seed: int = 0, hub: int = 0) -> pa.Table:
    """Records of persons, six in ten the first of theirs, the others altered repeats.

    Args:
        rows: Records.
        seed: Decides everything that is left to chance.
        hub: Records that share one phone, as if it were a shop's.

    Returns:
        ``given``, ``surname``, ``birth_date``, ``city``, ``postcode``, ``street``, ``phone``, ``email``, all text, and
        the truth: ``person``, a number.
    """
    rng = np.random.default_rng(seed)
    persons = max(int(rows * _DISTINCT), 1)
    base = _persons(rng, persons)
    person = np.concatenate([np.arange(persons), rng.integers(0, persons, rows - persons)])
    repeat = np.arange(rows) >= persons
    order = rng.permutation(rows)
    person, repeat = person[order], repeat[order]
    columns = {name: values.take(pa.array(person)) for name, values in base.items()}
    moved = repeat & (rng.random(rows) < _MOVED)
    elsewhere = pa.array(np.where(moved, rng.integers(0, persons, rows), person))
    for name in ("city", "postcode", "street"):
        columns[name] = base[name].take(elsewhere)
    for name, share in _CHANGED.items():
        fresh = _phones(rng, rows) if name == "phone" else _mails(rng, columns["given"], columns["surname"])
        columns[name] = pc.if_else(pa.array(repeat & (rng.random(rows) < share)), fresh, columns[name])
    for name, share in _SLIPS.items():
        columns[name] = _slips(rng, columns[name], repeat & (rng.random(rows) < share))
    for name, share in _GAPS.items():
        columns[name] = _without(columns[name], repeat & (rng.random(rows) < share))
    for name, share in _MISSING.items():
        columns[name] = _without(columns[name], rng.random(rows) < share)
    if hub:
        shared = np.zeros(rows, dtype=np.bool_)
        shared[rng.choice(rows, hub, replace=False)] = True
        columns["phone"] = pc.if_else(pa.array(shared), "2025550100", columns["phone"])
    return pa.table({**columns, "person": pa.array(person)})


def _persons(rng: np.random.Generator, count: int) -> dict[str, pa.StringArray]:
    """One record a person, before anything goes wrong."""
    given = pa.concat_arrays([_drawn(rng, "en_given_F", count // 2), _drawn(rng, "en_given_M", count - count // 2)])
    home = np.arange(count)
    mates = np.flatnonzero(rng.random(count) < _HOUSEHOLD)
    home[mates] = home[np.maximum(mates - 1, 0)]
    at_home = pa.array(home)
    surnames = _drawn(rng, "en_surname", count)
    town = rng.choice(_TOWNS, count, p=zipf(_TOWNS, 0.8))
    endings = pa.array(vocabulary()["us_city_suffixes"], pa.string())
    roots = pa.array(list(table("en_surname")[0]), pa.string())
    names = _joined(roots.take(pa.array(rng.integers(0, len(roots), _TOWNS))), _any(rng, endings, _TOWNS), "")
    road = _joined(_numbers(rng.integers(1, 4_000, count)), _any(rng, roots, count), " ")
    days = rng.integers(-14_600, 13_000, count).astype("datetime64[D]")
    columns = {
        "given": given,
        "surname": surnames.take(at_home),
        "birth_date": pa.array(days).cast(pa.string()),
        "city": names.take(pa.array(town)).take(at_home),
        "postcode": _numbers(10_000 + town * 15 + rng.integers(0, 14, count)).take(at_home),
        "street": _joined(road, _any(rng, pa.array(_KINDS), count), " ").take(at_home),
        "phone": _phones(rng, count),
    }
    return {**columns, "email": _mails(rng, columns["given"], columns["surname"])}


def _drawn(rng: np.random.Generator, name: str, count: int) -> pa.StringArray:
    values, weights = table(name)
    places = np.searchsorted(np.cumsum(weights)[:-1], rng.random(count), side="right")
    return pa.array(list(values), pa.string()).take(pa.array(places))


def _any(rng: np.random.Generator, values: pa.StringArray, count: int) -> pa.StringArray:
    return values.take(pa.array(rng.integers(0, len(values), count)))


def _numbers(numbers: Ints) -> pa.StringArray:
    return pa.array(numbers).cast(pa.string())


def _joined(one: pa.StringArray, two: pa.StringArray, between: str) -> pa.StringArray:
    return pc.binary_join_element_wise(one, two, between)


def _phones(rng: np.random.Generator, count: int) -> pa.StringArray:
    return _numbers(rng.integers(2_010_000_000, 9_900_000_000, count))


def _mails(rng: np.random.Generator, given: pa.StringArray, surname: pa.StringArray) -> pa.StringArray:
    count = len(given)
    local = _joined(_joined(given, surname, "."), _numbers(rng.integers(1, 2_000, count)), "")
    return pc.utf8_lower(_joined(local, _any(rng, pa.array(_MAILS), count), "@"))


def _without(values: pa.StringArray, rows: npt.NDArray[np.bool_]) -> pa.StringArray:
    return pc.if_else(pa.array(rows), pa.scalar(None, pa.string()), values)


def _slips(rng: np.random.Generator, values: pa.StringArray, rows: npt.NDArray[np.bool_]) -> pa.StringArray:
    """The values with a character changed, left out or typed too much in some rows, never the first one."""
    places = np.flatnonzero(rows & np.asarray(values.is_valid()))
    chosen = values.take(pa.array(places))
    at = 1 + (rng.random(len(places)) * (np.asarray(pc.utf8_length(chosen)) - 1)).astype(np.int64)
    kind = rng.integers(0, 3, len(places))
    digit = np.asarray(pc.match_substring_regex(pc.utf8_slice_codeunits(chosen, 1), "^[0-9-]+$"))
    changed = [chosen.slice(0, 0)]
    order = [np.empty(0, dtype=np.int64)]
    for place in range(1, int(at.max(initial=0)) + 1):
        for what, width in enumerate((1, 1, 0)):
            for letter, numeric in (("e", False), ("7", True)):
                here = np.flatnonzero((at == place) & (kind == what) & (digit == numeric))
                new = "" if what == 1 else letter
                some = chosen.take(pa.array(here))
                changed.append(pc.utf8_replace_slice(some, start=place, stop=place + width, replacement=new))
                order.append(here)
    mended = pa.concat_arrays(changed).take(pa.array(np.argsort(np.concatenate(order))))
    return pc.replace_with_mask(values, pa.array(_marked(len(values), places)), mended)


def _marked(size: int, places: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    found = np.zeros(size, dtype=np.bool_)
    found[places] = True
    return found
