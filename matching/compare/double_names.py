"""Names of several words: double names, names with particles, names written together or apart."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Levels
from matching.compare.strings import edits, jaro_winkler, take
from matching.standardise.names import GENERATIONS, PARTICLES
from matching.standardise.tokens import join, tokenise

__all__ = ["DoubleNames"]

_WORDS: Final = 4  # of a name, further ones are passed over
_ONE_EDIT, _SIMILAR, _LOOSELY, _OTHER = 2, 3, 5, 8


class DoubleNames:
    """Compares names of which at least one has several words, by their words without particles and generations.

    *One edit*: the same letters with other spaces (*van der Berg*, *Vanderberg*), or one character in all. *Similar*:
    the same words, or those of the one all among the other's (*Smith-Jones*, *Jones*; *García López*, *García*;
    *al-Assad*, *Assad*), or a Jaro–Winkler similarity ≥ 0.88 of what is left without particles. *Loosely similar*: a
    word in common (*Smith-Jones*, *Smith-Taylor*), or a similarity ≥ 0.78.

    Args:
        values: Distinct standard names.
    """

    def __init__(self, values: pa.StringArray) -> None:
        spaced = np.asarray(pc.match_substring(values, " ").fill_null(False))
        latin = np.asarray(pc.match_substring_regex(values, r"^[a-z0-9 ]+$").fill_null(False))
        self._values = values
        self._double = spaced & latin
        self._latin = latin

    def among(self, left: Codes, right: Codes) -> np.ndarray:
        """Boolean array: which pairs this comparer is for."""
        return np.asarray((self._double[left] | self._double[right]) & self._latin[left] & self._latin[right])

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different names of several words."""
        if not len(left):
            return np.empty(0, dtype=np.int8)
        one, two = take(self._values, left), take(self._values, right)
        cores = _cores(one), _cores(two)
        words = _coded(*cores)
        level = np.full(len(left), _OTHER, dtype=np.int8)
        similarity = jaro_winkler(*(pc.replace_substring(core, " ", "") for core in cores))
        common, held = _overlap(*words)
        level[(similarity >= 0.78) | common] = _LOOSELY
        level[((similarity >= 0.88) & ~common) | held] = _SIMILAR
        packed = [pc.replace_substring(side, " ", "") for side in (one, two)]
        level[np.asarray(pc.equal(*packed)) | (edits(one, two, 1) <= 1)] = _ONE_EDIT
        return level


def _cores(names: pa.StringArray) -> pa.StringArray:
    """The names without particles and generations; a name of nothing else stays."""
    tokens = tokenise(names)
    return pc.coalesce(join(tokens.filter(~tokens.among((*PARTICLES, *GENERATIONS)))), names)


def _coded(one: pa.StringArray, two: pa.StringArray) -> tuple[np.ndarray, np.ndarray]:
    """Two (P, 4) arrays of codes of words, -1 where a name has fewer."""
    tokens = tokenise(pa.concat_arrays([one, two]))
    found = np.full((len(one) + len(two), _WORDS), -1, dtype=np.int32)
    kept = tokens.place < _WORDS
    found[tokens.owner[kept], tokens.place[kept]] = tokens.codes[kept]
    return found[: len(one)], found[len(one) :]


def _overlap(one: np.ndarray, two: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether two names have a word in common, and whether all words of either are the other's."""
    equal = (one[:, :, None] == two[:, None, :]) & (one[:, :, None] >= 0)
    found, back = equal.any(axis=2), equal.any(axis=1)
    held = (found | (one < 0)).all(axis=1) | (back | (two < 0)).all(axis=1)
    return found.any(axis=1), held
