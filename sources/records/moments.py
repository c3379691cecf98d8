"""Dates and times as exports write them, as ISO 8601.

What is ISO already is read in bulk; other forms are read once for each distinct value. What cannot be read stays as it
stands, for validation to find. A date that can be read one way only is read that way, whatever the order of the others
in its column: 31.12.1980 is in December. Nothing is corrected: 30/02/1980 becomes 1980-02-30, which validation refuses.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import partial
from typing import Final, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sources.records.cells import NULL, Column
from sources.records.date_order import DOTTED_FORM, MIXED
from sources.records.text_bytes import has_byte

__all__ = ["is_timezone", "iso_dates", "iso_times"]

_ISO_DATE: Final = r"^[1-9]\d{3}-\d{2}-\d{2}$"
_TIME: Final = (
    r"(?:[T,\s]*(?P<ap1>上午|下午)?\s*(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<ap2>[AaPp]\.?[Mm]\.?)?\s*(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?$"
)
_YEAR_FIRST: Final = re.compile(
    r"^(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})(?:\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?|月)?" + _TIME
)
_COMPACT: Final = re.compile(r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})" + _TIME)
_YEAR_LAST: Final = re.compile(r"^(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4}|\d{2})" + _TIME)
_DAY_NAME: Final = re.compile(
    r"^(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s\-./]*(?P<n>[A-Za-z]{3,9})\.?[\s\-./,]*(?P<y>\d{4}|\d{2})" + _TIME
)
_NAME_DAY: Final = re.compile(r"^(?P<n>[A-Za-z]{3,9})\.?\s*(?P<d>\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(?P<y>\d{4})" + _TIME)
_YEAR: Final = re.compile(r"^(?P<y>\d{4})年?$")
_EPOCH: Final = re.compile(r"^(1\d{9})(\d{3})?$")
_NOTHING: Final = re.compile(r"^0{2,4}[-/.]0{1,2}[-/.]0{2,4}(?:\s+0{1,2}:00(?::00)?)?$")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_PIVOT: Final = 30  # two-digit years up to here are of this century (POSIX has 68, but customers are older)

# Days that every calendar has; 29 February is read on its own.
_DAY: Final = r"^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_CLOCK: Final = r"[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?"
_ISO_LOCAL: Final = _DAY + f"(?:{_CLOCK})?$"
_ISO_ZONED: Final = _DAY + _CLOCK + r"(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$"
_LONGEST: Final = 26  # and all that is longer
_LOCAL_LENGTHS: Final = np.isin(np.arange(_LONGEST + 1), [10, 16, 19])
_ZONED_LENGTHS: Final = np.isin(np.arange(_LONGEST + 1), [17, 20, 21, 22, 24, 25])
_UNREAD: Final = np.iinfo(np.int64).min
_FRACTION: Final = (r"(:\d{2}:\d{2})[.,]\d+", r"\1")
_PADDED: Final = (
    *(_FRACTION, (r" (\d):", r" 0\1:")),
    *((r"^(\d)-", r"0\1-"), (r"^(\d{2})-(\d)-", r"\1-0\2-")),
    *((r"^(\d{4})-(\d)-", r"\1-0\2-"), (r"^(\d{4}-\d{2})-(\d)( |$)", r"\1-0\2\3")),
)
_REORDERED: Final = {"dmy": r"\3-\2-\1", "mdy": r"\3-\1-\2", MIXED: r"\3-\1-\2", "ymd": r"\3-\2-\1"}
_DOTTED: Final = re.compile(DOTTED_FORM)
_NEVER: Final = "^$"
_WIDTH: Final = len("2026-11-02 09:30:00")

Seconds: TypeAlias = npt.NDArray[np.int64]


class _Moment(NamedTuple):
    """The parts of a date, as written; month and day 0 where the text says no more; and what follows it."""

    year: int
    month: int
    day: int
    rest: re.Match[str]


def is_timezone(name: str) -> bool:
    """Whether there is a time zone of that IANA name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def iso_dates(column: Column, order: str) -> Column:
    """Dates as ``1980-02-29``, ``1980-02`` or ``1980``.

    Args:
        column: Text.
        order: ``dmy``, ``mdy``, ``ymd`` or `MIXED`: what stands first in dates that do not begin with a year of four
            digits.

    Returns:
        Text; a value that is no date stays as it is, an all-zero date is null.
    """
    odd = _odd_values(column, _ISO_DATE)
    likely = _year_first(pa.chunked_array([odd], pa.string()), order)
    read = pc.if_else(pc.match_substring_regex(likely, f"{_DAY}$"), likely, NULL).to_pylist()
    readings = {text: done or _iso_date(text, order) for text, done in zip(odd, read, strict=True)}
    return _replaced(column, readings)


