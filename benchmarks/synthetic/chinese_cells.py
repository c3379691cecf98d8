"""Telephone and address cells of a Chinese table, and what befalls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeAlias

import numpy as np
import pandas as pd

from benchmarks.synthetic.changes import blank
from benchmarks.synthetic.chinese_writing import numerals, short_place, to_traditional
from benchmarks.synthetic.corrupt import Cells, Corruption, Mask, each
from benchmarks.synthetic.names import Objects, digits, objects
from benchmarks.synthetic.phone_texts import phone_texts
from benchmarks.synthetic.places import ADDRESS

__all__ = ["address_corruptions", "each_row", "filled", "full_width", "phone_corruptions", "whole_addresses"]

Change: TypeAlias = Callable[[np.random.Generator, pd.DataFrame], Cells]

_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_STYLES = {"+86": (0, 4), "0086": (5,), "spaced": (2, 3, 6), "full_width": (7,)}


def full_width(text: str) -> str:
    """ASCII signs in their full-width forms."""
    return text.translate(_FULL_WIDTH)


def filled(*columns: str) -> partial[Mask]:
    """Fits rows that have a value in each of the columns."""
    return partial(_filled, columns)


def _filled(columns: tuple[str, ...], rows: pd.DataFrame) -> Mask:
    return np.asarray(np.logical_and.reduce([(rows[column] != "").to_numpy() for column in columns]))


def each_row(change: Callable[..., str], into: str, *columns: str) -> Change:
    """A corruption that makes one cell of several of its row."""
    return lambda _rng, rows: {into: objects(map(change, *(rows[column] for column in columns)))}


def whole_addresses(rows: pd.DataFrame) -> Objects:
    """The address in one cell: the Chinese way without the province of a municipality, or the American way."""
    state, city, district, street = (
        rows[name].to_numpy(dtype=object) for name in ("state", "city", "district", "street")
    )
    chinese: Objects = np.where(state == city, "", state) + city + district + street
    western: Objects = street + ", " + city + ", " + state + " " + rows["postcode"].to_numpy(dtype=object)
    return np.where(rows["language"] == "zh", chinese, western)


def phone_corruptions(column: str, number: str) -> tuple[Corruption, ...]:
    """What befalls a telephone cell.

    Args:
        column: The cell; ``phone`` holds mobiles, ``landline`` fixed lines.
        number: The column with the national significant number, 0 for none; also the group of what loses it.
    """
    has = filled(column)
    lost = (
        Corruption(
            label=f"{column}:changed", group=number, rate=0.08, change=partial(_renumbered, column, number), when=has
        ),
        Corruption(label=f"{column}:slip", group=number, rate=0.02, change=partial(_slipped, column, number), when=has),
        Corruption(
            label=f"{column}:scientific",
            group=number,
            rate=0.02,
            change=each(_scientific, column),
            when=_shaped(column, r"\d{10,11}"),
        ),
        Corruption(label=f"missing:{column}", group=number, rate=0.15, change=blank(column), everywhere=True),
    )
    written = tuple(
        Corruption(
            label=f"{column}:{label}", group="format", rate=rate, change=change, when=when, everywhere=label in _STYLES
        )
        for label, rate, change, when in _written(column, number)
    )
    return lost + written


def _written(column: str, number: str) -> Iterator[tuple[str, float, Change, partial[Mask]]]:
    """Label, rate, change and fit of each way in which a number is written."""
    if column == "phone":
        yield "masked", 0.03, each(_masked, column), _shaped(column, r"1[3-9]\d{9}")
    else:
        yield "extension", 0.1, partial(_extended, column), _shaped(column, r"0\d{2,3}-\d{7,8}")
    yield "several", 0.04, partial(_several, column), filled("phone", "landline")
    yield "label", 0.02, partial(_labelled, column), filled(column)
    for label in _STYLES if column == "phone" else ("+86", "full_width"):
        ways = _STYLES[label]
        yield label, 0.08, partial(_styled, column, number, ways), filled(column)


def _styled(column: str, number: str, ways: tuple[int, ...], rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The number written in one of these ways; a cell that holds something else already stays."""
    chinese = (rows["language"] == "zh").to_numpy()
    texts = phone_texts(rows[number].to_numpy().astype(np.int64), chinese, rng.choice(np.array(ways), len(rows)))
    plain = rows[column].str.fullmatch(r"[0-9]{10,11}|0\d{2,3}-\d{7,8}|\d{3}-\d{3}-\d{4}|\(\d{3}\) \d{3}-\d{4}")
    return {column: np.where(plain.to_numpy(dtype=bool), texts, rows[column].to_numpy())}


