"""Distances of many pairs of strings at once (rapidfuzz, all cores)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler, Prefix

from matching.arrays import Bools, Codes, Floats, Integers

__all__ = ["edits", "jaro_winkler", "lengths", "starts_with", "take"]

_FEW = 2_000  # below this many pairs starting threads costs more than it saves


def take(values: pa.StringArray, codes: Codes) -> pa.StringArray:
    """The values of the codes."""
    return values.take(pa.array(codes))


def lengths(values: pa.StringArray) -> Integers:
    """Characters of each value."""
    return np.asarray(pc.utf8_length(values), dtype=np.int64)


def edits(left: pa.StringArray, right: pa.StringArray, limit: int = 2) -> Integers:
    """Edits between the strings of each pair, transpositions counting one; ``limit`` + 1 for more.

    Optimal string alignment: Damerau (1964), without edits inside a transposed pair.
    """
    return np.asarray(_cpdist(left, right, OSA.distance, score_cutoff=limit), dtype=np.int64)


def jaro_winkler(left: pa.StringArray, right: pa.StringArray) -> Floats:
    """Jaro–Winkler similarity, 0..1 (Jaro 1989; Winkler 1990)."""
    return np.asarray(_cpdist(left, right, JaroWinkler.similarity), dtype=np.float64)


def starts_with(left: pa.StringArray, right: pa.StringArray) -> Bools:
    """Whether the shorter string of each pair is the beginning of the longer one."""
    short = np.asarray(np.minimum(lengths(left), lengths(right)))
    similarity = _cpdist(left, right, Prefix.similarity)
    return np.asarray(similarity >= short)


def _cpdist(left: pa.StringArray, right: pa.StringArray, scorer: Callable[..., Any], **options: Any) -> Any:
    if not len(left):
        return np.empty(0)
    workers = -1 if len(left) > _FEW else 1
    return process.cpdist(left.to_pylist(), right.to_pylist(), scorer=scorer, workers=workers, **options)
