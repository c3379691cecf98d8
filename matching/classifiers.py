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

from matching.arrays import Bools, Floats, Integers, Levels
from matching.comparison import Comparison
from matching.recalibration import FEWEST, enough, recalibrate
from schemas.errors import UsageError

__all__ = ["CLASSIFIERS", "Classifier", "Examples", "Linear", "learn", "supervised"]

_SAMPLE: Final = 100_000
_BOUND: Final = 12.0
_SEEDS: Final = 2_000  # pairs that our own model is sure of, beside those that people have judged
_MARGINS: Final = 16.0  # times further than log-odds the margins of a support vector machine may be off
_SURE: Final = 4.6  # natural log-odds: one such pair in a hundred is decided wrongly


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Candidate pairs that nobody has judged.

    Args:
        levels: (P, A) levels.
        odds: (P,) natural log-odds of a match by our own model.
    """

    levels: Levels
    odds: Floats


class Judged(Protocol):
    """Pairs that people have judged."""

    @property
    def levels(self) -> Levels:
        """(J, A) levels."""
        ...

    @property
    def same(self) -> Bools:
        """(J,) whether each is a match."""
        ...


def learn(name: str, comparisons: tuple[Comparison, ...], examples: Examples, judged: Judged, *, seed: int) -> Linear:
    """What a classifier learns.

    People judge the pairs that are hard to tell. What plain matches and plain strangers look like, supervised
    classifiers take from pairs that our own model is sure of (seeds; Christen 2008, "Automatic training example
    selection for scalable unsupervised record linkage").

    Args:
        name: A key of `CLASSIFIERS`.
        comparisons: The A comparisons.
        examples: Candidate pairs: what unsupervised classifiers learn from, and where the seeds of supervised ones are.
        judged: The pairs that people have decided, which supervised classifiers learn from.
        seed: Of the samples.

    Raises:
        UsageError: The name is unknown, or a supervised classifier has too few judgements.
    """
    if name not in CLASSIFIERS:
        raise UsageError("matching.unknown_classifier", name=name, known=", ".join(("fellegi_sunter", *CLASSIFIERS)))
    classifier, learns_from_judged = CLASSIFIERS[name]
    rng = np.random.default_rng(seed)
    if not learns_from_judged:
        rows = _sample(np.arange(len(examples.levels)), _SAMPLE, rng)
        return classifier(examples.levels[rows], None, comparisons)
    if not enough(judged.same):
        raise UsageError("matching.judgements_needed", name=name, needed=FEWEST[0], each=FEWEST[1])
    sure = _sample(np.flatnonzero(np.abs(examples.odds) >= _SURE), _SEEDS, rng)
    levels = np.concatenate([judged.levels, examples.levels[sure]])
    return classifier(levels, np.concatenate([judged.same, examples.odds[sure] > 0]), comparisons)


def _sample(rows: Integers, most: int, rng: np.random.Generator) -> Integers:
    return rows if len(rows) <= most else np.sort(rng.choice(rows, most, replace=False))


def supervised(name: str) -> bool:
    """Whether a classifier learns from judgements alone."""
    return name in CLASSIFIERS and CLASSIFIERS[name][1]


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


def _svm(levels: Levels, verdicts: Bools | None, comparisons: tuple[Comparison, ...]) -> Linear:
    """A linear support vector machine on judged pairs; its margins become log-odds by Platt's scaling (1999)."""
    features, same = _levels_reached(levels, comparisons), np.asarray(verdicts)
    fitted = _recordlinkage().SVMClassifier(dual=False, C=0.1)
    fitted.fit(features, features.index[same])
    margins = np.ravel(fitted.kernel.decision_function(features.to_numpy()))
    found = recalibrate(margins, same, spread=_MARGINS)
    of_feature = dict(zip(features.columns, found.scale * np.ravel(fitted.kernel.coef_), strict=True))
    return Linear(
        weights=_by_level(comparisons, lambda a, level: float(of_feature[f"{a}:{level}"])),
        intercept=found.scale * float(np.ravel(fitted.kernel.intercept_)[0]) + found.shift,
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
    "svm": (_svm, True),
}
