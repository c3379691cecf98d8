"""How rare words and character n-grams are, in tables of a fixed size that a model can carry.

Inverse document frequency (Spärck Jones 1972) over the distinct values of an attribute. Grams and words are hashed, so
that the tables are bounded whatever the data; they are frozen with the model, so that two values compare alike today
and next year.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Integers, Keys, distinct

__all__ = ["BUCKETS", "Rarity", "Tokens", "grams", "hash_values", "numbers", "rarity", "words"]

BUCKETS: Final = 1 << 14
_STEPS: Final = 16  # quantisation: 1/16 nat
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing, 64-bit golden ratio
_GAP: Final = 0
_CJK: Final = 0x2E80


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of many values, one after the other.

    Args:
        rows: (T,) which value each token is of, ascending.
        hashes: (T,) 32 bits of what the token is.
    """

    rows: Integers
    hashes: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """Inverse document frequencies of hashed grams and words, in sixteenths of a nat: two (BUCKETS,) arrays."""

    grams: npt.NDArray[np.uint8]
    words: npt.NDArray[np.uint8]

    def weigh(self, tokens: Tokens, *, of: str) -> npt.NDArray[np.float32]:
        """The inverse document frequency of each token; ``of`` is ``grams`` or ``words``."""
        table = self.grams if of == "grams" else self.words
        return np.asarray((table[tokens.hashes % BUCKETS].astype(np.float32) + 1) / _STEPS, dtype=np.float32)


def rarity(values: pa.StringArray, sample: int = 100_000) -> Rarity:
    """Counts grams and words over the distinct values of an attribute, or a sample of them chosen by hash."""
    chosen = values
    if len(values) > sample:
        order = np.argsort(hash_values(values), kind="stable")[:sample]
        chosen = values.take(pa.array(order))
    return Rarity(grams=_table(grams(chosen), len(chosen)), words=_table(words(chosen), len(chosen)))


def _table(tokens: Tokens, documents: int) -> npt.NDArray[np.uint8]:
    bucket = (tokens.hashes % BUCKETS).astype(np.int64)
    once = distinct(tokens.rows * BUCKETS + bucket) % BUCKETS
    seen = np.bincount(once, minlength=BUCKETS)
    idf = np.log((documents + 1) / (seen + 0.5))
    return np.clip(np.round(idf * _STEPS), 0, 255).astype(np.uint8)


def grams(values: pa.StringArray) -> Tokens:
    """Character trigrams, and bigrams of Chinese characters, with the ends of each value marked."""
    points, rows = _points(values)
    before, here, after = points[:-2], points[1:-1], points[2:]
    chinese = here >= _CJK
    inside = (here != _GAP) & (~chinese | (after != _GAP) | (before == _GAP))
    key = np.where(
        chinese, here * np.uint64(1 << 21) + after, (before * np.uint64(1 << 21) + here) * np.uint64(2097143) + after
    )
    return Tokens(rows[1:-1][inside], _mixed(key[inside]))


def words(values: pa.StringArray) -> Tokens:
    """Words between spaces; each Chinese character is a word."""
    points, rows = _points(values)
    blank = (points == _GAP) | (points == ord(" "))
    chinese = points >= _CJK
    starts = ~blank[1:] & (blank[:-1] | chinese[:-1] | chinese[1:])
    first = np.flatnonzero(starts) + 1
    if not len(first):
        return Tokens(np.empty(0, np.int64), np.empty(0, np.uint32))
    # A polynomial hash of each run of characters: powers by position within the word.
    owner = np.cumsum(starts)
    place = np.arange(1, len(points)) - first[np.maximum(owner - 1, 0)]
    power = _powers(int(place.max(initial=0)) + 1)
    term = np.where(blank[1:] | (owner == 0), np.uint64(0), points[1:] * power[np.maximum(place, 0)])
    totals = np.add.reduceat(term, first - 1)
    return Tokens(rows[first], _mixed(totals))


def numbers(values: pa.StringArray) -> Keys:
    """A 64-bit set of the numbers that each value holds (one bit a number, by hash); 0 where it holds none."""
    points, rows = _points(values)
    digit = (points >= ord("0")) & (points <= ord("9"))
    starts = digit[1:] & ~digit[:-1]
    first = np.flatnonzero(starts) + 1
    found = np.zeros(len(values), dtype=np.uint64)
    if not len(first):
        return found
    owner = np.cumsum(starts)
    place = np.arange(1, len(points)) - first[np.maximum(owner - 1, 0)]
    power = _powers(int(place.max(initial=0)) + 1)
    term = np.where(digit[1:] & (owner > 0), points[1:] * power[np.maximum(place, 0)], np.uint64(0))
    bit = np.uint64(1) << (_mixed(np.add.reduceat(term, first - 1)).astype(np.uint64) & np.uint64(63))
    np.bitwise_or.at(found, rows[first], bit)
    return found


def hash_values(values: pa.StringArray) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each value, the same in every process."""
    return pd.util.hash_array(np.asarray(values.to_pylist(), dtype=object), categorize=False)


def _points(values: pa.StringArray) -> tuple[npt.NDArray[np.uint64], Integers]:
    """All characters, a gap before, between and after the values, and which value each is of."""
    text = "\0" + "\0".join(pc.fill_null(values, "").to_pylist()) + "\0"
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    rows = np.minimum(np.cumsum(points == _GAP) - 1, max(len(values) - 1, 0))
    return points, rows


def _powers(size: int) -> npt.NDArray[np.uint64]:
    return np.power(np.uint64(1_000_003), np.arange(size, dtype=np.uint64))


def _mixed(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    return ((key * _SPREAD) >> np.uint64(32)).astype(np.uint32)
