"""The match weight of each pair: levels, frequencies of values, prior, and the discount for crowds."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from matching.arrays import Floats
from matching.comparison import Comparison
from matching.estimate import Parameters, level_weights, pattern_weights
from matching.kinship import crowds
from matching.pairs import ComparedPairs

__all__ = ["comparison_weights", "crowd_discount", "log_odds"]

# How far the frequency of a value moves the weight of agreeing on it, by level (exact first). Half of Winkler's
# adjustment on exact levels, less on near-exact ones; none on levels that agree on something other than the value.
_BY_KIND: Final[dict[str, tuple[float, ...]]] = {
    "name": (0.5, 0.25, 0.25, 0.0, 0.0, 0.25, 0.25),
    "full_name": (0.5, 0.5, 0.25),
    "date": (0.5,),
    "phone": (0.5, 0.5),
    "email": (0.5,),
    "text": (0.5, 0.5, 0.25),
    "place": (0.5, 0.25),
    "postcode": (0.5,),
    "identifier": (0.5,),
    "category": (0.5,),
}
# A phone or an email that many records share is a switchboard or a placeholder: common ones lose all of the adjustment.
_HUBS: Final = frozenset({"phone", "email", "identifier", "web"})
_BATCH: Final = 500_000


def comparison_weights(compared: ComparedPairs, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P, A) match weight of each comparison, natural logarithms, adjusted for how common the values are."""
    weights = pattern_weights(compared.levels, level_weights(parameters))
    for a, comparison in enumerate(comparisons):
        share = np.zeros(len(comparison.levels))
        share[1 : 1 + len(_BY_KIND[comparison.kind])] = _BY_KIND[comparison.kind]
        scale = share[compared.levels[:, a]]
        usual = np.log(max(parameters.unmatched[a][1], 1e-12))
        rows = np.flatnonzero(scale > 0)
        rarer = usual - np.log(np.maximum(compared.shares[rows, a], 1e-9))
        if comparison.group in _HUBS:
            scale = np.where(scale > 0, 1.0, 0.0)
        weights[rows, a] += np.where(rarer < 0, np.minimum(scale[rows], 1.0), share[compared.levels[rows, a]]) * rarer
    return weights


def crowd_discount(weights: Floats, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P,) what the log-odds lose because a crowd of `matching.kinship` explains the agreement as well."""
    shared = crowds(comparisons).shared
    if not len(shared):
        return np.zeros(len(weights))
    rest = max(1.0 - parameters.prior - float(parameters.crowd_priors.sum()), 1e-9)
    odds = weights @ shared.T + np.log(np.maximum(parameters.crowd_priors, 1e-12))
    return -np.logaddexp.reduce(np.column_stack([np.full(len(weights), np.log(rest)), odds]), axis=1)


def log_odds(compared: ComparedPairs, comparisons: tuple[Comparison, ...], parameters: Parameters) -> Floats:
    """(P,) natural log-odds of a match."""
    found = np.empty(len(compared.levels))
    for start in range(0, len(found), _BATCH):
        part = slice(start, start + _BATCH)
        batch = ComparedPairs(levels=compared.levels[part], shares=compared.shares[part])
        weights = comparison_weights(batch, comparisons, parameters)
        found[part] = weights.sum(axis=1) + crowd_discount(weights, comparisons, parameters)
    return found + np.log(max(parameters.prior, 1e-12))


def probability(odds: Floats) -> npt.NDArray[np.float64]:
    """Probabilities of natural log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -700, 700))))
