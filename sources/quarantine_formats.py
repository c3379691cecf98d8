"""Tables of text written as CSV, TSV, JSON lines, workbook or Parquet, a batch at a time."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from itertools import chain
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from sources.json_text import json_objects

__all__ = ["WRITERS", "UnfitError"]

_LAST_ROW: Final = 1_048_576  # of a sheet (ECMA-376; "Excel specifications and limits")
_LAST_COLUMN: Final = 16_384
_LONGEST: Final = 32_767  # characters of a cell
_NO_XML: Final = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"  # not in XML 1.0, or an escape in a workbook

Batches = Iterator[pa.Table]


class UnfitError(Exception):
    """The format or encoding cannot hold the rows."""


def _write_csv(file: IO[bytes], batches: Batches, encoding: str, delimiter: str) -> None:
    """Delimited text with every cell in quotes (RFC 4180), in the encoding it came in; UTF-8 and UTF-16 with a BOM."""
    name = _with_mark(encoding)
    encode = codecs.getincrementalencoder(name)().encode
    for position, batch in enumerate(batches):
        text = io.BytesIO()
        options = pacsv.WriteOptions(include_header=position == 0, delimiter=delimiter, quoting_style="needed")
        pacsv.write_csv(batch, text, options)
        try:
            file.write(encode(text.getvalue().decode()))
        except UnicodeEncodeError:
            raise UnfitError from None


def _with_mark(encoding: str) -> str:
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


def _write_workbook(file: IO[bytes], batches: Batches, _encoding: str, _delimiter: str) -> None:
    """One sheet whose cells are all text: nothing is a formula, and what a person types stays as it is typed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("quarantine")
    sheet.freeze_panes = "A2"

    def cell(value: str | None) -> Any:
        made = WriteOnlyCell(sheet, value)
        made.data_type = "s"
        made.number_format = "@"
        return made

    rows = 1
    for batch in batches:
        if rows == 1:
            sheet.append([cell(name) for name in _fitting(pa.chunked_array([batch.column_names])).to_pylist()])
        rows += batch.num_rows
        if rows > _LAST_ROW or batch.num_columns > _LAST_COLUMN:
            raise UnfitError
        columns = [_fitting(column).to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            sheet.append([cell(value) for value in values])
    book.save(file)


def _fitting(column: pa.ChunkedArray) -> pa.ChunkedArray:
    too_long = pc.max(pc.utf8_length(column)).as_py() or 0
    if too_long > _LONGEST or pc.any(pc.match_substring_regex(column, _NO_XML)).as_py():
        raise UnfitError
    return column


WRITERS: Final[dict[str, Callable[[IO[bytes], Batches, str, str], None]]] = {
    "csv": _write_csv,
    "tsv": _write_csv,
    "jsonl": _write_json_lines,
    "xlsx": _write_workbook,
    "parquet": _write_parquet,
}
