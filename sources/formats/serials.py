"""Numbers of a spreadsheet as the text that a person reads: dates, times, codes with leading zeros, long numbers.

A spreadsheet knows numbers only; that one is a date, its cell's number format says (ECMA-376 part 1, 18.8.30). Days are
counted from 1899-12-31, with a 29 February 1900 that never was, or from 1904-01-01 (18.17.4).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

__all__ = ["BUILT_IN_FORMATS", "Form", "as_number", "as_serial", "form_of", "number_text"]

Form: TypeAlias = Literal["number", "date", "elapsed"] | int
"""What a number format makes of a number; an integer: a code of at least so many digits."""

BUILT_IN_FORMATS: Final[Mapping[int, str]] = {
    **dict.fromkeys((*range(14, 18), *range(27, 32), *range(34, 37), *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 47), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm",
    46: "[h]:mm:ss",
}  # 27-36 and 50-58 are dates in Chinese, Japanese and Korean Excel

_LITERAL: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_MOMENT: Final = re.compile(r"[dmyhs]", re.IGNORECASE)
_CODE: Final = re.compile(r"0{2,}")
_PLAIN: Final = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_DIGITS: Final = re.compile(r"-?[1-9]\d{15,}")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of what is typed in
_LAST_DAY: Final = 2_958_465  # 9999-12-31
_DAY: Final = 86_400


def form_of(code: str) -> Form:
    """What a number format's code makes of a number.

    Example:
        >>> form_of("yyyy/m/d"), form_of("[h]:mm"), form_of("00000"), form_of("#,##0.00 [Red]")
        ('date', 'elapsed', 5, 'number')
    """
    first = _LITERAL.sub("", code.partition(";")[0]).strip()
    if _CODE.fullmatch(first):
        return len(first)
    if _ELAPSED.search(first):
        return "elapsed"
    return "date" if _MOMENT.search(first.replace("General", "")) else "number"


def number_text(text: str, form: Form, *, from_1904: bool = False) -> str:
    """A number as it stands in a workbook's file, as text.

    Args:
        text: Its digits in the file. What is no number stays as it is.
        form: Of its cell.
        from_1904: The workbook counts its days from 1904.

    Example:
        >>> number_text("1.3800138E10", "number"), number_text("45351.5", "date"), number_text("1234", 5)
        ('13800138000', '2024-02-29 12:00:00', '01234')
    """
    plain = as_number(text)
    if form == "number" or not _NUMBER.fullmatch(text):
        return plain
    if isinstance(form, int):
        return plain.zfill(form) if plain.isdigit() else plain
    moment = as_serial(float(text), elapsed=form == "elapsed", from_1904=from_1904)
    return plain if moment is None else moment


def as_number(text: str) -> str:
    """A number without needless decimals; in scientific notation where digits of it have been lost.

    A spreadsheet keeps 15 digits: of an 18-digit id typed into one, zeros are left of the last three. Written in full
    it would look whole, so that it is written as ``1.23456789012345E+17``, which validation knows. Digits beyond the
    15th that are not zeros were written by a program, and are kept.
    """
    if _PLAIN.fullmatch(text) or not _NUMBER.fullmatch(text):
        return text
    if _DIGITS.fullmatch(text) and text.lstrip("-")[15:].strip("0"):
        return text
    number = float(text)
    if not math.isfinite(number):
        return text
    if abs(number) >= _EXACT:
        return f"{number:.15G}"
    if number.is_integer():
        return str(int(number))
    shortest = repr(number)
    return f"{number:.15g}" if sum(map(str.isdigit, shortest.lstrip("-0."))) > 16 else shortest


def as_serial(serial: float, *, elapsed: bool = False, from_1904: bool = False) -> str | None:
    """Days since the workbook's first day as a date, a time of day or both, in ISO 8601; nothing where it is neither.

    1900-02-29, the day that only spreadsheets know, is written as such, for validation to find.

    Example:
        >>> as_serial(60), as_serial(61.25), as_serial(0.5), as_serial(1.5, elapsed=True)
        ('1900-02-29', '1900-03-01 06:00:00', '12:00:00', '36:00:00')
    """
    if not 0 <= serial <= _LAST_DAY + 1:
        return None
    seconds = round(serial * _DAY)
    if elapsed:
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    day, second = divmod(seconds, _DAY)
    clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    if serial < 1 and not (from_1904 and second == 0):
        return clock
    date = _date(day, from_1904=from_1904)
    return date if not second or date is None else f"{date} {clock}"


def _date(day: int, *, from_1904: bool) -> str | None:
    if not from_1904 and day == 60:
        return "1900-02-29"
    first = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 31 if day < 60 else 30)
    try:
        return (first + dt.timedelta(days=day)).isoformat()
    except OverflowError:
        return None
