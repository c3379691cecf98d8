"""JSON that is not one object a line: an array of objects, the pages of an API, objects written over several lines.

Read an object at a time from a window that moves over the text, so that memory follows the largest object. An object
that is none costs only itself as long as its braces close; a text that ends before they do is cut off, which no row
can tell of, so it is an error.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import numpy as np

from schemas.errors import SourceError
from sources.formats.json_pages import CutOffError, end_of_page, first_listed, is_page, keys_of, value_end
from sources.formats.json_values import DECODER, DuplicateKeyError, object_of, table_of
from sources.parsed import Parsed, rejections

__all__ = ["is_document", "read_documents"]

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_GAP: Final = re.compile(r"[ \t\r\n,]*")
_ODD_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")  # of a NUL, or half of a character
_LONGEST: Final = 64 << 20  # characters of one object
_AHEAD: Final = 1 << 20  # characters that are looked at before an object is taken for a page
_PIECE: Final = 4 << 20
_CHUNK: Final = 64 << 10  # characters that are decoded at once
_TRIES: Final = 4
_PATIENCE: Final = 500  # objects that are decoded one by one before the next try
_ROWS: Final = 50_000
_CHARACTERS: Final = 16 << 20


def is_document(head: bytes) -> bool:
    """Whether a text is an array, a page or an object over several lines, rather than one object a line.

    Args:
        head: The beginning of the text, at least its first line that is not blank where that is not very long.
    """
    text = head[:_AHEAD].lstrip()
    if text.startswith(b"["):
        return True
    line, _, rest = text.partition(b"\n")
    if not line.startswith(b"{"):
        return False
    if rest.strip() and line.rstrip()[-1:] in (b"{", b"[", b","):
        return True
    return is_page(line)


def read_documents(blocks: Iterable[bytes], *, name: str) -> Iterator[Parsed]:
    """Read the objects of arrays, pages and of one document after another.

    Args:
        blocks: As `sources.formats.json_lines.read_json_lines` takes them.
        name: For errors.

    Yields:
        The objects as columns of text, the physical line that each begins on, and what is no object.

    Raises:
        SourceError: The text ends before its last brace closes, or something stands between documents.
    """
    window = _Window(blocks, name)
    batch = _Batch()
    for value, line, text in _values(window):
        batch.add(value, line, text)
        if batch.rows >= _ROWS or window.read > _CHARACTERS:
            yield batch.found()
            batch = _Batch()
            window.read = 0
    yield batch.found()


class _Batch:
    """Objects until there are enough of them."""

    def __init__(self) -> None:
        self._objects: list[dict[str, Any]] = []
        self._lines: list[int] = []
        self._bad: list[tuple[int, str, str]] = []

    def add(self, value: dict[str, Any] | str, line: int, text: str) -> None:
        if isinstance(value, str):
            raw = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
            self._bad.append((line, value, raw))
        else:
            self._objects.append(value)
            self._lines.append(line)

    @property
    def rows(self) -> int:
        return len(self._lines) + len(self._bad)

    def found(self) -> Parsed:
        lines = np.array([line for line, _, _ in self._bad], np.int64)
        rejected = rejections(lines, [reason for _, reason, _ in self._bad], [raw for _, _, raw in self._bad])
        return Parsed(table_of(self._objects), np.array(self._lines, np.int64), rejected)


class _Window:
    """The part of a text that is being read, and the line that it is at."""

    def __init__(self, blocks: Iterable[bytes], name: str) -> None:
        self._blocks = _pieces(blocks)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._name = name
        self._ended = False
        self.text = ""
        self.at = 0
        self.line = 1
        self.read = 0
        self.patience = 0

    def more(self) -> bool:
        """Whether there was more text to come; at least as much again as is still to be read."""
        if self._ended:
            return False
        pieces = [self.text[self.at :]]
        wanted, got = len(pieces[0]), 0
        if wanted > _LONGEST:
            raise self.broken()
        while got <= wanted and not self._ended:
            block = next(self._blocks, None)
            self._ended = block is None
            piece = self._decode(block or b"", self._ended)
            pieces.append(piece)
            got += len(piece)
        self.text, self.at = "".join(pieces), 0
        return got > 0

    def advance(self, end: int) -> None:
        self.line += self.text.count("\n", self.at, end)
        self.read += end - self.at
        self.at = end

    def peek(self, skipped: re.Pattern[str] = _SPACE) -> str:
        """The next character that is not skipped, where the window then is; empty at the end of the text."""
        while True:
            match = skipped.match(self.text, self.at)
            self.advance(match.end() if match else self.at)
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def broken(self) -> SourceError:
        return SourceError("sources.broken_json", path=self._name, line=self.line)


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of a bounded size: an array may be one line."""
    for block in blocks:
        for at in range(0, len(block), _PIECE):
            yield block[at : at + _PIECE]


