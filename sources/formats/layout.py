"""Where each record of a delimited text lies: offsets, physical lines, and the records that are not whole.

Parsers are silent about what they repair: pandas pads short rows, an unclosed quote swallows rows up to the next one,
pyarrow numbers records rather than lines. This pass looks at nothing but quotes, delimiters and line ends (RFC 4180)
and says for each record where it starts and ends and how many cells it has, so that a parser only sees whole records.

Blocks without a quoting mistake, which is nearly all of every export, are laid out by numpy alone. Where a quote opens
and does not close as it should, records are matched one by one for a stretch: the first physical line of a record that
does not close is given up as ``unclosed_quote``, and reading goes on at the line after it.

A long text is laid out block by block: a record that its block does not end is left to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Layout", "lay_out"]

_QUOTE, _LF, _CR = 0x22, 0x0A, 0x0D
_BLOCK: Final = 8 << 20
_STRETCH: Final = 64 << 10

_Bulk: TypeAlias = "Callable[..., _Stretch]"
Offsets: TypeAlias = npt.NDArray[np.int64]
Bytes: TypeAlias = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The records of a delimited text, the header being the first; blank lines are none.

    Args:
        starts: Byte offset of each record.
        ends: Byte offset after each record's line end.
        lines: Physical line, 1-based, on which each record starts.
        columns: Number of cells of each record; 0 where its quotes do not close, -1 where they were not counted.
        multiline: Whether a quoted cell holds a line end.
        resume: Byte offset after the last record; what follows is the beginning of one, or nothing.
        next_line: Physical line of that offset.
    """

    starts: Offsets
    ends: Offsets
    lines: Offsets
    columns: npt.NDArray[np.int32]
    multiline: bool
    resume: int
    next_line: int


class _Stretch(NamedTuple):
    """Records found in one stretch, and where the next begins."""

    ends: Offsets
    columns: npt.NDArray[np.int32]
    resume: int
    whole: bool


def lay_out(
    data: bytes,
    delimiter: str,
    *,
    line: int = 1,
    final: bool = True,
    patient: bool = True,
    counted: bool = True,
) -> Layout:
    r"""Find the records of a delimited text, or of a block of one.

    Args:
        data: UTF-8, or any encoding in which delimiter, quote and line ends are the single bytes of ASCII. It starts
            where a record does.
        delimiter: One ASCII character.
        line: Physical line of its first byte.
        final: Nothing follows, so that the last record ends with the text.
        patient: A quote that is open at the end may close in what follows; else its line is given up.
        counted: Count the cells of all records; else only those of records between quoting mistakes.

    Example:
        >>> layout = lay_out(b'id,note\n1,"two\nlines"\n\n2\n', ",")
        >>> layout.lines.tolist(), layout.columns.tolist()
        ([1, 2, 5], [2, 2, 1])
        >>> lay_out(b'1,"two\n', ",", final=False).resume
        0
    """
    buffer = np.frombuffer(data, np.uint8)
    line_ends = _line_ends(data, buffer, final=final)
    bulk = partial(_bulk_stretch, delimiter=ord(delimiter), counted=counted)
    ends, columns = _records(data, buffer, line_ends, delimiter, bulk, final=final, patient=patient)
    starts = np.concatenate([np.zeros(min(1, len(ends)), np.int64), ends[:-1]])
    last_line = np.searchsorted(line_ends, ends) + line  # a record ends where a line does
    lines = np.concatenate([np.full(min(1, len(ends)), line), last_line[:-1] + 1])
    blank = _blank(buffer, starts, ends)
    multiline = bool((last_line[~blank] > lines[~blank]).any())
    keep = ~blank
    resume = int(ends[-1]) if len(ends) else 0
    return Layout(
        starts=starts[keep],
        ends=ends[keep],
        lines=lines[keep],
        columns=columns[keep],
        multiline=multiline,
        resume=resume,
        next_line=int(last_line[-1]) + 1 if len(ends) else line,
    )


def _line_ends(data: bytes, buffer: Bytes, *, final: bool) -> Offsets:
    r"""Offset after each physical line end: after ``\n``, or after a ``\r`` that no ``\n`` follows."""
    after = [np.flatnonzero(buffer[at : at + _BLOCK] == _LF) + (at + 1) for at in range(0, len(buffer), _BLOCK)]
    ends = np.concatenate(after) if after else np.zeros(0, np.int64)
    if b"\r" in data and (
        np.count_nonzero(buffer == _CR) != np.count_nonzero(buffer[np.maximum(ends, 2) - 2] == _CR)
        or data.startswith((b"\r", b"\n"))
    ):
        returns = np.flatnonzero(buffer == _CR)
        followed = buffer[np.minimum(returns + 1, len(buffer) - 1)] == _LF
        ends = np.sort(np.concatenate([ends, returns[~followed] + 1]))
        if not final and data.endswith(b"\r"):
            ends = ends[:-1]  # a line feed may follow
    if final and len(buffer) and (not len(ends) or ends[-1] < len(buffer)):
        ends = np.append(ends, len(buffer))
    return ends


