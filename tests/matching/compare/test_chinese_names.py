import numpy as np
import pyarrow as pa
import pytest

from matching.compare.names import NameComparer
from matching.comparison import KINDS


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("晓明", "哓明", "similar"), ("晓明", "小明", "similar"), ("伟", "炜", "similar"), ("平", "乎", "similar"),
        ("晓明", "晓红", "other"), ("建国", "建军", "other"), ("伟", "强", "other"), ("文", "文强", "other"),
        ("晓明", "明", "other"), ("晓明", "张晓明", "loosely_similar"), ("欧", "欧阳", "other"),
        ("伟", "wei", "similar"),
    ],
)  # fmt: skip
def test_one_of_two_characters_is_half_a_name(left, right, level):
    comparer = NameComparer(pa.array([left, right]))
    one, two = np.array([0], dtype=np.int32), np.array([1], dtype=np.int32)
    assert KINDS["name"].levels[comparer.levels(one, two)[0] - 1] == level
    assert KINDS["name"].levels[comparer.levels(two, one)[0] - 1] == level
