"""Checks of single columns in canonical form: each takes text and says where it is bad. Nulls are never bad."""

from __future__ import annotations

import datetime as dt
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from stdnum.eu import vat

__all__ = [
    "bad_emails",
    "bad_national_ids",
    "bad_phones",
    "bad_tax_ids",
    "bad_times",
    "impossible_dates",
    "too_long",
    "unreadable_dates",
]

Mask: TypeAlias = npt.NDArray[np.bool_]
Column: TypeAlias = pa.ChunkedArray

_EMAIL: Final = r"^[^@＠\s]+[@＠][^@＠\s.]+(\.[^@＠\s.]+)+$"
_EMAIL_WITHIN: Final = r"[^@＠\s<>,;:，；]+[@＠][^@＠\s<>,;，；.]+\.[^@＠\s<>,;，；]*[^@＠\s<>,;，；.]"
_DATE: Final = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_TIME: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
_SCIENTIFIC: Final = r"^\d([.,]\d+)?[eE]\+?\d+$"
_EU_VAT: Final = r"^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[0-9A-Z+*]{7,12}$"
_FEWEST_DIGITS, _MOST_DIGITS = 5, 15  # E.164 allows 15; shorter than 5 is an extension
_EARLIEST_BIRTH: Final = "1850"

_USCC_ALPHABET: Final = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = np.array([pow(3, i, 31) for i in range(17)])
_RIC_WEIGHTS: Final = np.array([pow(2, 17 - i, 11) for i in range(17)])
_RIC_CHECKS: Final = b"10X98765432"


def too_long(column: Column, limit: int) -> Mask:
    """Where a value has more characters than an attribute allows."""
    if (pc.max(pc.binary_length(column)).as_py() or 0) <= limit:
        return np.zeros(len(column), np.bool_)
    return _mask(pc.greater(pc.utf8_length(column), limit))


def impossible_dates(column: Column, today: dt.date) -> Mask:
    """Where a birth date has the form of a date, but no calendar has it, or nobody alive was or is born on it."""
    distinct = _distinct(column)
    dates = distinct.filter(pc.match_substring_regex(distinct, _DATE))
    early = pc.less(dates, _EARLIEST_BIRTH)
    late = pc.greater(dates, today.isoformat())
    calendar = pa.array([_on_no_calendar(text) for text in dates.to_pylist()], pa.bool_())
    return _is_one_of(column, dates.filter(pc.or_(pc.or_(early, late), calendar)))


def unreadable_dates(column: Column) -> Mask:
    """Where a date is not in canonical form: nobody could tell what it says."""
    distinct = _distinct(column)
    return _is_one_of(column, distinct.filter(pc.invert(pc.match_substring_regex(distinct, _DATE))))


def bad_times(column: Column) -> Mask:
    """Where a time is not in canonical form."""
    return _mask(pc.invert(pc.match_substring_regex(column, _TIME)))


def bad_emails(column: Column) -> Mask:
    """Where no email address can be seen: something, one @, a domain with a dot."""
    odd = _mask(pc.invert(pc.match_substring_regex(column, _EMAIL)))
    places = np.flatnonzero(odd)
    if len(places):
        within = pc.match_substring_regex(column.take(pa.array(places)), _EMAIL_WITHIN)
        odd[places[_mask(within)]] = False
    return odd


def bad_phones(column: Column) -> Mask:
    """Where a phone has fewer than 5 digits, one digit repeated, a run of over 15, or was rounded by Excel."""
    text = pc.utf8_normalize(column, "NFKC") if _any_wide(column) else column
    digits, lowest, highest = _digits(text)
    bad: Mask = (digits < _FEWEST_DIGITS) | (lowest == highest)
    long = np.flatnonzero(digits > _MOST_DIGITS)
    if len(long):
        bad[long] |= _mask(pc.match_substring_regex(text.take(pa.array(long)), r"\d{16,}"))
    if pc.any(pc.match_substring(text, "E+", ignore_case=True)).as_py():
        bad |= _mask(pc.match_substring_regex(text, _SCIENTIFIC))
    return bad & _mask(pc.is_valid(column))