def iso_times(column: Column, zone: str, order: str) -> Column:
    """Times as ``2026-11-02T09:30:00Z``.

    Args:
        column: Text.
        zone: IANA name of the zone of times that name none.
        order: ``dmy``, ``mdy``, ``ymd`` or `MIXED`: what stands first in dates that do not begin with a year of four
            digits.

    Returns:
        Text; a value that is no time stays as it is, an all-zero one is null.
    """
    seconds = _seconds(column, zone)
    unread = np.flatnonzero((seconds == _UNREAD) & column.is_valid().to_numpy())
    for rewritten in (_hyphened, partial(_year_first, order=order)):
        if len(unread):
            seconds[unread] = _seconds(rewritten(column.take(pa.array(unread))), zone)
            unread = unread[seconds[unread] == _UNREAD]
    written = _written(seconds)
    if not len(unread):
        return written
    odd = column.take(pa.array(unread))
    read = _replaced(odd, {text: _iso_time(text, ZoneInfo(zone), order) for text in _odd_values(odd, _NEVER)})
    mask = np.zeros(len(column), np.bool_)
    mask[unread] = True
    return pc.replace_with_mask(written, pa.array(mask), read.combine_chunks())


def _hyphened(column: Column) -> Column:
    return pc.replace_substring(column, "/", "-") if has_byte(column, ord("/")) else column


def _year_first(column: Column, order: str) -> Column:
    """Times such as 3/4/1980 9:30, or 1980-4-3 9:30:00.000, as 1980-04-03 09:30."""
    column = _hyphened(column)
    for pattern, replacement in (*_PADDED, (r"^(\d{2})-(\d{2})-(\d{4})", _REORDERED[order])):
        column = pc.replace_substring_regex(column, pattern, replacement)
    return column


def _seconds(column: Column, zone: str) -> Seconds:
    """ISO 8601 times, with or without a zone, in seconds since 1970; `_UNREAD` where the text has another form."""
    lengths = np.minimum(pc.binary_length(column).fill_null(0).to_numpy(), _LONGEST)
    seconds = np.full(len(column), _UNREAD)
    for is_likely, form, of_zone in ((_LOCAL_LENGTHS, _ISO_LOCAL, zone), (_ZONED_LENGTHS, _ISO_ZONED, None)):
        rows = np.flatnonzero(is_likely.take(lengths))
        if len(rows):
            likely = column if len(rows) == len(column) else column.take(pa.array(rows))
            moments = _in_bulk(likely, form, of_zone).cast(pa.int64())
            seconds[rows] = pc.fill_null(moments, _UNREAD).to_numpy()
    return seconds


def _in_bulk(column: Column, form: str, zone: str | None) -> Column:
    """ISO 8601 times of one form as moments; null where the text has another form.

    Args:
        column: Text.
        form: A pattern of what Arrow can surely read, by which the rest is parted if it cannot read all.
        zone: IANA name of the zone of times that name none; nothing where they name one.
    """
    try:
        return _cast(column, zone)
    except pa.ArrowInvalid:
        return _cast(pc.if_else(pc.match_substring_regex(column, form), column, NULL), zone)


def _written(seconds: Seconds) -> Column:
    """Moments in ISO 8601; null where they are `_UNREAD`."""
    moments = pa.array(seconds, pa.timestamp("s"), mask=seconds == _UNREAD)  # Arrow is slow at writing times of a zone
    return pa.chunked_array([_in_iso(moments.cast(pa.string()))], pa.string())


def _in_iso(times: pa.Array) -> pa.Array:
    """Times as Arrow writes them in ISO 8601: ``2026-11-02 09:30:00`` becomes ``2026-11-02T09:30:00Z``."""
    validity, offsets, data = times.buffers()
    written = len(times) - times.null_count
    if data is None or not written:
        return times
    if times.offset or np.frombuffer(offsets, np.int32, len(times) + 1)[-1] != written * _WIDTH:
        return pc.binary_join_element_wise(pc.replace_substring(times, " ", "T"), "Z", "")  # years of other widths
    text = np.full((written, _WIDTH + 1), ord("Z"), np.uint8)
    text[:, :_WIDTH] = np.frombuffer(data, np.uint8, written * _WIDTH).reshape(written, _WIDTH)
    text[:, 10] = ord("T")
    places = np.frombuffer(offsets, np.int32, len(times) + 1) // _WIDTH * (_WIDTH + 1)
    buffers = [validity, pa.py_buffer(places), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(times), buffers, times.null_count)


