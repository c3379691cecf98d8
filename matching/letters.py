"""The characters of many texts in one array, and hashes of their runs."""

from __future__ import annotations

from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Integers, Keys
from matching.spans import Bytes

__all__ = ["GAP", "Letters"]

GAP: Final = 0
_BASE: Final = 1_000_003
_INVERSE: Final = pow(_BASE, -1, 1 << 64)  # an odd number has one among the 64-bit integers


class Letters:
    """All characters of N texts, with a gap before, between and after them.

    Args:
        values: The texts; a missing one is empty.

    Attributes:
        size: N.
        points: (L,) code points, `GAP` in the gaps.
        rows: (L,) which text each is of; a gap is of the text that it begins.
    """

    def __init__(self, values: pa.StringArray) -> None:
        text = Bytes.of(values)
        self.size = len(values)
        if values.null_count == 0 and text.plain.all() and (len(text.data) == 0 or text.data.min() > GAP):
            size = self.size
            begins = text.starts + np.arange(size)
            inside = np.ones(len(text.data) + size + 1, dtype=np.bool_)
            inside[begins] = inside[-1] = False
            self.points = np.zeros(len(inside), dtype=np.uint64)
            self.points[inside] = text.data
            rows = np.repeat(np.arange(size), text.ends - text.starts + 1)
            self.rows = np.append(rows, max(size - 1, 0))
        else:
            whole = "\0" + "\0".join(pc.fill_null(values, "").to_pylist()) + "\0"
            self.points = np.frombuffer(whole.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
            self.rows = np.minimum(np.cumsum(self.points == GAP) - 1, max(len(values) - 1, 0))

    def hash_runs(self, first: Integers, end: Integers) -> Keys:
        """A polynomial hash of the characters from ``first`` up to ``end`` of each run, none across a gap."""
        sums, place, inverse = self._sums
        return (sums[end - 1] - sums[first - 1]) * inverse[place[first]]

    @cached_property
    def _sums(self) -> tuple[Keys, Integers, Keys]:
        """Running sums of the characters times powers of the base, by place within the text; places; inverse powers."""
        begins = np.flatnonzero(self.points == GAP)
        lengths = np.diff(np.append(begins, len(self.points)))
        place = np.arange(len(self.points)) - np.repeat(begins, lengths)
        powers, inverse = (_powers(base, int(lengths.max(initial=0)) + 1) for base in (_BASE, _INVERSE))
        return np.cumsum(self.points * powers[place]), place, inverse


def _powers(base: int, size: int) -> Keys:
    found = np.full(size, base, dtype=np.uint64)
    found[0] = 1
    return np.cumprod(found)
