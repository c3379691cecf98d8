"""Corrections: what people changed in quarantine files, and the rows of an export that are read as they say.

A quarantine file that is no longer as a run has written it is taken: its cells go to ``corrected/``, together with the
file itself, and stay there, for the same bad row is in tomorrow's export too. Whenever a row of the export is refused
whose hash (`sources.quarantine.folder.row_hash`) a correction names, the corrected cells are read in its place. A
correction never adds a row, and once the row has changed at the source it says nothing any more. Of several for one row
the newest that changes it wins; deleting a file from ``corrected/`` withdraws what it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sources.quarantine.correction_files import KEPT, Layer, kept_files, read_layer, take_corrections
from sources.quarantine.folder import row_hash
from sources.quarantine.raw_cells import cells_of
from sources.quarantine.spreadsheet_damage import is_damage

__all__ = ["Applied", "Corrections", "take_corrections"]


class Applied(NamedTuple):
    """Corrected rows.

    Args:
        positions: Which of the refused rows they stand in place of, ascending.
        table: Their cells under the export's header.
    """

    positions: npt.NDArray[np.int64]
    table: pa.Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What has been corrected in a source.

    Args:
        digest: Of all of it: what a plan's inputs have to hold. Empty where there is nothing.
        layers: One a file, oldest first.
    """

    digest: str = ""
    layers: tuple[Layer, ...] = ()

    @classmethod
    def load(cls, folder: Path, source: str) -> Corrections:
        """All that were taken for a source.

        Raises:
            SourceError: One of them cannot be read any more.
        """
        kept = kept_files(folder, source)
        digest = hashlib.blake2b("\n".join(path.name for path in kept).encode(), digest_size=16).hexdigest()
        return cls(digest=digest if kept else "", layers=tuple(read_layer(path) for path in kept))

    def __len__(self) -> int:
        """How many rows the files have."""
        return sum(layer.rows.num_rows for layer in self.layers)

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
        names = self._columns(header)
        codes = pc.dictionary_encode(pc.fill_null(refused, "")).combine_chunks()
        hashes = pa.array([row_hash(raw) if raw else None for raw in codes.dictionary.to_pylist()], pa.string())
        newest = np.full(len(codes.dictionary), -1, np.int64)
        found = [pa.schema([(name, pa.string()) for name in names]).empty_table()]
        for layer in self.layers if len(refused) else ():
            which, rows = _named(layer.rows, hashes)
            matched = pa.chunked_array([codes.dictionary.take(pa.array(which))])
            under = list(dict.fromkeys([*layer.header, *names])) if layer.header else names
            width, mark = (len(layer.header), layer.delimiter) if layer.header else (len(header), delimiter)
            before = cells_of(matched, under, delimiter=mark, width=width).table.select(names)
            meant, changed = _meant(before, layer.rows.take(pa.array(rows)))
            places = np.flatnonzero(changed)
            np.maximum.at(newest, which[places], places + sum(map(len, found)))  # later is newer
            found.append(meant)
        chosen = newest[codes.indices.to_numpy()]
        positions = np.flatnonzero(chosen >= 0)
        return Applied(positions, pa.concat_tables(found).take(pa.array(chosen[positions])))

    def _columns(self, header: Sequence[str]) -> list[str]:
        """The header, and what it has not: columns of other files, keys that JSON lines only had later."""
        names = dict.fromkeys(header)
        for layer in self.layers:
            own = (name for name in layer.rows.column_names if name not in {"guiyi_row", KEPT})
            names |= dict.fromkeys([*layer.header, *own])
        return list(names)


def _named(rows: pa.Table, hashes: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Pairs of a hash and a corrected row that bears it, the rows ascending."""
    own = pc.utf8_slice_codeunits(rows["guiyi_row"], start=1)
    which = pc.fill_null(pc.index_in(own, value_set=hashes, skip_nulls=True), -1).to_numpy().astype(np.int64)
    places = np.flatnonzero(which >= 0)
    return which[places], places


def _meant(originals: pa.Table, found: pa.Table) -> tuple[pa.Table, npt.NDArray[np.bool_]]:
    """The cells that people meant, and which rows they changed or said to be right."""
    kept = found[KEPT]
    changed = pc.match_substring(kept, "c").to_numpy().copy()
    by_sheet = pc.match_substring(kept, "s").to_numpy()
    known = set(found.column_names)
    columns: list[pa.ChunkedArray] = []
    for name in originals.column_names:
        before = originals[name]
        after = found[name] if name in known else before
        differ = np.flatnonzero(pc.not_equal(pc.fill_null(before, ""), pc.fill_null(after, "")).to_numpy())
        places = differ[~_damaged(before, after, differ, by_sheet)]
        mask = np.zeros(len(before), np.bool_)
        mask[places] = True
        changed |= mask
        columns.append(pc.if_else(pa.array(mask), pc.if_else(pc.equal(after, ""), None, after), before))
    return pa.table(columns, names=originals.column_names), changed


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
