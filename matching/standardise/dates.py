"""Dates, as ISO 8601 text (``1980-02-29``), or as much of one as is given (``1980-02``, ``1980``).

No calendar is consulted: a mistyped ``1819-12-55`` still says a year and a month, and comparing needs to see the typing
error. Whether 3/4/1980 is in March or April, and 3/4/24 a hundred years ago, is a convention of the column, read off
its other dates: `date_convention`.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.text import each_odd, fold, matches, replace

__all__ = ["date_convention", "join_dates", "standardise_dates"]

_MONTHS: Final = {  # folded: en, de, fr, es, pl, it, pt, nl
    1: "january|jan|januar|janvier|enero|ene|stycznia|styczen|gennaio|gen|janeiro|januari",
    2: "february|feb|februar|fevrier|febrero|lutego|luty|febbraio|fevereiro|fev|februari",
    3: "march|mar|marz|maerz|mrz|mars|marzo|marca|marzec|marco|maart|mrt",
    4: "april|apr|avril|abril|abr|kwietnia|kwiecien|aprile",
    5: "may|mai|mayo|maja|maj|maggio|mag|maio|mei",
    6: "june|jun|juni|juin|junio|czerwca|czerwiec|giugno|giu|junho",
    7: "july|jul|juli|juillet|julio|lipca|lipiec|luglio|lug|julho",
    8: "august|aug|aout|agosto|ago|sierpnia|sierpien|augustus",
    9: "september|sept|sep|septembre|septiembre|wrzesnia|wrzesien|settembre|set|setembro",
    10: "october|oct|oktober|okt|octobre|octubre|pazdziernika|pazdziernik|ottobre|ott|outubro|out",
    11: "november|nov|novembre|noviembre|listopada|listopad|novembro",
    12: "december|dec|dezember|dez|decembre|diciembre|dic|grudnia|grudzien|dicembre|dezembro",
}
_NUMERALS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_ISO: Final = r"^\d{4}-\d{2}-\d{2}$"
_YEAR_FIRST: Final = r"^(?P<y>\d{4})\D+(?P<m>\d{1,2})(?:\D+(?P<d>\d{1,2}))?\D*$"
_YEAR_LAST: Final = r"^(?P<a>\d{1,2})\D+(?P<b>\d{1,2})\D+(?P<y>\d{4}|\d{2})\D*$"
_PACKED: Final = r"^(?P<y>1[5-9]\d{2}|20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)$"
_PACKED_LAST: Final = r"^(?P<a>[0-3]\d)(?P<b>[0-3]\d)(?P<y>1[89]\d{2}|20\d{2})$"
_DOTTED: Final = r"^\d{1,2}\."
_OPEN_END: Final = r"^(\d{4}(?:-(?:0[1-9]|[1-9]\d))?)(?:-00)+$"
_MONTH_YEAR: Final = r"^(?P<m>0?[1-9]|1[0-2])\D+(?P<y>\d{4})$"


def date_convention(values: pa.StringArray) -> str:
    """How a column writes dates: which of 3/4/1980 is the day, and the latest year there is.

    A part above 12 votes for its order; without a vote the month comes first. Years of two digits up to the latest year
    that the column writes in full (2020 without one) are of this century.

    Returns:
        Such as ``day-first 2024`` or ``month-first 2020``; what `standardise_dates` takes.

    Example:
        >>> date_convention(pa.array(["25/12/1980", "3/4/2019"]))
        'day-first 2019'
    """
    plain = _plain(values.filter(pc.invert(matches(values, _ISO))))
    votes = 0
    for pattern in (_YEAR_LAST, _PACKED_LAST):
        parts = pc.extract_regex(plain.filter(pc.invert(matches(plain, _DOTTED))), pattern)
        first, second = (pc.cast(pc.struct_field(parts, name), pa.int32()) for name in ("a", "b"))
        votes += (pc.sum(pc.greater(first, 12)).as_py() or 0) - (pc.sum(pc.greater(second, 12)).as_py() or 0)
    years = pc.struct_field(pc.extract_regex(values, r"(?:^|\D)(?P<y>20[0-4]\d)(?:\D|$)"), "y")
    return f"{'day' if votes > 0 else 'month'}-first {pc.max(years).as_py() or 2020}"


def standardise_dates(values: pa.StringArray, convention: str | None = None) -> pa.StringArray:
    """Dates as they are compared.

    Args:
        values: N distinct dates of one column, in any usual notation.
        convention: How the column writes them (`date_convention`); read off these values when absent.

    Returns:
        N dates; a text with at least four digits that is no date stays as its digits with hyphens; else missing.

    Example:
        >>> standardise_dates(pa.array(["1980年2月29日", "29.2.1980", "Mar 1 1970", "19800229", "1980/2"])).to_pylist()
        ['1980-02-29', '1980-02-29', '1970-03-01', '1980-02-29', '1980-02']
    """
    odd = pc.invert(matches(values, _ISO))
    dates = each_odd(values, odd, lambda some: _read(some, convention or date_convention(values)))
    dates = each_odd(dates, matches(dates, r"-00"), lambda some: replace(some, _OPEN_END, r"\1"))
    return pc.if_else(matches(dates, r"^0000|^9999"), pa.scalar(None, pa.string()), dates)


def join_dates(years: pa.StringArray, months: pa.StringArray, days: pa.StringArray) -> pa.StringArray:
    """Dates from three columns of one length; as far as they are given, year first."""
    ym = pc.binary_join_element_wise(years, _two(months), "-", null_handling="emit_null")
    ymd = pc.binary_join_element_wise(ym, _two(days), "-", null_handling="emit_null")
    return standardise_dates(pc.coalesce(ymd, ym, years))


def _plain(values: pa.StringArray) -> pa.StringArray:
    """Folded, with numbers for words, and without a time."""
    plain = fold(values)
    plain = each_odd(plain, matches(plain, "[〇零一二三四五六七八九十]"), _numerals)
    plain = replace(plain, r"[t ]+\d{1,2}:\d{2}.*$|(\d)(?:st|nd|rd|th|er)\b|\.0$", r"\1")
    return each_odd(plain, matches(plain, "[a-z]{3}"), _months_to_numbers)


def _read(values: pa.StringArray, convention: str) -> pa.StringArray:
    order, _, latest = convention.partition(" ")
    plain = _plain(values)
    digits = _digits(plain)
    parsed = [_parsed(text, day_first=order == "day-first", latest=int(latest) % 100) for text in (plain, digits)]
    return pc.coalesce(*parsed, digits)


def _parsed(plain: pa.StringArray, *, day_first: bool, latest: int) -> pa.StringArray:
    """Dates of every notation that is known; missing where none fits."""
    day_first_here = pc.or_(matches(plain, _DOTTED), pa.scalar(day_first))
    return pc.coalesce(
        _from_year_first(pc.extract_regex(plain, _YEAR_FIRST)),
        _from_year_first(pc.extract_regex(plain, _PACKED)),
        _from_year_last(pc.extract_regex(plain, _YEAR_LAST), day_first_here, latest),
        _from_year_last(pc.extract_regex(plain, _PACKED_LAST), day_first_here, latest),
        _month_year(pc.extract_regex(plain, _MONTH_YEAR)),
    )


def _from_year_first(parts: pa.StructArray) -> pa.StringArray:
    year, month, day = (pc.struct_field(parts, name) for name in ("y", "m", "d"))
    return _iso(year, month, pc.if_else(pc.equal(day, ""), None, day))


def _from_year_last(parts: pa.StructArray, day_first: pa.BooleanArray, latest: int) -> pa.StringArray:
    a, b, year = (pc.struct_field(parts, name) for name in ("a", "b", "y"))
    first, second = (pc.cast(part, pa.int32()) for part in (a, b))
    day_first = pc.and_(pc.or_(pc.greater(first, 12), day_first), pc.invert(pc.greater(second, 12)))
    century = pc.if_else(pc.less_equal(pc.cast(year, pa.int32()), latest), "20", "19")
    full = pc.if_else(pc.equal(pc.utf8_length(year), 2), pc.binary_join_element_wise(century, year, ""), year)
    return _iso(full, pc.if_else(day_first, b, a), pc.if_else(day_first, a, b))


def _month_year(parts: pa.StructArray) -> pa.StringArray:
    return _iso(pc.struct_field(parts, "y"), pc.struct_field(parts, "m"), pa.nulls(len(parts), pa.string()))


def _iso(year: pa.StringArray, month: pa.StringArray, day: pa.StringArray) -> pa.StringArray:
    year_month = pc.binary_join_element_wise(year, _two(month), "-")
    return pc.coalesce(pc.binary_join_element_wise(year_month, _two(day), "-"), year_month)


def _two(digits: pa.StringArray) -> pa.StringArray:
    return pc.utf8_lpad(digits, 2, "0")


def _digits(plain: pa.StringArray) -> pa.StringArray:
    """What is no date: its digits with single hyphens, where there are at least four."""
    digits = replace(replace(plain, r"\D+", "-"), r"^-|-$", "")
    return pc.if_else(matches(digits, r"\d\D*\d\D*\d\D*\d"), digits, pa.scalar(None, pa.string()))


def _months_to_numbers(values: pa.StringArray) -> pa.StringArray:
    """Months in words as numbers: "Mar 1 1970" and "1 March 1970" → 1.3.1970, the point saying: day first."""
    for number, names in _MONTHS.items():
        values = replace(
            values, rf"^\D*?(?:{names})[\s.,-]+(\d{{1,2}})[\s,.-]+(\d{{4}}|\d{{2}})\b.*$", rf"\1.{number}.\2"
        )
        values = replace(
            values,
            rf"^(?:[a-z]+[ ,.]+)?(\d{{1,2}})[\s.,/-]*(?:de |of )?(?:{names})[\s.,/-]+(?:de )?(\d{{4}}|\d{{2}})\b.*$",
            rf"\1.{number}.\2",
        )
        values = replace(values, rf"^(\d{{4}})[\s.,/-]*(?:{names})[\s.,/-]*(\d{{1,2}})$", rf"\1-{number}-\2")
        values = replace(values, rf"^(?:{names})[\s.,/-]+(\d{{4}})$", rf"\1-{number}")
    return values


def _numerals(values: pa.StringArray) -> pa.StringArray:
    return pa.array([None if text is None else _spelt_numbers(text) for text in values.to_pylist()], pa.string())


def _spelt_numbers(text: str) -> str:
    """一九八〇年二月二十九日 → 1980年2月29日."""
    out, run = [], ""
    for letter in [*text, ""]:
        if letter and letter in "〇零一二三四五六七八九十":
            run += letter
            continue
        out.append(_number(run) if run else "")
        out.append(letter)
        run = ""
    return "".join(out)


def _number(run: str) -> str:
    if "十" not in run:
        return run.translate(_NUMERALS)
    tens, _, ones = run.partition("十")
    return f"{tens.translate(_NUMERALS) or '1'}{ones.translate(_NUMERALS) or '0'}"
