"""JSON lines: one object a line, its values as the text that stands in the file; a block of lines at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.errors import SourceError
from sources.formats.encoding import is_utf8
from sources.formats.json_bulk import plain_schema, read_plain
from sources.formats.json_documents import is_document, read_documents
from sources.formats.json_values import DECODER, object_of, table_of
from sources.parsed import NOTHING_REJECTED, Parsed, rejections

__all__ = ["read_json_lines"]

_BATCH: Final = 8192
_SAMPLE: Final = 500
_ROWS: Final = 100_000
_HEAD: Final = 1 << 20


def read_json_lines(blocks: Iterable[bytes], *, name: str) -> Iterator[Parsed]:
    """Read objects, one a line; blank lines are none.

    Objects in an array, one after another over several lines, or in the list of a page such as
    ``{"users": […], "next_page": …}`` are read as if they stood on lines of their own (see
    `sources.formats.json_documents`).
    Numbers are kept digit for digit, ``true`` and ``false`` as words, ``null`` as null, nested values as JSON text.

    Args:
        blocks: The file's bytes in order, UTF-8 without BOM, cut anywhere; memory follows their size, and that of the
            longest line, not the file's.
        name: For errors.

    Yields:
        Some 100,000 rows at most. Every key that was seen so far is a column, in order of first appearance, so that
        the last batch has them all. Rejected are lines that hold no object (``not_json``), an empty one
        (``missing_id``), one with a key twice (``duplicate_key``), a NUL (``nul_byte``) or what is no text
        (``undecodable_bytes``).

    Raises:
        SourceError: There is no object among the first 100,000 lines; an array or page breaks off.
    """
    head, everything = _head(blocks)
    read = read_documents(everything, name=name) if is_document(head) else _read_lines(everything)
    yield from _in_batches(read, name=name)


def _head(blocks: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """The beginning, long enough to tell what it is by more than one line, and all of the blocks."""
    source = iter(blocks)
    head = b""
    for block in source:
        head += block
        if len(head) > _HEAD or b"\n" in head.strip():
            break
    return head, chain([head], source)


def _in_batches(read: Iterable[Parsed], *, name: str) -> Iterator[Parsed]:
    """Batches of a bounded number of rows with all the columns so far."""
    names: dict[str, None] = {}
    waiting = NOTHING_REJECTED
    for found in read:
        names |= dict.fromkeys(found.table.column_names)
        waiting = pa.concat_tables([waiting, found.rejected])
        if not names:
            if len(waiting) > _ROWS:
                break
            continue
        rows = len(found.lines)
        columns = dict(zip(found.table.column_names, found.table.columns, strict=True))
        table = pa.table([columns.get(each, pa.nulls(rows, pa.string())) for each in names], names=list(names))
        for first in range(0, max(rows, 1), _ROWS):
            rejected = NOTHING_REJECTED if first else waiting
            yield Parsed(table.slice(first, _ROWS), found.lines[first : first + _ROWS], rejected)
        waiting = NOTHING_REJECTED
    if not names and len(waiting):
        raise SourceError("sources.not_json_lines", path=name, rows=len(waiting))
    if not names:
        raise SourceError("sources.empty_file", path=name)


def _read_lines(blocks: Iterable[bytes]) -> Iterator[Parsed]:
    before, schema = 0, None
    for data in _whole_lines(blocks):
        lines = data.split(b"\n")
        numbers = np.array([number for number, line in enumerate(lines) if line and not line.isspace()], np.int64)
        texts = [lines[number] for number in numbers] if len(numbers) < len(lines) else lines
        if texts:
            sample, bad = _objects(texts[:: len(texts) // _SAMPLE + 1])
            schema = None if bad else plain_schema(sample, schema)
            table = None if schema is None else read_plain(data, schema, len(texts))
            found = _one_by_one(texts, numbers) if table is None else Parsed(table, numbers, NOTHING_REJECTED)
            yield found._replace(
                lines=found.lines + (before + 1),
                rejected=rejections(
                    found.rejected["line"].to_numpy() + (before + 1),
                    found.rejected["reasons"].to_pylist(),
                    found.rejected["raw"].to_pylist(),
                ),
            )
        before += len(lines) - 1


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, each piece but the last ending at a line end."""
    begun: list[bytes] = []
    for block in blocks:
        end = block.rfind(b"\n") + 1
        if end:
            yield b"".join([*begun, block[:end]]) if begun else block[:end]
            begun = []
        if end < len(block):
            begun.append(block[end:])
    if begun:
        yield b"".join(begun)


def _one_by_one(texts: list[bytes], numbers: npt.NDArray[np.int64]) -> Parsed:
    """The objects of lines that need not be alike."""
    batches: list[pa.Table] = []
    faults: dict[int, str] = {}
    for first in range(0, len(texts), _BATCH):
        objects, bad = _objects(texts[first : first + _BATCH])
        faults |= {first + i: reason for i, reason in bad.items()}
        batches.append(table_of(objects))
    good = np.ones(len(texts), np.bool_)
    faulty = sorted(faults)
    good[faulty] = False
    raw = [texts[i].decode("utf-8", "backslashreplace") for i in faulty]
    rejected = rejections(numbers[faulty], [faults[i] for i in faulty], raw)
    return Parsed(pa.concat_tables(batches, promote_options="default"), numbers[good], rejected)


def _objects(lines: list[bytes]) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """The objects of the lines, and the reasons of the lines that hold none."""
    joined = b"[" + b",".join(lines) + b"]"
    if b"\\u0000" not in joined and b"\\ud" not in joined.lower() and b"\0" not in joined and is_utf8(joined):
        try:
            objects = DECODER.decode(joined.decode())
        except (ValueError, RecursionError):
            objects = []
        if len(objects) == len(lines) and {type(each) for each in objects} == {dict} and all(objects):
            return objects, {}
    found: list[dict[str, Any]] = []
    bad: dict[int, str] = {}
    for position, line in enumerate(lines):
        outcome = object_of(line)
        if isinstance(outcome, str):
            bad[position] = outcome
        else:
            found.append(outcome)
    return found, bad
