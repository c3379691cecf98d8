import numpy as np
import pytest

from matching.classifiers import CLASSIFIERS, Examples, learn, supervised
from matching.comparison import Comparison
from matching.estimate import JudgedLevels
from schemas.errors import UsageError

COMPARISONS = (
    Comparison(name="email", kind="email", role="email", group="email"),
    Comparison(name="birth_date", kind="date", role="birth_date", group="birth"),
    Comparison(name="gender", kind="category", role="category", group="trait"),
)


def pairs(matches, others, seed=0):
    """Matches reach high levels nine times in ten, others low ones; a tenth is missing."""
    rng = np.random.default_rng(seed)
    columns = []
    for c in COMPARISONS:
        last = len(c.levels) - 1
        same = np.where(rng.random(matches) < 0.9, 1, last)
        other = np.where(rng.random(others) < (0.5 if last == 2 else 0.02), 1, last)
        columns.append(np.concatenate([same, other]))
    levels = np.stack(columns, axis=1).astype(np.int8)
    levels[rng.random(levels.shape) < 0.1] = 0
    return levels, np.arange(matches + others) < matches


def examples(levels, truth):
    """What our own model would make of them."""
    chances = [(0.9, 0.02), (0.9, 0.02), (0.9, 0.5)]
    odds = np.zeros(len(levels))
    for a, (m, u) in enumerate(chances):
        weight = np.where(levels[:, a] == 1, np.log(m / u), np.log((1 - m) / (1 - u)))
        odds += np.where(levels[:, a] == 0, 0.0, weight)
    return Examples(levels=levels, odds=odds)


@pytest.mark.parametrize("name", sorted(CLASSIFIERS))
@pytest.mark.parametrize("judgements", [100, 500])
def test_learns_to_tell_matches_from_others(name, judgements):
    levels, truth = pairs(400, 600)
    some = np.random.default_rng(1).choice(len(levels), judgements, replace=False)
    judged = JudgedLevels(levels=levels[some], same=truth[some])
    linear = learn(name, COMPARISONS, examples(levels, truth), judged, seed=0)
    odds = linear.intercept + sum(w[levels[:, a]] for a, w in enumerate(linear.weights))
    assert ((odds > 0) == truth).mean() > 0.93
    assert all(w[0] == 0 for w in linear.weights)
    assert linear.weights[0][1] > linear.weights[0][-1]


@pytest.mark.parametrize("name", sorted(n for n in CLASSIFIERS if supervised(n)))
@pytest.mark.parametrize("same", [np.ones(30, np.bool_), np.arange(30) < 3, np.arange(10) < 5])
def test_the_supervised_ones_need_enough_judgements_of_both_kinds(name, same):
    levels, truth = pairs(15, 15)
    judged = JudgedLevels(levels=levels[: len(same)], same=same)
    with pytest.raises(UsageError, match="20"):
        learn(name, COMPARISONS, examples(levels, truth), judged, seed=0)


def test_judging_only_hard_pairs_does_not_make_one_forget_the_plain_ones():
    levels, truth = pairs(2_000, 20_000)
    ours = examples(levels, truth)
    hard = np.random.default_rng(2).choice(np.flatnonzero(np.abs(ours.odds) < 3), 60, replace=False)
    judged = JudgedLevels(levels=levels[hard], same=truth[hard])
    plain = np.flatnonzero(np.abs(ours.odds) > 5)
    for name in ("logistic_regression", "svm", "naive_bayes"):
        linear = learn(name, COMPARISONS, ours, judged, seed=0)
        odds = linear.intercept + sum(w[levels[:, a]] for a, w in enumerate(linear.weights))
        assert ((odds > 0) == truth)[plain].mean() > 0.99


def test_an_unknown_classifier_is_refused():
    levels, truth = pairs(5, 5)
    with pytest.raises(UsageError):
        learn("oracle", COMPARISONS, examples(levels, truth), JudgedLevels(levels=levels, same=truth), seed=0)
