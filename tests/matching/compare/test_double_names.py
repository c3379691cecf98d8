import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.compare.double_names import DoubleNames
from matching.comparison import KINDS

WORDS = ["smith", "jones", "garcia", "van", "der", "berg", "al", "jr", "de", "souza", "a"]


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("van der berg", "vanderberg", "one_edit"),
        ("smith jones", "smith jonas", "one_edit"),
        ("van der berg", "berg", "similar"),
        ("smith jones", "jones smith", "similar"),
        ("garcia lopez", "lopez", "similar"),
        ("smith jones", "smith taylor", "loosely_similar"),
        ("van der berg", "van der meer", "other"),
        ("van der", "van den", "one_edit"),
    ],
)
def test_level(one: str, two: str, level: str):
    names = DoubleNames(pa.array([one, two]))
    for a, b in ((0, 1), (1, 0)):
        found = names.levels(np.array([a], np.int32), np.array([b], np.int32))
        assert KINDS["name"].levels[found[0] - 1] == level


def test_only_latin_names_of_several_words_are_for_it():
    names = DoubleNames(pa.array(["van der berg", "berg", "smith", "王 伟"]))
    left, right = (np.array(side, np.int32) for side in ([0, 1, 0], [1, 2, 3]))
    assert names.among(left, right).tolist() == [True, False, False]


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=2, unique=True))
def test_it_is_the_same_both_ways(values: list[str]):
    names = DoubleNames(pa.array(values))
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(values), 1))
    np.testing.assert_array_equal(names.levels(left, right), names.levels(right, left))
