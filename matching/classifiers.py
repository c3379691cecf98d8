"""Other classifiers than our own: recordlinkage's (de Bruin 2019), behind one protocol.

A classifier here learns a weight for each level of each comparison and an intercept. That is what naive Bayes, ECM and
logistic regression are made of, it can be frozen in a model, and it explains itself. Missing values weigh nothing.
Frequencies of values, moves and crowds are our own model's and play no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.arrays import Bools, Floats, Levels
from matching.comparison import Comparison
from schemas.errors import UsageError

__all__ = ["CLASSIFIERS", "Classifier", "Linear", "learn"]

_SAMPLE: Final = 100_000
_BOUND: Final = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A classifier that adds up weights.

    Args:
        weights: For each comparison the weight of each level, natural logarithms, *missing* (0) first.
        intercept: Natural log-odds of a match before anything is compared.
    """

    weights: tuple[Floats, ...]
    intercept: float


class Classifier(Protocol):
    """Learns weights from compared pairs."""

    def __call__(self, levels: Levels, verdicts: Bools | None, comparisons: tuple[Comparison, ...]) -> Linear:
        """The weights, from (P, A) levels and, where pairs are judged, (P,) verdicts."""
        ...


def learn(
    name: str, comparisons: tuple[Comparison, ...], levels: Levels, judged: Levels, verdicts: Bools, *, seed: int
) -> Linear:
    """What a classifier learns.

    Args:
        name: A key of `CLASSIFIERS`.
        comparisons: The A comparisons.
        levels: (P, A) levels of candidate pairs: what unsupervised classifiers learn from.
        judged: (J, A) levels of the pairs that stewards have decided: what supervised ones learn from.
        verdicts: (J,) whether each of these is a match.
        seed: Of the sample of candidates.

    Raises:
        UsageError: The name is unknown, or a supervised classifier lacks judgements of both kinds.
    """
    if name not in CLASSIFIERS:
        raise UsageError("matching.unknown_classifier", name=name, known=", ".join(("fellegi_sunter", *CLASSIFIERS)))
    classifier, supervised = CLASSIFIERS[name]
    if supervised:
        if not (verdicts.any() and (~verdicts).any()):
            raise UsageError("matching.judgements_needed", name=name)
        return classifier(judged, verdicts, comparisons)
    if len(levels) > _SAMPLE:
        levels = levels[np.sort(np.random.default_rng(seed).choice(len(levels), _SAMPLE, replace=False))]
    return classifier(levels, None, comparisons)


def _by_feature(columns: dict[str, npt.NDArray[np.int8]], size: int) -> pd.DataFrame:
    """0/1 columns; the pairs are numbered, as recordlinkage wants them."""
    number = np.arange(size)
    return pd.DataFrame(columns).set_axis(pd.MultiIndex.from_arrays([number, number + size]), axis=0)


def _levels_reached(levels: Levels, comparisons: tuple[Comparison, ...]) -> pd.DataFrame:
    """A column for each level but *missing*."""
    columns = {
        f"{a}:{level}": (levels[:, a] == level).astype(np.int8)
        for a, c in enumerate(comparisons)
        for level in range(1, len(c.levels))
    }
    return _by_feature(columns, len(levels))


def _agreements(levels: Levels, comparisons: tuple[Comparison, ...]) -> pd.DataFrame:
    """A column for each comparison: whether it reaches the upper half of its levels; constant columns are left out."""
    columns = {
        str(a): ((levels[:, a] >= 1) & (levels[:, a] <= _agreeing(c))).astype(np.int8)
        for a, c in enumerate(comparisons)
    }
    return _by_feature({name: c for name, c in columns.items() if 0 < c.sum() < len(c)}, len(levels))


def _agreeing(comparison: Comparison) -> int:
    return (len(comparison.levels) - 1) // 2


def _ecm(levels: Levels, verdicts: Bools | None, comparisons: tuple[Comparison, ...]) -> Linear:  # noqa: ARG001
    """Expectation–conditional maximisation (Meng & Rubin 1993) on candidate pairs; unsupervised."""
    fitted = _recordlinkage().ECMClassifier()
    fitted.fit(_agreements(levels, comparisons))
    return _from_bayes(fitted, comparisons)


def _naive_bayes(levels: Levels, verdicts: Bools | None, comparisons: tuple[Comparison, ...]) -> Linear:
    """Naive Bayes on judged pairs."""
    features = _agreements(levels, comparisons)
    fitted = _recordlinkage().NaiveBayesClassifier()
    fitted.fit(features, features.index[np.asarray(verdicts)])
    return _from_bayes(fitted, comparisons)


def _logistic(levels: Levels, verdicts: Bools | None, comparisons: tuple[Comparison, ...]) -> Linear:
    """Logistic regression on judged pairs."""
    features = _levels_reached(levels, comparisons)
    fitted = _recordlinkage().LogisticRegressionClassifier()
    fitted.fit(features, features.index[np.asarray(verdicts)])
    of_feature = dict(zip(features.columns, np.ravel(fitted.coefficients), strict=True))
    return Linear(
        weights=_by_level(comparisons, lambda a, level: float(of_feature[f"{a}:{level}"])),
        intercept=float(np.ravel(fitted.intercept)[0]),
    )


def _from_bayes(fitted: Any, comparisons: tuple[Comparison, ...]) -> Linear:
    """Weights of a model of agreement and disagreement, bounded where one of them was never seen."""
    weights = fitted.log_weights

    def weight(a: int, level: int) -> float:
        agrees = int(level <= _agreeing(comparisons[a]))
        return float(np.clip(np.nan_to_num(weights.get(str(a), {}).get(agrees, 0.0)), -_BOUND, _BOUND))

    share = float(np.clip(fitted.p, 1e-9, 1 - 1e-9))
    return Linear(weights=_by_level(comparisons, weight), intercept=float(np.log(share / (1 - share))))


def _by_level(comparisons: tuple[Comparison, ...], weight: Callable[[int, int], float]) -> tuple[Floats, ...]:
    return tuple(
        np.array([0.0, *(weight(a, level) for level in range(1, len(c.levels)))]) for a, c in enumerate(comparisons)
    )


def _recordlinkage() -> Any:
    import recordlinkage  # noqa: PLC0415  it costs seconds, and only these classifiers need it

    return recordlinkage


CLASSIFIERS: Final[dict[str, tuple[Classifier, bool]]] = {
    "ecm": (_ecm, False),
    "naive_bayes": (_naive_bayes, True),
    "logistic_regression": (_logistic, True),
}
