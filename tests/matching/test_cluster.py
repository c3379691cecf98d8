import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.cluster import Judgements, Linkage, cluster, trusted


def run(size, links, judged=(), default=-5.0, **linkage):
    """Clusters of ``size`` records from {(left, right): log-odds}; pairs not named have ``default``."""
    left, right = (np.array([pair[i] for pair in links], dtype=np.int32) for i in (0, 1))
    odds = np.array(list(links.values()), dtype=np.float64)

    def score(one, two):
        return np.full(len(one), default)

    ruled = Judgements(
        left=np.array([j[0] for j in judged], dtype=np.int32),
        right=np.array([j[1] for j in judged], dtype=np.int32),
        same=np.array([j[2] for j in judged], dtype=np.bool_),
    )
    return cluster(size, left, right, odds, score, Linkage(**linkage), ruled).tolist()


def test_numbers_follow_first_appearance():
    assert run(5, {(0, 3): 5.0, (1, 4): 5.0}) == [0, 1, 2, 0, 1]


def test_nothing_links_nothing():
    assert run(3, {}) == [0, 1, 2]
    assert run(0, {}) == []


def test_a_bridge_does_not_join_two_groups():
    full = {(a, b): 8.0 for group in ((0, 1, 2), (3, 4, 5)) for a in group for b in group if a < b}
    assert run(6, {**full, (2, 3): 2.0}, default=-8.0) == [0, 0, 0, 1, 1, 1]


def test_a_missing_link_is_made_up_for_by_the_others():
    assert run(3, {(0, 1): 9.0, (1, 2): 9.0}, default=-1.0) == [0, 0, 0]


def test_minus_infinity_keeps_apart_whatever_joins_around_it():
    found = run(3, {(0, 1): 9.0, (1, 2): 8.0, (0, 2): -np.inf})
    assert found == [0, 0, 1]


def test_judgements_hold_against_any_weight():
    assert run(3, {(0, 1): 9.0}, judged=[(0, 1, False)]) == [0, 1, 2]
    assert run(3, {}, judged=[(0, 2, True)]) == [0, 1, 0]


def test_judgements_that_contradict_keep_apart():
    found = run(3, {}, judged=[(0, 1, True), (1, 2, True), (0, 2, False)])
    assert found[0] != found[2]


def test_an_oversize_component_is_split_by_stronger_links():
    links = {(i, i + 1): 1.0 for i in range(99)}
    strong = {(i, i + 1): 9.0 for i in range(0, 100, 2)}
    found = run(100, {**links, **strong}, largest=20)
    assert max(np.bincount(found)) <= 20
    assert found[0] == found[1]


def test_thousands_of_copies_of_one_record_cost_no_more_than_their_links():
    size = 20_000
    links = {(0, i): 9.0 for i in range(1, size)}
    assert len(set(run(size, links, default=9.0, largest=150))) < 40


def test_few_matches_earn_less_trust():
    assert trusted(Linkage(mean=-3.0), 10).mean > trusted(Linkage(mean=-3.0), 10_000).mean


@st.composite
def graphs(draw):
    size = draw(st.integers(2, 9))
    pairs = [(a, b) for a in range(size) for b in range(a + 1, size)]
    # Distinct weights: identical records are interchangeable, and which of two equals joins is then no one's question.
    weights = draw(st.lists(st.integers(-4000, 4000), min_size=len(pairs), max_size=len(pairs), unique=True))
    order = draw(st.permutations(range(size)))
    return size, dict(zip(pairs, (w / 500 + 0.0001 for w in weights), strict=True)), order


@given(graphs())
@settings(max_examples=150)
def test_the_partition_is_the_same_whatever_the_order_of_records(graph):
    size, links, order = graph
    found = run(size, links)
    place = {old: new for new, old in enumerate(order)}
    moved = run(size, {tuple(sorted((place[a], place[b]))): w for (a, b), w in links.items()})
    assert [[found[a] == found[b] for b in range(size)] for a in range(size)] == [
        [moved[place[a]] == moved[place[b]] for b in range(size)] for a in range(size)
    ]
