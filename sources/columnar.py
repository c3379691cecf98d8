"""Parquet: typed columns as text."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from schemas.errors import SourceError
from sources.headers import unique_names
from sources.parsed import Parsed

__all__ = ["read_columnar"]


def read_columnar(data: bytes, *, path: str) -> Parsed:
    """Read a Parquet file; its lines are its rows, counted from 1.

    Raises:
        SourceError: It is not one.
    """
    try:
        table = pq.read_table(pa.BufferReader(data))
    except pa.ArrowException as error:
        raise SourceError("sources.not_parquet", path=path) from error
    if not table.num_columns:
        raise SourceError("sources.empty_file", path=path)
    columns = [_text(column) for column in table.columns]
    return Parsed(pa.table(columns, names=unique_names(table.column_names)), np.arange(1, table.num_rows + 1))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if kinds.is_dictionary(kind):
        return _text(column.cast(kind.value_type))
    if kinds.is_nested(kind):
        cells = column.to_pylist()
        return pa.chunked_array(
            [[None if cell is None else json.dumps(cell, ensure_ascii=False, default=str) for cell in cells]],
            pa.string(),
        )
    if kinds.is_floating(kind):
        return pc.replace_substring_regex(column.cast(pa.string()), r"^(-?\d+)\.0$", r"\1")
    if kinds.is_timestamp(kind):
        whole = column.cast(pa.timestamp("s", kind.tz), safe=False)
        return (whole if kind.tz is None else whole.cast(pa.timestamp("s", "UTC"))).cast(pa.string())
    return column.cast(pa.string())
