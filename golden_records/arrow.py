"""Between frames, Arrow arrays and integer codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.golden import COUNT
from schemas.records import TEXT

__all__ = ["Codes", "as_column", "as_count", "as_text", "places"]

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


def places(values: pa.Array, among: pa.Array) -> Codes:
    """For each value its place among distinct others, -1 where it is not there."""
    found: Codes = (
        pc.fill_null(pc.index_in(values, value_set=among), -1).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return found
