"""Parquet, batch by batch: typed columns as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from schemas.errors import SourceError
from sources.parsed import Parsed, rejections
from sources.records.headers import unique_names

__all__ = ["numbers_as_text", "read_columnar"]

_ROWS: Final = 65_536
_BATCH: Final = 64 << 20
_BUFFER: Final = 1 << 20
_RATIO: Final = 1000
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
        SourceError: It is no Parquet file, is damaged, has no columns, or is more than 64 MiB and a thousand times its
            size as text.
    """
    try:
        with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True) as file:
            if not len(file.schema_arrow):
                raise SourceError("sources.empty_file", path=name)
            size = min(_rows(file.metadata), max(1, _BATCH // max(_repeated(path, file.metadata), 1)))
            yield from _batches(file, size, name, most=max(_BATCH, _RATIO * path.stat().st_size))
    except (pa.ArrowException, OSError, OverflowError, ValueError) as error:  # ValueError: a name that is no UTF-8
        raise SourceError("sources.not_parquet", path=name) from error


def _batches(file: pq.ParquetFile, size: int, name: str, *, most: int) -> Iterator[Parsed]:
    schema = file.schema_arrow
    header = unique_names(schema.names)
    rows, count = 0, 0
    for batch in file.iter_batches(batch_size=size):
        parsed = _parsed(batch.columns, header, rows)
        rows += batch.num_rows
        count += parsed.table.nbytes
        if count > most:
            raise SourceError("sources.bomb", path=name, ratio=_RATIO)
        yield parsed
    if not rows:
        yield _parsed([pa.nulls(0, field.type) for field in schema], header, 0)


def _parsed(columns: list[pa.Array], header: list[str], before: int) -> Parsed:
    texts = [_text(column) for column in columns]
    lines = np.arange(before + 1, before + 1 + len(texts[0]))
    broken = np.logical_or.reduce([_broken(column) for column in texts])
    if not broken.any():
        return Parsed(pa.table(texts, names=header), lines)
    mask = pa.array(broken)
    cells = [_replaced(column.filter(mask)) for column in texts]
    raw = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in zip(*cells, strict=True)]
    rejected = rejections(lines[broken], ["undecodable_bytes"] * len(raw), raw)
    return Parsed(pa.table(texts, names=header).filter(pc.invert(mask)), lines[~broken], rejected)


def _broken(column: pa.Array) -> npt.NDArray[np.bool_]:
    """The cells whose bytes are no UTF-8, which Parquet does not see to."""
    try:
        column.cast(pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        cells = column.cast(pa.binary()).to_pylist()
        return np.array([cell is not None and cell.decode("utf-8", "replace").encode() != cell for cell in cells])
    return np.zeros(len(column), np.bool_)


def _replaced(column: pa.Array) -> list[str | None]:
    cells = column.cast(pa.binary()).to_pylist()
    return [None if cell is None else cell.decode("utf-8", "replace") for cell in cells]


def _rows(metadata: pq.FileMetaData) -> int:
    """Rows of a batch, so that it stays small where rows are long."""
    groups = [metadata.row_group(position) for position in range(metadata.num_row_groups)]
    longest = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=0)
    return int(min(_ROWS, max(1, _BATCH // max(longest, 1))))


def _repeated(path: Path, metadata: pq.FileMetaData) -> int:
    """Bytes at most that a row takes by values that stand in dictionaries; 100 KB of them may be terabytes of text."""
    columns = [metadata.schema.column(position) for position in range(metadata.num_columns)]
    texts = [each.path for each in columns if each.physical_type == "BYTE_ARRAY" and each.max_repetition_level == 0]
    longest = 0
    with pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False) as file:
        for group in range(metadata.num_row_groups if texts else 0):
            # The metadata of a chunk would tell whether it has a dictionary, but a damaged one ends the process.
            first = next(file.iter_batches(batch_size=1, row_groups=[group], columns=texts), None)
            found = [column.dictionary for column in first.columns if kinds.is_dictionary(column.type)] if first else []
            longest = max(longest, sum(pc.max(pc.binary_length(each)).as_py() or 0 for each in found))
    return longest


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
