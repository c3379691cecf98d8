"""Given and family name entered the wrong way round, or one of them in the other's place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes, Levels
from matching.attributes import StandardAttribute
from matching.comparison import KINDS, Comparison

__all__ = ["Swaps"]

_NAMED = KINDS["name"].levels
_SIMILAR, _SWAPPED, _CROSSED = (_NAMED.index(n) + 1 for n in ("similar", "swapped", "crossed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Swaps:
    """Sees names in each other's place.

    Args:
        given: Column of the given name among the comparisons.
        family: Column of the family name.
        given_slots: Codes of given names in a vocabulary shared with family names.
        family_slots: Codes of family names in it.
    """

    given: int
    family: int
    given_slots: tuple[Codes, ...]
    family_slots: tuple[Codes, ...]

    @classmethod
    def between(cls, comparisons: tuple[Comparison, ...], attributes: Mapping[str, StandardAttribute]) -> Swaps | None:
        """For these comparisons; None where there is no given or no family name."""
        at = {c.role: i for i, c in enumerate(comparisons)}
        if not {"given_name", "family_name"} <= set(at):
            return None
        given, family = (attributes[comparisons[at[r]].name] for r in ("given_name", "family_name"))
        shared = shared_codes(given.values, family.values)
        return cls(
            given=at["given_name"],
            family=at["family_name"],
            given_slots=given.slots,
            family_slots=tuple(np.where(s < 0, -1, shared[s]).astype(np.int32) for s in family.slots),
        )

    def apply(self, levels: Levels, left: Codes, right: Codes) -> Levels:
        """The levels with *swapped* and *crossed* in the name columns, where these agree less by themselves.

        *Swapped*: each name of the one record is the other name of the other. *Crossed*: one is, and is counted once.
        """
        given, family = levels[:, self.given], levels[:, self.family]
        weak = (
            ((given == 0) | (given > _SIMILAR)) & ((family == 0) | (family > _SIMILAR)) & ((given > 0) | (family > 0))
        )
        rows = np.flatnonzero(weak)
        if not len(rows):
            return levels
        one = _meet(self.given_slots, left[rows], self.family_slots, right[rows])
        two = _meet(self.family_slots, left[rows], self.given_slots, right[rows])
        found = levels.copy()
        swapped, crossed = rows[one & two], rows[one ^ two]
        found[swapped, self.given] = _SWAPPED
        found[swapped, self.family] = _SWAPPED
        # Counted in the column that has evidence of its own, the given name first.
        in_given = crossed[given[crossed] > 0]
        in_family = crossed[given[crossed] == 0]
        found[in_given, self.given] = _CROSSED
        found[in_family, self.family] = _CROSSED
        return found


def shared_codes(base: pa.StringArray, other: pa.StringArray) -> Codes:
    """Codes of ``other``'s values in a vocabulary that begins with ``base``."""
    found = np.asarray(pc.index_in(other, base).fill_null(-1), dtype=np.int64)
    fresh = found < 0
    found[fresh] = len(base) + np.arange(int(fresh.sum()))
    return found.astype(np.int32)


def _meet(ones: tuple[Codes, ...], left: Codes, twos: tuple[Codes, ...], right: Codes) -> Bools:
    met = np.zeros(len(left), dtype=np.bool_)
    for one in ones:
        for two in twos:
            met |= (one[left] == two[right]) & (one[left] >= 0)
    return met
