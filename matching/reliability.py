"""Whether match probabilities mean what they say: of pairs at 0.8, do eight in ten match?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Bools, Floats, Integers

__all__ = ["EDGES", "Reliability", "pooled", "reliability"]

EDGES: Final = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Of the bins: narrow at both ends, where most pairs lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """Predicted against observed matches, by bins of the match probability; B bins, ``EDGES[b]`` <= p < ``EDGES[b+1]``.

    Args:
        pairs: (B,) pairs of each bin.
        predicted: (B,) sum of their match probabilities.
        matches: (B,) pairs of one customer among them.
    """

    pairs: Integers
    predicted: Floats
    matches: Integers

    @property
    def expected(self) -> Floats:
        """(B,) mean match probability of each bin; NaN where it is empty."""
        return np.asarray(np.divide(self.predicted, self.pairs, out=_unknown(self.pairs), where=self.pairs > 0))

    @property
    def observed(self) -> Floats:
        """(B,) share of matches in each bin; NaN where it is empty."""
        return np.asarray(np.divide(self.matches, self.pairs, out=_unknown(self.pairs), where=self.pairs > 0))

    @property
    def error(self) -> float:
        """Expected calibration error (Naeini, Cooper & Hauskrecht, AAAI 2015): bins' mean gap, weighted by pairs."""
        total = int(self.pairs.sum())
        return float(np.abs(self.predicted - self.matches).sum()) / total if total else 0.0

    def worst(self, least: int = 200) -> float:
        """The greatest gap of a bin with ``least`` pairs or more; 0 where there is none."""
        large = self.pairs >= least
        return float(np.abs(self.expected - self.observed)[large].max(initial=0.0))


def reliability(probabilities: Floats, same: Bools, *, least: float = 0.0) -> Reliability:
    """The reliability table of some pairs.

    Args:
        probabilities: (P,) match probability of each pair, 0..1.
        same: (P,) whether it is of one customer.
        least: Pairs below this probability are left out.

    Example:
        >>> table = reliability(np.array([0.9, 0.9, 0.9, 0.9]), np.array([True, True, True, False]))
        >>> round(table.error, 2), round(table.worst(4), 2), table.worst()
        (0.15, 0.15, 0.0)
    """
    kept = probabilities >= least
    place = np.clip(np.searchsorted(EDGES, probabilities[kept], side="right") - 1, 0, len(EDGES) - 2)
    bins = len(EDGES) - 1
    return Reliability(
        pairs=np.bincount(place, minlength=bins).astype(np.int64),
        predicted=np.bincount(place, weights=probabilities[kept], minlength=bins).astype(np.float64),
        matches=np.bincount(place, weights=same[kept], minlength=bins).astype(np.int64),
    )


def pooled(tables: tuple[Reliability, ...]) -> Reliability:
    """The table of all pairs together: a pair counts the same, whichever set it is from."""
    empty = reliability(np.empty(0), np.empty(0, dtype=np.bool_))
    return Reliability(
        pairs=np.sum([t.pairs for t in (empty, *tables)], axis=0),
        predicted=np.sum([t.predicted for t in (empty, *tables)], axis=0),
        matches=np.sum([t.matches for t in (empty, *tables)], axis=0),
    )


def _unknown(like: Integers) -> Floats:
    return np.full(len(like), np.nan)
