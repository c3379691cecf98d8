"""Which letters texts hold, read straight off Arrow's buffers: an order of magnitude cheaper than a regular expression.

A column of a million plain values is recognised as plain in one pass over its bytes, so that only odd values pay for
regular expressions. UTF-8 writes every character beyond ASCII in bytes from 0x80 on (RFC 3629).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

__all__ = ["BEYOND_ASCII", "DIGITS", "LOWER", "UPPER", "byte_at", "hashes", "holds", "holds_other_than", "lengths"]

DIGITS: Final = b"0123456789"
LOWER: Final = b"abcdefghijklmnopqrstuvwxyz"
UPPER: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BEYOND_ASCII: Final = bytes(range(0x80, 0x100))
_WIDTH: Final = 8
_BITS: Final = np.uint64(64)
_CHUNK: Final = 1 << 15
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing, 64-bit golden ratio


def holds(values: pa.StringArray, letters: bytes) -> np.ndarray:
    """Whether each text holds one of these bytes: boolean array (N,); false for a missing text.

    Example:
        >>> holds(pa.array(["a b", "ab", None]), b" ").tolist()
        [True, False, False]
    """
    data, starts, ends = _bytes(values)
    if len(data) == 0:
        return np.zeros(len(values), dtype=bool)
    first = int(starts[0])
    marks = data[first : ends[-1]].tobytes().translate(_table(letters))
    if b"\x01" not in marks:
        return np.zeros(len(values), dtype=bool)
    flags = np.frombuffer(marks, dtype=np.uint8)
    found: np.ndarray = np.zeros(len(values), dtype=bool)
    filled = ends > starts
    found[filled] = np.bitwise_or.reduceat(flags, starts[filled] - first) > 0
    found &= _valid(values)
    return found


def holds_other_than(values: pa.StringArray, letters: bytes) -> np.ndarray:
    """Whether each text holds any byte but these: boolean array (N,)."""
    return holds(values, bytes(sorted(set(range(256)) - set(letters))))


def lengths(values: pa.StringArray) -> np.ndarray:
    """Bytes in each text, 0 for a missing one: int32 array (N,)."""
    _, starts, ends = _bytes(values)
    return np.where(_valid(values), ends - starts, 0)


def byte_at(values: pa.StringArray, place: int) -> np.ndarray:
    """The byte at a place from the start (0, 1 …) or the end (−1, −2 …): uint8 array (N,), 0 where there is none."""
    data, starts, ends = _bytes(values)
    if len(data) == 0:
        return np.zeros(len(values), dtype=np.uint8)
    at = starts + place if place >= 0 else ends + place
    inside = (at >= starts) & (at < ends) & _valid(values)
    letters: np.ndarray = np.where(inside, data[np.where(inside, at, 0)], np.uint8(0))
    return letters


def hashes(values: pa.StringArray) -> np.ndarray:
    """A hash of each text by its length and its first and last eight bytes: uint64 array (N,), 0 for a missing text.

    Cheap enough for every row, good enough to draw a sample by.
    """
    data, starts, ends = _bytes(values)
    code = np.zeros(len(values), dtype=np.uint64)
    if len(data) < _WIDTH:
        return lengths(values).astype(np.uint64) * _SPREAD
    # Every byte of the buffer begins a window of eight.
    windows = np.ndarray((len(data) - _WIDTH + 1,), dtype="<u8", buffer=data, strides=(1,))
    for start in range(0, len(values), _CHUNK):  # what fits the processor's cache
        part = slice(start, start + _CHUNK)
        code[part] = _chunk_hashes(windows, starts[part], ends[part])
    if values.null_count:
        code[~_valid(values)] = 0
    return code


def _chunk_hashes(windows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    size = ends - starts
    code = size.astype(np.uint64) * _SPREAD
    unused = (_WIDTH - np.minimum(size, _WIDTH)).astype(np.uint64) << np.uint64(3)  # bits, 64 for an empty text
    for begin in (starts, np.maximum(ends - _WIDTH, starts)):
        at = np.minimum(begin, len(windows) - 1)
        beyond = (begin - at).astype(np.uint64) << np.uint64(3)
        word = windows[at] >> np.minimum(beyond, np.uint64(63))
        word <<= np.minimum(unused, np.uint64(63))
        code = (code ^ np.where(unused < _BITS, word, np.uint64(0))) * _SPREAD
        code ^= code >> np.uint64(29)
    return np.asarray(code)


@cache
def _table(letters: bytes) -> bytes:
    return bytes(byte in letters for byte in range(256))


def _bytes(values: pa.StringArray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All bytes, and where each text starts and ends."""
    _, offsets, data = values.buffers()
    if offsets is None or len(values) == 0:
        none = np.zeros(len(values), dtype=np.int32)
        return np.zeros(0, dtype=np.uint8), none, none
    places = np.frombuffer(offsets, dtype=np.int32, count=values.offset + len(values) + 1)[values.offset :]
    return np.frombuffer(data, dtype=np.uint8) if data else np.zeros(0, dtype=np.uint8), places[:-1], places[1:]


def _valid(values: pa.StringArray) -> np.ndarray:
    valid: np.ndarray = values.is_valid().to_numpy(zero_copy_only=False)
    return valid
