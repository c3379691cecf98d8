import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import evaluate

LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=14)


@given(labels=LABELS)
def test_figures_are_those_of_their_definitions(labels: list[tuple[int, int]]):
    clusters, truth = np.array([c for c, _ in labels], dtype=int), np.array([t for _, t in labels], dtype=int)
    found = {pair for pair in itertools.combinations(range(len(labels)), 2) if clusters[pair[0]] == clusters[pair[1]]}
    true = {pair for pair in itertools.combinations(range(len(labels)), 2) if truth[pair[0]] == truth[pair[1]]}
    result = evaluate(clusters, truth)
    assert (result.found_pairs, result.true_pairs, result.right_pairs) == (len(found), len(true), len(found & true))
    assert result.precision == pytest.approx(len(found & true) / len(found) if found else 1)
    assert result.recall == pytest.approx(len(found & true) / len(true) if true else 1)
    members = [(set(np.flatnonzero(clusters == c)), set(np.flatnonzero(truth == t))) for c, t in labels]
    bcubed = [(len(c & t) / len(c), len(c & t) / len(t)) for c, t in members]
    assert result.bcubed_precision == pytest.approx(np.mean([p for p, _ in bcubed]) if bcubed else 1)
    assert result.bcubed_recall == pytest.approx(np.mean([r for _, r in bcubed]) if bcubed else 1)


@given(labels=LABELS, seed=st.integers(0, 9))
def test_names_and_order_of_clusters_do_not_matter(labels: list[tuple[int, int]], seed: int):
    clusters, truth = np.array([c for c, _ in labels], dtype=int), np.array([t for _, t in labels], dtype=int)
    order = np.random.default_rng(seed).permutation(len(labels))
    renamed = np.array([f"cluster {9 - c}" for c in clusters], dtype=str)
    one, other = evaluate(renamed[order], truth[order]), evaluate(clusters, truth)
    assert (one.f1, one.exact_clusters, one.clusters) == (other.f1, other.exact_clusters, other.clusters)
    assert one.bcubed_f1 == pytest.approx(other.bcubed_f1)


def test_a_perfect_result_is_perfect():
    result = evaluate(np.array([5, 5, 7]), np.array(["a", "a", "b"]))
    assert (result.f1, result.bcubed_f1, result.exact_clusters) == (1.0, 1.0, 2)


def test_a_wrong_length_is_refused():
    with pytest.raises(ValueError, match="2 clusters for 3 records"):
        evaluate(np.array([0, 1]), np.array([0, 1, 2]))
