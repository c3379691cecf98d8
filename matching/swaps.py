"""Given and family name entered the wrong way round, one in the other's place, or cut in the wrong place (立林|刘).

Also a name that is a middle name of the other record: someone called by the second name (*Mary Ann Smith*, *Ann
Smith*), or the first of two family names (*Ana García López*, *Ana García*).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes, Levels
from matching.attributes import StandardAttribute
from matching.comparison import KINDS, Comparison
from matching.phonetics import romanised
from matching.standardise.tokens import tokenise

__all__ = ["Swaps"]

_NAMED = KINDS["name"].levels
_SIMILAR, _SWAPPED, _CROSSED = (_NAMED.index(n) + 1 for n in ("similar", "swapped", "crossed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Swaps:
    """Sees names in each other's place.

    Args:
        given: Column of the given name among the comparisons.
        family: Column of the family name.
        given_slots: Codes of given names, as they are spoken, in a vocabulary shared with family names.
        family_slots: Codes of family names in it.
        written: Given and family names as text, where they are written without a space between them, else missing;
            for codes in each attribute's own vocabulary.
        codes: First slot of given and of family names in it.
        middle_words: The words of the middle names of each record, as codes in the shared vocabulary.
    """

    given: int
    family: int
    given_slots: tuple[Codes, ...]
    family_slots: tuple[Codes, ...]
    written: tuple[pa.StringArray, pa.StringArray]
    codes: tuple[Codes, Codes]
    middle_words: tuple[Codes, ...] = ()

    @classmethod
    def between(cls, comparisons: tuple[Comparison, ...], attributes: Mapping[str, StandardAttribute]) -> Swaps | None:
        """For these comparisons; None where there is no given or no family name."""
        at = {c.role: i for i, c in enumerate(comparisons)}
        if not {"given_name", "family_name"} <= set(at):
            return None
        given, family = (attributes[comparisons[at[r]].name] for r in ("given_name", "family_name"))
        # By sound: 王伟 and *Wei Wang*.
        spoken = [pc.dictionary_encode(pc.replace_substring(romanised(a.values), " ", "")) for a in (given, family)]
        shared = shared_codes(*(s.dictionary for s in spoken))
        own, other = (np.asarray(s.indices.fill_null(-1), dtype=np.int32) for s in spoken)
        others = np.where(other < 0, -1, shared[other])
        return cls(
            given=at["given_name"],
            family=at["family_name"],
            given_slots=tuple(np.where(s < 0, -1, own[s]).astype(np.int32) for s in given.slots),
            family_slots=tuple(np.where(s < 0, -1, others[s]).astype(np.int32) for s in family.slots),
            written=(_unspaced(given.values), _unspaced(family.values)),
            codes=(given.slots[0], family.slots[0]),
            middle_words=_middle_words([attributes[c.name] for c in comparisons if c.role == "middle_name"], *spoken),
        )

    def apply(self, levels: Levels, left: Codes, right: Codes) -> Levels:
        """The levels with *swapped* and *crossed* in the name columns, where these agree less by themselves.

        *Swapped*: each name of the one record is the other name of the other. *Crossed*: one is, and is counted once.
        """
        if self.middle_words:
            levels = self._with_middles(levels, left, right)
        given, family = levels[:, self.given], levels[:, self.family]
        weak = (
            ((given == 0) | (given > _SIMILAR)) & ((family == 0) | (family > _SIMILAR)) & ((given > 0) | (family > 0))
        )
        rows = np.flatnonzero(weak)
        if not len(rows):
            return levels
        one = _meet(self.given_slots, left[rows], self.family_slots, right[rows])
        two = _meet(self.family_slots, left[rows], self.given_slots, right[rows])
        found = levels.copy(order="K")
        recut = ~(one & two) & self._recut(left[rows], right[rows])
        whole = (given[rows] > 0) & (family[rows] > 0)
        both, either = (one & two) | (recut & whole), (one ^ two) | (recut & ~whole)
        swapped, crossed = rows[both], rows[either & ~both]
        found[swapped, self.given] = _SWAPPED
        found[swapped, self.family] = _SWAPPED
        # Counted in the column that has evidence of its own, the given name first.
        in_given = crossed[given[crossed] > 0]
        in_family = crossed[given[crossed] == 0]
        found[in_given, self.given] = _CROSSED
        found[in_family, self.family] = _CROSSED
        return found

    def _with_middles(self, levels: Levels, left: Codes, right: Codes) -> Levels:
        """*Crossed* where one of two names agrees, and the other is among the other record's middle names."""
        found = levels.copy(order="K")
        for weak, firm, slots in (
            (self.given, self.family, self.given_slots),
            (self.family, self.given, self.family_slots),
        ):
            agrees = (levels[:, firm] > 0) & (levels[:, firm] <= _SIMILAR)
            rows = np.flatnonzero(agrees & (levels[:, weak] > _SIMILAR))
            met = _meet(slots, left[rows], self.middle_words, right[rows])
            met |= _meet(self.middle_words, left[rows], slots, right[rows])
            found[rows[met], weak] = _CROSSED
        return found

    def _recut(self, left: Codes, right: Codes) -> Bools:
        """Whether the whole names are the same characters, in one order or the other."""
        found = np.zeros(len(left), dtype=np.bool_)
        has = [self._is_written(side) for side in (left, right)]
        rows = np.flatnonzero(has[0] & has[1])
        if len(rows):
            one, two = (self._whole(side[rows]) for side in (left, right))
            same = pc.or_(pc.or_(pc.equal(one[0], two[0]), pc.equal(one[0], two[1])), pc.equal(one[1], two[0]))
            found[rows] = np.asarray(pc.and_(same, pc.greater(pc.utf8_length(one[0]), 1)))
        return found

    def _is_written(self, rows: Codes) -> Bools:
        known = [np.append(np.asarray(values.is_valid()), False) for values in self.written]
        return np.asarray(known[0][self.codes[0][rows]] | known[1][self.codes[1][rows]])

    def _whole(self, rows: Codes) -> tuple[pa.StringArray, pa.StringArray]:
        """Family name before given name, and after it."""
        given, family = (
            pc.fill_null(values.take(pa.array(codes[rows], mask=codes[rows] < 0)), "")
            for values, codes in zip(self.written, self.codes, strict=True)
        )
        return pc.binary_join_element_wise(family, given, ""), pc.binary_join_element_wise(given, family, "")


