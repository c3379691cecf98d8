"""Reads a file whatever its format, piece by piece: every column as text, every row with its line, nothing inferred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError
from sources.formats.blocks import Text
from sources.formats.columnar import read_columnar
from sources.formats.delimited import Delimited
from sources.formats.endings import format_of
from sources.formats.json_lines import read_json_lines
from sources.formats.workbook import read_workbook
from sources.parsed import Parsed, Piece, rejections
from sources.source import Input, Source, stamp

__all__ = ["Detected", "Reading", "read", "read_corrected"]

NESTED: Final = frozenset({"jsonl", "parquet"})
"""Formats whose cells may hold lists and objects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """How a file was read: as declared, else as found.

    Args:
        format: ``csv``, ``tsv``, ``xlsx``, ``jsonl`` or ``parquet``.
        encoding: Of text formats.
        delimiter: Of delimited text.
        header: The columns' names, in order.
    """

    format: str
    encoding: str | None
    delimiter: str | None
    header: tuple[str, ...]

    @property
    def nested(self) -> bool:
        """Whether its cells may hold lists and objects."""
        return self.format in NESTED


class Reading:
    """A file on its way in.

    Args:
        input: The frozen file.
        source: How it is to be read.

    Raises:
        SourceError: The file as a whole cannot be read; says where and what to do.
    """

    def __init__(self, input: Input, source: Source) -> None:  # noqa: A002  the word for it
        self._input = input
        self._text: Text | None = None
        self._delimiter: str | None = None
        self._header: tuple[str, ...] = ()
        self._pieces = self._read(source)

    def pieces(self) -> Iterator[Piece]:
        """The rows, in parts that are parsed when they are called, in any thread; to be asked for once.

        Raises:
            SourceError: The file cannot be read to its end, or is not the one that was frozen any more.
        """
        for piece in self._pieces:
            yield partial(_without_repeated_headers, piece)
        if not self._input.unaltered():
            raise SourceError("sources.changed_meanwhile", path=self._input.name)

    @property
    def position(self) -> int:
        """Bytes read so far, as far as the format tells."""
        return self._text.position if self._text else 0

    @property
    def detected(self) -> Detected:
        """How the file was read, as far as it has been."""
        return Detected(
            format=self._input.format,
            encoding=self._text.encoding if self._text else None,
            delimiter=self._delimiter,
            header=self._header,
        )

    def _read(self, source: Source) -> Iterator[Piece]:
        path, name = self._input.path, self._input.name
        match self._input.format:
            case "csv" | "tsv" as kind:
                self._text = Text(path, source.encoding, name=name)
                tab = "\t" if kind == "tsv" else None
                delimited = Delimited(self._text, source.delimiter or tab, name=name)
                self._delimiter, self._header = delimited.delimiter, tuple(delimited.header)
                return delimited.pieces()
            case "jsonl":
                self._text = Text(path, source.encoding, name=name)
                return self._parsed(read_json_lines(iter(self._text), name=name))
            case "xlsx":
                return self._parsed(read_workbook(path, source.sheet, name=name))
            case _:
                return self._parsed(read_columnar(path, name=name))

    def _parsed(self, batches: Iterable[Parsed]) -> Iterator[Piece]:
        for parsed in batches:
            self._header = tuple(parsed.table.column_names)
            yield partial(_as_it_is, parsed)


def read(input: Input, source: Source) -> Reading:  # noqa: A002  the word for it
    """Begin to read a frozen file.

    Raises:
        SourceError: The file as a whole cannot be read; says where and what to do.
    """
    return Reading(input, source)


def read_corrected(path: Path, encoding: str | None, delimiter: str | None) -> Iterable[Parsed]:
    """The rows of a quarantine file, however a spreadsheet has saved it.

    Args:
        path: The file.
        encoding: That it was written with.
        delimiter: That it was written with.

    Raises:
        SourceError: It cannot be read.
    """
    found = stamp(path)
    file = Input(name=str(path), path=path, format=format_of(None, path.name), size=found[0], stamp=found)
    as_detected = Source(name="", path=str(path))
    for source in (replace(as_detected, encoding=encoding, delimiter=delimiter), as_detected):
        with suppress(SourceError):
            reading = read(file, source)
            parsed = [piece() for piece in reading.pieces()]
            if any("guiyi_row" in each.table.column_names for each in parsed):
                return parsed
    try:
        return [piece() for piece in read(file, as_detected).pieces()]
    except SourceError:
        raise SourceError("quarantine.unreadable_file", path=str(path)) from None


def _as_it_is(parsed: Parsed) -> Parsed:
    return parsed


def _without_repeated_headers(piece: Piece) -> Parsed:
    """The piece with rows that repeat the header, as files put together from several have them, set aside."""
    parsed = piece()
    table = parsed.table
    if not table.num_columns or not pc.any(pc.equal(table.column(0), table.column_names[0])).as_py():
        return parsed
    repeats = [pc.fill_null(pc.equal(table[name], name), name.startswith("column ")) for name in table.column_names]
    repeated = np.logical_and.reduce([each.to_numpy(zero_copy_only=False) for each in repeats])
    if not repeated.any():
        return parsed
    places = np.flatnonzero(repeated)
    raw = [table.column_names[0]] * len(places)
    rejected = rejections(parsed.lines[places], ["repeated_header"] * len(places), raw)
    return parsed._replace(
        table=table.filter(pa.array(~repeated)),
        lines=parsed.lines[~repeated],
        rejected=pa.concat_tables([parsed.rejected, rejected]),
    )
