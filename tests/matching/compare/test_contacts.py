import numpy as np
import pyarrow as pa
import pytest

from matching.compare.comparers import comparer
from matching.comparison import KINDS


@pytest.mark.parametrize(
    ("kind", "one", "two", "level"),
    [
        ("phone", "7029191300", "9191300", "same_ending"),
        ("phone", "13800138000", "13800138001", "one_edit"),
        ("phone", "13800138000", "138****8000", "same_ending"),
        ("phone", "13800138000", "138****8001", "other"),
        ("phone", "13800138000", "13999998888", "other"),
        ("email", "anna.smith@example.com", "ana.smith@example.com", "one_edit"),
        ("email", "asmith77@example.com", "asmith77@example.org", "same_local_part"),
        ("email", "anna.smith@example.com", "anna.smith@example.org", "other"),
        ("email", "anna.smith12@example.com", "anna.smith15@example.com", "other"),
        ("email", "anna.smith@example.com", "anne.smithers@example.org", "other"),
    ],
)
def test_level(kind, one, two, level):
    made = comparer(kind, pa.array([one, two]), None)
    for a, b in ((0, 1), (1, 0)):
        found = made.levels(np.array([a], np.int32), np.array([b], np.int32))
        assert KINDS[kind].levels[found[0] - 1] == level