def _middle_words(
    middles: list[StandardAttribute], given: pa.DictionaryArray, family: pa.DictionaryArray, most: int = 3
) -> tuple[Codes, ...]:
    """Codes of the words of middle names of two letters or more, in the vocabulary of `shared_codes`."""
    fresh = pc.invert(pc.is_in(family.dictionary, given.dictionary))
    vocabulary = pa.concat_arrays([given.dictionary, family.dictionary.filter(fresh)])
    found: list[Codes] = []
    for middle in middles:
        tokens = tokenise(middle.values)
        code = np.array(pc.index_in(tokens.words, vocabulary).fill_null(-1), dtype=np.int32)
        code[np.asarray(pc.utf8_length(tokens.words)) < 2] = -1  # an initial is nobody's name
        for place in range(most):
            of_value = np.full(len(middle.values) + 1, -1, dtype=np.int32)
            here = tokens.place == place
            of_value[tokens.owner[here]] = code[tokens.codes[here]]
            found.extend(of_value[slot] for slot in middle.slots if (of_value >= 0).any())
    return tuple(found)


def _unspaced(values: pa.StringArray) -> pa.StringArray:
    return pc.if_else(pc.match_substring_regex(values, r"^\p{Han}+$"), values, pa.scalar(None, pa.string()))


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
