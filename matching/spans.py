"""Pieces of texts read straight off Arrow's buffers, and their hashes: no text is built, no regular expression runs.

Readings for blocking look at millions of distinct values; a pass over their bytes is ten times cheaper than RE2. UTF-8
writes every character beyond ASCII in bytes from 0x80 on (RFC 3629), so that ASCII letters and digits are found as
bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import Bools, Integers, Keys
from matching.cores import on_cores

__all__ = ["Bytes", "Spans", "hash_spans", "hash_values"]

_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing, 64-bit golden ratio
_SECOND: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_HIGH: Final = np.uint64(29)
_WORD: Final = 8
_PIECE: Final = 250_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """The UTF-8 bytes of N texts, one after the other.

    Args:
        data: All bytes.
        starts: (N,) where each text starts in ``data``.
        ends: (N,) where it ends; a missing text is empty.
    """

    data: npt.NDArray[np.uint8]
    starts: Integers
    ends: Integers

    @classmethod
    def of(cls, values: pa.StringArray) -> Bytes:
        """The bytes of an array."""
        _, offsets, data = values.buffers()
        if not len(values) or offsets is None:
            none = np.zeros(len(values), dtype=np.int64)
            return cls(data=np.zeros(0, np.uint8), starts=none, ends=none)
        places = np.frombuffer(offsets, np.int32, values.offset + len(values) + 1)[values.offset :].astype(np.int64)
        first, last = int(places[0]), int(places[-1])
        whole = np.frombuffer(data, np.uint8)[first:last] if data is not None else np.zeros(0, np.uint8)
        starts, ends = places[:-1] - first, places[1:] - first
        if values.null_count:
            ends = np.where(np.asarray(values.is_valid()), ends, starts)
        return cls(data=whole, starts=starts, ends=ends)

    @property
    def plain(self) -> Bools:
        """(N,) whether each text is ASCII alone."""
        beyond = np.flatnonzero(self.data >= 0x80)
        if not len(beyond):
            return np.ones(len(self.starts), dtype=np.bool_)
        at = np.searchsorted(beyond, self.starts)
        return np.append(beyond, np.iinfo(np.int64).max)[at] >= self.ends

    def first_run(self, among: npt.NDArray[np.bool_], least: int = 1) -> Spans:
        """The first run of at least so many bytes that are ``among`` those marked, a (256,) table."""
        inside = among[self.data]
        edge = np.zeros(len(inside) + 1, dtype=np.bool_)
        edge[self.starts] = True
        edge[-1:] = True
        opens, closes = inside.copy(), inside.copy()
        opens[1:] &= ~inside[:-1] | edge[1:-1]
        closes[:-1] &= ~inside[1:] | edge[1:-1]
        begin, end = np.flatnonzero(opens), np.flatnonzero(closes) + 1
        if least > 1:
            long = end - begin >= least
            begin, end = begin[long], end[long]
        at = np.searchsorted(begin, self.starts)
        found = np.append(begin, len(self.data))[at]
        sizes = np.append(end, len(self.data))[at] - found
        return Spans(starts=found, sizes=np.where(found < self.ends, sizes, 0))

    def until(self, byte: int) -> Spans:
        """What stands before the first such byte, or the whole text."""
        places = np.append(np.flatnonzero(self.data == byte), len(self.data))
        stop = np.minimum(places[np.searchsorted(places[:-1], self.starts)], self.ends)
        return Spans(starts=self.starts, sizes=stop - self.starts)

    def slice(self, start: int, stop: int) -> Spans:
        """The bytes from one place to another of each text that reaches so far."""
        fits = self.ends - self.starts >= stop
        return Spans(starts=self.starts + start, sizes=np.where(fits, stop - start, 0))

    def last(self, size: int) -> Spans:
        """The last bytes of each text that has so many."""
        return Spans(starts=self.ends - size, sizes=np.where(self.ends - self.starts >= size, size, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """A piece of each of N texts: where it starts and how many bytes it has; none where it has no bytes."""

    starts: Integers
    sizes: Integers


def hash_spans(text: Bytes, spans: Spans) -> Keys:
    """(N,) a 64-bit hash of each piece, the same in every process."""
    words = np.zeros(len(text.data) // _WORD + 2, dtype="<u8")
    words.view(np.uint8)[: len(text.data)] = text.data
    found = (spans.sizes.astype(np.uint64) + np.uint64(1)) * _SPREAD
    rows = np.flatnonzero(spans.sizes > 0)
    for offset in range(0, int(spans.sizes.max(initial=0)), _WORD):
        if offset:
            rows = rows[spans.sizes[rows] > offset]
        at = spans.starts[rows] + offset
        shift = ((at & 7) << 3).astype(np.uint64)
        at >>= 3
        word = words[at] >> shift
        word |= (words[at + 1] << (np.uint64(63) - shift)) << np.uint64(1)
        rest = np.minimum(spans.sizes[rows] - offset, _WORD)
        word &= np.uint64(0xFFFFFFFFFFFFFFFF) >> ((_WORD - rest) << 3).astype(np.uint64)
        mixed = (found[rows] ^ word) * _SPREAD
        mixed ^= mixed >> _HIGH
        found[rows] = mixed * _SECOND
    return found ^ (found >> _HIGH)


def hash_values(values: pa.StringArray) -> Keys:
    """(N,) a 64-bit hash of each value, the same in every process; a missing value hashes as an empty one."""

    def piece(start: int) -> Keys:
        text = Bytes.of(values.slice(start, _PIECE))
        return hash_spans(text, Spans(starts=text.starts, sizes=text.ends - text.starts))

    found = on_cores(piece, range(0, len(values), _PIECE))
    return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)