_Value = tuple[dict[str, Any] | str, int, str]


def _values(window: _Window) -> Iterator[_Value]:
    """Each object, or the reason why it is none, with its line and text."""
    while character := window.peek():
        if character == "[":
            window.advance(window.at + 1)
            yield from _listed(window)
        elif character == "{" and (page := _enter_page(window)):
            yield from _listed(window)
            _leave_page(window, page)
        elif character == "{":
            yield _value(window)
        else:
            raise window.broken()


def _listed(window: _Window) -> Iterator[_Value]:
    while (character := window.peek(_GAP)) != "]":
        if not character:
            raise window.broken()
        if window.patience or not (many := _many(window)):
            yield _value(window)
            window.patience = max(window.patience - 1, 0)
        else:
            yield from many
    window.advance(window.at + 1)


def _many(window: _Window) -> list[_Value]:
    """The next objects of a list at once, if all of them are sound and stand on one line or on a line each.

    Where they do not, it is not tried again for a while.
    """
    text, at = window.text, window.at
    stop = at + _CHUNK
    for _ in range(_TRIES):
        stop = text.rfind("},", at, stop) + 1
        chunk = text[at:stop]
        try:
            objects = DECODER.decode(f"[{chunk}]")
        except (ValueError, RecursionError):
            continue  # it ended within an object
        lines = chunk.split("\n")
        alone = len(lines) == len(objects) and all(line.lstrip().startswith("{") for line in lines)
        sound = all(type(each) is dict and each for each in objects) and not _ODD_ESCAPE.search(chunk)
        if objects and sound and (len(lines) == 1 or alone) and _is_text(chunk):
            first = window.line
            window.advance(stop)
            return [(each, first + place * (len(lines) > 1), "") for place, each in enumerate(objects)]
        break
    window.patience = _PATIENCE
    return []


def _value(window: _Window) -> _Value:
    while True:
        value, end = _decoded(window.text, window.at)
        if end is None or end == len(window.text):  # a number may go on
            if window.more():
                continue
            if end is None:
                raise window.broken()
        line, text = window.line, window.text[window.at : end]
        window.advance(end)
        if not isinstance(value, str) and (not value or _ODD_ESCAPE.search(text) or not _is_text(text)):
            value = object_of(text.encode("utf-8", "surrogateescape"))
        return value, line, text


def _decoded(text: str, at: int) -> tuple[dict[str, Any] | str, int | None]:
    """The object at a place, or the reason why it is none, and where it ends: nowhere if the text ends before it."""
    end: int | None
    try:
        value, end = DECODER.raw_decode(text, at)
    except DuplicateKeyError:
        return "duplicate_key", value_end(text, at)
    except (ValueError, RecursionError):
        end = value_end(text, at)
        return "not_json" if end is None else _reason(text[at:end]), end
    return value if isinstance(value, dict) else "not_json", end


def _reason(text: str) -> str:
    found = object_of(text.encode("utf-8", "surrogateescape"))
    return found if isinstance(found, str) else "not_json"


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _enter_page(window: _Window) -> frozenset[str] | None:
    """Go to the first object of the page's list, if the window is at a page; returns what may follow the list."""
    while True:
        try:
            start, page = first_listed(window.text, window.at)
        except CutOffError:
            if window.more():
                continue
            return None
        if page is None:
            return None
        keys = keys_of(window.text, window.at)
        if keys is None and len(window.text) - window.at < _AHEAD and window.more():
            continue
        if keys is not None and len(keys - page) > 1:
            return None
        window.advance(start)
        return page


def _leave_page(window: _Window, page: frozenset[str]) -> None:
    """Go behind the page; what follows its list has to be of a page too, or it was a record."""
    while True:
        try:
            end = end_of_page(window.text, window.at, page)
        except CutOffError:
            if window.more():
                continue
            raise window.broken() from None
        if end is None:
            raise window.broken()
        window.advance(end)
        return
