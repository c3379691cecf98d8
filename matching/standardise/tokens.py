"""The words of many texts as integer codes, so that a word is looked at once however often it occurs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.text import is_in

__all__ = ["Tokens", "join", "tokenise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The words of N texts, as codes: the words of text i are ``words[codes[offsets[i]:offsets[i + 1]]]``.

    Args:
        offsets: int64 array (N + 1,).
        codes: int32 array, one code a word.
        words: The distinct words.
    """

    offsets: np.ndarray
    codes: np.ndarray
    words: pa.StringArray

    @property
    def counts(self) -> np.ndarray:
        """Words in each text, int64 array (N,)."""
        counts: np.ndarray = np.diff(self.offsets)
        return counts

    @property
    def owner(self) -> np.ndarray:
        """The text that each word stands in, int64 array like ``codes``."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.counts)

    @property
    def place(self) -> np.ndarray:
        """The place of each word in its text, from 0."""
        place: np.ndarray = np.arange(len(self.codes)) - np.repeat(self.offsets[:-1], self.counts)
        return place

    def among(self, words: frozenset[str] | tuple[str, ...]) -> np.ndarray:
        """Boolean array like ``codes``: whether each word is one of these."""
        found: np.ndarray = is_in(self.words, words).to_numpy(zero_copy_only=False)[self.codes]
        return found

    def filter(self, kept: np.ndarray) -> Tokens:
        """The texts with only the words marked True, in the same order."""
        totals = np.concatenate([[0], np.cumsum(kept)])
        return Tokens(offsets=totals[self.offsets], codes=self.codes[kept], words=self.words)

    def rename(self, names: Mapping[str, str]) -> Tokens:
        """The texts with words replaced by others, looked up once for each distinct word."""
        found = pc.index_in(self.words, pa.array(list(names), pa.string()))
        renamed = pc.coalesce(pa.array(list(names.values()), pa.string()).take(found), self.words)
        return Tokens(offsets=self.offsets, codes=self.codes, words=renamed)


def tokenise(values: pa.StringArray) -> Tokens:
    """Text with single spaces taken apart into words; a missing value has none."""
    lists = pc.split_pattern(values, " ")
    encoded = lists.flatten().dictionary_encode()
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy()
    return Tokens(
        offsets=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
        codes=encoded.indices.to_numpy(),
        words=encoded.dictionary,
    )


def join(tokens: Tokens, separator: str = " ") -> pa.StringArray:
    """Words put back together; a text without words is missing."""
    words = tokens.words.take(pa.array(tokens.codes))
    lists = pa.ListArray.from_arrays(pa.array(tokens.offsets.astype(np.int32)), words)
    texts = pc.binary_join(lists, separator)
    return pc.if_else(pa.array(tokens.counts == 0), pa.scalar(None, pa.string()), texts)
