"""The match weight of levels, and what the frequency of the values compared adds to it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from matching.arrays import Floats, Levels
from matching.comparison import Comparison
from matching.kinship import DECISIVE
from matching.parameters import Dependence, Parameters

__all__ = ["frequency_shift", "level_weights", "pattern_weights"]

# How far the frequency of a value moves the weight of agreeing on it, by level (exact first). Half of Winkler's
# adjustment on exact levels, less on near-exact ones; none on levels that agree on something other than the value.
_BY_KIND: Final[dict[str, tuple[float, ...]]] = {
    "name": (0.5, 0.25, 0.25, 0.0, 0.0, 0.25, 0.25),
    "full_name": (0.5, 0.5, 0.25),
    "date": (0.5,),
    "phone": (0.5, 0.5),
    "email": (0.5,),
    "text": (0.5, 0.5, 0.25),
    "company": (0.5, 0.5, 0.25),
    "place": (0.5, 0.25),
    "postcode": (0.5,),
    "identifier": (0.5,),
    "category": (0.5,),
}
_LEAST: Final = 1e-12
_RAREST: Final = 1e-9


def level_weights(parameters: Parameters) -> tuple[Floats, ...]:
    """The match weight of each level of each comparison, natural logarithms; 0 for *missing*."""
    found = []
    for m, u in zip(parameters.matched, parameters.unmatched, strict=True):
        weight = np.log(np.maximum(m, _LEAST)) - np.log(np.maximum(u, _LEAST))
        weight[0] = 0.0
        weight[2:] = np.minimum(weight[2:], weight[1])  # whatever was never seen by chance: less than exact is less
        found.append(weight)
    return tuple(found)


def pattern_weights(levels: Levels, by_level: tuple[Floats, ...], dependences: tuple[Dependence, ...] = ()) -> Floats:
    """(K, A) weight of each comparison for rows of levels."""
    found = np.zeros(levels.shape, order="F")  # filled and used by column
    for a, weights in enumerate(by_level):
        found[:, a] = weights[levels[:, a]]
    for each in dependences:
        found[:, each.child] += each.shift[levels[:, each.parent], levels[:, each.child]]
    return found


def frequency_shift(
    levels: Levels,
    shares: npt.NDArray[np.floating[Any]],
    comparisons: tuple[Comparison, ...],
    unmatched: tuple[Floats, ...],
    dependences: tuple[Dependence, ...] = (),
) -> Floats:
    """What the frequency of the values adds to the weight of each comparison.

    Winkler (2000), "Frequency-based matching in Fellegi–Sunter model of record linkage".

    Args:
        levels: (K, A) levels.
        shares: (K, A) share of the records that hold the commoner one of the two values.
        comparisons: What was compared.
        unmatched: u of each comparison.
        dependences: A value that another one implies adds nothing by being rare.

    Returns:
        (K, A) natural logarithms.
    """
    found = np.zeros(levels.shape, order="F")
    for a, comparison in enumerate(comparisons):
        share = np.zeros(len(comparison.levels))
        share[1 : 1 + len(_BY_KIND[comparison.kind])] = _BY_KIND[comparison.kind]
        rows = np.flatnonzero(share[levels[:, a]] > 0)
        scale = share[levels[rows, a]]
        usual = np.log(max(unmatched[a][1], _LEAST))
        rarer = usual - np.log(np.maximum(shares[rows, a], _RAREST))
        # A phone or an email that many records share is a switchboard or a placeholder: it loses all it should.
        commoner = 1.0 if comparison.group in DECISIVE else scale
        found[rows, a] = np.where(rarer < 0, commoner, scale) * rarer
    for each in dependences:
        implied = (levels[:, each.parent] == 1) & (levels[:, each.child] == 1)
        found[implied, each.child] = 0.0
    return found
