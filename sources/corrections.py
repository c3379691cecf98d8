"""Corrections: what people changed in quarantine files, and the rows of an export that are read as they say.

A quarantine file that is no longer as a run has written it is taken: its cells go to ``corrected/``, together with the
file itself, and stay there, for the same bad row is in tomorrow's export too. Whenever a row of the export is refused
whose hash (`sources.quarantine_folder.row_hash`) a correction names, the corrected cells are read in its place. A
correction never adds a row, and once the row has changed at the source it says nothing any more. Of several for one row
the newest that changes it wins; deleting a file from ``corrected/`` withdraws what it says.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError
from sources.parsed import Parsed
from sources.quarantine_folder import (
    Sidecar,
    edited_files,
    file_digest,
    private_folder,
    row_hash,
    stem,
    sync,
    write_privately,
)
from sources.raw_cells import cells_of, guarded, unguarded
from sources.spreadsheet_damage import is_damage

__all__ = ["GUARDED", "OWN", "Applied", "Corrections", "Reader", "take_corrections"]

OWN: Final = ("guiyi_reasons", "guiyi_why", "guiyi_file", "guiyi_line", "guiyi_row", "guiyi_raw")
"""The columns of a quarantine file that are not the export's."""
GUARDED: Final = "g"
"""Before the hash in ``guiyi_row``: the row's cells are guarded, whatever a person saves them as. ``r``: they are not.
Either keeps a hash of digits alone from being taken for a number."""
CORRECTED: Final = "corrected"
_CELLS: Final = ".arrow"
_KEPT: Final = "guiyi_kept"
"""Column of the kept cells: whether a spreadsheet may have saved them, and whether the row is said to be right."""
_ROW: Final = r"^[gr][0-9a-f]{16}$"

_NOTHING: Final = pa.schema([("guiyi_row", pa.string()), (_KEPT, pa.string())]).empty_table()

Reader = Callable[[Path, str | None, str | None], Iterable[Parsed]]
"""Reads a file of any format, given the encoding and the delimiter that it was written with: hints, no more, since a
spreadsheet saves as it likes."""


class Applied(NamedTuple):
    """Corrected rows.

    Args:
        positions: Which of the refused rows they stand in place of, ascending.
        table: Their cells under the export's header.
    """

    positions: npt.NDArray[np.int64]
    table: pa.Table


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What has been corrected in a source.

    Args:
        digest: Of all of it: what a plan's inputs have to hold. Empty where there is nothing.
        rows: One corrected row each, oldest first: ``guiyi_row``, ``guiyi_kept`` and the cells.
    """

    digest: str = ""
    rows: pa.Table = field(default_factory=lambda: _NOTHING)

    @classmethod
    def load(cls, folder: Path, source: str) -> Corrections:
        """All that were taken for a source.

        Raises:
            SourceError: One of them cannot be read any more.
        """
        kept = _kept(folder, source)
        digest = hashlib.blake2b("\n".join(path.name for path in kept).encode(), digest_size=16).hexdigest()
        tables = [_read_cells(path) for path in kept]
        rows = pa.concat_tables(tables, promote_options="default") if tables else _NOTHING
        return cls(digest=digest if kept else "", rows=rows)

    @classmethod
    def from_parsed(cls, batches: Iterable[Parsed], *, path: Path) -> Corrections:
        """Those of one file.

        Raises:
            SourceError: As `take_corrections` says.
        """
        return cls(digest=file_digest(path), rows=_corrected(batches, path))

    def apply(self, raws: Sequence[str] | pa.ChunkedArray, *, header: Sequence[str], delimiter: str | None) -> Applied:
        """The corrected rows that stand in place of refused ones.

        Cells that only differ as a spreadsheet makes them differ are the original ones, and so are those of columns
        that the correction lacks. A row without any other difference is not corrected, unless its ``guiyi_reasons``
        was emptied to say that it is right as it stands.

        Args:
            raws: The column ``raw`` of the refused rows.
            header: The export's columns, in order.
            delimiter: Of a delimited export.
        """
        refused = pa.chunked_array([raws], pa.string()) if not isinstance(raws, pa.ChunkedArray) else raws
        names = [*header, *self._added(header)]
        if not self.rows.num_rows or not len(refused):
            return Applied(np.zeros(0, np.int64), pa.schema([(name, pa.string()) for name in names]).empty_table())
        codes = pc.dictionary_encode(pc.fill_null(refused, "")).combine_chunks()
        which, row = self._named(codes.dictionary)
        originals = cells_of(pa.chunked_array([codes.dictionary.take(pa.array(which))]), names, delimiter=delimiter)
        meant, changed = _meant(originals.table, self.rows.take(pa.array(row)))
        newest = np.full(len(codes.dictionary), -1, np.int64)
        np.maximum.at(newest, which[changed], np.flatnonzero(changed))  # later is newer
        chosen = newest[codes.indices.to_numpy()]
        positions = np.flatnonzero(chosen >= 0)
        return Applied(positions, meant.take(pa.array(chosen[positions])))

    def _added(self, header: Sequence[str]) -> list[str]:
        """Columns of the corrections that the header does not have: keys of JSON lines it has not seen so far."""
        known = {*header, *guarded(pa.chunked_array([header], pa.string())).to_pylist(), "guiyi_row", _KEPT}
        return [name for name in self.rows.column_names if name not in known]

    def _named(self, raws: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Pairs of a raw text and a corrected row of its hash, the rows ascending."""
        hashes = pa.array([row_hash(raw) if raw else None for raw in raws.to_pylist()], pa.string())
        own = pc.utf8_slice_codeunits(self.rows["guiyi_row"], start=1)
        which = pc.index_in(own, value_set=hashes, skip_nulls=True).to_numpy()
        row = np.flatnonzero(~np.isnan(which.astype(np.float64)))
        return which[row].astype(np.int64), row


