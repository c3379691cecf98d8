import numpy as np
import pandas as pd
import pyarrow as pa

from matching.prepare import prepare
from matching.roles import ColumnRole

TEXT = pd.ArrowDtype(pa.string())
ROLES = (ColumnRole(column="email", role="email", reason="header"),)


def test_the_order_depends_on_content_alone():
    records = pd.DataFrame({"email": [f"p{i}@example.com" for i in range(50)]}).astype(TEXT)
    moved = np.random.default_rng(0).permutation(50)
    one = prepare(records, ROLES, None)
    two = prepare(records.iloc[moved].reset_index(drop=True), ROLES, None)
    assert moved[two.order].tolist() == one.order.tolist()


def test_repeats_are_seen_whatever_their_distance():
    records = pd.DataFrame({"email": ["a@b.com", "c@d.com", "A@B.com ", "e@f.com", "a@b.com"]}).astype(TEXT)
    prepared = prepare(records, ROLES, None)
    pairs = [sorted((int(prepared.order[i - 1]), int(prepared.order[i]))) for i in prepared.repeats]
    assert sorted(pairs) == [[0, 2], [2, 4]]


def test_kinds_are_compared_with_their_own_and_with_unknown():
    records = pd.DataFrame({"email": ["a@b.com"] * 3, "kind": ["person", "company", None]}).astype(TEXT)
    prepared = prepare(records, ROLES, "kind")
    place = np.argsort(prepared.order).astype(np.int32)
    left, right = place[[0, 0, 1]], place[[1, 2, 2]]
    assert prepared.comparable(left, right).tolist() == [False, True, True]
