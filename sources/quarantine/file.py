"""The quarantine file of a source: its refused rows in its own format, laid out so that a person can correct them.

It has the export's own columns, then ``guiyi_…`` ones: the reasons, and what leads back to the row. It is written whole
or not at all, a batch of rows at a time. ``docs/quarantine.md`` tells people how to use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError
from sources.quarantine.correction_files import GUARDED, OWN
from sources.quarantine.corrections import Corrections
from sources.quarantine.folder import (
    Sidecar,
    file_digest,
    private_folder,
    remove_written,
    row_hash,
    set_edited_aside,
    sidecar,
    stem,
    sync,
    write_privately,
    written_files,
)
from sources.quarantine.formats import WRITERS, UnfitError, marked
from sources.quarantine.raw_cells import RawCells, cells_of, guarded

__all__ = ["Written", "row_hash", "write_quarantine"]

_PLAIN: Final = "r"
_TEXTS: Final = ("csv", "tsv")
_ROWS: Final = 16_384
_CELLS: Final = 1 << 20
_SORTED: Final = 256 << 20  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A quarantine file that was written.

    Args:
        path: Where it is.
        rows: How many rows it has.
        instead_of: The source's own format, where that could not hold the rows: more than a sheet has, longer than a
            cell may be, characters that a workbook has not. The file is CSV then.
    """

    path: Path
    rows: int
    instead_of: str | None = None


def write_quarantine(  # noqa: PLR0913  what an export is, and what it is to be told with
    folder: Path,
    source: str,
    rows: pa.Table | pd.DataFrame,
    *,
    header: Sequence[str],
    format: str,  # noqa: A002  the source's own word
    encoding: str | None = None,
    delimiter: str | None = None,
    why: Callable[[str], str],
    corrections: Corrections | None = None,
) -> Written | None:
    """Write the refused rows of a source; with none, remove the file of an earlier run.

    A file that a person has changed since it was written is never overwritten: it is moved to ``edited/``, where the
    next run finds it.

    Args:
        folder: Of all quarantine files; made when it is not there.
        source: Its name.
        rows: ``file``, ``line``, ``reasons``, ``raw`` of ``QUARANTINE``, the last being the export's own row.
        header: The export's columns, in order.
        format: ``csv``, ``tsv``, ``jsonl``, ``xlsx`` or ``parquet``; anything else is written as ``csv``.
        encoding: Of the export; UTF-8 is written with a BOM, for spreadsheets.
        delimiter: Of the export.
        why: The sentence of a reason, in the language of the run.
        corrections: Of the source: a row that is still refused is shown as it was corrected last.

    Raises:
        SourceError: It cannot be written.
    """
    table = _in_order(rows if isinstance(rows, pa.Table) else pa.Table.from_pandas(rows, preserve_index=False))
    wanted = format if format in WRITERS and not (format == "tsv" and delimiter not in {None, "\t"}) else "csv"
    parted_by = (delimiter or ("\t" if wanted == "tsv" else ",")) if format in _TEXTS else None
    try:
        set_edited_aside(folder, source)
        if not table.num_rows:
            remove_written(folder, source, keep=None)
            return None
        names = [name for name in header if name not in OWN]
        laid_out = _Rows(table, names, parted_by, why, corrections or Corrections())
        path = _replace(folder, source, laid_out, wanted, encoding or "utf-8")
    except OSError as error:
        cause = type(error).__name__
        raise SourceError("quarantine.unwritable", path=str(folder), source=source, cause=cause) from error
    return Written(path=path, rows=table.num_rows, instead_of=None if path.suffix == f".{wanted}" else wanted)


