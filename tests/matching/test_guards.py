import numpy as np
import pyarrow as pa
import pytest

from matching.guards import Guards, generations


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ("dobbins jr", "dobbins sr", True),
        ("klein ii", "klein iii", True),
        ("klein jr", "klein ii", False),
        ("dobbins jr", "dobbins", False),
        ("i", "ii", False),
    ],
)
def test_generations_keep_apart_only_where_both_say(one, two, apart):
    guards = Guards(generation=generations(pa.array([one, two])))
    assert guards.apart(np.array([0], np.int32), np.array([1], np.int32)).tolist() == [apart]
