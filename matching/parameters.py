"""What estimation finds: m, u and the priors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.arrays import Floats
from matching.classifiers import Linear

__all__ = ["Dependence", "Parameters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """How the level of one comparison moves the weight of another's.

    Args:
        parent: Place of the one among the comparisons.
        child: Place of the other.
        shift: (levels of the parent, levels of the child) natural logarithms; 0 where either is missing.
    """

    parent: int
    child: int
    shift: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What was estimated.

    Args:
        matched: m for each comparison: (levels,) with *missing* at 0 and unused; the rest sums to 1.
        unmatched: u likewise, among pairs that agree by chance alone.
        prior: The share of all pairs that match.
        crowd_priors: (C,) the share of all pairs that belong to each crowd.
        moved: The share of matches whose place agrees by chance alone, since the customer has moved.
        linear: Weights that another classifier has learned, which count instead; see `matching.classifiers`.
        told: How many groups of attributes a record fills on average; see `matching.classify.log_odds`.
        scale: What the log-odds are multiplied by, as judgements have taught; see `matching.judged`.
        shift: And what is added to them.
        dependences: What attributes of a place imply of one another; see `matching.dependence`.
        converged: Whether the estimation came to rest.
    """

    matched: tuple[Floats, ...]
    unmatched: tuple[Floats, ...]
    prior: float
    crowd_priors: Floats
    moved: float
    linear: Linear | None = None
    told: float = np.inf
    scale: float = 1.0
    shift: float = 0.0
    dependences: tuple[Dependence, ...] = ()
    converged: bool = True
