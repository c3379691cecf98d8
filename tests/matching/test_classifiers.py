import numpy as np
import pytest

from matching.classifiers import CLASSIFIERS, learn
from matching.comparison import Comparison
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


@pytest.mark.parametrize("name", sorted(CLASSIFIERS))
def test_learns_to_tell_matches_from_others(name):
    levels, truth = pairs(400, 600)
    linear = learn(name, COMPARISONS, levels, levels, truth, seed=0)
    odds = linear.intercept + sum(w[levels[:, a]] for a, w in enumerate(linear.weights))
    assert ((odds > 0) == truth).mean() > 0.93
    assert all(w[0] == 0 for w in linear.weights)
    assert linear.weights[0][1] > linear.weights[0][-1]


@pytest.mark.parametrize("name", sorted(n for n, (_, supervised) in CLASSIFIERS.items() if supervised))
def test_the_supervised_ones_need_judgements_of_both_kinds(name):
    levels, _ = pairs(5, 5)
    with pytest.raises(UsageError):
        learn(name, COMPARISONS, levels, levels, np.ones(10, np.bool_), seed=0)


def test_an_unknown_classifier_is_refused():
    levels, truth = pairs(5, 5)
    with pytest.raises(UsageError):
        learn("oracle", COMPARISONS, levels, levels, truth, seed=0)
