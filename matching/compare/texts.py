"""Streets, addresses in one line, company names, whole names: rare words weigh more than common ones."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from matching.arrays import Bools, Codes, Floats, Levels, distinct
from matching.compare.strings import edits, lengths, take
from matching.letters import Letters
from matching.rarity import Rarity, Tokens, grams, numbers_and_first, words

__all__ = ["FullNameComparer", "TextComparer", "gram_similarity", "word_containment"]

_COLUMNS: Final = 1 << 20
_UNIT: Final = r"\b(?:apt|ste|unit|flat) (?P<unit>[a-z]?\d+[a-z]?|[a-z])\b"


class TextComparer:
    """Compares free text that names a place or a company.

    Cosine similarity of character n-grams weighted by rarity (Salton & Buckley 1988) in steps; words of the one all
    found in the other; and numbers: where neither's first number is anywhere in the other, or both name a flat and not
    the same one, two addresses are at best neighbours.

    Args:
        values: Distinct standard texts.
        rarity: What is rare among them.
    """

    def __init__(self, values: pa.StringArray, rarity: Rarity) -> None:
        self._values = values
        self._rarity = rarity

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different texts."""
        used = distinct(np.concatenate([left, right]))
        values = self._values.take(pa.array(used))
        letters = Letters(values)
        one, two = (np.searchsorted(used, side).astype(np.int32) for side in (left, right))
        similarity = gram_similarity(letters, one, two, self._rarity)
        shared, all_shared, informative = word_containment(letters, one, two, self._rarity)
        disjoint = _other_numbers(letters, one, two) | _other_units(values, one, two)
        size = lengths(values)
        edited = edits(take(values, one), take(values, two), 2)
        slip = edited <= np.clip(np.minimum(size[one], size[two]) - 4, 0, 2)  # one edit from 5 characters, two from 6
        level = np.full(len(left), 8, dtype=np.int8)
        level[similarity >= 0.30] = 7
        level[disjoint & (similarity >= 0.30)] = 6
        level[~disjoint & (similarity >= 0.50)] = 5
        level[~disjoint & (shared >= 0.999) & informative] = 4
        level[~disjoint & ((similarity >= 0.75) | slip)] = 3
        level[all_shared & ~disjoint] = 2
        return level


class FullNameComparer:
    """Compares whole names of people, words in any order.

    Args:
        values: Distinct standard names.
        rarity: What is rare among them.
    """

    def __init__(self, values: pa.StringArray, rarity: Rarity) -> None:
        self._values = values
        self._rarity = rarity

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different names."""
        used = distinct(np.concatenate([left, right]))
        values = self._values.take(pa.array(used))
        letters = Letters(values)
        one, two = (np.searchsorted(used, side).astype(np.int32) for side in (left, right))
        similarity = gram_similarity(letters, one, two, self._rarity)
        shared, all_shared, informative = word_containment(letters, one, two, self._rarity)
        size = lengths(values)
        slip = (edits(take(values, one), take(values, two), 1) <= 1) & (np.minimum(size[one], size[two]) >= 5)
        level = np.full(len(left), 7, dtype=np.int8)
        level[similarity >= 0.30] = 6
        level[similarity >= 0.50] = 5
        level[(shared >= 0.999) & informative] = 4
        level[(similarity >= 0.75) | slip] = 3
        level[all_shared] = 2
        return level


def _other_numbers(letters: Letters, left: Codes, right: Codes) -> Bools:
    """Whether both hold numbers, and neither's first one is among the other's."""
    numbered, first = numbers_and_first(letters)
    both = (numbered[left] != 0) & (numbered[right] != 0)
    return np.asarray(both & ((first[left] & numbered[right]) == 0) & ((first[right] & numbered[left]) == 0))


def _other_units(values: pa.StringArray, left: Codes, right: Codes) -> Bools:
    """Whether both name a flat or a suite, and another one."""
    found = np.full(len(values), -1, dtype=np.int32)
    named = np.flatnonzero(np.asarray(pc.match_substring_regex(values, "apt |ste |unit |flat ").fill_null(False)))
    if len(named):
        unit = pc.struct_field(pc.extract_regex(values.take(pa.array(named)), _UNIT), "unit")
        found[named] = np.asarray(pc.dictionary_encode(unit).indices.fill_null(-1), dtype=np.int32)
    one, two = found[left], found[right]
    return np.asarray((one >= 0) & (two >= 0) & (one != two))


def gram_similarity(letters: Letters, left: Codes, right: Codes, rarity: Rarity) -> Floats:
    """Cosine similarity of n-grams weighted by rarity, 0..1, of each pair."""
    matrix = _counts(grams(letters), letters.size)
    matrix.data *= rarity.weigh(matrix.indices, of="grams")
    matrix.data /= np.repeat(np.sqrt(np.maximum(_sums(matrix.data**2, matrix), 1e-18)), np.diff(matrix.indptr))
    return _products(matrix, left, right)


def word_containment(letters: Letters, left: Codes, right: Codes, rarity: Rarity) -> tuple[Floats, Bools, Bools]:
    """How much of the lighter value's words, weighted by rarity, the other holds; a word said twice counts once.

    Returns:
        The share, 0..1; whether both hold the same words; whether the lighter one says enough to be told apart.
    """
    matrix = _counts(words(letters), letters.size)
    weights = rarity.weigh(matrix.indices, of="words")
    matrix.data = np.sqrt(weights)
    mass, count = _sums(weights, matrix), np.diff(matrix.indptr)
    common = _products(matrix, left, right)
    light = np.minimum(mass[left], mass[right])
    share = common / np.maximum(light, 1e-9)
    same = (count[left] == count[right]) & (common >= np.maximum(mass[left], mass[right]) * 0.9999)
    # Two words, or one that fewer than one value in fifty holds.
    informative = (np.minimum(count[left], count[right]) >= 2) | (light >= np.log(50))
    return share, same, informative


def _counts(tokens: Tokens, size: int) -> sparse.csr_matrix:
    """How often each value holds each token, by hash."""
    columns = (tokens.hashes % _COLUMNS).astype(np.int32)
    return sparse.csr_matrix((np.ones(len(columns), np.float32), (tokens.rows, columns)), shape=(size, _COLUMNS))


def _sums(entries: npt.NDArray[np.float32], matrix: sparse.csr_matrix) -> Floats:
    """The sum of the entries of each row."""
    sums = np.append(0.0, np.cumsum(entries, dtype=np.float64))
    return np.asarray(sums[matrix.indptr[1:]] - sums[matrix.indptr[:-1]])


def _products(matrix: sparse.csr_matrix, left: Codes, right: Codes, batch: int = 200_000) -> Floats:
    """Inner products of pairs of rows, a batch at a time to bound memory."""
    found = np.zeros(len(left), dtype=np.float64)
    for start in range(0, len(left), batch):
        part = slice(start, start + batch)
        found[part] = np.asarray(matrix[left[part]].multiply(matrix[right[part]]).sum(axis=1)).ravel()
    return found
