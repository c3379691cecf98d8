"""Checks of single columns in canonical form: each takes text and says where it is bad. Nulls are never bad."""

from __future__ import annotations

import datetime as dt
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from stdnum.eu import vat

from schemas.placeholders import are_default_dates
from schemas.text_bytes import TextBytes, text_bytes

__all__ = [
    "bad_emails",
    "bad_national_ids",
    "bad_phones",
    "bad_tax_ids",
    "bad_times",
    "damaged_ids",
    "damaged_texts",
    "impossible_dates",
    "impossible_times",
    "too_long",
    "unreadable_dates",
]

Mask: TypeAlias = npt.NDArray[np.bool_]
Column: TypeAlias = pa.ChunkedArray

_EMAIL: Final = r"^[^@＠\s]+[@＠][^@＠\s.]+(\.[^@＠\s.]+)+$"
_EMAIL_WITHIN: Final = r"[^@＠\s<>,;:，；]+[@＠][^@＠\s<>,;，；.]+\.[^@＠\s<>,;，；]*[^@＠\s<>,;，；.]"
_DATE: Final = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_TIME: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
_TIME_LOW: Final = np.frombuffer(b"0000-00-00T00:00:00Z", np.uint8)
_TIME_HIGH: Final = np.frombuffer(b"9999-99-99T99:99:99Z", np.uint8)
_SCIENTIFIC: Final = r"^\d([.,]\d+)?[eE]\+?\d+$"
_EU_VAT: Final = r"^(AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[0-9A-Z+*]{7,12}$"
_FEWEST_DIGITS, _MOST_DIGITS = 5, 15  # E.164 allows 15; shorter than 5 is an extension
_LAST: Final = 6  # bytes of a phone that are looked at first
_EARLIEST_BIRTH: Final = "1850"
_EARLIEST_TIME: Final = "1900-01-02"  # the day before is what some systems write for none

_ROUNDED_ID: Final = r"^[1-9]([.,]\d+)?[eE]\+\d{2}$"
_REPLACEMENT: Final = "\ufffd".encode()
_LOSSES: Final = (b"??",)
_MOJIBAKE: Final = (_REPLACEMENT, b"\xc3\x83\xc2", b"\xc3\x82\xc2", "锟斤拷".encode())
_IS_CONTROL: Final = np.isin(np.arange(256), [*set(range(32)) - {9, 10, 13}, 127])

_USCC_ALPHABET: Final = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS: Final = np.array([pow(3, i, 31) for i in range(17)])
_RIC_WEIGHTS: Final = np.array([pow(2, 17 - i, 11) for i in range(17)])
_RIC_CHECKS: Final = b"10X98765432"


def too_long(column: Column, limit: int) -> Mask:
    """Where a value has more characters than an attribute allows."""
    if np.diff(text_bytes(column).offsets).max(initial=0) <= limit:
        return np.zeros(len(column), np.bool_)
    return _mask(pc.greater(pc.utf8_length(column), limit))


def damaged_ids(column: Column) -> Mask:
    """Where an id was rounded by a spreadsheet, or holds control or replacement characters."""
    found = text_bytes(column)
    damaged = found.holding(np.concatenate([_controls(found), found.places(_REPLACEMENT)]))
    if len(found.places(b"E+")) or len(found.places(b"e+")):
        damaged |= _mask(pc.match_substring_regex(column, _ROUNDED_ID))
    return damaged & _mask(pc.is_valid(column))


def damaged_texts(column: Column) -> Mask:
    """Where a text was decoded or encoded wrongly on its way, or holds control characters.

    Such are the replacement character, several question marks in a row where each stands for a character that an
    encoding lacked, UTF-8 read as Latin-1 (``Ã©``), and replacement characters read as GBK (``锟斤拷``).
    """
    found = text_bytes(column)
    places = [_controls(found), *map(found.places, _LOSSES if found.is_ascii else (*_LOSSES, *_MOJIBAKE))]
    return found.holding(np.concatenate(places)) & _mask(pc.is_valid(column))


def impossible_dates(column: Column, today: dt.date) -> Mask:
    """Where a birth date has the form of a date, but no calendar has it, or nobody alive was or is born on it.

    Dates that systems write for an unknown one are none of these: see `schemas.placeholders.are_default_dates`.
    """
    distinct = _distinct(column)
    dates = distinct.filter(pc.match_substring_regex(distinct, _DATE))
    dates = dates.filter(pa.array(~are_default_dates(pa.chunked_array([dates]))))
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
    found, width = text_bytes(column), len(_TIME_LOW)
    filled = np.flatnonzero(_mask(pc.is_valid(column)))
    if len(found.codes) != len(filled) * width or (np.diff(found.offsets)[filled] != width).any():
        return _mask(pc.invert(pc.match_substring_regex(column, _TIME)))
    codes = found.codes.reshape(-1, width)
    fits = codes - _TIME_LOW <= _TIME_HIGH - _TIME_LOW  # what is lower goes round to what is much higher
    bad = np.zeros(len(column), np.bool_)
    if not fits.all():
        bad[filled[~fits.all(axis=1)]] = True
    return bad


def impossible_times(column: Column, today: dt.date) -> Mask:
    """Where a time in canonical form lies in the future or before 1900, as no customer's does."""
    first, last = pc.min_max(column).values()
    latest = f"{today + dt.timedelta(days=1)}T23:59:59Z"  # today in any zone
    if first.as_py() is None or (first.as_py() >= _EARLIEST_TIME and last.as_py() <= latest):
        return np.zeros(len(column), np.bool_)
    beyond = _mask(pc.or_(pc.less(column, _EARLIEST_TIME), pc.greater(column, latest)))
    return beyond & ~bad_times(column)


