import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stewardship.grouping import group, weakest_links


@pytest.fixture(scope="session")
def frames(text_column):
    def make(golden):
        keys = text_column([f"a:{i}" for i in range(len(golden))])
        crosswalk = pd.DataFrame({"record_key": keys, "golden_id": text_column(golden)})
        return pd.DataFrame({"record_key": keys}), crosswalk

    return make


def test_the_crosswalk_may_be_in_any_order(frames):
    records, crosswalk = frames(["G1", "G2", "G1", "G3"])
    shuffled = crosswalk.sample(frac=1, random_state=3)
    for given_crosswalk in (crosswalk, shuffled, shuffled.reset_index(drop=True)):
        grouping = group(records, given_crosswalk)
        ids = grouping.golden_ids.take(grouping.codes).to_pylist()
        assert ids == ["G1", "G2", "G1", "G3"]
        assert sorted(grouping.sizes) == [1, 1, 2]


def test_a_record_without_a_golden_record_is_refused(frames):
    records, crosswalk = frames(["G1", "G2"])
    with pytest.raises(ValueError, match="1 records"):
        group(records, crosswalk.iloc[:1])


def test_no_records_at_all(frames, pairs_of):
    grouping = group(*frames([]))
    links = weakest_links(pairs_of([]), grouping)
    assert len(grouping.codes) == len(links.groups) == 0


def test_the_weakest_link_is_where_a_merge_would_come_apart(frames, pairs_of):
    records, crosswalk = frames(["G1"] * 4 + ["G2"] * 2 + ["G3"] * 2)
    pairs = pairs_of([(0, 1, 20), (1, 2, 9), (0, 2, 1), (2, 3, 15), (4, 5, 3), (3, 4, 30)])
    grouping = group(records, crosswalk)
    links = weakest_links(pairs, grouping)
    ids = grouping.golden_ids.take(links.groups).to_pylist()
    found = dict(zip(ids, zip(links.weights, links.left, links.right, strict=True), strict=True))
    assert found["G1"] == (9, 1, 2)
    assert found["G2"] == (3, 4, 5)
    assert np.isnan(found["G3"][0])
    assert found["G3"][1:] == (-1, -1)


def test_a_merge_in_two_pieces_has_no_weakest_link(frames, pairs_of):
    grouping = group(*frames(["G1"] * 4))
    links = weakest_links(pairs_of([(0, 1, 20), (2, 3, 9)]), grouping)
    assert np.isnan(links.weights[0])


def connected(members, edges):
    reached, grown = {members[0]}, True
    while grown:
        more = {b for a, b in edges if a in reached} | {a for a, b in edges if b in reached}
        grown = not more <= reached
        reached |= more
    return reached >= set(members)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_weakest_link_agrees_with_its_definition(data, frames, pairs_of):
    size = data.draw(st.integers(2, 8))
    golden = data.draw(st.lists(st.sampled_from(["G1", "G2", "G3"]), min_size=size, max_size=size))
    every = [(i, j) for j in range(size) for i in range(j)]
    chosen = data.draw(st.lists(st.sampled_from(every), unique=True))
    weights = data.draw(st.lists(st.integers(-3, 20), min_size=len(chosen), max_size=len(chosen)))
    pairs = [(i, j, w) for (i, j), w in zip(chosen, weights, strict=True)]
    grouping = group(*frames(golden))
    links = weakest_links(pairs_of(pairs), grouping)
    for code, weight in zip(links.groups, links.weights, strict=True):
        members = [i for i in range(size) if grouping.codes[i] == code]
        edges = [(i, j, w) for i, j, w in pairs if i in members and j in members]
        holds = [w for _, _, w in edges if connected(members, [(i, j) for i, j, v in edges if v >= w])]
        assert (np.isnan(weight) and not holds) or weight == max(holds)
