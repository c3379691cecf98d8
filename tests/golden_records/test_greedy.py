import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from golden_records.greedy import greedy

EDGES = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=60)


def one_by_one(edges):
    taken, left, right = [], set(), set()
    for place, (one, other) in enumerate(edges):
        if one not in left and other not in right:
            taken.append(place)
            left.add(one)
            right.add(other)
    return taken


@given(EDGES)
def test_in_bulk_as_one_by_one(edges):
    left, right = (np.array([edge[side] for edge in edges], dtype=np.int64) for side in (0, 1))
    assert greedy(left, right).tolist() == one_by_one(edges)
