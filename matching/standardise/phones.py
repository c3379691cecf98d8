"""Telephone numbers, as the digits that a person inside the country dials.

A country calling code (ITU-T E.164, list of assigned codes) and the trunk ``0`` go, an extension goes, masked digits
stay as ``*``. Whether a bare leading ``1`` is North America's country code or begins a Chinese mobile number is a
convention of the column: `phone_convention`. Numbers made of one digit are fillers and count as missing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.scan import DIGITS, byte_at, holds, holds_other_than, lengths
from matching.standardise.text import each_odd, is_in, matches, replace, split_cells

__all__ = ["phone_convention", "split_phones", "standardise_phones"]

_CODES: Final = (
    r"(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-689]\d|3[578]\d|42\d|50\d|59\d|67\d|68\d|69\d|"
    r"80[08]|85\d|87\d|88\d|96\d|97\d|99\d)"
)
_EXTENSION: Final = r"(?i)\s*(?:,|;)?\s*(?:ext(?:ension|n)?\b\.?|x|转|轉|分机|分機|#)\s*[:.]?\s*\d{1,6}\s*$"
_FILLERS: Final = (
    *(digit * times for digit in "0123456789*" for times in range(5, 16)),
    *("12345678901234567890"[:size] for size in range(5, 16)),
    "987654321", "9876543210", "2345678901",
)  # fmt: skip
_AMERICAN: Final = r"^[2-9]\d{2}[2-9]\d{6}$"
_AREA_SLASH: Final = r"^(\s*(?:\+\d{2}[\s-]*\(?0?\)?|\(?0)\d{1,4}\)?)\s*/\s*(\d[\d\s-]{3,})$"  # 030/1234567: one number
_BETWEEN: Final = r"[;；、|，,/]|\s+(?:or|and|oder|或)\s+"
_SPACED: Final = (  # a Chinese landline and a mobile, a space between
    r"(\b1[3-9]\d{9}|\b0\d{2,3}-?\d{7,8})\s+((?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8})\b)"
)
_SCIENTIFIC: Final = r"^\s*(\d)[.,]?(\d*)[eE]\+?\d+\s*$"
_CHINESE: Final = r"^[\s(（]*0[1-9]\d{1,2}[)）\s-]{0,2}\d{7,8}"


def phone_convention(values: pa.StringArray) -> str:
    """What a bare leading ``1`` is in a column's numbers of eleven digits.

    Returns:
        ``one-is-a-code`` where numbers of North America outnumber Chinese mobiles and none of the numbers of eleven
        digits, or hardly one, has a 0 or 1 where an exchange code never has it (a fifth of Chinese mobiles do); else
        ``one-is-a-digit``. In a column of both, a Chinese mobile keeps its digits.

    Example:
        >>> phone_convention(pa.array(["7029191300", "(807) 422-9031", "17029191300"]))
        'one-is-a-code'
    """
    national = each_odd(values, ~_is_plain(values), _national)
    size = lengths(national)
    eleven = national.filter(pa.array(size == 11))
    if matches(eleven, r"^1[3-9]\d{2}[01]").true_count * 50 > len(eleven):
        return "one-is-a-digit"
    american = matches(national.filter(pa.array(size == 10)), _AMERICAN).true_count
    american -= matches(values, _CHINESE).true_count  # 021-64123456 looks like one without its trunk 0
    chinese = matches(national.filter(pa.array(size >= 11)), r"^(?:86)?1[3-9]\d[\d*]{8}$").true_count
    return "one-is-a-code" if american > chinese else "one-is-a-digit"


def standardise_phones(values: pa.StringArray, convention: str | None = None) -> pa.StringArray:
    """Numbers as they are compared: national digits, with ``*`` for a masked one.

    Args:
        values: N distinct numbers of one column, one each.
        convention: What a bare leading ``1`` is (`phone_convention`); read off these values when absent.

    Returns:
        N numbers of 5 to 15 digits; missing where a text is no number.

    Example:
        >>> numbers = pa.array(["+86 138-0013-8000", "13800138000", "0086 13800138000", "020 7946 0958 ext. 7"])
        >>> standardise_phones(numbers).to_pylist()
        ['13800138000', '13800138000', '13800138000', '2079460958']
    """
    national = each_odd(values, ~_is_plain(values), _national)
    national = _without_bare_codes(national, convention or phone_convention(values))
    size = lengths(national)
    wrong = (size < 5) | (size > 15)
    wrong |= is_in(national, _FILLERS).to_numpy(zero_copy_only=False)
    return pc.if_else(pa.array(wrong), pa.scalar(None, pa.string()), national) if wrong.any() else national


def split_phones(values: pa.StringArray) -> tuple[pa.StringArray, ...]:
    """The numbers in each cell, up to three: arrays like ``values``, missing where a cell has fewer.

    Example:
        >>> [part.to_pylist() for part in split_phones(pa.array(["0571-88888888 / 13800138000", "22"]))]
        [['0571-88888888 ', '22'], [' 13800138000', None]]
    """
    whole = each_odd(values, holds(values, b"/"), lambda some: replace(some, _AREA_SLASH, r"\1 \2"))
    apart = each_odd(whole, matches(whole, _SPACED), lambda some: replace(some, _SPACED, r"\1;\2"))
    return split_cells(apart, _BETWEEN)


def _national(values: pa.StringArray) -> pa.StringArray:
    narrow = pc.utf8_normalize(values, "NFKC")
    narrow = each_odd(narrow, matches(narrow, _SCIENTIFIC), _unrounded)
    narrow = replace(narrow, r"(?i)[x×●•＊]{2,}", "****")
    narrow = replace(narrow, _EXTENSION, "")
    narrow = replace(narrow, r"^(\s*0\d{2,3}[-\s]?\d{7,8})-\d{1,5}\s*$", r"\1")
    narrow = replace(narrow, r"(?i)^\s*(?:tel|phone|mobile|mob|fax|电话|手机|传真|座机)[^\W\d]*\s*[.:：]?\s*", "")
    narrow = replace(narrow, r"\.0$", "")
    coded = replace(narrow, rf"^[\s(]*(?:\+|00[\s-]*)[\s(]*{_CODES}[\s()./-]*", "")
    packed = replace(coded, r"[^\d*]+", "")
    return replace(packed, r"^0+", "")


def _unrounded(values: pa.StringArray) -> pa.StringArray:
    """What a spreadsheet wrote as 1.3800138000E+10; 1.38E+10 has lost its digits and says nothing."""
    digits = replace(values, _SCIENTIFIC, r"\1\2")
    return pc.if_else(pc.greater_equal(pc.utf8_length(digits), 10), digits, "")


def _is_plain(values: pa.StringArray) -> np.ndarray:
    """Whether a text is nothing but digits, few enough to carry no country code, and without a trunk ``0``."""
    size = lengths(values)
    plain: np.ndarray = ~holds_other_than(values, DIGITS) & (size >= 5) & (size <= 10)
    plain &= byte_at(values, 0) != ord("0")
    return plain


def _without_bare_codes(values: pa.StringArray, convention: str) -> pa.StringArray:
    """Country codes without a plus dropped: China's before a mobile, North America's where the convention says so."""
    long = (lengths(values) == 13) & (byte_at(values, 0) == ord("8"))
    values = each_odd(values, long, lambda some: replace(some, r"^86(1[3-9]\d{9})$", r"\1"))
    eleven = (lengths(values) == 11) & (byte_at(values, 0) == ord("1"))
    if not eleven.any():
        return values
    coded = convention == "one-is-a-code"
    bare = r"^1([2-9]\d{2}[2-9]\d{6})$" if coded else r"^1(2\d{2}[2-9]\d{6})$"
    return each_odd(values, eleven, lambda some: replace(some, bare, r"\1"))
