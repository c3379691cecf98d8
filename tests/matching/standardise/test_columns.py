import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest

from matching.standardise.columns import encode, header_words, texts


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, None], ["1", "2", None]),
        ([1.5, 2.0, None], ["1.5", "2", None]),
        (["a", None, 1], ["a", None, "1"]),
        ([[1], [2, 3], None], [None, None, None]),
        ([Decimal("1.50"), None, Decimal("2.00")], ["1.50", None, "2.00"]),
        ([dt.date(1980, 2, 29), None, dt.date(1981, 1, 1)], ["1980-02-29", None, "1981-01-01"]),
        ([pd.Timestamp("1980-02-29"), pd.NaT, pd.Timestamp("1981-01-01")], ["1980-02-29", None, "1981-01-01"]),
        ([None, None, None], [None, None, None]),
    ],
    ids=["integers", "floats", "a mixture", "lists", "decimals", "dates", "timestamps", "nothing"],
)
def test_any_column_is_read_as_text(values: list[object], expected: list[str | None]):
    assert texts(pd.Series(values)).to_pylist() == expected


def test_codes_point_at_distinct_texts():
    column = encode(texts(pd.Series(["a", None, "b", "a"])))
    assert (column.codes.tolist(), column.distinct.to_pylist()) == ([0, -1, 1, 0], ["a", "b"])


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("IDNumber", "id number"),
        ("ＮＡＭＥ", "name"),
        ("Name *", "name"),
        ("Prénom", "prenom"),
        ("地址2", "地址2"),
        ("___", ""),
    ],
)
def test_a_header_is_read_as_words(header: str, words: str):
    assert header_words(header) == words
