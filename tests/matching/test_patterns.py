import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from matching.patterns import group_patterns


@given(hnp.arrays(np.int8, st.tuples(st.integers(0, 30), st.integers(1, 40)), elements=st.integers(0, 9)))
def test_each_row_finds_its_pattern_and_counts_add_up(levels):
    patterns, shown = group_patterns(levels)
    np.testing.assert_array_equal(patterns.levels[shown], levels)
    assert patterns.weights.sum() == len(levels)
    assert len(np.unique(patterns.levels, axis=0)) == len(patterns.levels)


def test_weights_are_summed():
    levels = np.array([[1, 2], [1, 2], [3, 0]], dtype=np.int8)
    patterns, shown = group_patterns(levels, np.array([2.0, 3.0, 4.0]))
    assert patterns.weights[shown].tolist() == [5, 5, 4]
