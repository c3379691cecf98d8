"""CSV and its relatives: every cell as the text that stands there, every row with its physical line.

A block of text is laid out in turn with the others, since where a record starts depends on all before it; its cells are
parsed by whoever calls the piece, in any thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from schemas.errors import SourceError
from sources.formats.encoding import is_utf8
from sources.formats.layout import Layout, lay_out
from sources.parsed import Parsed, Piece, rejections
from sources.records.headers import unique_names

__all__ = ["DELIMITERS", "Delimited", "declared_delimiter", "detect_delimiter", "read_delimited"]

DELIMITERS: Final = (",", ";", "\t", "|")
_DECLARED: Final = re.compile(rb"(sep=[\x01-\x7f])(?=\r?\n)", re.IGNORECASE)
_SAMPLE: Final = 256 << 10
_PARSED: Final = 1 << 20  # bytes at a time: what a processor keeps at hand
_LARGEST_BLOCK: Final = (1 << 31) - 1  # Arrow's
_LONGEST_QUOTE: Final = 48 << 20  # bytes after which a quote that is still open is taken for a mistake
_LONGEST_NAME: Final = 10_000
_FAULTS: Final = ("", "wrong_column_count", "unclosed_quote", "nul_byte", "undecodable_bytes")
_WINDOW: Final = 64 << 10
_HOPELESS: Final = 0.5  # share of undecodable rows above which the encoding is wrong, not the rows


def declared_delimiter(data: bytes) -> tuple[bytes, str | None]:
    r"""The text without Excel's first line ``sep=;``, which leaves a blank line behind, and what it declares.

    Example:
        >>> declared_delimiter(b"sep=;\na;b\n")
        (b'\na;b\n', ';')
    """
    declared = _DECLARED.match(data)
    return (data[declared.end(1) :], declared[1].decode()[-1]) if declared else (data, None)


def detect_delimiter(data: bytes) -> str:
    """The delimiter under which most records of a sample have as many cells as the header, and more than one.

    Of delimiters that fit equally well, the one that makes more columns; a comma when there is only one column.
    """
    sample = data[:_SAMPLE]
    if len(data) > _SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    best, fit = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        columns = lay_out(sample, delimiter).columns
        if len(columns) and columns[0] > 1:
            candidate = (round(float((columns == columns[0]).mean()), 2), int(columns[0]))
            best, fit = max((fit, best), (candidate, delimiter), key=lambda each: each[0])[::-1]
    return best


class Delimited:
    """A delimited text whose first record is its header.

    Rows that are not whole are set aside with their line, reason and text; nothing is padded, cut or skipped.

    Args:
        blocks: UTF-8 without byte order mark, undecodable bytes left as they are (see `sources.formats.blocks`).
        delimiter: One ASCII character; by ``sep=``, else detected when absent.
        otherwise: What it is where the text shows none.
        name: For errors.

    Raises:
        SourceError: There is no header, or the delimiter is none.
    """

    def __init__(self, blocks: Iterable[bytes], delimiter: str | None, *, name: str) -> None:
        self._blocks = iter(blocks)
        self._name = name
        head, declared = declared_delimiter(next(self._blocks, b""))
        self.delimiter = delimiter or declared or detect_delimiter(head)
        if len(self.delimiter) != 1 or not self.delimiter.isascii() or self.delimiter in '"\r\n\0':
            raise SourceError("sources.wrong_delimiter", path=name, delimiter=self.delimiter)
        self._laid_out = self._lay_out(head)
        self._first = next(self._laid_out, None)
        if self._first is None:
            raise SourceError("sources.empty_file", path=name)
        self.header = self._header(*self._first)

    def pieces(self) -> Iterator[Piece]:
        """The rows; each piece is parsed when it is called.

        Raises:
            SourceError: From a piece: no row of the first has as many cells as the header, or the encoding is wrong.
        """
        if self._first is None:
            return
        data, layout = self._first
        self._first = None
        yield partial(self._parse, data, layout, first=True)
        for data, layout in self._laid_out:
            yield partial(self._parse, data, layout, first=False)

    def _lay_out(self, head: bytes) -> Iterator[tuple[bytes, Layout]]:
        """Blocks of whole records with where each lies."""
        data, line = head, 1
        for block in self._blocks:
            layout = lay_out(
                data, self.delimiter, line=line, final=False, patient=len(data) < _LONGEST_QUOTE, counted=False
            )
            if len(layout.starts):
                yield data, layout
            data, line = data[layout.resume :] + block, layout.next_line
        layout = lay_out(data, self.delimiter, line=line, counted=False)
        if len(layout.starts):
            yield data, layout

    def _header(self, data: bytes, layout: Layout) -> list[str]:
        record = data[layout.starts[0] : layout.ends[0]]
        if not layout.columns[0] or b"\0" in record or not is_utf8(record):
            raise SourceError("sources.broken_header", path=self._name, line=int(layout.lines[0]))
        cells = _cells(record, self.delimiter)
        if max(map(len, cells)) > _LONGEST_NAME:  # of a column; a file without line ends is one long header
            raise SourceError("sources.broken_header", path=self._name, line=int(layout.lines[0]))
        return unique_names(cells)

    def _parse(self, data: bytes, layout: Layout, *, first: bool) -> Parsed:
        faults = self._faults(data, layout, hopeless=first)
        good = faults == 0
        good[0] &= not first
        table, misfits = _parse(_only(data, layout, good), self.header, self.delimiter, layout, rows=int(good.sum()))
        if first and len(misfits) and not table.num_rows:
            raise SourceError("sources.misfit", path=self._name, rows=len(misfits), columns=len(self.header))
        misfits = np.flatnonzero(good)[misfits]
        faults[misfits], good[misfits] = _FAULTS.index("wrong_column_count"), False
        bad = np.flatnonzero(faults)
        return Parsed(table, layout.lines[good], _rejected(data, layout, faults, bad))

    def _faults(self, data: bytes, layout: Layout, *, hopeless: bool) -> npt.NDArray[np.int8]:
        """The place among `_FAULTS` of what is wrong with each record."""
        faults = np.zeros(len(layout.starts), np.int8)
        faults[(layout.columns > 0) & (layout.columns != len(self.header))] = _FAULTS.index("wrong_column_count")
        faults[layout.columns == 0] = _FAULTS.index("unclosed_quote")
        if b"\0" in data:
            places = np.flatnonzero(np.frombuffer(data, np.uint8) == 0)
            places = np.searchsorted(layout.ends, places, side="right")
            faults[np.unique(places[places < len(faults)])] = _FAULTS.index("nul_byte")
        if not is_utf8(data):
            undecodable = np.array(_undecodable(data, layout), dtype=np.int64)
            if hopeless and len(undecodable) > _HOPELESS * len(faults) and len(faults) > 10:
                raise SourceError("sources.wrong_encoding", path=self._name, rows=len(undecodable))
            faults[undecodable] = _FAULTS.index("undecodable_bytes")
        return faults


def read_delimited(data: bytes, delimiter: str, *, path: str) -> Parsed:
    """Parse a delimited text as a whole: what `Delimited` does of one block."""
    text = Delimited([data], delimiter, name=path)
    parsed = [piece() for piece in text.pieces()]
    return Parsed(
        pa.concat_tables([each.table for each in parsed]),
        np.concatenate([each.lines for each in parsed]),
        pa.concat_tables([each.rejected for each in parsed]),
    )


def _undecodable(data: bytes, layout: Layout) -> list[int]:
    """Records that are not valid UTF-8, a window at a time: an error of Python's decoder holds a copy of its input."""
    found: list[int] = []
    at, end = 0, int(layout.ends[-1])
    while at < end:
        last = int(np.searchsorted(layout.ends, at + _WINDOW))
        stop = int(layout.ends[min(last, len(layout.ends) - 1)])
        try:
            data[at:stop].decode()
            at = stop
        except UnicodeDecodeError as error:
            found.append(int(np.searchsorted(layout.ends, at + error.start, side="right")))
            at = int(layout.ends[found[-1]])
    return found


