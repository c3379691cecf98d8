"""Whole names that are one in two scripts or two spellings: 曾文芳, *Zeng Wenfang*, *Tsang Man Fong*, *zengwenfang*.

Which word of a romanised name is the surname cannot be told from the name alone, and its syllables stand together,
apart or with hyphens; so the names are compared as wholes, in both orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes, Levels
from matching.attributes import StandardAttribute
from matching.comparison import KINDS, Comparison
from matching.standardise.chinese_spellings import SYSTEMS, spell_family, spell_given

__all__ = ["Spellings"]

_NAMED: Final = KINDS["name"].levels
_SIMILAR, _SWAPPED = (_NAMED.index(name) + 1 for name in ("similar", "swapped"))
_SYLLABLES: Final = (  # what a romanised name is made of, roughly: a consonant, vowels, an n, ng, m, k, p or t
    r"^(?:(?:[bpmfdtnlgkhjqxzcsrwy]|zh|ch|sh|ts|tz|sz|hs|kw|ng)?(?:[aeiou]{1,3}v?|v)(?:ng|n|h|m|k|p|t)?){2,5}$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spellings:
    """Sees one name in two spellings.

    Args:
        given: Column of the given name among the comparisons.
        family: Column of the family name.
        slots: Codes of the records' given, middle and family names, -1 = missing.
        latin: Those names in Latin letters without spaces; missing for Chinese ones.
        written: The distinct given and family names as they are.
    """

    given: int
    family: int
    slots: tuple[Codes, Codes | None, Codes]
    latin: tuple[pa.StringArray, pa.StringArray, pa.StringArray]
    written: tuple[pa.StringArray, pa.StringArray]

    @classmethod
    def between(
        cls, comparisons: tuple[Comparison, ...], attributes: Mapping[str, StandardAttribute]
    ) -> Spellings | None:
        """For these comparisons; None where there is no given or family name, or none in Chinese characters."""
        at = {c.role: i for i, c in enumerate(comparisons)}
        if not {"given_name", "family_name"} <= set(at):
            return None
        given, family = (attributes[comparisons[at[role]].name] for role in ("given_name", "family_name"))
        if not pc.any(_is_chinese(given.values)).as_py():
            return None
        middle = attributes[comparisons[at["middle_name"]].name] if "middle_name" in at else None
        none = pa.array([], pa.string())
        return cls(
            given=at["given_name"],
            family=at["family_name"],
            slots=(given.slots[0], None if middle is None else middle.slots[0], family.slots[0]),
            latin=(_latin(given.values), none if middle is None else _latin(middle.values), _latin(family.values)),
            written=(given.values, family.values),
        )

    def apply(self, levels: Levels, left: Codes, right: Codes) -> Levels:
        """The levels with *similar* in both name columns where the whole names are one, and were less by themselves."""
        given, family = levels[:, self.given], levels[:, self.family]
        weak = ((given > _SIMILAR) | (family > _SIMILAR)) | ((given == 0) ^ (family == 0))
        rows = np.flatnonzero(weak & (given != _SWAPPED))
        if not len(rows):
            return levels
        same = self._same(left[rows], right[rows])
        if not same.any():
            return levels
        found = levels.copy()
        for column in (self.given, self.family):
            hit = rows[same & (levels[rows, column] > _SIMILAR)]
            found[hit, column] = _SIMILAR
        return found

    def _same(self, left: Codes, right: Codes) -> Bools:
        one, two = (self._whole(side) for side in (left, right))
        in_latin = [np.asarray(pc.not_equal(side, "")) for side in (one, two)]
        found = np.zeros(len(left), dtype=np.bool_)
        for chinese, latin, whole in ((left, in_latin[1], two), (right, in_latin[0], one)):
            rows = np.flatnonzero(latin & ~in_latin[0 if chinese is left else 1])
            if len(rows):
                found[rows] |= self._spells(chinese[rows], whole.take(pa.array(rows)))
        rows = np.flatnonzero(in_latin[0] & in_latin[1])
        if len(rows):
            found[rows] = self._turned(one.take(pa.array(rows)), right[rows])
        return found

    def _spells(self, chinese: Codes, whole: pa.StringArray) -> Bools:
        """Whether the whole Latin names spell the Chinese names of these records, in either order."""
        found = np.zeros(len(chinese), dtype=np.bool_)
        given, givens = _used(self.written[0], self.slots[0][chinese])
        family, families = _used(self.written[1], self.slots[2][chinese])
        for system in SYSTEMS:
            for first, last in product(spell_given(given, system), spell_family(family, system)):
                one, two = _taken(first, givens), _taken(last, families)
                for ordered in ((two, one), (one, two)):
                    joined = pc.binary_join_element_wise(*ordered, "")
                    found |= np.asarray(pc.fill_null(pc.equal(joined, whole), False))
        return found

    def _turned(self, whole: pa.StringArray, other: Codes) -> Bools:
        """Whether whole Latin names of Chinese syllables are the others' with the words in another order."""
        given, middle, family = (
            pc.fill_null(self._words(place, other), pa.scalar("", pa.string())) for place in range(3)
        )
        found = np.zeros(len(other), dtype=np.bool_)
        for words in ((given, middle, family), (family, given, middle), (middle, family, given)):
            found |= np.asarray(pc.equal(whole, pc.binary_join_element_wise(*words, "")))
        rows = np.flatnonzero(found)
        found[rows] = np.asarray(pc.match_substring_regex(whole.take(pa.array(rows)), _SYLLABLES))
        return found

    def _whole(self, rows: Codes) -> pa.StringArray:
        """Given, middle and family name in Latin letters as one; empty where any is in Chinese characters."""
        parts = [self._words(place, rows) for place in range(3)]
        absent = [np.asarray(self._codes(place, rows) < 0) for place in range(3)]
        chinese = np.zeros(len(rows), dtype=np.bool_)
        for part, missing in zip(parts, absent, strict=True):
            chinese |= np.asarray(part.is_null()) & ~missing
        joined = pc.binary_join_element_wise(*(pc.fill_null(part, "") for part in parts), "")
        return pc.if_else(pa.array(chinese), "", joined)

    def _words(self, place: int, rows: Codes) -> pa.StringArray:
        codes = self._codes(place, rows)
        return _taken(self.latin[place], codes)

    def _codes(self, place: int, rows: Codes) -> Codes:
        slot = self.slots[place]
        return np.full(len(rows), -1, dtype=np.int32) if slot is None else slot[rows]


def _used(values: pa.StringArray, codes: Codes) -> tuple[pa.StringArray, Codes]:
    """The values that the codes name, each once, and codes of these."""
    used, places = np.unique(codes, return_inverse=True)
    missing = int(len(used) > 0 and used[0] < 0)
    return values.take(pa.array(used[missing:])), (places - missing).astype(np.int32)


def _taken(values: pa.StringArray, codes: Codes) -> pa.StringArray:
    return values.take(pa.array(codes, mask=codes < 0))


def _is_chinese(values: pa.StringArray) -> pa.BooleanArray:
    return pc.fill_null(pc.match_substring_regex(values, r"\p{Han}"), False)


def _latin(values: pa.StringArray) -> pa.StringArray:
    return pc.if_else(_is_chinese(values), pa.scalar(None, pa.string()), pc.replace_substring(values, " ", ""))
