"""Agreement patterns: the distinct rows of levels, and how many pairs show each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.arrays import Codes, Floats, Levels

__all__ = ["Patterns", "band_patterns", "group_patterns"]

_BITS = 4
_BANDS = 7  # nats on either side, which with none fit a level's four bits
_RAREST = 1e-9
_WIDTH = 15  # comparisons that fit one 64-bit key


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """K distinct patterns of A levels, in ascending order of the levels.

    Args:
        levels: (K, A).
        weights: (K,) pairs that each stands for.
        shares: (K, A) how common the values are that its pairs agree on, as the geometric mean of
            `matching.pairs.ComparedPairs.shares`; None where that is not told.
    """

    levels: Levels
    weights: Floats
    shares: Floats | None = None

    def grown(self, times: float) -> Patterns:
        """The same patterns, each standing for so many times as many pairs."""
        return self if times == 1.0 else replace(self, weights=self.weights * times)


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


def band_patterns(
    levels: Levels, shares: npt.NDArray[np.floating[Any]], shift: Floats, weights: Floats | None = None
) -> Patterns:
    """The patterns of pairs, those that agree on rare values apart from those that agree on common ones.

    Args:
        levels: (P, A) levels.
        shares: (P, A) how common the values are.
        shift: (P,) what that adds to the pair's weight, natural logarithms; patterns are split at every nat.
        weights: (P,) pairs that each row stands for; one where absent.
    """
    band = (np.clip(np.round(shift), -_BANDS, _BANDS) + _BANDS).astype(np.int8)
    found, place = group_patterns(np.concatenate([levels, band[:, None]], axis=1), weights)
    each = np.ones(len(levels)) if weights is None else weights
    mean = np.zeros((len(found.weights), levels.shape[1]))
    for a in range(levels.shape[1]):
        mean[:, a] = np.bincount(place, each * np.log(np.maximum(shares[:, a], _RAREST)), len(found.weights))
    mean /= np.maximum(found.weights, np.finfo(float).tiny)[:, None]
    return Patterns(levels=found.levels[:, :-1], weights=found.weights, shares=np.exp(mean))