def _cells(record: bytes, delimiter: str) -> list[str]:
    """The cells of one record."""
    options = pacsv.ReadOptions(
        autogenerate_column_names=True, block_size=min(max(1 << 20, 2 * len(record)), _LARGEST_BLOCK)
    )
    parsing = pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    text = pacsv.ConvertOptions(
        column_types={f"f{i}": pa.string() for i in range(record.count(delimiter.encode()) + 1)}
    )
    ended = record if record.endswith((b"\n", b"\r")) else record + b"\n"  # Arrow takes "id" alone for nothing
    table = pacsv.read_csv(pa.BufferReader(ended), options, parsing, text)
    return [column[0].as_py() for column in table.columns]


def _only(data: bytes, layout: Layout, good: npt.NDArray[np.bool_]) -> pa.Buffer:
    """The bytes of the good records; without a copy where all but the header are good."""
    change = np.diff(good.astype(np.int8), prepend=0, append=0)
    firsts, lasts = np.flatnonzero(change == 1), np.flatnonzero(change == -1) - 1
    buffer = pa.py_buffer(data)
    spans = [(int(layout.starts[a]), int(layout.ends[b])) for a, b in zip(firsts, lasts, strict=True)]
    if len(spans) == 1:
        return buffer.slice(spans[0][0], spans[0][1] - spans[0][0])
    pieces = [data[a:b] if data[b - 1] in b"\r\n" else data[a:b] + b"\n" for a, b in spans]
    return pa.py_buffer(b"".join(pieces))


def _parse(
    buffer: pa.Buffer, names: Sequence[str], delimiter: str, layout: Layout, *, rows: int
) -> tuple[pa.Table, npt.NDArray[np.int64]]:
    """The rows that have as many cells as there are names, and the places of those that have not."""
    misfits: list[int] = []

    def skip(row: pacsv.InvalidRow) -> str:
        misfits.append(row.number - 1)
        return "skip"

    schema = pa.schema([(name, pa.string()) for name in names])
    if not rows:
        return schema.empty_table(), np.zeros(0, np.int64)
    longest = int((layout.ends - layout.starts).max())
    table = pacsv.read_csv(
        pa.BufferReader(buffer),
        pacsv.ReadOptions(
            column_names=names, block_size=min(max(_PARSED, 2 * longest), _LARGEST_BLOCK), use_threads=False
        ),
        pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=layout.multiline, invalid_row_handler=skip),
        pacsv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[""], check_utf8=False),
    )
    if table.num_rows + len(misfits) != rows:
        raise RuntimeError(f"the parser found {table.num_rows + len(misfits)} rows where {rows} stand")
    return table.combine_chunks(), np.array(misfits, np.int64)


def _rejected(data: bytes, layout: Layout, faults: npt.NDArray[np.int8], bad: npt.NDArray[np.int64]) -> pa.Table:
    rows = [data[layout.starts[i] : layout.ends[i]].decode("utf-8", "backslashreplace") for i in bad]
    raw = [row.rstrip("\r\n").replace("\0", "\\x00") for row in rows]
    return rejections(layout.lines[bad], [_FAULTS[fault] for fault in faults[bad]], raw)
