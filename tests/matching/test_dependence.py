import numpy as np
import pytest

from matching.comparison import Comparison
from matching.dependence import joint_counts, learn_dependence, plan_tree

STREET = Comparison(name="street", kind="text", role="street", group="place")
CITY = Comparison(name="city", kind="place", role="city", group="place")
STATE = Comparison(name="state", kind="place", role="state", group="place")
GIVEN = Comparison(name="given_name", kind="name", role="given_name", group="given")
COMPARISONS = (GIVEN, STATE, CITY, STREET)


def strangers(seed=1, pairs=200_000):
    rng = np.random.default_rng(seed)
    town = rng.random(pairs) < 0.02
    levels = np.full((pairs, 4), 4, dtype=np.int8)
    levels[:, 0] = np.where(rng.random(pairs) < 0.01, 1, 8)
    levels[:, 1] = np.where(town | (rng.random(pairs) < 0.05), 1, 4)
    levels[:, 2] = np.where(town, 1, 4)
    levels[:, 3] = np.where(rng.random(pairs) < 0.001, 1, 8)
    levels[rng.random(levels.shape) < 0.2] = 0
    return levels


def shares(levels):
    found = []
    for a, comparison in enumerate(COMPARISONS):
        counts = np.bincount(levels[:, a], minlength=len(comparison.levels)).astype(float)
        counts[0] = 0
        found.append(counts / counts.sum())
    return tuple(found)


def test_only_places_depend_and_the_rarer_agreement_is_the_parent():
    levels = strangers()
    assert plan_tree(COMPARISONS, levels, np.ones(len(levels)), shares(levels)) == ((2, 1),)


def test_the_tree_does_not_depend_on_the_order_of_pairs():
    levels = strangers()
    again = np.random.default_rng(3).permutation(levels)
    weights = np.ones(len(levels))
    assert plan_tree(COMPARISONS, levels, weights, shares(levels)) == plan_tree(
        COMPARISONS, again, weights, shares(levels)
    )


def test_agreeing_on_what_is_implied_adds_nothing_and_missing_changes_nothing():
    levels, edge = strangers(), (2, 1)
    unmatched = shares(levels)
    matched = (unmatched[0], np.array([0, 0.95, 0.02, 0.01, 0.02]), np.array([0, 0.9, 0.04, 0.02, 0.04]), unmatched[3])
    sizes = (len(CITY.levels), len(STATE.levels))
    of_others = joint_counts(edge, levels, np.ones(len(levels)), sizes)
    of_matches = 5_000 * np.outer(matched[2], matched[1])
    found = learn_dependence(edge, matched, unmatched, of_matches, of_others, 1.0)
    weight = np.log(matched[1][1] / unmatched[1][1])
    assert weight + found.shift[1, 1] == pytest.approx(0, abs=0.1)
    assert not found.shift[0].any()
    assert not found.shift[:, 0].any()


def test_without_evidence_they_are_independent():
    flat = (np.array([0, 0.25, 0.25, 0.25, 0.25]),) * 4
    found = learn_dependence((2, 1), flat, flat, np.zeros((5, 5)), np.zeros((5, 5)), 1.0)
    np.testing.assert_allclose(found.shift, 0, atol=1e-12)