def bad_tax_ids(column: Column) -> Mask:
    """Where a Chinese unified social credit identifier (GB 32100-2015) or an EU VAT number fails its check digits."""
    distinct = _distinct(column)
    plain = pc.replace_substring_regex(pc.utf8_upper(pc.utf8_normalize(distinct, "NFKC")), r"[\s.\-/]", "")
    bad = np.zeros(len(distinct), np.bool_)
    chinese = np.flatnonzero(_mask(pc.match_substring_regex(plain, r"^[0-9A-Z]{18}$")))
    codes = _fixed_width(plain.take(pa.array(chinese)), 18)
    values = np.full(256, -1)
    values[np.frombuffer(_USCC_ALPHABET, np.uint8)] = np.arange(31)
    parts = values[codes]
    checks = (31 - parts[:, :17] @ _USCC_WEIGHTS % 31) % 31
    bad[chinese] = (parts < 0).any(axis=1) | (checks != parts[:, 17])
    european = np.flatnonzero(_mask(pc.match_substring_regex(plain, _EU_VAT)))
    bad[european] = [not vat.is_valid(text) for text in plain.take(pa.array(european)).to_pylist()]
    return _is_one_of(column, distinct.filter(pa.array(bad)))


def bad_national_ids(column: Column) -> Mask:
    """Where a Chinese resident identity number of 18 characters (GB 11643-1999) fails its check digit."""
    distinct = _distinct(column)
    plain = pc.replace_substring_regex(pc.utf8_upper(pc.utf8_normalize(distinct, "NFKC")), r"\s", "")
    places = np.flatnonzero(_mask(pc.match_substring_regex(plain, r"^\d{17}[0-9X]$")))
    codes = _fixed_width(plain.take(pa.array(places)), 18)
    expected = np.frombuffer(_RIC_CHECKS, np.uint8)[(codes[:, :17].astype(np.int64) - 48) @ _RIC_WEIGHTS % 11]
    bad = np.zeros(len(distinct), np.bool_)
    bad[places] = expected != codes[:, 17]
    return _is_one_of(column, distinct.filter(pa.array(bad)))


def _on_no_calendar(text: str) -> bool:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    try:
        dt.date(year, month, day)
    except ValueError:
        return True
    return False


def _mask(condition: Column | pa.Array) -> Mask:
    mask: Mask = pc.fill_null(condition, fill_value=False).to_numpy(zero_copy_only=False).astype(np.bool_, copy=True)
    return mask


def _distinct(column: Column) -> pa.Array:
    return pc.unique(column.drop_null()) if column.null_count < len(column) else pa.array([], pa.string())


def _is_one_of(column: Column, values: pa.Array) -> Mask:
    if not len(values):
        return np.zeros(len(column), np.bool_)
    return _mask(pc.is_in(column, value_set=values))


def _any_wide(column: Column) -> bool:
    return bool(pc.sum(pc.binary_length(column)).as_py() != pc.sum(pc.utf8_length(column)).as_py())


def _fixed_width(column: pa.Array, width: int) -> npt.NDArray[np.uint8]:
    """ASCII text of one length as a matrix of codes, a row a value."""
    return np.frombuffer("".join(column.to_pylist()).encode("ascii"), np.uint8).reshape(len(column), width)


def _digits(column: Column) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """For each value the count of its ASCII digits, the lowest and the highest (255 and 0 where there is none)."""
    values = pc.binary_join_element_wise(pc.fill_null(column, ""), "\n", "")  # no value is empty: reduceat needs that
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if not len(array):
        return np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.uint8)
    offsets = np.frombuffer(array.buffers()[1], np.int32)[array.offset : array.offset + len(array) + 1]
    codes = np.frombuffer(array.buffers()[2], np.uint8)
    starts = offsets[:-1]
    is_digit = (codes >= ord("0")) & (codes <= ord("9"))
    counts = np.add.reduceat(is_digit, starts, dtype=np.int64)
    lowest = np.minimum.reduceat(np.where(is_digit, codes, 255).astype(np.uint8), starts)
    highest = np.maximum.reduceat(np.where(is_digit, codes, 0).astype(np.uint8), starts)
    return counts, lowest, highest
