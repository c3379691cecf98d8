"""Cells to files, in bulk, with the line on which each record starts."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl import Workbook  # type: ignore[import-untyped]

from benchmarks.synthetic.names import Ints, Objects

__all__ = ["write_csv", "write_json_lines", "write_workbook"]

_BATCH = 200_000
_MOMENT = (2026, 1, 1, 0, 0, 0)


def write_csv(path: Path, cells: dict[str, Objects], ragged: npt.NDArray[np.bool_], *, encoding: str = "utf-8") -> Ints:
    """A comma-separated file with quotes where a cell needs them (RFC 4180).

    Args:
        path: Where to.
        cells: N values by header.
        ragged: (N,) which records lose their last cells on the way.
        encoding: The file's.

    Returns:
        (N,) the physical line, from 1, on which each record starts.
    """
    lines = _joined([_quoted(pa.array(values, pa.string())) for values in cells.values()], ",")
    kept = max(1, len(cells) - 4)
    short = _joined([_quoted(pa.array(values[ragged], pa.string())) for values in list(cells.values())[:kept]], ",")
    lines = pc.replace_with_mask(lines, pa.array(ragged), short)
    header = ",".join(cells)
    _write(path, lines, encoding, header)
    breaks = pc.count_substring(lines, "\n").to_numpy(zero_copy_only=False).astype(np.int64) + 1
    starts: Ints = 2 + np.cumsum(breaks) - breaks
    return starts


def write_json_lines(path: Path, cells: dict[str, Objects]) -> Ints:
    """One JSON object a line; the cells are JSON already, ``None`` is ``null``."""
    fields = [
        pc.binary_join_element_wise(f'"{name}": ', pc.fill_null(pa.array(values, pa.string()), "null"), "")
        for name, values in cells.items()
    ]
    lines = pc.binary_join_element_wise("{", _joined(fields, ", "), "}", "")
    _write(path, lines, "utf-8", None)
    return np.arange(1, len(lines) + 1)


def write_workbook(path: Path, cells: dict[str, Objects]) -> Ints:
    """An Excel workbook of texts, the same bytes for the same cells. Returns the row of each record."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append(list(cells))
    for row in zip(*cells.values(), strict=True):  # openpyxl takes rows; only small exports are workbooks
        sheet.append([value or None for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    _stamp(buffer, path)
    return np.arange(2, len(next(iter(cells.values()))) + 2)


def _joined(fields: list[pa.Array], separator: str) -> pa.Array:
    return pc.binary_join_element_wise(*fields, separator)


def _quoted(values: pa.Array) -> pa.Array:
    needy = pc.match_substring_regex(values, r'[",\r\n]')
    if not pc.any(needy).as_py():
        return values
    return pc.if_else(needy, pc.binary_join_element_wise('"', pc.replace_substring(values, '"', '""'), '"', ""), values)


def _write(path: Path, lines: pa.Array, encoding: str, header: str | None) -> None:
    with path.open("wb") as file:
        if header is not None:
            file.write(f"{header}\n".encode(encoding))
        for start in range(0, len(lines), _BATCH):
            file.write(_text(lines.slice(start, _BATCH).to_pylist()).encode(encoding))


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def _stamp(buffer: io.BytesIO, path: Path) -> None:
    """Copy a workbook with the one moment in place of now, in its parts and its properties."""
    moment = dt.datetime(*_MOMENT, tzinfo=dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                for tag in (b"created", b"modified"):
                    before, _, rest = content.partition(b"<dcterms:" + tag)
                    opening, _, tail = rest.partition(b">")
                    content = before + b"<dcterms:" + tag + opening + b">" + moment + tail[tail.index(b"<") :]
            target.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
