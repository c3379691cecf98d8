"""What a spreadsheet does to cells that nobody touched: the cell that was meant is the original.

A CSV that is opened in Excel, LibreOffice Calc or WPS and saved again has lost leading zeros, digits of long numbers
and the form of dates in cells that no person looked at. A cell is taken for untouched if what it became is what a
spreadsheet makes of what it was, and only then:

- a number written otherwise (``01234`` → ``1234``, ``1.10`` → ``1.1``), rounded to what is shown (``138001380001`` →
  ``1.38001E+11``) or to the fifteen digits that a spreadsheet keeps;
- a real date in another form (``2024-01-02`` → ``2024/1/2``, ``1/2/2024``), with or without its time and seconds; not
  with day and month exchanged in the same form, which is a person's doing;
- what a spreadsheet takes for a date (``1-12`` → ``12-Jan``, ``1月12日``);
- truth values in capitals, other line ends, and question marks for characters that an old encoding lacks.

Limits are Excel's ("Excel specifications and limits", 15 digits; "Keeping leading zeros and large numbers").
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation
from typing import Final

__all__ = ["is_damage"]

_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_SHOWN: Final = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?|-?\d(\.\d+)?[eE][+-]\d{2,3}")
_DIGITS_KEPT: Final = 15
_DATE: Final = re.compile(
    r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?"
)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: number for number, name in enumerate(_MONTH_NAMES, start=1)}
_DAY_OF_MONTH: Final = re.compile(r"\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2}|\d{1,2}月\d{1,2}日")
_PARTS: Final = re.compile(r"\d+|[A-Za-z]{3}")


def is_damage(original: str, found: str) -> bool:
    """Whether a spreadsheet by itself would have made one cell of the other.

    Example:
        >>> is_damage("01234", "1234"), is_damage("13800138000", "1.38001E+10"), is_damage("2024-13-01", "2024-01-13")
        (True, True, False)
    """
    before, after = _plain(original), _plain(found)
    if before == after:
        return True
    return any(same(before, after) for same in (_numbers, _dates, _times, _taken_for_dates, _truths, _unmapped))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(" ")


def _numbers(before: str, after: str) -> bool:
    if not (_NUMBER.fullmatch(before) and _SHOWN.fullmatch(after)):
        return False
    try:
        one, other = Decimal(before), Decimal(after)
        shown = Decimal(f"{one:.{_decimals(after)}e}") if _is_scientific(after) else one
    except (InvalidOperation, ValueError):
        return False
    if other in (one, shown):
        return True
    cut = Decimal(f"{one:.40e}"[: _DIGITS_KEPT + (2 if one < 0 else 1)] + f"{one:.40e}"[f"{one:.40e}".index("e") :])
    return len(one.as_tuple().digits) > _DIGITS_KEPT and (other == cut or float(one) == float(other))


def _is_scientific(text: str) -> bool:
    return "e" in text.lower()


def _decimals(text: str) -> int:
    mantissa = text.lower().partition("e")[0]
    return len(mantissa.partition(".")[2])


def _dates(before: str, after: str) -> bool:
    old, new = _DATE.fullmatch(before), _DATE.fullmatch(after)
    if old is None or new is None or not _same_time(old.groups()[3:], new.groups()[3:]):
        return False
    if _year_first(old) == _year_first(new):
        same_form = [int(part) for part in old.groups()[:3]], [int(part) for part in new.groups()[:3]]
        return bool(_readings(old)) and _same_year_form(*same_form, year=0 if _year_first(old) else 2)
    return bool(_readings(old) & _readings(new))


def _year_first(match: re.Match[str]) -> bool:
    return len(match[1]) == 4


def _same_year_form(old: list[int], new: list[int], *, year: int) -> bool:
    """Whether three numbers in the same order are equal, years being written with two digits or four."""
    years = old[year] == new[year] or (min(old[year], new[year]) < 100 and old[year] % 100 == new[year] % 100)
    return years and all(a == b for place, (a, b) in enumerate(zip(old, new, strict=True)) if place != year)


def _readings(match: re.Match[str]) -> set[tuple[int, int, int]]:
    """The dates that a text can be, with the year's last two digits."""
    first, second, third = (int(part) for part in match.groups()[:3])
    orders = [(first, second, third)] if _year_first(match) else [(third, first, second), (third, second, first)]
    return {(year % 100, month, day) for year, month, day in orders if _exists(year, month, day)}


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return False
    return True


def _same_time(old: tuple[str | None, ...], new: tuple[str | None, ...]) -> bool:
    """Hours and minutes are equal, seconds too where both have them; midnight may be left away."""
    (hour, minute, second), (other_hour, other_minute, other_second) = old, new
    if hour is None or other_hour is None:
        return all(int(part or 0) == 0 for part in (*old, *new))
    seconds = second is None or other_second is None or int(second) == int(other_second)
    return int(hour) == int(other_hour) and minute == other_minute and seconds


def _times(before: str, after: str) -> bool:
    old, new = _TIME.fullmatch(before), _TIME.fullmatch(after)
    return old is not None and new is not None and _same_time(old.groups(), new.groups())


def _taken_for_dates(before: str, after: str) -> bool:
    """A short text of two parts that became a day and a month, or a month and a year."""
    if not _DAY_OF_MONTH.fullmatch(after) or len(before) > 9:
        return False
    old, new = ([_number(part) for part in _PARTS.findall(text)] for text in (before, after))
    return len(old) == 2 and None not in old and sorted(map(str, old)) == sorted(map(str, new))


def _number(part: str) -> int | None:
    return int(part) % 100 if part.isdigit() else _MONTHS.get(part.lower())


def _truths(before: str, after: str) -> bool:
    return before.lower() in {"true", "false"} and after == before.upper()


def _unmapped(before: str, after: str) -> bool:
    """Characters beyond ASCII became question marks."""
    if "?" not in after or before.isascii():
        return False
    place = 0
    for character in before:
        lost = "??" if character > "\uffff" and after.startswith("??", place) else "?"
        if after.startswith(character, place):
            place += 1
        elif not character.isascii() and after.startswith(lost, place):
            place += len(lost)
        else:
            return False
    return place == len(after)