def _records(
    data: bytes, buffer: Bytes, line_ends: Offsets, delimiter: str, bulk: _Bulk, *, final: bool, patient: bool
) -> tuple[Offsets, npt.NDArray[np.int32]]:
    """Offset after each record, and its number of cells (0: unclosed), over the whole text."""
    found: list[_Stretch] = []
    at, patience = 0, _STRETCH
    while at < len(buffer):
        stretch = _in_bulk(buffer, line_ends, bulk, at, final=final)
        found.append(stretch)
        if stretch.whole and stretch.resume == at:  # the beginning of a record
            if patient or not len(line_ends) or line_ends[-1] <= at:
                break
            stretch = _given_up(line_ends, at)
            found.append(stretch)
            patient = True
        elif stretch.whole:
            patience = _STRETCH
        else:
            at = stretch.resume
            stretch = _one_by_one(data, line_ends, delimiter, at, at + patience, final=final, patient=patient)
            found.append(stretch)
            if stretch.resume == at:
                break
            patience = min(patience * 2, _BLOCK)
        at = stretch.resume
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    return np.concatenate([s.ends for s in found]), np.concatenate([s.columns for s in found])


def _given_up(line_ends: Offsets, at: int) -> _Stretch:
    """The physical line at an offset, as a record that does not close."""
    end = int(line_ends[np.searchsorted(line_ends, at, side="right")])
    return _Stretch(np.array([end], np.int64), np.zeros(1, np.int32), end, whole=True)


def _in_bulk(buffer: Bytes, line_ends: Offsets, bulk: _Bulk, start: int, *, final: bool) -> _Stretch:
    """The records from `start` up to the last that ends within the block or the first with a quoting mistake."""
    size, total = _BLOCK, len(buffer)
    while True:
        stop = min(start + size, total)
        stretch = bulk(buffer[start:stop], line_ends, start, final=final and stop == total)
        if stretch.resume > start or not stretch.whole or stop == total:
            return stretch
        size *= 2  # one record is longer than the block


def _bulk_stretch(
    block: Bytes, line_ends: Offsets, start: int, *, final: bool, delimiter: int, counted: bool
) -> _Stretch:
    first, last = np.searchsorted(line_ends, [start, start + len(block)], side="right")
    ends = line_ends[first:last] - start
    quotes = np.flatnonzero(block == _QUOTE)
    whole = True
    if len(quotes):
        mistake = _first_mistake(block, quotes, delimiter, final=final)
        ends = ends[np.searchsorted(quotes, ends, side="left") % 2 == 0]
        if mistake is not None:
            ends, whole = ends[ends <= mistake], False
    cells = _cells(block, quotes, ends, delimiter) if counted else np.full(len(ends), -1, np.int32)
    resume = start + (int(ends[-1]) if len(ends) else 0)
    return _Stretch(ends + start, cells, resume, whole)


def _cells(block: Bytes, quotes: Offsets, ends: Offsets, delimiter: int) -> npt.NDArray[np.int32]:
    """How many cells each record has."""
    places = np.flatnonzero(block == delimiter)
    if len(quotes):
        places = places[np.searchsorted(quotes, places) % 2 == 0]
    return (np.diff(np.searchsorted(places, ends), prepend=0) + 1).astype(np.int32)


def _first_mistake(block: Bytes, quotes: Offsets, delimiter: int, *, final: bool) -> int | None:
    """Offset of the first quote that opens inside a cell or closes before its end; of the last if left open."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = block[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | (before == delimiter) | (before == _LF) | (before == _CR) | (before == _QUOTE)
    after = block[np.minimum(closing + 1, len(block) - 1)]
    closes = (after == delimiter) | (after == _LF) | (after == _CR) | (after == _QUOTE) | (closing == len(block) - 1)
    wrong = np.concatenate([opening[~opens], closing[~closes]])
    if len(wrong):
        return int(wrong.min())
    return int(quotes[-1]) if final and len(quotes) % 2 else None


def _one_by_one(
    data: bytes, line_ends: Offsets, delimiter: str, start: int, stop: int, *, final: bool, patient: bool
) -> _Stretch:
    """Records matched in turn from `start` until one begins at or after `stop`, or may go on after the text."""
    record, cell, opened = _patterns(delimiter)
    last = int(line_ends[-1]) if len(line_ends) else 0
    ends: list[int] = []
    columns: list[int] = []
    at = start
    while at < min(stop, len(data)):
        match = record.match(data, at)
        if match and match.end() > at:
            if not final and match.end() > last:
                break
            ended = data[match.end() - 1] in b"\r\n"
            columns.append(len(cell.findall(data, at, match.end()) if ended else cell.findall(match[0] + b"\n")))
            at = match.end()
        elif at >= last or (not final and patient and opened.match(data, at)):
            break
        else:
            columns.append(0)
            at = int(line_ends[np.searchsorted(line_ends, at, side="right")])
        ends.append(at)
    return _Stretch(np.array(ends, np.int64), np.array(columns, np.int32), at, whole=True)


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """One record with its line end if it has one; one cell with what ends it; a record whose last quote is open."""
    mark = re.escape(delimiter).encode()
    opening = rb'"[^"]*+(?:""[^"]*+)*+'
    cell = rb"(?:" + opening + rb'"|(?!")[^' + mark + rb"\r\n]*+)"
    end = rb"(?:\r\n|\n|\r|\Z)"
    record = re.compile(cell + rb"(?:" + mark + cell + rb")*+" + end)
    opened = re.compile(rb"(?:" + cell + mark + rb")*+" + opening + rb"\Z")
    return record, re.compile(cell + rb"(?:" + mark + rb"|\r\n|\n|\r)"), opened


def _blank(buffer: Bytes, starts: Offsets, ends: Offsets) -> npt.NDArray[np.bool_]:
    """Records that are an empty line."""
    if not len(starts):
        return np.zeros(0, np.bool_)
    first = buffer[starts]
    blank: npt.NDArray[np.bool_] = (ends - starts <= 2) & ((first == _LF) | (first == _CR))
    return blank
