import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.reliability import EDGES, pooled, reliability

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=40)


def table_of(pairs, **options):
    return reliability(np.array([p for p, _ in pairs]), np.array([s for _, s in pairs], dtype=bool), **options)


@given(PAIRS)
def test_every_pair_is_in_the_bin_of_its_probability(pairs):
    table = table_of(pairs)
    assert table.pairs.sum() == len(pairs)
    assert table.matches.sum() == sum(same for _, same in pairs)
    for low, high, expected in zip(EDGES, EDGES[1:], table.expected, strict=False):
        assert np.isnan(expected) or low - 1e-12 <= expected <= high + 1e-12


@given(PAIRS, PAIRS)
def test_a_pool_is_the_table_of_all_pairs(one, two):
    both = pooled((table_of(one), table_of(two)))
    whole = table_of(one + two)
    np.testing.assert_array_equal(both.pairs, whole.pairs)
    np.testing.assert_allclose(both.predicted, whole.predicted)
    assert both.error == pytest.approx(whole.error)


def test_probabilities_that_mean_what_they_say_have_next_to_no_error():
    rng = np.random.default_rng(3)
    chances = rng.random(200_000)
    honest = reliability(chances, rng.random(200_000) < chances)
    assert honest.error < 0.01
    assert honest.worst() < 0.03
    boastful = reliability(chances, rng.random(200_000) < chances / 2)
    assert boastful.error == pytest.approx(0.25, abs=0.01)


def test_small_bins_are_not_judged():
    table = reliability(np.full(199, 0.95), np.zeros(199, dtype=bool))
    assert table.worst() == 0
    assert table.worst(100) == pytest.approx(0.95)


def test_pairs_below_the_least_are_left_out():
    assert table_of([(0.05, True), (0.1, True), (0.7, False)], least=0.1).pairs.sum() == 2
    assert pooled(()).error == 0
