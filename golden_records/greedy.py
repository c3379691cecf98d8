"""Greedy one-to-one assignment, in bulk."""

from __future__ import annotations

import numpy as np

from golden_records.arrow import Codes

__all__ = ["greedy"]


def greedy(left: Codes, right: Codes) -> Codes:
    """Take edges from the best to the worst, each side of an edge once.

    An edge that is the best of both its ends is taken by the greedy walk whatever comes before it, so all such edges
    are taken at once and the rest is looked at again (locally dominant edges: Preis, STACS 1999). With few conflicts
    that is one or two rounds.

    Args:
        left: E ends, such as clusters, best edge first.
        right: E other ends, such as golden ids.

    Returns:
        Places of the edges taken, ascending.

    Example:
        >>> greedy(np.array([0, 0, 1]), np.array([7, 8, 7])).tolist()
        [0]
    """
    alive = np.arange(len(left))
    taken: list[Codes] = []
    while len(alive):
        best = _is_first(left[alive]) & _is_first(right[alive])
        chosen = alive[best]
        taken.append(chosen)
        gone = np.isin(left[alive], left[chosen]) | np.isin(right[alive], right[chosen])
        alive = alive[~gone]
    return np.sort(np.concatenate(taken)) if taken else alive


def _is_first(ends: Codes) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each end stands there for the first time."""
    first = np.zeros(len(ends), dtype=np.bool_)
    first[np.unique(ends, return_index=True)[1]] = True
    return first