def _renumbered(column: str, number: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    fresh = rows[number].to_numpy() // 10**7 * 10**7 + rng.integers(2_200_000, 9_000_000, len(rows))
    return _numbered(column, number, fresh, rows)


def _slipped(column: str, number: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """One of the last seven digits becomes another."""
    value, place = rows[number].to_numpy(), 10 ** rng.integers(0, 7, len(rows))
    digit = value // place % 10
    return _numbered(column, number, value + ((digit + rng.integers(1, 10, len(rows))) % 10 - digit) * place, rows)


def _numbered(column: str, number: str, fresh: np.ndarray, rows: pd.DataFrame) -> Cells:
    chinese = (rows["language"] == "zh").to_numpy()
    return {number: fresh, column: phone_texts(fresh.astype(np.int64), chinese, np.ones(len(rows), dtype=np.int64))}


def _scientific(text: str) -> str:
    """What a spreadsheet makes of eleven digits: 1.38E+10."""
    return f"{int(text):.2E}"


def _masked(text: str) -> str:
    return f"{text[:3]}****{text[7:]}"


def _several(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """Both numbers of the row in one cell."""
    other = "landline" if column == "phone" else "phone"
    signs = rng.choice(objects(["/", "、", "；", " / ", ";", ",", " "]), len(rows))
    return {column: rows[column].to_numpy() + signs + rows[other].to_numpy()}


def _extended(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    signs = rng.choice(objects(["转", "-", " 转 ", "分机", " ext "]), len(rows))
    return {column: rows[column].to_numpy() + signs + digits(3)[rng.integers(101, 900, len(rows))]}


def _labelled(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    word = objects(["手机：", "手机", "Tel:"] if column == "phone" else ["电话：", "座机:", "Tel:"])
    return {column: rng.choice(word, len(rows)) + rows[column].to_numpy()}


def _shaped(column: str, shape: str) -> partial[Mask]:
    return partial(_is_shaped, column, shape)


def _is_shaped(column: str, shape: str, rows: pd.DataFrame) -> Mask:
    return rows[column].str.fullmatch(shape).to_numpy(dtype=bool)


def address_corruptions() -> tuple[Corruption, ...]:
    """What befalls the address cell."""
    laid_out = (
        ("short", 0.12, each_row(_shortened, "address", "state", "city", "district", "street")),
        ("omitted", 0.15, _omitted),
        ("spaced", 0.05, _spaced),
        ("dashes", 0.04, each(_dashed, "address")),
    )
    written = (
        ("numerals", 0.06, each(numerals, "address")),
        ("unit_words", 0.08, each(_unit_words, "address")),
        ("full_width", 0.03, each(full_width, "address")),
        ("traditional", 0.04, each(to_traditional, "address")),
    )
    return (
        Corruption(label="moved", group="address", rate=0.08, change=_moved),
        Corruption(label="missing:address", group="address", rate=0.15, change=blank("address"), everywhere=True),
        *(
            Corruption(
                label=f"address:{label}", group=group, rate=rate, change=change, when=_chinese_address, everywhere=True
            )
            for group, ways in (("layout", laid_out), ("format", written))
            for label, rate, change in ways
        ),
    )


def _chinese_address(rows: pd.DataFrame) -> Mask:
    return ((rows["language"] == "zh") & (rows["address"] != "")).to_numpy()


def _moved(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The address of another who moved: within one country."""
    place = np.arange(len(rows))
    for language in ("en", "zh"):
        own = np.flatnonzero(rows["language"] == language)
        place[own] = own[rng.permutation(len(own))]
    return {name: rows[name].to_numpy()[place] for name in (*ADDRESS, "address")}


def _shortened(state: str, city: str, district: str, street: str) -> str:
    areas = dict.fromkeys((state, city, district))
    return "".join(short_place(area) for area in areas) + street.removesuffix("室")


def _omitted(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """Without the province, or the city, or the district."""
    state, city, district, street = (rows[name].to_numpy() for name in ("state", "city", "district", "street"))
    ways = [
        city + district + street,
        district + street,
        city + street,
        np.where(state == city, "", state) + city + street,
    ]
    chosen = rng.choice(4, len(rows), p=(0.4, 0.25, 0.2, 0.15))
    return {"address": np.choose(chosen, ways)}


def _spaced(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    state, city, district, street = (rows[name].to_numpy() for name in ("state", "city", "district", "street"))
    return {"address": np.where(state == city, "", state + " ") + city + " " + district + " " + street}


def _dashed(address: str) -> str:
    """12号3-502 for 12号3栋502室."""
    return address.replace("栋", "-").removesuffix("室")


def _unit_words(address: str) -> str:
    """3号楼 or 3幢 for 3栋."""
    return address.replace("栋", "号楼" if len(address) % 2 else "幢")