def _cast(column: Column, zone: str | None) -> Column:
    if zone is None:
        return column.cast(pa.timestamp("s", "UTC"))
    return pc.assume_timezone(column.cast(pa.timestamp("s")), zone, ambiguous="earliest", nonexistent="latest")


def _odd_values(column: Column, usual: str) -> list[str]:
    """The distinct values that have not the usual form."""
    distinct = pc.unique(column.drop_null()) if len(column) > column.null_count else pa.array([], pa.string())
    odd: list[str] = distinct.filter(pc.invert(pc.match_substring_regex(distinct, usual))).to_pylist()
    return odd


def _replaced(column: Column, readings: dict[str, str | None]) -> Column:
    """The column with some of its values written otherwise."""
    if not readings:
        return column
    places = pc.index_in(column, pa.array(list(readings), pa.string()))
    written = pa.array(list(readings.values()), pa.string())
    return pc.if_else(pc.is_valid(places), written.take(places.combine_chunks()), column)


def _parts(text: str, order: str) -> _Moment | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern in (_YEAR_FIRST, _COMPACT):
        if match := pattern.match(plain):
            return _Moment(int(match["y"]), int(match["m"]), int(match["d"] or 0), match)
    if match := _YEAR_LAST.match(plain):
        return _year_last(match, order)
    for pattern in (_DAY_NAME, _NAME_DAY):
        match = pattern.match(plain)
        if match and (number := _month(match["n"].lower())):
            return _Moment(_century(match["y"]), number, int(match["d"]), match)
    return None


def _year_last(match: re.Match[str], order: str) -> _Moment:
    """A date such as 3/4/1980: by the order of its column, but the other way round where only that can be."""
    first, second, year = match["a"], match["b"], match["y"]
    if order == "ymd" and len(year) == 2:
        return _Moment(_century(first.zfill(2)), int(second), int(year), match)
    month_first = order == "mdy" or (order == MIXED and not _DOTTED.match(match.string))
    day, month = (int(second), int(first)) if month_first else (int(first), int(second))
    if day <= 12 < month <= 31:
        day, month = month, day
    return _Moment(_century(year), month, day, match)


def _month(name: str) -> int:
    """The number of the month whose English name begins so; 0 if there is none."""
    return next((number for number, full in enumerate(_MONTHS, start=1) if full.startswith(name)), 0)


def _century(year: str) -> int:
    number = int(year)
    if len(year) == 4:
        return number
    return number + (2000 if number <= _PIVOT else 1900)


def _iso_date(text: str, order: str) -> str | None:
    if _NOTHING.match(text):
        return None
    if match := _YEAR.match(text):
        return match["y"]
    moment = _parts(text, order)
    if moment is None:
        return text
    month = f"{moment.year:04}-{moment.month:02}"
    return month if moment.rest.groupdict().get("d", "") is None else f"{month}-{moment.day:02}"


def _iso_time(text: str, local: dt.tzinfo, order: str) -> str | None:
    if _NOTHING.match(text):
        return None
    if match := _EPOCH.match(text):
        return _utc(dt.datetime.fromtimestamp(int(match[1]), dt.UTC))
    moment = _parts(text, order)
    if moment is None:
        return text
    rest = moment.rest
    hour = int(rest["H"] or 0)
    half = (rest["ap2"] or rest["ap1"] or "").lower().replace(".", "")
    if half in {"pm", "下午"} and hour < 12:
        hour += 12
    elif half in {"am", "上午"} and hour == 12:
        hour = 0
    try:
        naive = dt.datetime(moment.year, moment.month, moment.day, hour, int(rest["M"] or 0), int(rest["S"] or 0))  # noqa: DTZ001  the zone follows
        return _utc(naive.replace(tzinfo=_zone(rest["z"], local)))
    except (ValueError, OverflowError):
        return text


def _zone(text: str | None, local: dt.tzinfo) -> dt.tzinfo:
    if text is None:
        return local
    if text in {"Z", "UTC", "GMT"}:
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    return dt.timezone(sign * dt.timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
