"""Which names are the initials of others: IBM, International Business Machines."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes
from matching.standardise.tokens import Tokens, join, tokenise

__all__ = ["Acronyms"]

_SMALL: tuple[str, ...] = (
    "of",
    "and",
    "the",
    "for",
    "de",
    "des",
    "der",
    "die",
    "und",
    "et",
    "y",
    "e",
    "in",
    "at",
    "la",
    "le",
    "du",
)


class Acronyms:
    """Knows which of the names are one word of three to six letters, and the initials of those of three words or more.

    Args:
        values: Distinct standard names.
    """

    def __init__(self, values: pa.StringArray) -> None:
        short = pc.match_substring_regex(values, "^[a-z]{3,6}$")
        tokens = tokenise(values)
        vocabulary = pc.unique(values.filter(pc.fill_null(short, False)))
        self._acronym = _codes(pc.if_else(short, values, None), vocabulary)
        self._initials = _codes(_initials(tokens), vocabulary)
        self._without_small = _codes(_initials(tokens.filter(~tokens.among(_SMALL))), vocabulary)

    def meet(self, left: Codes, right: Codes) -> Bools:
        """Whether one name of each pair is the initials of the other, with or without *of*, *and* and the like."""
        met = np.zeros(len(left), dtype=np.bool_)
        for one, two in ((left, right), (right, left)):
            short = self._acronym[one]
            met |= (short >= 0) & ((short == self._initials[two]) | (short == self._without_small[two]))
        return met


def _initials(tokens: Tokens) -> pa.StringArray:
    """The first letters of the words of each name; missing where it has fewer than three."""
    letters = pc.utf8_slice_codeunits(tokens.words, 0, 1)
    joined = join(Tokens(offsets=tokens.offsets, codes=tokens.codes, words=letters), "")
    return pc.if_else(pa.array(tokens.counts >= 3), joined, None)


def _codes(names: pa.StringArray, vocabulary: pa.StringArray) -> Codes:
    return np.asarray(pc.index_in(names, vocabulary, skip_nulls=True).fill_null(-1), dtype=np.int32)
