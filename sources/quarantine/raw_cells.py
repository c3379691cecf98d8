"""The cells of quarantined rows, from the raw text that is kept of them; and cells that spreadsheets leave be."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

from sources.formats.json_values import DECODER, table_of

__all__ = ["RawCells", "cells_of", "guarded", "unguarded"]

_FORMULA: Final = r"[=+\-@\t\r\n＝＋－＠]"
_ODD_ESCAPE: Final = r"\\u(0000|[dD][89a-fA-F])"
_VISIBLE_BYTE: Final = re.compile(r"\\(?=x[0-9a-f]{2})")
_SMALLEST_BLOCK: Final = 1 << 20
_LARGEST_BLOCK: Final = (1 << 31) - 1  # Arrow's


class RawCells(NamedTuple):
    """Quarantined rows as cells.

    Args:
        table: The header's columns as ``pa.string()``; empty cells are null.
        is_text: Rows that the reader could not part into cells: theirs are a guess.
    """

    table: pa.Table
    is_text: npt.NDArray[np.bool_]


def cells_of(
    raws: pa.ChunkedArray, header: Sequence[str], *, delimiter: str | None, width: int | None = None
) -> RawCells:
    r"""The cells of rows from their raw text.

    A row that was read is a JSON object of its filled cells. One that was not is the text of its line: it is laid out
    under the header from left to right as far as it goes, or by its keys if it is JSON, so that a person only has to
    put right what is wrong. What finds no column is in the raw text alone. NULs are written ``\x00``.

    Args:
        raws: The column ``raw`` of ``QUARANTINE``.
        header: The export's columns, in order.
        delimiter: Of delimited text.
        width: How many of the columns, from the left, lines are laid out under; all when absent.

    Example:
        >>> raws = pa.chunked_array([['{"name": "Ann"}', "7,Bob,x,y"]])
        >>> cells_of(raws, ["id", "name"], delimiter=",").table.to_pylist()
        [{'id': None, 'name': 'Ann'}, {'id': '7', 'name': 'Bob'}]
    """
    raws = pc.fill_null(raws, "")
    under = header[:width]
    plain = pc.and_(pc.starts_with(raws, "{"), pc.invert(pc.match_substring_regex(raws, r"\n|" + _ODD_ESCAPE)))
    read = _objects(raws.filter(plain), header)
    if read is not None:
        is_text = np.invert(plain.to_numpy())
        other = [_guess(raw, header, under, delimiter) for raw in raws.filter(pa.array(is_text)).to_pylist()]
        table = _interleaved(read, _table([cells for cells, _ in other], header), is_text)
        is_text[is_text] = [guess for _, guess in other]
        return RawCells(table, is_text)
    every = [_guess(raw, header, under, delimiter) for raw in raws.to_pylist()]
    return RawCells(_table([cells for cells, _ in every], header), np.array([guess for _, guess in every], np.bool_))


def guarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Cells that no spreadsheet takes for a formula: an apostrophe before those that begin like one.

    It also keeps ``+86 138…`` from becoming a number. `unguarded` takes it away again, exactly. After OWASP's "CSV
    Injection"; it asks for the full-width signs and line ends as well.

    Example:
        >>> guarded(pa.chunked_array([["=1+1", "'=x", "'x", "a=1"]])).to_pylist()
        ["'=1+1", "''=x", "'x", 'a=1']
    """
    return pc.if_else(
        pc.match_substring_regex(column, "^'*" + _FORMULA), pc.binary_join_element_wise("'", column, ""), column
    )


def unguarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells that `guarded` was given."""
    return pc.if_else(
        pc.match_substring_regex(column, "^'+" + _FORMULA), pc.utf8_slice_codeunits(column, start=1), column
    )


def _objects(raws: pa.ChunkedArray, header: Sequence[str]) -> pa.Table | None:
    """Objects of texts under the header, in bulk; nothing where any of them is something else."""
    schema = pa.schema([(name, pa.string()) for name in header])
    if not len(raws):
        return schema.empty_table()
    data = "\n".join(raws.to_pylist()).encode()
    try:
        table = pajson.read_json(
            pa.BufferReader(data),
            pajson.ReadOptions(block_size=min(max(len(data), _SMALLEST_BLOCK), _LARGEST_BLOCK)),
            pajson.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
        )
    except pa.ArrowInvalid:
        return None
    return table if table.num_rows == len(raws) else None


def _guess(
    raw: str, header: Sequence[str], under: Sequence[str], delimiter: str | None
) -> tuple[Mapping[str, str | None], bool]:
    """The cells of one row, and whether they are a guess."""
    if raw.startswith("{") or delimiter is None:
        return _by_keys(raw, header)
    cells = _parted(raw, delimiter, len(under))
    return dict(zip(under, cells, strict=False)), True


def _by_keys(raw: str, header: Sequence[str]) -> tuple[Mapping[str, str | None], bool]:
    try:
        value = DECODER.decode(raw)
        exact = isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    except (ValueError, RecursionError):
        value, exact = _leniently(raw), False
    if not isinstance(value, dict) or not value:
        return {}, raw != "{}"
    cells = table_of([value]).to_pylist()[0] if _is_text(value) else {}
    known = {name: cells[name] for name in header if name in cells}
    return known, not exact or len(known) < len(value) or any("\0" in (cell or "") for cell in known.values())


def _leniently(raw: str) -> Any:
    try:
        return json.loads(_VISIBLE_BYTE.sub(r"\\\\", raw), strict=False)
    except (ValueError, RecursionError):
        return None


def _is_text(value: object) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _parted(raw: str, delimiter: str, width: int) -> list[str]:
    """The cells of a delimited line; by its delimiters alone where that makes as many as there should be."""
    plain = [cell.strip('"') for cell in raw.split(delimiter)]
    try:
        cells = next(csv.reader([raw], delimiter=delimiter), [])
    except csv.Error:
        return plain
    return plain if len(cells) != width and len(plain) == width else cells


def _table(rows: Sequence[Mapping[str, str | None]], header: Sequence[str]) -> pa.Table:
    columns = [[(row.get(name) or "").replace("\0", "\\x00") or None for row in rows] for name in header]
    return pa.table([pa.array(column, pa.string()) for column in columns], names=list(header))


def _interleaved(read: pa.Table, other: pa.Table, is_other: npt.NDArray[np.bool_]) -> pa.Table:
    """The rows of both tables in the order they stood in."""
    if not other.num_rows:
        return read
    order = np.where(is_other, read.num_rows + np.cumsum(is_other) - 1, np.cumsum(~is_other) - 1)
    return pa.concat_tables([read, other]).take(pa.array(order))
