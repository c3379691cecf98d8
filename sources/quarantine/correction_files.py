"""Correction files: what people changed in quarantine files, taken out of their hands and kept.

A quarantine file that is no longer as a run has written it is moved to ``corrected/``, and its cells are kept beside
it, so that every later run reads them alike, whatever a spreadsheet has made of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError
from sources.parsed import Parsed
from sources.quarantine.folder import (
    Sidecar,
    edited_files,
    file_digest,
    private_folder,
    sidecar,
    sidecar_beside,
    stem,
    sync,
    write_privately,
)
from sources.quarantine.raw_cells import unguarded

__all__ = ["GUARDED", "KEPT", "OWN", "Layer", "Reader", "kept_files", "read_layer", "take_corrections"]

OWN: Final = ("guiyi_reasons", "guiyi_why", "guiyi_file", "guiyi_line", "guiyi_row", "guiyi_raw")
"""The columns of a quarantine file that are not the export's."""
GUARDED: Final = "g"
"""Before the hash in ``guiyi_row``: the row's cells are guarded, whatever a person saves them as. ``r``: they are not.
Either keeps a hash of digits alone from being taken for a number."""
KEPT: Final = "guiyi_kept"
"""Column of the kept cells: whether a spreadsheet may have saved them, and whether the row is said to be right."""

_CORRECTED: Final = "corrected"
_CELLS: Final = ".arrow"
_ROW: Final = r"^[gr][0-9a-f]{16}$"
_LAYOUT: Final = b"guiyi"