def bad_emails(column: Column) -> Mask:
    """Where no email address can be seen: something, one @, a domain with a dot."""
    odd = ~_plain_emails(text_bytes(column)) & _mask(pc.is_valid(column))
    for pattern in (_EMAIL, _EMAIL_WITHIN):
        places = np.flatnonzero(odd)
        if len(places):
            odd[places] = ~_mask(pc.match_substring_regex(column.take(pa.array(places)), pattern))
    return odd


def bad_phones(column: Column) -> Mask:
    """Where a phone has fewer than 5 digits, one digit repeated, a run of over 15, or was rounded by Excel."""
    found = text_bytes(column)
    bad = np.zeros(len(column), np.bool_)
    unsure = np.flatnonzero(~_plain_phones(found) & _mask(pc.is_valid(column)))
    odd = column.take(pa.array(unsure))
    odd = odd if found.is_ascii else pc.utf8_normalize(odd, "NFKC")
    bad[unsure] = _odd_phones(odd)
    if any(len(text.places(sign)) for text in (found, text_bytes(odd)) for sign in (b"E+", b"e+")):
        bad |= _mask(pc.match_substring_regex(column, _SCIENTIFIC))
        bad[unsure] |= _mask(pc.match_substring_regex(odd, _SCIENTIFIC))
    return bad


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


def _fixed_width(column: pa.Array, width: int) -> npt.NDArray[np.uint8]:
    """ASCII text of one length as a matrix of codes, a row a value."""
    return np.frombuffer("".join(column.to_pylist()).encode("ascii"), np.uint8).reshape(len(column), width)


def _plain_phones(text: TextBytes) -> Mask:
    """Where a value surely has digits enough, not all alike, and not too many: by its length and its last bytes.

    The last four are digits, the last two differ, and one of the two before is a digit as well.
    """
    sizes = np.diff(text.offsets)
    plain: Mask = (sizes >= _LAST) & (sizes <= _MOST_DIGITS)
    if not plain.any():
        return plain
    ends = text.offsets[1:].astype(np.int64)
    last = [text.codes.take(ends - back, mode="clip") for back in range(1, _LAST + 1)]
    *are_digits, either, other = (code - np.uint8(ord("0")) < 10 for code in last)
    plain &= np.logical_and.reduce(are_digits) & (either | other) & (last[0] != last[1])
    return plain if text.is_ascii else plain & ~text.holding(np.flatnonzero(text.codes >= 128))


def _odd_phones(column: Column) -> Mask:
    """Where a phone has too few digits or one digit repeated, or a run of too many."""
    found = text_bytes(column)
    is_digit = found.codes - np.uint8(ord("0")) < 10
    digits = found.counted(is_digit)
    bad: Mask = (digits < _FEWEST_DIGITS) | _all_alike(found.codes[is_digit], digits)
    long = np.flatnonzero(digits > _MOST_DIGITS)
    if len(long):
        bad[long] |= _mask(pc.match_substring_regex(column.take(pa.array(long)), r"\d{16,}"))
    return bad


def _all_alike(digits: npt.NDArray[np.uint8], counts: npt.NDArray[np.int32]) -> Mask:
    """Where all digits of a value are the same; none has no such digit.

    Args:
        digits: Of all values.
        counts: How many each has.
    """
    ends = np.cumsum(counts)
    changes = np.zeros(len(digits), np.int32)
    np.cumsum(digits[1:] != digits[:-1], out=changes[1:])
    filled = np.flatnonzero(counts)
    alike = np.zeros(len(counts), np.bool_)
    alike[filled] = changes[ends[filled] - 1] == changes[ends[filled] - counts[filled]]
    return alike


def _controls(text: TextBytes) -> npt.NDArray[np.integer]:
    """Places of control characters, but for tabs and line breaks."""
    if text.codes.min(initial=32) < 32:
        return np.flatnonzero(_IS_CONTROL.take(text.codes))
    return text.places(b"\x7f") if text.codes.max(initial=32) >= 127 else np.zeros(0, np.int64)


def _plain_emails(text: TextBytes) -> Mask:
    """Where a value is surely an email: ASCII without spaces, one @, a domain that ends in a dot and 2 or 3 letters."""
    codes, offsets = text.codes, text.offsets
    sure = np.zeros(len(offsets) - 1, np.bool_)
    ats: npt.NDArray[np.integer] = np.flatnonzero(codes == ord("@"))
    owners: npt.NDArray[np.integer] = np.flatnonzero(np.diff(offsets))
    if len(ats) != len(owners) or (ats < offsets[owners]).any() or (ats >= offsets[owners + 1]).any():
        owners = text.owners(ats)
        alone = np.bincount(owners, minlength=len(sure))[owners] == 1
        ats, owners = ats[alone], owners[alone]
    ends = offsets[owners + 1]
    far = np.flatnonzero((ats > offsets[owners]) & (ats < ends - 4))
    ats, owners, ends = ats[far], owners[far], ends[far]
    dotted = (codes[ends - 3] == ord(".")) | (codes[ends - 4] == ord(".")) & (ats < ends - 5)
    sure[owners] = dotted & (codes[ends - 1] != ord(".")) & (codes[ats + 1] != ord("."))
    if codes.min(initial=33) < 33 or codes.max(initial=33) > 126:  # spaces, control characters, all but ASCII
        sure &= ~text.holding(np.flatnonzero(codes - np.uint8(33) >= 94))
    return sure & ~text.holding(text.places(b".."))
