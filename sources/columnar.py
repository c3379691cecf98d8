"""Parquet, batch by batch: typed columns as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from schemas.errors import SourceError
from sources.headers import unique_names
from sources.parsed import Parsed

__all__ = ["numbers_as_text", "read_columnar"]

_ROWS: Final = 65_536
_BATCH: Final = 64 << 20
_BUFFER: Final = 1 << 20
_EXACT: Final = 2.0**53


def read_columnar(path: Path, *, name: str) -> Iterator[Parsed]:
    """The rows of a Parquet file; its lines are its rows, counted from 1.

    Integers come without ``.0``, whole floats without exponent (a phone that met a missing value on its way), decimals
    as exact as they are, dates and times in ISO 8601, times with a zone in UTC, lists and objects as JSON. A float that
    is no number is null. Bytes are text where they are UTF-8, else hexadecimal digits.

    Args:
        path: A local file.
        name: What people call it.

    Yields:
        Batches of up to 65,536 rows, fewer where rows are long; one without rows where there are none.

    Raises:
        SourceError: It is no Parquet file, is damaged, or has no columns.
    """
    try:
        with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True) as file:
            yield from _batches(file, name)
    except (pa.ArrowException, OSError, OverflowError) as error:
        raise SourceError("sources.not_parquet", path=name) from error


def _batches(file: pq.ParquetFile, name: str) -> Iterator[Parsed]:
    schema = file.schema_arrow
    if not len(schema):
        raise SourceError("sources.empty_file", path=name)
    header = unique_names(schema.names)
    rows = 0
    for batch in file.iter_batches(batch_size=_rows(file.metadata)):
        yield _parsed(batch.columns, header, rows)
        rows += batch.num_rows
    if not rows:
        yield _parsed([pa.nulls(0, field.type) for field in schema], header, 0)


def _parsed(columns: list[pa.Array], header: list[str], before: int) -> Parsed:
    table = pa.table([_text(column) for column in columns], names=header)
    return Parsed(table, np.arange(before + 1, before + 1 + table.num_rows))


def _rows(metadata: pq.FileMetaData) -> int:
    """Rows of a batch, so that it stays small where rows are long."""
    groups = [metadata.row_group(position) for position in range(metadata.num_row_groups)]
    longest = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=0)
    return int(min(_ROWS, max(1, _BATCH // max(longest, 1))))


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType) and not isinstance(kind, pa.UuidType):
        return _text(column.storage)
    if kinds.is_dictionary(kind):
        return _text(column.cast(kind.value_type))
    convert = next((convert for fits, convert in _CONVERSIONS if fits(kind)), None)
    return convert(column) if convert else column.cast(pa.string())


def _identifiers(column: pa.Array) -> pa.Array:
    return pa.array([None if cell is None else str(cell) for cell in column.to_pylist()], pa.string())


def _objects(column: pa.Array) -> pa.Array:
    cells = [
        None if cell is None else json.dumps(cell, ensure_ascii=False, default=_inside) for cell in column.to_pylist()
    ]
    return pa.array(cells, pa.string())


def _inside(value: object) -> str:
    """What JSON has no form for, within an object."""
    return _readable(value) if isinstance(value, bytes) else str(value)


def numbers_as_text(column: pa.Array) -> pa.Array:
    """Floats as text: whole ones as integers, as long as a float holds each integer; those that are none as null.

    Arrow itself writes 1.3800138e+10 for a phone.
    """
    if kinds.is_float16(column.type):
        column = column.cast(pa.float32())
    column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    whole = pc.and_(pc.equal(pc.trunc(column), column), pc.less(pc.abs(column), pa.scalar(_EXACT, column.type)))
    integers = pc.if_else(whole, column, pa.scalar(0, column.type)).cast(pa.int64()).cast(pa.string())
    return pc.if_else(whole, integers, column.cast(pa.string()))


def _moments(column: pa.Array) -> pa.Array:
    """Times to the second, or with the fraction that they have."""
    zone = "UTC" if column.type.tz else None
    try:
        return column.cast(pa.timestamp("s", zone)).cast(pa.string())
    except pa.ArrowInvalid:  # fractions, which no cast drops unasked
        text = column.cast(pa.timestamp(column.type.unit, zone)).cast(pa.string())
    return pc.replace_substring_regex(text, r"(?:\.0+|(\.\d*?[1-9])0*)(Z?)$", r"\1\2")


def _digits(column: pa.Array) -> pa.Array:
    return pa.array([None if cell is None else cell.hex() for cell in column.to_pylist()], pa.string())


def _bytes(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.string())
    except pa.ArrowInvalid:  # some cell is no text
        return pa.array([None if cell is None else _readable(cell) for cell in column.to_pylist()], pa.string())


def _readable(cell: bytes) -> str:
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return cell.hex()


def _is_uuid(kind: pa.DataType) -> bool:
    return isinstance(kind, pa.UuidType)


_CONVERSIONS: Final[tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], pa.Array]], ...]] = (
    (_is_uuid, _identifiers),
    (kinds.is_nested, _objects),
    (kinds.is_floating, numbers_as_text),
    (kinds.is_timestamp, _moments),
    (kinds.is_fixed_size_binary, _digits),
    (kinds.is_binary, _bytes),
    (kinds.is_large_binary, _bytes),
    (kinds.is_binary_view, _bytes),
)
