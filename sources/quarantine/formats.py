"""Tables of text written as CSV, TSV, JSON lines, workbook or Parquet, a batch at a time."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, Final

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sources.quarantine.workbook import UnfitError, write_workbook
from sources.records.json_text import json_objects

__all__ = ["WRITERS", "UnfitError", "marked"]

Batches = Iterator[pa.Table]


def _write_csv(file: IO[bytes], batches: Batches, encoding: str, delimiter: str) -> None:
    """Delimited text with every cell in quotes (RFC 4180)."""
    encode = codecs.getincrementalencoder(encoding)().encode
    for position, batch in enumerate(batches):
        text = io.BytesIO()
        options = pacsv.WriteOptions(include_header=position == 0, delimiter=delimiter, quoting_style="needed")
        pacsv.write_csv(batch, text, options)
        try:
            file.write(encode(text.getvalue().decode()))
        except UnicodeEncodeError:
            raise UnfitError from None


def marked(encoding: str) -> str:
    """The encoding to write what came in another: with a byte order mark where there is one, and with all of Unicode.

    Example:
        >>> marked("UTF-8"), marked("utf-16-le"), marked("gbk"), marked("cp1252")
        ('utf-8-sig', 'utf-16', 'gb18030', 'cp1252')
    """
    name = codecs.lookup(encoding).name
    if name in {"utf-8", "ascii"}:
        return "utf-8-sig"
    if name.startswith("utf-16"):
        return "utf-16"
    return "gb18030" if name in {"gb2312", "gbk"} else name


def _write_json_lines(file: IO[bytes], batches: Batches, _encoding: str, _delimiter: str) -> None:
    """An object a line, of the filled cells."""
    for batch in batches:
        objects = json_objects(dict(zip(batch.column_names, batch.columns, strict=True)), batch.num_rows)
        file.write(("\n".join(objects.to_pylist()) + "\n").encode())


def _write_parquet(file: IO[bytes], batches: Batches, _encoding: str, _delimiter: str) -> None:
    first = next(batches)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        for batch in chain([first], batches):
            writer.write_table(batch)


WRITERS: Final[dict[str, Callable[[IO[bytes], Batches, str, str], None]]] = {
    "csv": _write_csv,
    "tsv": _write_csv,
    "jsonl": _write_json_lines,
    "xlsx": write_workbook,
    "parquet": _write_parquet,
}
