"""A few thousand rows that stand for a table, chosen by what they say and never by where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa

from matching.standardise.scan import hashes
from matching.standardise.text import drop_blank

__all__ = ["sample_columns"]

_ROWS: Final = 5_000
_SPREAD: Final = np.uint64(0xBF58476D1CE4E5B9)  # a multiplier of SplitMix64 (Steele, Lea & Flood 2014)
_PROBE: Final = 48  # right shift that leaves 65,536 buckets
_TOP: Final = 2.0**64


def sample_columns(columns: Mapping[int, pa.StringArray], rows: int = _ROWS) -> dict[int, pa.StringArray]:
    """Values of each column from the same few thousand rows: those whose content has the smallest hashes.

    Neither the order of rows nor that of columns matters. A column that is mostly empty is sampled among the rows that
    fill it.

    Args:
        columns: By any key, arrays of N texts.
        rows: Up to twice as many rows are all looked at; of more, about as many.

    Returns:
        By the same keys, the values that say something; every row counts, equal values stay.

    Example:
        >>> sample_columns({0: pa.array(["b", None, "n/a", "b"])})[0].to_pylist()
        ['b', 'b']
    """
    size = len(next(iter(columns.values()), ()))
    if size <= 2 * rows:
        return {key: _present(texts) for key, texts in columns.items()}
    code = _row_hashes(columns, size)
    return {key: _present(texts.take(pa.array(_drawn(texts, code, rows)))) for key, texts in columns.items()}


def _drawn(texts: pa.StringArray, code: np.ndarray, rows: int) -> np.ndarray:
    """The rows with the smallest hashes, so many that about ``rows`` of the column's filled cells are among them."""
    filled = len(texts) - texts.null_count
    if filled <= rows:
        return np.flatnonzero(np.asarray(texts.is_valid()))
    return np.flatnonzero(code <= np.uint64(min(rows / filled * _TOP, _TOP - 4096)))


def _row_hashes(columns: Mapping[int, pa.StringArray], size: int) -> np.ndarray:
    """A hash of each row over as many of the columns, the fullest first, as it takes to tell rows apart."""
    code = np.zeros(size, dtype=np.uint64)
    for texts in sorted(columns.values(), key=lambda texts: (texts.null_count, -texts.nbytes)):
        code += hashes(texts)
        mixed = code * _SPREAD
        mixed ^= mixed >> np.uint64(31)
        mixed *= _SPREAD
        bucket = np.bincount((mixed >> np.uint64(_PROBE)).astype(np.int32), minlength=1 << 16)
        if bucket.max() <= 3 * size / len(bucket) + 50:
            return mixed
    return mixed if columns else code


def _present(texts: pa.StringArray) -> pa.StringArray:
    return drop_blank(texts.drop_null()).drop_null()
