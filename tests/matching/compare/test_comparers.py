import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.compare.comparers import comparer
from matching.comparison import KINDS
from matching.rarity import rarity


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(values=st.lists(st.text(min_size=1, max_size=24), min_size=2, max_size=6, unique=True))
@settings(max_examples=25, deadline=None)
def test_any_two_texts_have_a_level_the_same_both_ways(kind, values):
    array = pa.array([v.encode("utf-8", "replace").decode() for v in values], pa.string())
    made = comparer(kind, array, rarity(array))
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(array), 1))
    found = made.levels(left, right)
    assert ((found >= 2) & (found <= len(KINDS[kind].levels))).all()
    np.testing.assert_array_equal(found, made.levels(right, left))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_pairs_no_levels(kind):
    values = pa.array(["one", "two"])
    empty = np.empty(0, np.int32)
    assert len(comparer(kind, values, rarity(values)).levels(empty, empty)) == 0
