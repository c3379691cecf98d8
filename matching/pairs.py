"""The comparison levels of candidate pairs.

Distinct pairs of values are compared once; every pair of records that holds them looks the level up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from matching.arrays import Bools, Codes, Floats, Integers, Levels, distinct
from matching.attributes import StandardAttribute
from matching.compare.comparers import Comparer, comparer
from matching.comparison import WORDED, Comparison
from matching.cores import on_cores
from matching.rarity import Rarity
from matching.spellings import Spellings
from matching.swaps import Swaps

__all__ = ["ComparedPairs", "PairComparer"]

_TOP: Final = np.int8(127)
_MANY: Final = 20_000  # pairs from which threads pay
_PIECE: Final = 50_000  # pairs of values compared at once: bounds memory, and lets both cores work on one attribute
_WHOLE: Final = 4 * _PIECE  # values up to which a comparer is prepared for all of them, once


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

    def part(self, rows: slice | npt.NDArray[np.intp]) -> ComparedPairs:
        """Some of the pairs."""
        return ComparedPairs(levels=self.levels[rows], shares=self.shares[rows], alike=self.alike[rows])


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
        self._spellings = Spellings.between(comparisons, attributes)
        # The dearest first, so that no core waits for the last of them.
        self._dearest = sorted(
            range(len(comparisons)),
            key=lambda a: (comparisons[a].kind not in WORDED, -len(attributes[comparisons[a].name].values)),
        )

    def compare(self, left: Codes, right: Codes) -> ComparedPairs:
        """The levels of the pairs (positions of records)."""
        levels = np.zeros((len(left), len(self.comparisons)), dtype=np.int8, order="F")  # used by column
        shares = np.zeros(levels.shape, dtype=np.float32, order="F")

        def one(a: int) -> None:
            levels[:, a], shares[:, a] = self._one(self.comparisons[a], left, right)

        if len(left) > _MANY:
            on_cores(one, self._dearest)
        else:
            for a in self._dearest:
                one(a)
        if self._swaps is not None:
            levels = self._swaps.apply(levels, left, right)
        if self._spellings is not None:
            levels = self._spellings.apply(levels, left, right)
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
            better = np.flatnonzero((level > 0) & (level < best))
            best[better] = level[better]
            share[better] = np.maximum(shares[a[better]], shares[b[better]])
        best[best == _TOP] = 0
        return best, share

    def _values(self, comparison: Comparison, left: Codes, right: Codes) -> Levels:
        level = np.zeros(len(left), dtype=np.int8)
        both = (left >= 0) & (right >= 0)
        same = left == right
        level[both & same] = 1
        differ = np.flatnonzero(both & ~same)
        if not len(differ):
            return level
        size = len(self._attributes[comparison.name].values)
        a, b = left[differ].astype(np.int64), right[differ].astype(np.int64)
        inverse, pairs = pd.factorize(np.minimum(a, b) * size + np.maximum(a, b))
        found = self._different(comparison, *_split(pairs, size))
        level[differ] = found[inverse]
        return level

    def _different(self, comparison: Comparison, left: Codes, right: Codes) -> Levels:
        """The levels of distinct pairs of different values, a piece at a time."""
        whole = self._whole(comparison)

        def piece(start: int) -> Levels:
            one, two = left[start : start + _PIECE], right[start : start + _PIECE]
            if whole is not None:
                return whole.levels(one, two)
            used = distinct(np.concatenate([one, two]))
            values = self._attributes[comparison.name].values.take(pa.array(used))
            own = comparer(comparison.kind, values, self._rarities.get(comparison.name))
            return own.levels(*(np.searchsorted(used, side).astype(np.int32) for side in (one, two)))

        return np.concatenate(on_cores(piece, range(0, len(left), _PIECE)))

    def _whole(self, comparison: Comparison) -> Comparer | None:
        """A comparer of all values, where they are few."""
        values = self._attributes[comparison.name].values
        if len(values) > _WHOLE:
            return None
        if comparison.name not in self._comparers:
            made = comparer(comparison.kind, values, self._rarities.get(comparison.name))
            self._comparers[comparison.name] = made
        return self._comparers[comparison.name]


def _split(key: Integers, size: int) -> tuple[Codes, Codes]:
    return (key // size).astype(np.int32), (key % size).astype(np.int32)
