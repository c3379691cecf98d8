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


def test_empty_columns():
    for check in (checks.bad_phones, checks.bad_emails, checks.bad_times, checks.bad_tax_ids, checks.bad_national_ids):
        assert check(column()).tolist() == []
        assert np.array_equal(check(column(None, None)), [False, False])
