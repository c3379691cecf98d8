import numpy as np
import pyarrow as pa
import pytest

from matching.compare.names import NameComparer
from matching.comparison import KINDS


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("robert", "robbert", "one_edit"),
        ("robert", "roebrt", "one_edit"),
        ("robert", "bob", "similar"),
        ("bob", "rob", "similar"),
        ("smith", "smyth", "one_edit"),
        ("王伟", "wang wei", "similar"),
        ("秀英", "xiu ying", "similar"),
        ("r", "robert", "initial"),
        ("alexander", "alex", "similar"),
        ("kim", "tim", "other"),
        ("robert", "anna", "other"),
        ("张", "李", "other"),
    ],
)
def test_level(one, two, level):
    comparer = NameComparer(pa.array([one, two]))
    for a, b in ((0, 1), (1, 0)):
        found = comparer.levels(np.array([a], np.int32), np.array([b], np.int32))
        assert KINDS["name"].levels[found[0] - 1] == level
