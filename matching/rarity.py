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
import pyarrow as pa

from matching.arrays import Integers, Keys, distinct
from matching.letters import GAP, Letters
from matching.spans import hash_values

__all__ = ["BUCKETS", "Rarity", "Tokens", "grams", "hash_values", "numbers", "numbers_and_first", "rarity", "words"]

BUCKETS: Final = 1 << 14
_STEPS: Final = 16  # quantisation: 1/16 nat
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hashing, 64-bit golden ratio
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

    def weigh(self, hashes: npt.NDArray[np.integer], *, of: str) -> npt.NDArray[np.float32]:
        """The inverse document frequency of each token by its hash; ``of`` is ``grams`` or ``words``."""
        table = self.grams if of == "grams" else self.words
        return np.asarray((table[hashes % BUCKETS].astype(np.float32) + 1) / _STEPS, dtype=np.float32)


def rarity(values: pa.StringArray, sample: int = 100_000) -> Rarity:
    """Counts grams and words over the distinct values of an attribute, or a sample of them chosen by hash."""
    chosen = values
    if len(values) > sample:
        order = np.argsort(hash_values(values), kind="stable")[:sample]
        chosen = values.take(pa.array(order))
    letters = Letters(chosen)
    return Rarity(grams=_table(grams(letters), len(chosen)), words=_table(words(letters), len(chosen)))


def _table(tokens: Tokens, documents: int) -> npt.NDArray[np.uint8]:
    bucket = (tokens.hashes % BUCKETS).astype(np.int64)
    once = distinct(tokens.rows * BUCKETS + bucket) % BUCKETS
    seen = np.bincount(once, minlength=BUCKETS)
    idf = np.log((documents + 1) / (seen + 0.5))
    return np.clip(np.round(idf * _STEPS), 0, 255).astype(np.uint8)


def grams(values: pa.StringArray | Letters) -> Tokens:
    """Character trigrams, and bigrams of Chinese characters, with the ends of each value marked."""
    letters = values if isinstance(values, Letters) else Letters(values)
    points = letters.points
    before, here, after = points[:-2], points[1:-1], points[2:]
    inside = here != GAP
    key = (before * np.uint64(1 << 21) + here) * np.uint64(2097143) + after
    chinese = here >= _CJK
    if chinese.any():
        inside &= ~chinese | (after != GAP) | (before == GAP)
        key = np.where(chinese, here * np.uint64(1 << 21) + after, key)
    return Tokens(letters.rows[1:-1][inside], _mixed(key[inside]))


def words(values: pa.StringArray | Letters) -> Tokens:
    """Words between spaces; each Chinese character is a word."""
    letters = values if isinstance(values, Letters) else Letters(values)
    blank = (letters.points == GAP) | (letters.points == ord(" "))
    chinese = letters.points >= _CJK
    starts = ~blank[1:] & (blank[:-1] | chinese[:-1] | chinese[1:])
    first = np.flatnonzero(starts) + 1
    end = np.flatnonzero(~blank[:-1] & (blank[1:] | starts)) + 1
    return Tokens(letters.rows[first], _mixed(letters.hash_runs(first, end)))


def numbers(values: pa.StringArray | Letters) -> Keys:
    """A 64-bit set of the numbers that each value holds (one bit a number, by hash); 0 where it holds none."""
    return numbers_and_first(values)[0]


def numbers_and_first(values: pa.StringArray | Letters) -> tuple[Keys, Keys]:
    """The set of the numbers that each value holds (`numbers`), and the bit of the first one."""
    letters = values if isinstance(values, Letters) else Letters(values)
    digit = (letters.points >= ord("0")) & (letters.points <= ord("9"))
    first = np.flatnonzero(digit[1:] & ~digit[:-1]) + 1
    end = np.flatnonzero(digit[:-1] & ~digit[1:]) + 1
    bit = np.uint64(1) << (_mixed(letters.hash_runs(first, end)).astype(np.uint64) & np.uint64(63))
    rows = letters.rows[first]
    found = np.zeros((2, letters.size), dtype=np.uint64)
    fresh = np.flatnonzero(np.append(True, rows[1:] != rows[:-1])) if len(rows) else np.empty(0, np.int64)
    if len(rows):
        found[0, rows[fresh]] = np.bitwise_or.reduceat(bit, fresh)
        found[1, rows[fresh]] = bit[fresh]
    return found[0], found[1]


def _mixed(key: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    return ((key * _SPREAD) >> np.uint64(32)).astype(np.uint32)
