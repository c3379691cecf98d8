import numpy as np
import pyarrow as pa
import pytest

from matching.compare.comparers import comparer
from matching.comparison import KINDS


@pytest.mark.parametrize(
    ("kind", "one", "two", "level"),
    [
        ("postcode", "94105", "94106", "one_edit"),
        ("postcode", "94105", "94188", "same_area"),
        ("postcode", "TQ138DF", "TQ138HU", "same_area"),
        ("postcode", "94105", "10012", "other"),
        ("place", "london", "lonon", "near"),
        ("place", "perth and kinross", "perth", "contained"),
        ("place", "leeds", "lyon", "other"),
        ("place", "ny", "nj", "other"),
        ("identifier", "AB123456", "AB123465", "one_edit"),
        ("identifier", "123", "124", "other"),
        ("category", "male", "female", "other"),
    ],
)
def test_level(kind, one, two, level):
    made = comparer(kind, pa.array([one, two]), None)
    for a, b in ((0, 1), (1, 0)):
        found = made.levels(np.array([a], np.int32), np.array([b], np.int32))
        assert KINDS[kind].levels[found[0] - 1] == level
