"""Which of several files of a source is older: by the date in its name, when it was modified, or the numbers in it."""

from __future__ import annotations

import datetime as dt
import os.path
import re
from collections.abc import Sequence
from typing import Final, Literal, Protocol, TypeVar

__all__ = ["Dated", "latest_date", "natural", "oldest_first"]


class Dated(Protocol):
    """A file that has a name, and a time of modification in seconds where its system tells one."""

    @property
    def name(self) -> str: ...  # noqa: D102  as its class says

    @property
    def modified(self) -> float | None: ...  # noqa: D102  as its class says


File = TypeVar("File", bound=Dated)

_YEAR, _MONTH, _DAY = r"(?<!\d)(?P<y>(?:19|20)\d\d)", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12]\d|0?[1-9])"
_CLOCK: Final = (
    r"(?:[T _.\-]{0,3}(?P<H>[01]\d|2[0-3])[:.\-_h时]?(?P<M>[0-5]\d)(?:[:.\-_m分]?(?P<S>[0-5]\d))?(?![-_.]?\d|年))?"
)
_DATES: Final = tuple(
    re.compile(form)
    for form in (
        _YEAR + r"(?P<m>1[0-2]|0[1-9])(?P<d>3[01]|[12]\d|0[1-9])(?!\d{1,3}(?!\d)|\d{5}(?!\d)|\d{7,})" + _CLOCK,
        _YEAR + r"(?P<s>[-_./])" + _MONTH + r"(?P=s)" + _DAY + r"(?!\d)" + _CLOCK,
        _YEAR + r"\s*年\s*" + _MONTH + r"\s*月(?:\s*" + _DAY + r"\s*日?" + _CLOCK + ")?",
        r"(?<!\d)" + _DAY + r"(?P<s>[-_.])" + _MONTH + r"(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)" + _CLOCK,
        _YEAR + r"[-_](?P<m>1[0-2]|0[1-9])(?![-_.]?\d)",
    )
)


def oldest_first(files: Sequence[File], by: Literal["modified", "name"] | None = None) -> list[File]:
    """The files in the order of their age.

    Args:
        files: In any order.
        by: ``modified``: when; the name where that is not known of all. ``name``: the date in it if every name has one,
            else its numbers. When absent: the date in the name if every name has one, else when, else its numbers.
    """
    folder, _, _ = os.path.commonprefix([each.name for each in files]).rpartition("/")  # noqa: RUF071  cut after
    names = {each.name: each.name[len(folder) :] for each in files}
    dates = {name: latest_date(part) for name, part in names.items()}

    def by_date(file: File) -> tuple[object, ...]:
        return dates[file.name], natural(names[file.name])

    def by_time(file: File) -> tuple[object, ...]:
        return file.modified, natural(names[file.name])

    def by_numbers(file: File) -> tuple[object, ...]:
        return natural(names[file.name])

    named = all(dates.values())
    timed = all(each.modified is not None for each in files)
    if named and (by != "modified" or not timed):
        return sorted(files, key=by_date)
    return sorted(files, key=by_time if timed and by != "name" else by_numbers)


def latest_date(name: str) -> dt.datetime | None:
    """The latest of the dates in the last part of a path; in the folders above where there is none.

    Example:
        >>> latest_date("contacts_2026-11-01_2026-11-21.csv"), latest_date("客户2026年11月.xlsx")
        (datetime.datetime(2026, 11, 21, 0, 0), datetime.datetime(2026, 11, 1, 0, 0))
    """
    folders, _, last = name.rpartition("/")
    dates: list[dt.datetime] = []
    years: set[int] = set()  # where each stands: it is of one date only
    for found in (match for form in _DATES for match in form.finditer(last)):
        date = _date(found.groupdict())
        if date and found.start("y") not in years:
            years.add(found.start("y"))
            dates.append(date)
    return max(dates) if dates else latest_date(folders) if folders else None


def natural(name: str) -> tuple[object, ...]:
    """A key by which ``part10`` comes after ``part9``.

    Example:
        >>> sorted(["part10.csv", "part9.csv"], key=natural)
        ['part9.csv', 'part10.csv']
    """
    return (*(int(part) if part.isdecimal() else part.casefold() for part in re.split(r"(\d+)", name)), name)


def _date(parts: dict[str, str | None]) -> dt.datetime | None:
    # What a name leaves out begins at 1 (months, days: in small letters) or at 0.
    year, month, day, hour, minute, second = (int(parts.get(part) or part.islower()) for part in "ymdHMS")
    try:
        return dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  the names of a source are of one zone
    except ValueError:  # 31 November
        return None
