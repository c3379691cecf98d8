"""The comparison levels of candidate pairs.

Distinct pairs of values are compared once; every pair of records that holds them looks the level up.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.arrays import Bools, Codes, Floats, Integers, Levels
from matching.attributes import StandardAttribute
from matching.compare.comparers import Comparer, comparer
from matching.comparison import Comparison
from matching.rarity import Rarity
from matching.swaps import Swaps

__all__ = ["ComparedPairs", "PairComparer"]

_TOP: Final = np.int8(127)
_MANY: Final = 20_000  # pairs from which threads pay
_WORKERS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedPairs:
    """What comparing P pairs by A comparisons showed.

    Args:
        levels: (P, A) levels, 0 = missing.
        shares: (P, A) share of the records that hold the commoner one of the two values compared.
        alike: (P,) whether the two records say exactly the same, attribute by attribute.
    """

    levels: Levels
    shares: npt.NDArray[np.float32]
    alike: Bools


class PairComparer:
    """Compares pairs of records of one set of attributes.

    Args:
        comparisons: What to compare.
        attributes: The attributes by name, as standardised from the records.
        shares: For each attribute, how common each of its values is.
        rarities: For texts and whole names, what is rare.
    """

    def __init__(
        self,
        comparisons: tuple[Comparison, ...],
        attributes: Mapping[str, StandardAttribute],
        shares: Mapping[str, Floats],
        rarities: Mapping[str, Rarity],
    ) -> None:
        self.comparisons = comparisons
        self._attributes = attributes
        self._shares = {name: share.astype(np.float32) for name, share in shares.items()}
        self._rarities = rarities
        self._comparers: dict[str, Comparer] = {}
        self._swaps = Swaps.between(comparisons, attributes)

    def compare(self, left: Codes, right: Codes) -> ComparedPairs:
        """The levels of the pairs (positions of records)."""
        if len(left) > _MANY:
            with ThreadPoolExecutor(_WORKERS) as pool:  # NumPy, Arrow and rapidfuzz let go of the interpreter
                columns = list(pool.map(lambda c: self._one(c, left, right), self.comparisons))
        else:
            columns = [self._one(c, left, right) for c in self.comparisons]
        levels = np.stack([level for level, _ in columns], axis=1) if columns else np.zeros((len(left), 0), np.int8)
        shares = np.stack([share for _, share in columns], axis=1) if columns else np.zeros((len(left), 0), np.float32)
        if self._swaps is not None:
            levels = self._swaps.apply(levels, left, right)
        return ComparedPairs(levels=levels, shares=shares, alike=self._alike(levels, left, right))

    def _alike(self, levels: Levels, left: Codes, right: Codes) -> Bools:
        rows = np.flatnonzero((levels <= 1).all(axis=1))
        for comparison in self.comparisons:
            for slot in self._attributes[comparison.name].slots:
                rows = rows[slot[left[rows]] == slot[right[rows]]]
        found = np.zeros(len(left), dtype=np.bool_)
        found[rows] = True
        return found

    def value_level(self, name: str, left: int, right: int) -> int:
        """The level of two values of one attribute, by their codes."""
        comparison = next(c for c in self.comparisons if c.name == name)
        return int(self._values(comparison, np.array([left], np.int32), np.array([right], np.int32))[0])

    def _one(self, comparison: Comparison, left: Codes, right: Codes) -> tuple[Levels, npt.NDArray[np.float32]]:
        """The best level over every slot of the one record with every slot of the other."""
        attribute = self._attributes[comparison.name]
        best = np.full(len(left), _TOP, dtype=np.int8)
        share = np.zeros(len(left), dtype=np.float32)
        shares = self._shares[comparison.name]
        for one, two in product(attribute.slots, repeat=2):
            a, b = one[left], two[right]
            level = self._values(comparison, a, b)
            better = (level > 0) & (level < best)
            best[better] = level[better]
            share[better] = np.maximum(shares[a[better]], shares[b[better]])
        best[best == _TOP] = 0
        return best, share

    def _values(self, comparison: Comparison, left: Codes, right: Codes) -> Levels:
        level = np.zeros(len(left), dtype=np.int8)
        both = (left >= 0) & (right >= 0)
        level[both & (left == right)] = 1
        differ = np.flatnonzero(both & (left != right))
        if not len(differ):
            return level
        size = len(self._attributes[comparison.name].values)
        a, b = left[differ].astype(np.int64), right[differ].astype(np.int64)
        inverse, distinct = pd.factorize(np.minimum(a, b) * size + np.maximum(a, b))
        found = self._comparer(comparison).levels(*_split(distinct, size))
        level[differ] = found[inverse]
        return level

    def _comparer(self, comparison: Comparison) -> Comparer:
        if comparison.name not in self._comparers:
            values = self._attributes[comparison.name].values
            made = comparer(comparison.kind, values, self._rarities.get(comparison.name))
            self._comparers[comparison.name] = made
        return self._comparers[comparison.name]


def _split(key: Integers, size: int) -> tuple[Codes, Codes]:
    return (key // size).astype(np.int32), (key % size).astype(np.int32)
