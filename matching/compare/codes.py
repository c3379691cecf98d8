"""Short codes and places: postcodes, identifiers, categories, names of places."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Levels
from matching.compare.chinese_identifiers import Predecessors
from matching.compare.strings import edits, jaro_winkler, lengths, take

__all__ = ["CategoryComparer", "IdentifierComparer", "PlaceComparer", "PostcodeComparer"]


class CategoryComparer:
    """Values that are equal or not: gender, website.

    Args:
        values: Distinct values.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values

    def levels(self, left: Codes, right: Codes) -> Levels:  # noqa: ARG002  one of the comparers
        """Every pair is *other*."""
        return np.full(len(left), 2, dtype=np.int8)


class IdentifierComparer:
    """Numbers given by an authority: equal, one slip apart, or another; an older form of one counts as a slip.

    Args:
        values: Distinct identifiers.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        self._long = lengths(values) >= 5
        self._predecessors = Predecessors(values)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different identifiers."""
        near = edits(take(self._values, left), take(self._values, right), 1) <= 1
        near &= self._long[left] & self._long[right]
        return np.where(near | self._predecessors.same(left, right), 2, 3).astype(np.int8)


class PostcodeComparer:
    """Postcodes: one slip apart, or of one area (the code without its last three characters, two for short codes).

    Args:
        values: Distinct postcodes without spaces.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        size = lengths(values)
        area = pc.if_else(
            pa.array(size >= 5), pc.utf8_slice_codeunits(values, 0, -3), pc.utf8_slice_codeunits(values, 0, -2)
        )
        five = pc.if_else(pc.match_substring_regex(values, "^[0-9]{5,6}$"), pc.utf8_slice_codeunits(values, 0, 3), area)
        self._area = np.asarray(pc.dictionary_encode(five).indices)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different postcodes."""
        level = np.full(len(left), 4, dtype=np.int8)
        level[self._area[left] == self._area[right]] = 3
        level[edits(take(self._values, left), take(self._values, right), 1) <= 1] = 2
        return level


class PlaceComparer:
    """Names of places: near in spelling, or one containing the other (*perth*, *perth and kinross*).

    Args:
        values: Distinct names.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        self._lengths = lengths(values)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different places."""
        one, two = take(self._values, left), take(self._values, right)
        short = np.minimum(self._lengths[left], self._lengths[right])
        near = (edits(one, two, 2) <= np.where(short >= 7, 2, 1)) & (short >= 4)
        near |= jaro_winkler(one, two) >= 0.94
        padded = [pc.binary_join_element_wise(" ", v, " ", "") for v in (one, two)]
        inside = np.zeros(len(left), dtype=np.bool_)
        candidates = np.flatnonzero(~near & (short >= 4) & (self._lengths[left] != self._lengths[right]))
        inside[candidates] = _contains(padded[0].take(pa.array(candidates)), padded[1].take(pa.array(candidates)))
        level = np.full(len(left), 4, dtype=np.int8)
        level[inside] = 3
        level[near] = 2
        return level


def _contains(left: pa.StringArray, right: pa.StringArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether either string of each pair occurs in the other."""
    one = np.array(left.to_pylist(), dtype=np.str_)
    two = np.array(right.to_pylist(), dtype=np.str_)
    if not len(one):
        return np.zeros(0, dtype=np.bool_)
    return np.asarray((np.strings.find(one, two) >= 0) | (np.strings.find(two, one) >= 0))
