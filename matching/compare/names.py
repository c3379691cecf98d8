"""Names of people: slips of the pen, sounds, nicknames, initials."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Levels
from matching.compare.nicknames import nickname_pairs
from matching.compare.strings import edits, jaro_winkler, lengths, starts_with, take
from matching.phonetics import phonetic, romanised

__all__ = ["NameComparer"]


class NameComparer:
    """Compares given, middle or family names.

    Args:
        values: Distinct standard names.

    *One edit* is one character among four or more; *similar* is a known nickname, the same sound with a Jaro–Winkler
    similarity ≥ 0.80, the same pinyin (王伟, *wang wei*), or a similarity ≥ 0.88; *initial* is one letter that begins
    the other; *loosely similar* is a similarity ≥ 0.78 or one name beginning the other (Winkler 1990).
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        self._lengths = lengths(values)
        self._sound = np.asarray(pc.dictionary_encode(phonetic(values)).indices.fill_null(-1))
        self._nicknames = nickname_pairs(values)
        roman = pc.replace_substring(romanised(values), " ", "")
        self._roman = np.asarray(pc.dictionary_encode(roman).indices)

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
        level[(edits(one, two, 1) <= 1) & (short >= 4)] = 2
        return level
