import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.quantities import date_bounds, numbers, span_of


def column(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234,567.89", 1234567.89),
        ("1.234.567,8", 1234567.8),
        ("1.234", 1.234),
        ("1,234", 1234),
        ("12,5", 12.5),
        ("0,1234", 0.1234),
        ("+3.", 3),
        ("-1e-3", -0.001),
        ("€ 5", 5),
        ("５０％", 50),
        ("12,34,567", np.nan),
        ("1.2.3", np.nan),
        ("", np.nan),
        ("-", np.nan),
        ("0x10", np.nan),
        ("nan", np.nan),
        ("inf", np.nan),
    ],
)
def test_numbers_as_people_write_them(text, number):
    assert np.array_equal(numbers(column("7", text, None)), [7, number, np.nan], equal_nan=True)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**18), 10**18), max_size=6))
def test_numbers_as_computers_write_them(values):
    assert numbers(column(*map(repr, values))).tolist() == [float(value) for value in values]


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from("-/."))
def test_a_day_is_one_day_however_it_is_written(day, mark):
    texts = (day.isoformat(), f"{day.year}{mark}{day.month}{mark}{day.day}", f"{day.year}年{day.month}月{day.day}日")
    first, last = date_bounds(column(*texts, None))
    assert first.to_pylist() == [f"{day}T00:00:00Z"] * 3 + [None]
    assert last.to_pylist() == [f"{day}T23:59:59Z"] * 3 + [None]


def test_bounds():
    assert span_of("2020-02") == ("2020-02-01T00:00:00Z", "2020-02-31T23:59:59Z")
    assert [span_of(text) for text in ("2020", "2020-13", "2020-1-1", "20200101", "x")] == [None] * 5
