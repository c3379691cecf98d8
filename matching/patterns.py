"""Agreement patterns: the distinct rows of levels, and how many pairs show each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matching.arrays import Codes, Floats, Levels

__all__ = ["Patterns", "group_patterns"]

_BITS = 4
_WIDTH = 15  # comparisons that fit one 64-bit key


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """K distinct patterns of A levels, in ascending order of the levels.

    Args:
        levels: (K, A).
        weights: (K,) pairs that each stands for.
    """

    levels: Levels
    weights: Floats


def group_patterns(levels: Levels, weights: Floats | None = None) -> tuple[Patterns, Codes]:
    """The distinct rows of (P, A) levels with their counts, and for each row the pattern it shows.

    Args:
        levels: (P, A) levels.
        weights: (P,) pairs that each row stands for; one where absent.
    """
    pairs, width = levels.shape
    key = np.zeros(pairs, dtype=np.int64)
    for start in range(0, width, _WIDTH - 5):
        part = levels[:, start : start + _WIDTH - 5]
        packed = np.zeros(pairs, dtype=np.int64)
        for column in part.T:
            packed = (packed << _BITS) | column
        # Earlier parts as a dense code leave room for the next ten columns.
        dense = np.unique(key, return_inverse=True)[1].astype(np.int64) if start else key
        key = (dense << (_BITS * part.shape[1])) | packed
    order, distinct = pd.factorize(key)
    ranks = np.argsort(distinct, kind="stable")
    place = np.empty(len(ranks), dtype=np.int32)
    place[ranks] = np.arange(len(ranks), dtype=np.int32)
    pattern = place[order].astype(np.int32)
    first = np.full(len(distinct), pairs, dtype=np.int64)
    first[pattern[::-1]] = np.arange(pairs - 1, -1, -1)
    counts = np.bincount(pattern, weights, minlength=len(distinct)).astype(np.float64)
    return Patterns(levels=levels[first], weights=counts), pattern
