import datetime as dt
import re

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from schemas import checks


def column(*values):
    return pa.chunked_array([list(values)], pa.string())


@pytest.mark.parametrize(
    ("phone", "bad"),
    [
        ("+1 702 919 1300", False),
        ("138****8000", False),
        ("010-65536666 转 803", False),
        ("13800138000,13900139000", False),
        ("１３８００１３８０００", False),
        ("555-1234", False),
        ("1234", True),
        ("n/a", True),
        ("000-000-0000", True),
        ("99999999", True),
        ("1.38E+10", True),
        ("12345678901234567890", True),
        ("", True),
        (None, False),
    ],
)
def test_phones(phone, bad):
    assert checks.bad_phones(column("555 123 4567", phone)).tolist() == [False, bad]


@pytest.mark.parametrize(
    ("email", "bad"),
    [
        ("ann@example.com", False),
        ("Ann Lee <ann@example.com>", False),
        ("mailto:ann@example.com", False),
        ("ann@example.com; bob@example.com", False),
        ("张伟@例子.中国", False),
        ("ann＠example.com", False),
        ("ann@example", True),
        ("@example.com", True),
        ("ann@.com", True),
        ("ann at example.com", True),
        (None, False),
    ],
)
def test_emails(email, bad):
    assert checks.bad_emails(column(email, "a@b.co")).tolist() == [bad, False]


@given(codes=st.lists(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=17, max_size=17), min_size=1))
def test_unified_social_credit_identifiers_as_stdnum_has_them(codes):
    numbers = [code + check for code in codes for check in "0AX"]
    expected = [not _checks(uscc, number) for number in numbers]
    assert checks.bad_tax_ids(column(*numbers)).tolist() == expected


def _checks(module, number):
    try:
        return module.calc_check_digit(number[:-1]) == number[-1]
    except ValueError:
        return False


@given(codes=st.lists(st.text("0123456789", min_size=17, max_size=17), min_size=1))
def test_resident_identity_numbers_as_stdnum_has_them(codes):
    numbers = [code + check for code in codes for check in "07X"]
    expected = [ric.calc_check_digit(number) != number[-1] for number in numbers]
    assert checks.bad_national_ids(column(*numbers)).tolist() == expected


@pytest.mark.parametrize(
    ("number", "bad"),
    [("DE136695976", False), ("DE136695977", True), ("de 136 695 976", False), ("12-3456789", False), (None, False)],
)
def test_other_tax_numbers(number, bad):
    assert checks.bad_tax_ids(column(number)).tolist() == [bad]


def test_lengths_are_counted_in_characters():
    assert checks.too_long(column("字" * 5, "字" * 6, None), 5).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("time", "bad"),
    [("2026-11-02T09:30:00Z", False), ("2026-11-02 09:30", True), ("2026-02-30 09:30:00", True), (None, False)],
)
def test_times(time, bad):
    assert checks.bad_times(column(time)).tolist() == [bad]


def pieces(values, cut):
    """The same values in two chunks, the second of which starts within its buffers."""
    return pa.chunked_array(
        [pa.array(values[:cut], pa.string()), pa.array(["a@b.co", *values[cut:]], pa.string()).slice(1)]
    )


@given(values=st.lists(st.none() | st.text("ab@.＠, ", max_size=9), max_size=6), cut=st.integers(0, 6))
def test_the_short_cut_for_emails_finds_what_the_patterns_do(values, cut):
    expected = [
        value is not None and not re.search(checks._EMAIL, value) and not re.search(checks._EMAIL_WITHIN, value)
        for value in values
    ]
    assert checks.bad_emails(pieces(values, cut)).tolist() == expected


@given(
    values=st.lists(st.none() | st.text("017+ E-８字", max_size=20), max_size=6),
    cut=st.integers(0, 6),
)
def test_phones_are_judged_as_one_by_one(values, cut):
    assert checks.bad_phones(pieces(values, cut)).tolist() == [v is not None and _is_bad_phone(v) for v in values]


def _is_bad_phone(text):
    plain = text.replace("８", "8")
    digits = re.sub(r"\D", "", plain)
    odd = re.search(r"\d{16}", plain) or re.search(checks._SCIENTIFIC, plain)
    return len(digits) < 5 or len(set(digits)) == 1 or odd is not None


@given(
    values=st.lists(
        st.none()
        | st.datetimes().map(lambda t: f"{t:%Y-%m-%dT%H:%M:%SZ}".zfill(20))
        | st.text("0129-:TZ ", max_size=21),
        max_size=6,
    ),
    cut=st.integers(0, 6),
)
def test_the_short_cut_for_times_finds_what_the_pattern_does(values, cut):
    expected = [value is not None and not re.search(checks._TIME, value) for value in values]
    assert checks.bad_times(pieces(values, cut)).tolist() == expected


@pytest.mark.parametrize(
    ("time", "impossible"),
    [
        ("2026-11-22T23:59:59Z", False),
        ("2026-11-23T00:00:00Z", True),
        ("1900-01-01T23:00:00Z", True),
        ("1900-01-02T00:00:00Z", False),
        ("yesterday", False),  # that is bad, and once is enough
        ("9999", False),
        (None, False),
    ],
)
def test_times_that_no_customer_has(time, impossible):
    found = checks.impossible_times(column("2020-01-01T00:00:00Z", time), dt.date(2026, 11, 21))
    assert found.tolist() == [False, impossible]


def test_what_systems_write_for_no_birth_date_is_not_impossible():
    dates = ["0000-00-00", "0001-01-01", "1900-01-01", "9999-12-31", "0001-01-02", "2026-11-22", "1980-02-30"]
    found = checks.impossible_dates(column(*dates), dt.date(2026, 11, 21))
    assert found.tolist() == [False, False, False, False, True, True, True]


@pytest.mark.parametrize(
    ("text", "damaged"),
    [
        ("Jos\ufffd", True),
        ("José".encode().decode("latin-1"), True),
        ("张??", True),
        ("A\x00B", True),
        ("A\x7fB", True),
        ("锟斤拷", True),
        ("José Ñandú Ã Â çå", False),
        ("Who?", False),
        ("a\tb\r\nc", False),
        ("１２３", False),
        (None, False),
    ],
)
def test_damaged_texts(text, damaged):
    assert checks.damaged_texts(column("x?", text, "?x")).tolist() == [False, damaged, False]


def test_what_stands_under_a_null_is_nothing():
    column = pa.array(["a\x00b", "1E+17", "12"])
    under = pa.chunked_array(
        [pa.StringArray.from_buffers(3, column.buffers()[1], column.buffers()[2], pa.py_buffer(b"\0"), 3)]
    )
    for check in (checks.damaged_texts, checks.damaged_ids, checks.bad_phones, checks.bad_emails, checks.bad_times):
        assert check(under).tolist() == [False, False, False]


def test_empty_columns():
    for check in (
        checks.bad_phones,
        checks.bad_emails,
        checks.bad_times,
        checks.bad_tax_ids,
        checks.bad_national_ids,
        checks.damaged_ids,
        checks.damaged_texts,
        lambda c: checks.impossible_times(c, dt.date(2026, 11, 21)),
        lambda c: checks.impossible_dates(c, dt.date(2026, 11, 21)),
    ):
        assert check(column()).tolist() == []
        assert np.array_equal(check(column(None, None)), [False, False])
