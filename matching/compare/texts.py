"""Streets, addresses in one line, company names, whole names: rare words weigh more than common ones."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from scipy import sparse

from matching.arrays import Codes, Floats, Levels
from matching.compare.strings import edits, lengths, take
from matching.rarity import Rarity, Tokens, grams, numbers, words

__all__ = ["FullNameComparer", "TextComparer", "gram_similarity", "word_containment"]

_COLUMNS: Final = 1 << 20


class TextComparer:
    """Compares free text that names a place or a company.

    Cosine similarity of character n-grams weighted by rarity (Salton & Buckley 1988) in steps; words of the one all
    found in the other; and numbers: two addresses whose numbers are disjoint are at best neighbours.

    Args:
        values: Distinct standard texts.
        rarity: What is rare among them.
    """

    def __init__(self, values: pa.StringArray, rarity: Rarity) -> None:
        self._values = values
        self._rarity = rarity

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different texts."""
        used, places = np.unique(np.concatenate([left, right]), return_inverse=True)
        values = self._values.take(pa.array(used))
        one, two = places[: len(left)].astype(np.int32), places[len(left) :].astype(np.int32)
        similarity = gram_similarity(values, one, two, self._rarity)
        shared, all_shared, informative = word_containment(values, one, two, self._rarity)
        numbered = numbers(values)
        disjoint = (numbered[one] != 0) & (numbered[two] != 0) & ((numbered[one] & numbered[two]) == 0)
        size = lengths(values)
        slip = (edits(take(values, one), take(values, two), 2) <= 2) & (np.minimum(size[one], size[two]) >= 6)
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
        used, places = np.unique(np.concatenate([left, right]), return_inverse=True)
        values = self._values.take(pa.array(used))
        one, two = places[: len(left)].astype(np.int32), places[len(left) :].astype(np.int32)
        similarity = gram_similarity(values, one, two, self._rarity)
        shared, all_shared, informative = word_containment(values, one, two, self._rarity)
        size = lengths(values)
        slip = (edits(take(values, one), take(values, two), 1) <= 1) & (np.minimum(size[one], size[two]) >= 5)
        level = np.full(len(left), 7, dtype=np.int8)
        level[similarity >= 0.30] = 6
        level[similarity >= 0.50] = 5
        level[(shared >= 0.999) & informative] = 4
        level[(similarity >= 0.75) | slip] = 3
        level[all_shared] = 2
        return level


def gram_similarity(values: pa.StringArray, left: Codes, right: Codes, rarity: Rarity) -> Floats:
    """Cosine similarity of n-grams weighted by rarity, 0..1, of each pair."""
    tokens = grams(values)
    return _products(_unit_rows(tokens, rarity.weigh(tokens, of="grams"), len(values)), left, right)


def word_containment(
    values: pa.StringArray, left: Codes, right: Codes, rarity: Rarity
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """How much of the lighter value's words, weighted by rarity, the other holds.

    Returns:
        The share, 0..1; whether both hold the same words; whether the lighter one says enough to be told apart.
    """
    tokens = words(values)
    weights = rarity.weigh(tokens, of="words")
    matrix = _matrix(tokens, np.sqrt(weights), len(values), once=True)
    mass = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    count = np.diff(matrix.indptr)
    common = _products(matrix, left, right)
    light = np.minimum(mass[left], mass[right])
    share = common / np.maximum(light, 1e-9)
    same = (count[left] == count[right]) & (common >= np.maximum(mass[left], mass[right]) * 0.9999)
    # Two words, or one that fewer than one value in fifty holds.
    informative = (np.minimum(count[left], count[right]) >= 2) | (light >= np.log(50))
    return share, same, informative


def _matrix(tokens: Tokens, weights: np.ndarray, size: int, *, once: bool) -> sparse.csr_matrix:
    columns = (tokens.hashes % _COLUMNS).astype(np.int32)
    matrix = sparse.csr_matrix((weights.astype(np.float32), (tokens.rows, columns)), shape=(size, _COLUMNS))
    if once:  # a word said twice counts once
        counts = sparse.csr_matrix((np.ones(len(columns), np.float32), (tokens.rows, columns)), shape=matrix.shape)
        matrix.data /= counts.data
    return matrix


def _unit_rows(tokens: Tokens, weights: np.ndarray, size: int) -> sparse.csr_matrix:
    matrix = _matrix(tokens, weights, size, once=False)
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(norms, 1e-9), np.diff(matrix.indptr))
    return matrix


def _products(matrix: sparse.csr_matrix, left: Codes, right: Codes, batch: int = 200_000) -> Floats:
    """Inner products of pairs of rows, a batch at a time to bound memory."""
    found = np.zeros(len(left), dtype=np.float64)
    for start in range(0, len(left), batch):
        part = slice(start, start + batch)
        found[part] = np.asarray(matrix[left[part]].multiply(matrix[right[part]]).sum(axis=1)).ravel()
    return found