Reader = Callable[[Path, str | None, str | None], Iterable[Parsed]]
"""Reads a file of any format, given the encoding and the delimiter that it was written with: hints, no more, since a
spreadsheet saves as it likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """What one file corrects.

    Args:
        rows: ``guiyi_row``, ``guiyi_kept`` and the cells of each row.
        header: The export's columns that rows of text were laid out under; empty where nobody knows.
        delimiter: That they were laid out by.
    """

    rows: pa.Table
    header: tuple[str, ...] = ()
    delimiter: str | None = None


def take_corrections(folder: Path, source: str, read: Reader) -> tuple[Path, ...]:
    """Take what people have changed in a source's quarantine file since a run wrote it.

    Safe to repeat and to interrupt: a file is either still where it was, or taken.

    Args:
        folder: Of all quarantine files.
        source: Its name.
        read: The reader of exports.

    Returns:
        The files as they are kept now, oldest first; usually none or one.

    Raises:
        SourceError: A file cannot be read, has lost the column ``guiyi_row``, or has rows that were not in it. It
            stays where it is.
    """
    return tuple(_take(folder, source, path, read) for path in edited_files(folder, source))


def _take(folder: Path, source: str, path: Path, read: Reader) -> Path:
    beside = sidecar_beside(path)
    hints = Sidecar.read(beside if beside.exists() else sidecar(folder, source))
    digest = file_digest(path)
    cells = _read(path, read, hints)
    if file_digest(path) != digest:
        raise SourceError("quarantine.changing", path=str(path))
    try:
        place = private_folder(folder / _CORRECTED)
        number = 1 + max((int(_numbered(kept, source)) for kept in kept_files(folder, source)), default=0)
        new = place / f"{stem(source)}-{number:04d}-{digest}{path.suffix.lower()}"
        draft = place / f".{new.name}.draft"  # what a crash leaves, the next try overwrites
        layer = Layer(rows=cells, header=hints.header, delimiter=hints.delimiter)
        write_privately(draft, partial(_write_layer, layer))
        draft.replace(_cells_beside(new))
        sync(place)
        path.replace(new)  # from here on it counts
        new.chmod(0o600)
        beside.unlink(missing_ok=True)
        sync(place)
    except OSError as error:
        cause = type(error).__name__
        raise SourceError("quarantine.unwritable", path=str(folder), source=source, cause=cause) from error
    return new


def _read(path: Path, read: Reader, hints: Sidecar) -> pa.Table:
    """The corrected rows of a file, as it was written or as a spreadsheet may have saved it."""
    try:
        return _corrected(read(path, hints.encoding, hints.delimiter), path)
    except SourceError:
        with suppress(SourceError):
            return _corrected(read(path, None, None), path)
        raise


def _write_layer(layer: Layer, file: IO[bytes]) -> None:
    layout = json.dumps({"header": layer.header, "delimiter": layer.delimiter})
    schema = layer.rows.schema.with_metadata({_LAYOUT: layout})
    with pa.ipc.new_file(file, schema) as writer:
        writer.write_table(layer.rows.cast(schema))


def _cells_beside(kept: Path) -> Path:
    return kept.with_name(kept.name + _CELLS)


def kept_files(folder: Path, source: str) -> list[Path]:
    """The files that were taken for a source, oldest first."""
    found = (folder / _CORRECTED).iterdir() if (folder / _CORRECTED).is_dir() else ()
    named = [(number, path) for path in found if (number := _numbered(path, source))]
    return [path for _, path in sorted(named, key=lambda each: (int(each[0]), each[1].name))]


def _numbered(path: Path, source: str) -> str:
    match = re.fullmatch(re.escape(stem(source)) + r"-(\d{4,})-[0-9a-f]{16}\.\w+", path.name)
    return match[1] if match else ""


def read_layer(kept: Path) -> Layer:
    """What a file that was taken corrects, memory-mapped.

    Raises:
        SourceError: Its cells cannot be read any more.
    """
    try:
        rows = pa.ipc.open_file(pa.memory_map(str(_cells_beside(kept)))).read_all()
    except (OSError, pa.ArrowException) as error:
        raise SourceError("quarantine.lost_cells", path=str(kept)) from error
    layout = json.loads(rows.schema.metadata[_LAYOUT])
    return Layer(rows=rows, header=tuple(layout["header"]), delimiter=layout["delimiter"])


def _corrected(batches: Iterable[Parsed], path: Path) -> pa.Table:
    """The corrected rows of a file as they are kept."""
    found: list[pa.Table] = []
    for parsed in batches:
        if "guiyi_row" not in parsed.table.column_names:
            raise SourceError("quarantine.no_row_column", path=str(path))
        if parsed.rejected.num_rows:
            first = parsed.rejected.slice(0, 1).to_pylist()[0]
            raise SourceError("quarantine.unreadable_row", path=str(path), line=first["line"], reason=first["reasons"])
        found.append(_rows_kept(parsed, path))
    if not found:
        raise SourceError("quarantine.no_row_column", path=str(path))
    return pa.concat_tables(found, promote_options="default")


def _rows_kept(parsed: Parsed, path: Path) -> pa.Table:
    table = parsed.table
    blank = np.ones(table.num_rows, np.bool_)
    for column in table.columns:
        blank &= pc.equal(pc.fill_null(column, ""), "").to_numpy()
    known = pc.match_substring_regex(pc.fill_null(pc.utf8_trim_whitespace(table["guiyi_row"]), ""), _ROW).to_numpy()
    strange = np.flatnonzero(~blank & ~known)
    if len(strange):
        raise SourceError("quarantine.new_row", path=str(path), line=int(parsed.lines[strange[0]]), rows=len(strange))
    table = table.filter(pa.array(known))
    row = pc.utf8_trim_whitespace(table["guiyi_row"])
    is_guarded = pc.starts_with(row, GUARDED)
    columns = {
        name: pc.if_else(is_guarded, unguarded(table[header]), table[header])
        for header, name in _names(table, is_guarded).items()
    }
    return pa.table({**columns, "guiyi_row": row, KEPT: _how_kept(table, path)})


def _names(table: pa.Table, is_guarded: pa.ChunkedArray) -> dict[str, str]:
    """Column of the file → column of the export."""
    headers = [name for name in table.column_names if name not in OWN]
    plain = unguarded(pa.chunked_array([headers], pa.string())).to_pylist()
    return dict(zip(headers, plain if pc.any(is_guarded).as_py() else headers, strict=True))


def _how_kept(table: pa.Table, path: Path) -> pa.ChunkedArray:
    """``s`` where a spreadsheet may have saved the row, ``c`` where a person says that it is right."""
    sheet = "" if path.suffix.lower() in {".jsonl", ".parquet"} else "s"
    if "guiyi_reasons" not in table.column_names:
        return pa.chunked_array([pa.repeat(pa.scalar(sheet), table.num_rows)])
    emptied = pc.equal(pc.fill_null(pc.utf8_trim_whitespace(table["guiyi_reasons"]), ""), "")
    return pc.if_else(emptied, sheet + "c", sheet)
