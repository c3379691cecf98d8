"""The match weight of each pair: levels, frequencies of values, prior, and the discount for crowds."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from matching.arrays import Floats
from matching.comparison import Comparison
from matching.cores import on_cores
from matching.kinship import DECISIVE, NAMES, crowds
from matching.pairs import ComparedPairs
from matching.parameters import Parameters
from matching.weights import frequency_shift, level_weights, pattern_weights

__all__ = ["TELLING", "comparison_weights", "crowd_discount", "log_odds", "prior_weight", "probability", "with_moves"]

_BATCH: Final = 50_000  # fits the cache of a core
TELLING: Final = NAMES | DECISIVE | {"family", "birth", "place", "web"}
"""Groups of attributes that can tell customers apart."""
_NEARLY: Final = 0.95
_ALIKE: Final = float(np.log(0.999 / 0.001))


def comparison_weights(compared: ComparedPairs, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P, A) match weight of each comparison, natural logarithms, adjusted for how common the values are."""
    if parameters.linear is not None:
        return pattern_weights(compared.levels, parameters.linear.weights)
    weights = pattern_weights(compared.levels, level_weights(parameters), parameters.dependences)
    weights += frequency_shift(
        compared.levels, compared.shares, comparisons, parameters.unmatched, parameters.dependences
    )
    return weights


def crowd_discount(weights: Floats, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P,) what the log-odds lose because a crowd of `matching.kinship` explains the agreement as well."""
    if parameters.linear is not None:
        return np.zeros(len(weights))
    shared = crowds(comparisons).shared
    rest = max(1.0 - parameters.prior - float(parameters.crowd_priors.sum()), 1e-9)
    odds = np.empty((1 + len(shared), len(weights)))
    odds[0] = np.log(rest)
    if len(shared):
        odds[1:] = shared @ weights.T + np.log(np.maximum(parameters.crowd_priors, 1e-12))[:, None]
    top = odds.max(axis=0)
    odds -= top
    return np.asarray(-(top + np.log(np.exp(odds, out=odds).sum(axis=0))))


def with_moves(weights: Floats, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P, A) the weights as they add up: together, those of the place say no more against a match than a move would.

    With S the sum over the place and ρ the share of matches that have moved, the place contributes
    log((1 - ρ)·exp(S) + ρ); the difference to S is shared out by the size of the weights.
    """
    place = crowds(comparisons).place
    if not place.any() or parameters.linear is not None:
        return weights
    columns = np.flatnonzero(place)
    part = weights[:, columns]
    total = part.sum(axis=1)
    relief = _relief(total, parameters)
    size = np.abs(part)
    share = size / np.maximum(size.sum(axis=1, keepdims=True), 1e-12)
    found = weights.copy()
    found[:, columns] += np.where(size.sum(axis=1, keepdims=True) > 0, relief[:, None] * share, 0.0)
    return found


def _relief(at_place: Floats, parameters: Parameters) -> Floats:
    """What the place's sum S becomes by the chance of a move, less S: log((1 - ρ)·exp(S) + ρ) - S; 0 at S = 0."""
    if parameters.linear is not None:
        return np.zeros(len(at_place))
    return np.asarray(np.log1p(-parameters.moved + parameters.moved * np.exp(-np.clip(at_place, -60, 60))))


def prior_weight(parameters: Parameters) -> float:
    """Natural log-odds of a match before anything is compared."""
    if parameters.linear is not None:
        return parameters.linear.intercept
    return float(np.log(max(parameters.prior, 1e-12)))


def log_odds(compared: ComparedPairs, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P,) natural log-odds of a match.

    Records that say exactly the same, and as much as a record of these says on average, are one customer: nothing that
    the table knows could tell them apart. Where others say more, two equal common names prove nothing.
    """
    found = np.empty(len(compared.levels))

    def weigh(start: int) -> None:
        part = slice(start, start + _BATCH)
        weights = comparison_weights(compared.part(part), comparisons, parameters)
        at_place = weights @ crowds(comparisons).place
        found[part] = weights.sum(axis=1) + _relief(at_place, parameters)
        found[part] += crowd_discount(weights, comparisons, parameters)

    on_cores(weigh, range(0, len(found), _BATCH))
    found = parameters.scale * (found + prior_weight(parameters)) + parameters.shift
    rows = indistinguishable(compared, comparisons, parameters)
    found[rows] = np.maximum(found[rows], _ALIKE)
    return found


def indistinguishable(
    compared: ComparedPairs, comparisons: tuple[Comparison, ...], parameters: Parameters
) -> npt.NDArray[np.intp]:
    """Which pairs the table could not tell apart; see `log_odds`."""
    if parameters.linear is not None:
        return np.empty(0, dtype=np.intp)
    rows = np.flatnonzero(compared.alike)
    exact = compared.levels[rows] == 1
    of_group = {g: np.array([c.group == g for c in comparisons]) for g in TELLING & {c.group for c in comparisons}}
    agreed = {g: exact[:, columns].any(axis=1) for g, columns in of_group.items()}
    count = np.sum(list(agreed.values()), axis=0) if agreed else np.zeros(len(rows))
    known = np.logical_or.reduce([agreed[g] for g in agreed.keys() & (NAMES | DECISIVE)] or [np.zeros(len(rows), bool)])
    return np.asarray(rows[known & (count >= _NEARLY * parameters.told)], dtype=np.intp)


def probability(odds: Floats) -> npt.NDArray[np.float64]:
    """Probabilities of natural log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -700, 700))))
