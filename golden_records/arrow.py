"""Between frames, Arrow arrays and integer codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.golden import COUNT
from schemas.records import TEXT

__all__ = ["Codes", "as_column", "as_count", "as_text", "moments", "places", "take"]

Codes = npt.NDArray[np.int64]


def as_text(values: pd.Series) -> pa.Array:
    """A text column as one Arrow array of ``string``."""
    array = pa.array(values, type=pa.string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def as_column(values: pa.Array) -> pd.Series:
    """An Arrow array of text as a column of `schemas.records.TEXT`."""
    return pd.Series(pd.array(values, dtype=TEXT))


def as_count(values: Codes) -> pd.Series:
    """Integers as a column of `schemas.golden.COUNT`."""
    return pd.Series(pd.array(pa.array(values, pa.int64()), dtype=COUNT))


def take(values: pa.Array, rows: pa.Array) -> pa.Array:
    """Values by their places (null: null). Columns that are empty altogether, as many are, cost nothing."""
    if values.null_count == len(values):
        return pa.nulls(len(rows), values.type)
    return pc.take(values, rows)


def moments(texts: pa.Array) -> Codes:
    """Dates and times (ISO 8601, UTC, no nulls) as numbers that sort like them."""
    try:
        seconds: Codes = pc.cast(pc.utf8_slice_codeunits(texts, 0, 19), pa.timestamp("s")).cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:  # a date that says no more than its month: as text, which sorts alike
        seconds = pc.rank(texts, sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.int64)
    return seconds


def places(values: pa.Array, among: pa.Array) -> Codes:
    """For each value its place among distinct others, -1 where it is not there."""
    if values.equals(among):
        return np.arange(len(values))
    if not len(values) or not len(among):  # no table of the others has to be made
        return np.full(len(values), -1)
    found: Codes = (
        pc.fill_null(pc.index_in(values, value_set=among), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return found
