import numpy as np
import pyarrow as pa
import pytest

from matching.compare.dates import DateComparer
from matching.comparison import KINDS


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("1980-02-28", "1980-02-29", "one_edit"),
        ("1980-02-01", "1980-01-02", "one_edit"),
        ("1980-12-01", "1980-21-01", "one_edit"),
        ("1980-02-11", "1980-02-28", "two_parts"),
        ("1980-02-11", "1980-05-28", "same_year"),
        ("1980-02-11", "1981-05-28", "near_year"),
        ("1980-02-11", "1990-02-11", "one_edit"),
        ("1980-02-11", "1995-06-03", "other"),
        ("1980", "1980-02-11", "same_year"),
        ("1980-02", "1980-02-11", "two_parts"),
        ("1980-03", "1980-02-11", "other"),
        ("1980", "1981", "near_year"),
        ("unknown", "1981", "other"),
    ],
)
def test_level(one, two, level):
    comparer = DateComparer(pa.array([one, two]))
    for a, b in ((0, 1), (1, 0)):
        found = comparer.levels(np.array([a], np.int32), np.array([b], np.int32))
        assert KINDS["date"].levels[found[0] - 1] == level
