"""Phones and emails: identifying values, where only near-equality says anything."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes, Levels
from matching.compare.strings import edits, lengths, take

__all__ = ["EmailComparer", "PhoneComparer"]


class PhoneComparer:
    """Compares digit strings; masked ones (``138****8000``) by what is visible.

    Args:
        values: Distinct numbers, national significant digits; ``*`` masks a digit.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        ending = pc.utf8_slice_codeunits(values, -7, None)
        self._ending = np.asarray(pc.dictionary_encode(ending).indices)
        self._short = lengths(values) < 7
        self._masked = np.asarray(pc.match_substring(values, "*"))

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different numbers."""
        level = np.full(len(left), 4, dtype=np.int8)
        ending = (self._ending[left] == self._ending[right]) & ~self._short[left]
        masked = (self._masked[left] | self._masked[right]) & ~ending
        open_ = np.flatnonzero(~ending & ~masked)
        near = edits(take(self._values, left[open_]), take(self._values, right[open_]), 1) <= 1
        level[open_[near]] = 3
        level[ending] = 2
        hidden = np.flatnonzero(masked)
        level[hidden[self._visibly_equal(left[hidden], right[hidden])]] = 2
        return level

    def _visibly_equal(self, left: Codes, right: Codes) -> Bools:
        """Whether two numbers, one of them masked, agree on every digit that both show."""
        one, two = (np.array(take(self._values, codes).to_pylist(), dtype="U24") for codes in (left, right))
        if not len(one):
            return np.zeros(0, dtype=np.bool_)
        a, b = (text.view(np.uint32).reshape(len(text), 24) for text in (one, two))
        equal = (a == b) | (a == ord("*")) | (b == ord("*"))
        shown = ((a == b) & (a != ord("*")) & (a != 0)).sum(axis=1)
        return np.asarray(equal.all(axis=1) & (shown >= 4))


class EmailComparer:
    """Compares whole addresses; a local part that is merely similar says nothing, since namesakes' look alike.

    For the same reason an edit counts as a slip only where all digits agree: *john.smith12* is not *john.smith15*.

    Args:
        values: Distinct addresses.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        local = pc.replace_substring_regex(values, "@.*$", "")
        self._local = np.asarray(pc.dictionary_encode(local).indices)
        # A local part without a digit is mostly made of the names, and says what these have said already.
        self._telling = np.asarray(pc.match_substring_regex(local, "[0-9]")) & (lengths(local) >= 4)
        digits = pc.replace_substring_regex(values, "[^0-9]+", "")
        self._digits = np.asarray(pc.dictionary_encode(digits).indices)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different addresses."""
        level = np.full(len(left), 4, dtype=np.int8)
        level[(self._local[left] == self._local[right]) & self._telling[left]] = 3
        alike = np.flatnonzero(self._digits[left] == self._digits[right])
        near = edits(take(self._values, left[alike]), take(self._values, right[alike]), 2) <= 2
        level[alike[near]] = 2
        return level
