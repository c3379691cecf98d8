"""A text export as UTF-8, block by block, so that memory does not follow the size of the file.

The encoding is found where it first makes a difference: text of ASCII alone is the same in all of them but UTF-16,
which the head of a file shows. A byte that the encoding does not know is kept as it is, which makes its record invalid
UTF-8 (see `sources.formats.encoding`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Final

import numpy as np

from schemas.errors import SourceError
from sources.formats.encoding import KEPT_INVALID, detect_encoding, encoding_of, is_wide, surely_decided, to_utf8

__all__ = ["BLOCK", "Text"]

BLOCK: Final = 24 << 20
_LONGEST: Final = 1 << 30
_HEAD: Final = 4096
_TAIL: Final = 64 << 10  # of a block, in which a line surely ends
_WINDOW: Final = 256 << 10  # what a processor keeps at hand
_HELD: Final = 3  # blocks at most until the encoding is taken for sure
_MARK: Final = codecs.BOM_UTF8
_MARK_WITHIN: Final = re.compile(rb"(?<=[\r\n])\xef\xbb\xbf")


class Text:
    """The blocks of a text export.

    Its ``encoding`` is certain once they have been read; its ``position`` is the bytes read so far.

    Args:
        path: A local file.
        declared: Its encoding, where the configuration says it.
        name: For errors.
        size: Of a block, in bytes.
    """

    def __init__(self, path: Path, declared: str | None, *, name: str, size: int = BLOCK) -> None:
        self.encoding = declared or "utf-8"
        self.position = 0
        self._path, self._declared, self._name, self._size = path, declared, name, size

    def __iter__(self) -> Iterator[bytes]:
        """Blocks of UTF-8 without byte order marks, each ending where a line does if one ends in it.

        Raises:
            SourceError: No such encoding; the bytes are surely of another one; or a line has no end.
        """
        with self._path.open("rb") as file:
            head = self._next(file, max(self._size, _HEAD))
            chunks = iter(partial(self._next, file, self._size), b"")
            found = encoding_of(head, self._declared, path=self._name)
            if is_wide(found):
                self.encoding = found
                blocks = self._lines(_from_wide(chain([head], chunks), found))
            else:
                blocks = self._decoded(self._lines(chain([head], chunks)))
            yield from filter(None, map(_without_marks, blocks))

    def _next(self, file: IO[bytes], size: int) -> bytes:
        """The next bytes, up to where a line ends if one does so near their end: to cut a block is to copy it."""
        file.seek(max(self.position, self.position + size - _TAIL))
        tail = file.read(min(size, _TAIL))
        file.seek(self.position)
        chunk = file.read(size - len(tail) + tail.rfind(b"\n") + 1 if b"\n" in tail else size)
        self.position += len(chunk)
        return chunk

    def _decoded(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Blocks as UTF-8; those beyond ASCII are held back until their encoding is sure."""
        held: list[bytes] = []
        sure = False
        for block in blocks:
            if sure:
                yield to_utf8(block, self.encoding, path=self._name)
            elif not held and block.isascii():
                yield block
            else:
                held.append(block)
                sure = len(held) == _HELD or surely_decided(block)
                if sure:
                    yield from self._decide(held)
        if not sure:
            yield from self._decide(held)

    def _decide(self, held: list[bytes]) -> Iterator[bytes]:
        sample = b"".join(held)
        if sample:
            self.encoding = encoding_of(sample, self._declared, path=self._name)
        for block in held:
            yield to_utf8(block, self.encoding, path=self._name)

    def _lines(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same bytes, cut where a line ends; a line that does not end for long, after a comma or a space."""
        rest: list[bytes] = []
        for chunk in chunks:
            cut = chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1  # a line feed may follow the last
            if not cut and sum(map(len, rest)) > self._size:
                cut = max(chunk.rfind(b","), chunk.rfind(b" ")) + 1  # no part of a longer character in any encoding
            if cut:
                yield b"".join([*rest, chunk[:cut]])
                rest = []
            if cut < len(chunk):
                rest.append(chunk[cut:])
            if sum(map(len, rest)) > _LONGEST:
                raise SourceError("sources.endless_line", path=self._name, size=_LONGEST >> 20)
        if any(rest):
            yield b"".join(rest)


def _from_wide(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """UTF-16 or UTF-32 as UTF-8; half a character at the end becomes a byte that is none."""
    source = iter(chunks)
    first = next(source, b"")
    if codecs.lookup(encoding).name == "utf-16" and not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16-be" if detect_encoding(first) == "utf-16-be" else "utf-16-le"
    decoder = codecs.getincrementaldecoder(encoding)(KEPT_INVALID)
    for chunk in chain([first], source):
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")


def _without_marks(block: bytes) -> bytes:
    block = block.removeprefix(_MARK)
    return _MARK_WITHIN.sub(b"", block) if _has_mark(block) else block


def _has_mark(block: bytes) -> bool:
    """Whether there may be a byte order mark; faster than ``in`` where full-width punctuation begins like one."""
    if _MARK[:1] not in block:
        return False
    codes = np.frombuffer(block, np.uint8)
    windows = (codes[at : at + _WINDOW + 1] for at in range(0, len(codes), _WINDOW))
    return any(bool(((each[:-1] == _MARK[0]) & (each[1:] == _MARK[1])).any()) for each in windows)
