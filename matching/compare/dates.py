"""Dates: slips of one digit, day and month swapped, parts that agree, partial dates."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Integers, Levels

__all__ = ["DateComparer"]

_EXACT, _ONE_EDIT, _TWO_PARTS, _SAME_YEAR, _NEAR_YEAR, _OTHER = range(1, 7)


class DateComparer:
    """Compares ISO dates, ``yyyy-mm-dd``, ``yyyy-mm`` or ``yyyy``, by arithmetic on their digits.

    Args:
        values: Distinct dates; anything else compares as *other*.
    """

    def __init__(self, values: pa.StringArray) -> None:
        padded = pc.utf8_rpad(pc.utf8_slice_codeunits(values, 0, 10), 10, " ").to_pylist()
        text = np.array(padded, dtype="U10").view(np.uint32).reshape(len(values), 10)
        digits = np.where((text >= ord("0")) & (text <= ord("9")), text.astype(np.int64) - ord("0"), -1)
        self._digits = digits[:, [0, 1, 2, 3, 5, 6, 8, 9]].astype(np.int8)
        self._year = _number(digits[:, 0:4])
        self._month = _number(digits[:, 5:7])
        self._day = _number(digits[:, 8:10])

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different dates."""
        one, two = self._digits[left], self._digits[right]
        years = self._year[left], self._year[right]
        months = self._month[left], self._month[right]
        days = self._day[left], self._day[right]
        whole = (days[0] >= 0) & (days[1] >= 0) & (years[0] >= 0) & (years[1] >= 0)
        differs = one != two
        count = differs.sum(axis=1)
        adjacent = differs[:, :-1] & differs[:, 1:] & (one[:, :-1] == two[:, 1:]) & (one[:, 1:] == two[:, :-1])
        swapped = (years[0] == years[1]) & (days[0] == months[1]) & (months[0] == days[1])
        slip = whole & ((count <= 1) | ((count == 2) & adjacent.any(axis=1)) | swapped)
        same = [(a == b) & (a >= 0) for a, b in (years, months, days)]
        parts = same[0].astype(np.int8) + same[1] + same[2]
        gap = np.abs(years[0] - years[1])
        known = (years[0] >= 0) & (years[1] >= 0)
        # A date that says less than the other can still contradict it by the month that both give.
        told = same[0] & ~((months[0] >= 0) & (months[1] >= 0) & ~same[1] & ~whole)
        level = np.full(len(left), _OTHER, dtype=np.int8)
        level[known & (gap == 1)] = _NEAR_YEAR
        level[told] = _SAME_YEAR
        level[parts >= 2] = _TWO_PARTS
        level[slip] = _ONE_EDIT
        return level


def _number(digits: Integers) -> Integers:
    """The number that the digits of each row spell, or -1."""
    powers = 10 ** np.arange(digits.shape[1] - 1, -1, -1)
    return np.where((digits >= 0).all(axis=1), (digits * powers).sum(axis=1), -1)
