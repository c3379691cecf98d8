"""Numbers and dates in text as people write them, to be put in order."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.checks import bad_times

__all__ = ["date_bounds", "numbers", "span_of"]

Column: TypeAlias = pa.ChunkedArray

_SIGNS: Final = r"^[\s¥￥$€£]+|[\s¥￥$€£%元]+$"
_POINT: Final = r"^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d+)?$"
_COMMA: Final = r"^[+-]?(\d+|\d{1,3}(\.\d{3})+),(\d{1,2}|\d{4,})$"

_ISO: Final = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}Z)?)?)?$"
_FIRST: Final = "0000-01-01T00:00:00Z"
_LAST: Final = "9999-12-31T23:59:59Z"
_LENGTHS: Final = (4, 7, 10, 20)
_CLEANED: Final = (
    (r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", r"\1-\2-\3"),
    (r"^(\d{4})[-/年](\d{1,2})月?$", r"\1-\2"),
    (r"^(\d{4})年$", r"\1"),
    (r"^(\d{4})-(\d)\b", r"\1-0\2"),
    (r"^(\d{4}-\d{2})-(\d)\b", r"\1-0\2"),
    (r"^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(:\d{2})?.*$", r"\1"),  # a time of no known zone: the day is certain
)


def numbers(column: Column) -> npt.NDArray[np.float64]:
    """Each value as a number; NaN where it is none.

    Reads ``1,234.50``, ``1.234,50``, ``12,5``, ``-3``, ``1e6``, ``¥ 99``, ``50%`` and full-width digits; ``1,234`` is
    one thousand and more.

    Example:
        >>> numbers(pa.chunked_array([["1,234.5", "12,5", "x", None]])).tolist()
        [1234.5, 12.5, nan, nan]
    """
    encoded = pc.dictionary_encode(column.combine_chunks())
    text = pc.replace_substring_regex(pc.utf8_normalize(encoded.dictionary, "NFKC"), _SIGNS, "")
    pointed = pc.match_substring_regex(text, _POINT)
    comma = pc.match_substring_regex(text, _COMMA)
    swapped = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    plain = pc.if_else(comma, swapped, pc.replace_substring(text, ",", ""))
    known = pc.if_else(pc.or_(pointed, comma), plain, pa.scalar(None, pa.string()))
    values = pc.cast(known, pa.float64()).take(encoded.indices)
    found: npt.NDArray[np.float64] = pc.fill_null(values, np.nan).to_numpy(zero_copy_only=False)
    return found


def date_bounds(column: Column) -> tuple[Column | pa.Array, Column | pa.Array]:
    """The first and the last second that each date can mean, as canonical times; null where it is no date.

    Reads ISO dates and times, and the like with other separators, the year first: ``2020/1/5``, ``2020年1月``.

    Example:
        >>> first, last = date_bounds(pa.chunked_array([["2020-02", "x"]]))
        >>> first.to_pylist(), last.to_pylist()
        (['2020-02-01T00:00:00Z', None], ['2020-02-31T23:59:59Z', None])
    """
    if not bad_times(column).any():
        return column, column
    encoded = pc.dictionary_encode(column.combine_chunks())
    text = encoded.dictionary
    if not pc.all(pc.match_substring_regex(text, _ISO)).as_py():
        for pattern, replacement in _CLEANED:
            text = pc.replace_substring_regex(text, pattern, replacement)
    known = pc.if_else(pc.match_substring_regex(text, _ISO), text, pa.scalar(None, pa.string()))
    return _padded(known, _FIRST).take(encoded.indices), _padded(known, _LAST).take(encoded.indices)


def span_of(bound: str) -> tuple[str, str] | None:
    """The first and the last second of a bound that is a month or a day; None where it is none.

    Example:
        >>> span_of("2020-05-17")
        ('2020-05-17T00:00:00Z', '2020-05-17T23:59:59Z')
        >>> span_of("2020") is None  # a number
        True
    """
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?", bound):
        return None
    return bound + _FIRST[len(bound) :], bound + _LAST[len(bound) :]


def _padded(text: pa.Array, pad: str) -> pa.Array:
    sizes = pc.binary_length(text)
    rests = pa.array([pad[size:] for size in _LENGTHS])
    rest = rests.take(pc.index_in(sizes, value_set=pa.array(_LENGTHS, pa.int32())))
    return pc.binary_join_element_wise(text, rest, "")