def _in_order(rows: pa.Table) -> pa.Table:
    """The rows as they stand in their files; as they are where there is too much of them to be moved about."""
    if rows.nbytes > _SORTED or not {"file", "line"} <= {*rows.column_names}:
        return rows
    return rows.take(pc.sort_indices(rows, sort_keys=[("file", "ascending"), ("line", "ascending")]))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a quarantine file, a batch at a time, as often as they are asked for."""

    table: pa.Table
    header: Sequence[str]
    delimiter: str | None
    why: Callable[[str], str]
    corrections: Corrections = field(default_factory=Corrections)

    def batches(self, *, guard: bool) -> Iterator[pa.Table]:
        step = max(1, min(_ROWS, _CELLS // (len(self.header) + len(OWN))))
        for first in range(0, self.table.num_rows, step):
            yield self._batch(self.table.slice(first, step), guard=guard)

    def _batch(self, rows: pa.Table, *, guard: bool) -> pa.Table:
        raws = pc.fill_null(rows["raw"].cast(pa.string()), "")
        cells = self._cells(raws)
        mark = GUARDED if guard else _PLAIN
        hashes = pa.chunked_array([[mark + row_hash(raw) for raw in raws.to_pylist()]], pa.string())
        own: dict[str, pa.ChunkedArray] = {
            "guiyi_reasons": rows["reasons"],
            "guiyi_why": _sentences(rows["reasons"], self.why),
            "guiyi_file": rows["file"] if "file" in rows.column_names else pa.chunked_array([pa.nulls(len(raws))]),
            "guiyi_line": rows["line"],
            "guiyi_row": hashes,
            "guiyi_raw": pc.if_else(pa.array(cells.is_text), pc.replace_substring(raws, "\0", "\\x00"), None),
        }
        columns = [*cells.table.columns, *(own[name].cast(pa.string()) for name in OWN)]
        names = pa.chunked_array([[*self.header, *OWN]], pa.string())
        if guard:
            columns, names = [guarded(column) for column in columns], guarded(names)
        return pa.table(columns, names=names.to_pylist())

    def _cells(self, raws: pa.ChunkedArray) -> RawCells:
        """The cells of the rows, as they were corrected last."""
        cells = cells_of(raws, self.header, delimiter=self.delimiter)
        places, corrected = self.corrections.apply(raws, header=self.header, delimiter=self.delimiter)
        if not len(places):
            return cells
        order = pc.replace_with_mask(
            pa.array(range(len(raws)), pa.int64()),
            pc.is_in(pa.array(range(len(raws)), pa.int64()), value_set=pa.array(places)),
            pa.array(range(len(raws), len(raws) + len(places)), pa.int64()),
        )
        both = pa.concat_tables([cells.table, corrected.select(cells.table.column_names)])
        return cells._replace(table=both.take(order))


def _sentences(reasons: pa.ChunkedArray, why: Callable[[str], str]) -> pa.ChunkedArray:
    """The sentences of each row's reasons; said once for all rows with the same ones."""
    codes = pc.dictionary_encode(reasons.cast(pa.string())).combine_chunks()
    said = [" ".join(why(code) for code in (each or "").split()) for each in codes.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(said, pa.string()).take(codes.indices)])


def _replace(folder: Path, source: str, rows: _Rows, wanted: str, encoding: str) -> Path:
    """Put a new file in the place of the old one; at no moment there is one that the sidecar does not know."""
    draft = private_folder(folder) / f".{stem(source)}.draft"  # what a crash leaves, the next run overwrites
    try:
        written, used = _write(draft, rows, wanted, encoding)
        path = folder / f"{stem(source)}.{written}"
        digests = tuple(file_digest(each) for each in (draft, *written_files(folder, source)))
        known = Sidecar(digests=digests, encoding=used, delimiter=rows.delimiter, header=tuple(rows.header))
        known.write(sidecar(folder, source))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    remove_written(folder, source, keep=path)
    sync(folder)
    return path


def _write(draft: Path, rows: _Rows, wanted: str, encoding: str) -> tuple[str, str]:
    """Write the file in the first way that can hold it; returns its format and encoding."""
    same = marked(encoding) if wanted in _TEXTS else "utf-8"
    ways = [(wanted, same), (wanted if wanted in _TEXTS else "csv", marked("utf-8"))]
    for written, used in ways:

        def fill(file: IO[bytes], *, written: str, used: str) -> None:
            WRITERS[written](file, rows.batches(guard=written in _TEXTS), used, rows.delimiter or ",")

        try:
            write_privately(draft, partial(fill, written=written, used=used))
        except UnfitError:
            continue
        return written, used
    raise AssertionError("UTF-8 holds everything")
