"""Names of people: slips of the pen, sounds, nicknames, initials."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Levels
from matching.compare.chinese_names import chinese_levels
from matching.compare.double_names import DoubleNames
from matching.compare.nicknames import nickname_pairs
from matching.compare.strings import edits, jaro_winkler, lengths, starts_with, take
from matching.phonetics import phonetic, plainly_spelt, romanised
from matching.standardise.familiar import GIVEN_NAMES
from matching.standardise.text import is_in

__all__ = ["NameComparer"]


class NameComparer:
    """Compares given, middle or family names.

    Args:
        values: Distinct standard names.

    *One edit* is one character among four or more. *Similar* is a known nickname, the same sound with a Jaro–Winkler
    similarity ≥ 0.80, a usual variant of spelling (*Meyer*, *Maier*), the same pinyin (王伟, *wang wei*), one character
    that looks like the other (晓明, 哓明), a similarity ≥ 0.88, or one character between two names that are both common
    (*Maria*, *Mario*: hardly a slip). *Initial* is one letter that begins the other. *Loosely similar* is a similarity
    ≥ 0.78 or one name beginning the other (Winkler 1990). Names of several words: `matching.compare.double_names`.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        self._lengths = lengths(values)
        self._sound = np.asarray(pc.dictionary_encode(phonetic(values)).indices.fill_null(-1))
        self._nicknames = nickname_pairs(values)
        self._common = np.asarray(is_in(values, GIVEN_NAMES))
        self._double = DoubleNames(values)
        self._spelling = np.asarray(pc.dictionary_encode(plainly_spelt(values)).indices)
        roman = pc.replace_substring(romanised(values), " ", "")
        self._roman = np.asarray(pc.dictionary_encode(roman).indices)
        self._chinese = np.asarray(pc.match_substring_regex(values, r"^\p{Han}{1,4}$").fill_null(False))

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different names; *swapped* and *crossed* are seen by `matching.swaps`."""
        one, two = take(self._values, left), take(self._values, right)
        short = np.minimum(self._lengths[left], self._lengths[right])
        similarity = jaro_winkler(one, two)
        begins = starts_with(one, two)
        sounds = (self._sound[left] == self._sound[right]) & (self._sound[left] >= 0) & (similarity >= 0.8)
        nickname = np.isin(left.astype(np.int64) * len(self._values) + right, self._nicknames)
        level = np.full(len(left), 8, dtype=np.int8)
        level[(similarity >= 0.78) | (begins & (short >= 2))] = 5
        level[begins & (short == 1)] = 4
        level[(similarity >= 0.88) & (short >= 3) | sounds | nickname] = 3
        level[self._roman[left] == self._roman[right]] = 3
        level[self._spelling[left] == self._spelling[right]] = 3
        level[(edits(one, two, 1) <= 1) & (short >= 4)] = 2
        level[(level == 2) & self._common[left] & self._common[right]] = 3
        double = np.flatnonzero(self._double.among(left, right) & (level != 4))
        level[double] = self._double.levels(left[double], right[double])
        rows = np.flatnonzero(self._chinese[left] & self._chinese[right])
        level[rows] = chinese_levels(one.take(pa.array(rows)), two.take(pa.array(rows)), level[rows])
        return level
