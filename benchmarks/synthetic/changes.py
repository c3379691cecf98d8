"""Changes that befall persons and companies alike, and the tests of which rows they fit."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import opencc
import pandas as pd

from benchmarks.synthetic.cells import same
from benchmarks.synthetic.corrupt import Cells, Corruption, Mask
from benchmarks.synthetic.names import objects
from benchmarks.synthetic.phone_texts import STYLES
from benchmarks.synthetic.typing_errors import KINDS, mistype

__all__ = [
    "blank",
    "cased",
    "date_style",
    "has_number",
    "is_among",
    "is_chinese",
    "is_english",
    "new_number",
    "short_places",
    "spaced",
    "styled",
    "traditional",
    "typos",
]


def is_among(column: str, *values: str) -> partial[Mask]:
    """Fits rows whose column holds one of the values."""
    return partial(_among, column, values)


def _among(column: str, values: tuple[str, ...], rows: pd.DataFrame) -> Mask:
    return rows[column].isin(values).to_numpy()


def is_chinese(rows: pd.DataFrame) -> Mask:
    """Fits rows whose name is in Chinese characters."""
    return (rows["script"] == "zh").to_numpy()


def is_english(rows: pd.DataFrame) -> Mask:
    """Fits rows whose name is in Latin letters."""
    return (rows["script"] == "en").to_numpy()


def _mistyped(column: str, kind: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    chances = rng.random(len(rows)).tolist()
    return {column: objects(mistype(value, kind, chance) for value, chance in zip(rows[column], chances, strict=True))}


def blank(*columns: str) -> partial[Cells]:
    """Values are lost; numbers become 0."""
    return partial(_blanked, columns)


def _blanked(columns: tuple[str, ...], _rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    numbers = set(rows.select_dtypes("integer"))
    return {name: np.zeros(len(rows), np.int64) if name in numbers else same("", rows) for name in columns}


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional(*columns: str) -> partial[Cells]:
    """Traditional characters, as a colleague in Hong Kong or Taiwan types them."""
    return partial(_converted, columns)


def _converted(columns: tuple[str, ...], _rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    return {name: objects(_converter().convert(value) for value in rows[name]) for name in columns}


def new_number(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """Another number of the same town or carrier: all but the leading digits change."""
    number = rows[column].to_numpy()
    return {
        column: np.where(number > 0, number // 10**7 * 10**7 + rng.integers(2_200_000, 9_000_000, len(rows)), number)
    }


def short_places(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """杭州 for 杭州市, 浙江 for 浙江省."""
    return {name: objects(value.rstrip("市省") for value in rows[name]) for name in ("city", "state")}


def cased(*columns: str) -> partial[Cells]:
    """All capitals, or none."""
    return partial(_recased, columns)


def _recased(columns: tuple[str, ...], rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    upper = (rng.random(len(rows)) < 0.5).tolist()
    return {
        name: objects(v.upper() if u else v.lower() for v, u in zip(rows[name], upper, strict=True)) for name in columns
    }


def spaced(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """A space before the value, or two behind it."""
    front = rng.random(len(rows)) < 0.5
    return {column: np.where(front, " " + rows[column], rows[column] + "  ").astype(object)}


def styled(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The number is written in some way of its own."""
    return {"phone_style": rng.integers(0, STYLES, len(rows))}


def has_number(rows: pd.DataFrame) -> Mask:
    """Fits rows with a telephone number."""
    found = np.zeros(len(rows), dtype=bool)
    for column in {"mobile", "landline"} & set(rows):
        found |= (rows[column] > 0).to_numpy()
    return found


def date_style(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """Times come as an import left them (see `benchmarks.synthetic.cells.time_cells`)."""
    return {"date_style": rng.integers(1, 3, len(rows))}


def typos(column: str, group: str, rate: float, when: partial[Mask] | None = None) -> tuple[Corruption, ...]:
    """Mistyped values of a column, one corruption for each kind of slip."""
    latin = is_english if when is None else when
    return tuple(
        Corruption(
            label=f"typo:{column}:{kind}",
            group=group,
            rate=rate / len(KINDS),
            when=latin,
            change=partial(_mistyped, column, kind),
        )
        for kind in KINDS
    )