def _take(folder: Path, source: str, path: Path, read: Reader) -> Path:
    hints = Sidecar.read(folder, source)
    digest = file_digest(path)
    cells = _corrected(read(path, hints.encoding, hints.delimiter), path)
    if file_digest(path) != digest:
        raise SourceError("quarantine.changing", path=str(path))
    try:
        place = private_folder(folder / CORRECTED)
        number = 1 + max((int(_numbered(kept, source)) for kept in _kept(folder, source)), default=0)
        new = place / f"{stem(source)}-{number:04d}-{digest}{path.suffix.lower()}"
        draft = place / f".{new.name}.{os.getpid()}.draft"
        write_privately(draft, partial(_write_cells, cells))
        draft.replace(_cells_beside(new))
        sync(place)
        path.replace(new)  # from here on it counts
        new.chmod(0o600)
        sync(place)
    except OSError as error:
        cause = type(error).__name__
        raise SourceError("quarantine.unwritable", path=str(folder), source=source, cause=cause) from error
    return new


def _write_cells(cells: pa.Table, file: IO[bytes]) -> None:
    with pa.ipc.new_file(file, cells.schema) as writer:
        writer.write_table(cells)


def _cells_beside(kept: Path) -> Path:
    return kept.with_name(kept.name + _CELLS)


def _kept(folder: Path, source: str) -> list[Path]:
    """The files that were taken for a source, oldest first."""
    found = (folder / CORRECTED).iterdir() if (folder / CORRECTED).is_dir() else ()
    named = [(number, path) for path in found if (number := _numbered(path, source))]
    return [path for _, path in sorted(named, key=lambda each: (int(each[0]), each[1].name))]


def _numbered(path: Path, source: str) -> str:
    match = re.fullmatch(re.escape(stem(source)) + r"-(\d{4,})-[0-9a-f]{16}\.(?!\w+\.)\w+", path.name)
    return match[1] if match else ""


def _read_cells(kept: Path) -> pa.Table:
    try:
        with pa.OSFile(str(_cells_beside(kept))) as file:
            return pa.ipc.open_file(file).read_all()
    except (OSError, pa.ArrowException) as error:
        raise SourceError("quarantine.lost_cells", path=str(kept)) from error


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
        name: pc.if_else(is_guarded, unguarded(table[name]), table[name])
        for name in table.column_names
        if name not in OWN
    }
    return pa.table({**columns, "guiyi_row": row, _KEPT: _how_kept(table, path)})


def _how_kept(table: pa.Table, path: Path) -> pa.ChunkedArray:
    """``s`` where a spreadsheet may have saved the row, ``c`` where a person says that it is right."""
    sheet = "" if path.suffix.lower() in {".jsonl", ".parquet"} else "s"
    if "guiyi_reasons" not in table.column_names:
        return pa.chunked_array([pa.repeat(pa.scalar(sheet), table.num_rows)])
    emptied = pc.equal(pc.fill_null(pc.utf8_trim_whitespace(table["guiyi_reasons"]), ""), "")
    return pc.if_else(emptied, sheet + "c", sheet)


def _meant(originals: pa.Table, found: pa.Table) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """The cells that people meant, and which rows they changed or said to be right."""
    kept = found[_KEPT]
    changed = pc.match_substring(kept, "c").to_numpy().copy()
    by_sheet = pc.match_substring(kept, "s").to_numpy()
    columns: list[pa.ChunkedArray] = []
    for name in originals.column_names:
        before = originals[name]
        after = _column_of(found, name, before)
        differ = np.flatnonzero(pc.not_equal(pc.fill_null(before, ""), pc.fill_null(after, "")).to_numpy())
        places = differ[~_damaged(before, after, differ, by_sheet)]
        mask = np.zeros(len(before), np.bool_)
        mask[places] = True
        changed |= mask
        columns.append(pc.if_else(pa.array(mask), pc.if_else(pc.equal(after, ""), None, after), before))
    return pa.table(columns, names=originals.column_names), changed


def _column_of(found: pa.Table, name: str, before: pa.ChunkedArray) -> pa.ChunkedArray:
    """The corrected cells of a column; the original ones where the correction has no such column."""
    for candidate in (name, guarded(pa.chunked_array([[name]])).to_pylist()[0]):
        if candidate in found.column_names:
            return found[candidate]
    return before


def _damaged(
    before: pa.ChunkedArray, after: pa.ChunkedArray, differ: npt.NDArray[np.int64], by_sheet: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Which of the cells that differ a spreadsheet has changed by itself."""
    damaged = np.zeros(len(differ), np.bool_)
    suspects = np.flatnonzero(by_sheet[differ])
    places = pa.array(differ[suspects])
    pairs = zip(before.take(places).to_pylist(), after.take(places).to_pylist(), strict=True)
    damaged[suspects] = [bool(old and new) and is_damage(old, new) for old, new in pairs]
    return damaged
