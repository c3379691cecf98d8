"""Reads an export whatever its format: every column as text, every row with its line, nothing inferred or lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from schemas.errors import SourceError
from schemas.quarantine import conform_quarantine
from sources.columnar import read_whole_columnar as read_columnar
from sources.delimited import declared_delimiter, detect_delimiter, read_delimited
from sources.encoding import encoding_of, to_utf8
from sources.freeze import content_hash, fetch, fingerprint
from sources.json_lines import read_json_lines
from sources.parsed import Parsed
from sources.read import Detected
from sources.source import Source
from sources.workbook import read_workbook

__all__ = ["FORMATS", "Export", "fingerprint", "format_of", "read_whole"]

_SUFFIXES: Final = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx",
    ".xlsb": "xlsx", ".ods": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export as it was read.

    Args:
        table: Every source column as ``pa.string()``, untouched; absent cells are null or empty.
        lines: For each row, the physical 1-based line it starts on (the row number of a workbook).
        rejected: Rows that the reader itself refuses, in the ``QUARANTINE`` contract.
        detected: How it was read.
        content_hash: Of the file's bytes.
    """

    table: pa.Table
    lines: npt.NDArray[np.int64]
    rejected: pd.DataFrame
    detected: Detected
    content_hash: str


def read_whole(source: Source) -> Export:
    """Read one export.

    Raises:
        SourceError: The file as a whole cannot be read; says where and what to do.
    """
    data = fetch(source)
    kind = format_of(source)
    parsed = FORMATS[kind](data, source)
    rejected = parsed.rejected.append_column("source", pa.repeat(pa.scalar(source.name), len(parsed.rejected)))
    return Export(
        table=parsed.table,
        lines=parsed.lines,
        rejected=conform_quarantine(rejected.to_pandas(types_mapper=pd.ArrowDtype)),
        detected=Detected(
            format=kind,
            encoding=parsed.encoding,
            delimiter=parsed.delimiter,
            header=tuple(parsed.table.column_names),
        ),
        content_hash=content_hash(data),
    )


def format_of(source: Source) -> str:
    """The declared format, else the one of the path's suffix.

    Raises:
        SourceError: Neither is a format that can be read.
    """
    kind = source.format or _SUFFIXES.get(PurePosixPath(urlsplit(source.path).path).suffix.lower(), "")
    if kind not in FORMATS:
        raise SourceError("sources.unknown_format", path=source.path, known=", ".join(FORMATS))
    return kind


def _delimited(data: bytes, source: Source, *, delimiter: str | None = None) -> Parsed:
    encoding = encoding_of(data, source.encoding, path=source.path)
    text, declared = declared_delimiter(to_utf8(data, encoding, path=source.path))
    delimiter = source.delimiter or declared or delimiter or detect_delimiter(text)
    return read_delimited(text, delimiter, path=source.path)._replace(encoding=encoding, delimiter=delimiter)


def _tabbed(data: bytes, source: Source) -> Parsed:
    return _delimited(data, source, delimiter="\t")


def _workbook(data: bytes, source: Source) -> Parsed:
    parts = list(read_workbook(io.BytesIO(data), source.sheet, name=source.path))
    return Parsed(
        pa.concat_tables([part.table for part in parts], promote_options="default"),
        np.concatenate([part.lines for part in parts]),
        pa.concat_tables([part.rejected for part in parts]),
    )


def _json_lines(data: bytes, source: Source) -> Parsed:
    encoding = encoding_of(data, source.encoding, path=source.path)
    parts = list(read_json_lines([to_utf8(data, encoding, path=source.path)], name=source.path))
    return Parsed(
        pa.concat_tables([part.table for part in parts], promote_options="default"),
        np.concatenate([part.lines for part in parts]),
        pa.concat_tables([part.rejected for part in parts]),
        encoding=encoding,
    )


def _columnar(data: bytes, source: Source) -> Parsed:
    return read_columnar(data, path=source.path)


FORMATS: Final[dict[str, Callable[[bytes, Source], Parsed]]] = {
    "csv": _delimited,
    "tsv": _tabbed,
    "xlsx": _workbook,
    "jsonl": _json_lines,
    "parquet": _columnar,
}
