"""Values that say that nothing is known: what people and systems write where a cell has to be filled.

What is certain is no value in any column. Other words mean nothing in most columns, but Null and None are surnames, and
``NA`` is a code: Namibia's, Naples', of the language of Nauru.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = [
    "are_default_dates",
    "are_no_ids",
    "are_placeholders",
    "are_placeholders_or_codes",
    "are_surely_placeholders",
]

Mask: TypeAlias = npt.NDArray[np.bool_]
Column: TypeAlias = pa.ChunkedArray

_CERTAIN: Final = (
    "-", "--", "---", "----", "—", "——", "–", "－", ".", "..", "...", "/", "?", "??", "???", "？", "*",
    "n/a", "#n/a", "n.a.", "n/a.", "n\\a", "\\n", "<na>", "<null>", "(null)", "[null]", "(none)", "(blank)", "(empty)",
    "#null!", "#ref!", "#value!", "#name?", "#div/0!", "#num!", "#spill!", "#calc!", "#field!", "#error!", "#########",
    "unknown", "not available", "not applicable", "not provided", "not known", "not specified",
    "无", "未知", "暂无", "不详", "未填", "未填写", "未提供", "没有", "无数据", "待补充", "暂缺",
)  # fmt: skip
_WORDS: Final = ("null", "none", "nil", "nan", "undefined", "tbd", "unspecified")
_CODES: Final = ("na",)
_ZERO_ID: Final = "00000000-0000-0000-0000-000000000000"
_DEFAULT_DATES: Final = (
    "0000-00-00", "0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-00", "1900-01-01", "9999-12-31",
)  # fmt: skip


def are_surely_placeholders(column: Column) -> Mask:
    """Where a value is nobody's name and nothing else: n/a, -, 未知."""
    return _is_one_of(column, _CERTAIN)


def are_placeholders_or_codes(column: Column) -> Mask:
    """Where a value is no place and no language: also NULL and none, but not NA."""
    return _is_one_of(column, (*_CERTAIN, *_WORDS))


def are_placeholders(column: Column) -> Mask:
    """Where a value is nothing, in columns that hold neither names nor codes: also NULL, none and NA."""
    return _is_one_of(column, (*_CERTAIN, *_WORDS, *_CODES))


def are_no_ids(column: Column) -> Mask:
    """Where a record id is a placeholder, or the identifier of which all digits are zero."""
    return _is_one_of(column, (*_CERTAIN, *_WORDS, *_CODES, _ZERO_ID))


def are_default_dates(column: Column) -> Mask:
    """Where a birth date is what databases and spreadsheets write for an unknown one: zero, the first, or the last."""
    return _is_one_of(column, _DEFAULT_DATES)


def _is_one_of(column: Column, words: tuple[str, ...]) -> Mask:
    """Where a value is one of some short words, ignoring case.

    A word is looked up only where its length in bytes, first and last byte are some word's, so hardly a text is hashed.
    """
    likely, beginning = _ends_of(words)
    found = np.zeros(len(column), np.bool_)
    begin = 0
    for chunk in column.chunks:
        places = _places_like(chunk, likely, beginning)
        if len(places):
            lowered = pc.utf8_lower(chunk.take(pa.array(places)))
            said = pc.is_in(lowered, value_set=pa.array(words, pa.string())).to_numpy(zero_copy_only=False)
            found[begin + places[said]] = True
        begin += len(chunk)
    return found


@cache
def _ends_of(words: tuple[str, ...]) -> tuple[Mask, Mask]:
    """The lengths in bytes, first and last bytes of the words, as a cube; and of lengths and first bytes alone."""
    spelled = [word.encode() for word in words]
    likely = np.zeros((max(map(len, spelled)) + 2, 256, 256), np.bool_)  # the last plane is of all that is longer
    for word in spelled:
        for first, last in product({word[0], word.upper()[0]}, {word[-1], word.upper()[-1]}):
            likely[len(word), first, last] = True
    return likely, likely.any(axis=2).ravel()


def _places_like(chunk: pa.StringArray, likely: Mask, beginning: Mask) -> npt.NDArray[np.int64]:
    """Places of the values whose length, first and last byte are marked in a cube."""
    if not len(chunk) or chunk.null_count == len(chunk):
        return np.zeros(0, np.int64)
    offsets = np.frombuffer(chunk.buffers()[1], np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    codes = np.frombuffer(chunk.buffers()[2] or b"\0", np.uint8)
    sizes = np.minimum(np.diff(offsets), len(likely) - 1).astype(np.uint16)
    first = codes.take(offsets[:-1], mode="clip")
    places = np.flatnonzero(beginning.take(sizes * np.uint16(256) + first))
    last = codes[offsets[places + 1] - 1]
    near: npt.NDArray[np.int64] = places[likely[sizes[places], first[places], last]]
    return near
