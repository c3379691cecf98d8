"""Packed exports: gzip, bzip2, xz, zstd and zip, told by their bytes and unpacked piece by piece.

Nothing is unpacked under a name of the archive's choosing, more than a thousandfold, or beyond what the disk has.
"""

from __future__ import annotations

import bz2
import codecs
import datetime as dt
import gzip
import lzma
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple, TypeAlias

import pyarrow as pa

from schemas.errors import SourceError
from sources.formats.endings import FORMATS, PACKED, suffix_format
from sources.places.location import is_temporary
from sources.places.order import oldest_first

__all__ = ["Member", "Packing", "metered", "packing", "require_space", "unpacked"]

Packing: TypeAlias = Literal["gzip", "bzip2", "xz", "zstd", "zip"]

_MAGIC: Final[tuple[tuple[bytes, Packing], ...]] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_BZIP2_BLOCK: Final = (b"1AY&SY", b"\x17rE8P\x90")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_CHUNK: Final = 1 << 20
_RATIO: Final = 1000
_HARMLESS: Final = 64 << 20
_RESERVE: Final = 256 << 20
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_DOCUMENTS: Final = frozenset({".pdf", ".doc", ".docx", ".htm", ".html", ".md", ".png", ".jpg", ".jpeg"})
_LOCKED: Final = 0x1
_UTF8: Final = 0x800
_HEADER_NAME: Final = 0x08


class Member(NamedTuple):
    """One file of what is packed.

    Args:
        name: What people call it: the archive's name, and of a zip its own.
        size: In bytes, where that is known before it is unpacked.
        pieces: Its bytes; to be read before the next member is asked for.
    """

    name: str
    size: int | None
    pieces: Iterator[bytes]


class _Entry(NamedTuple):
    """A member of a zip archive under the name that it has there."""

    name: str
    info: zipfile.ZipInfo

    @property
    def modified(self) -> float | None:
        """By the clock of the machine that packed it."""
        try:
            return dt.datetime(*self.info.date_time).timestamp()  # noqa: DTZ001  zip knows no zones
        except (ValueError, OverflowError):
            return None


def packing(path: Path, *, name: str) -> Packing | None:
    """How a file is packed, by its first bytes; a workbook is a zip archive, but no packed file.

    Args:
        path: A local file.
        name: What people call it.

    Raises:
        SourceError: By its name it is packed, and by its bytes neither that nor a plain file.
    """
    with path.open("rb") as file:
        head = file.read(16)
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found == "bzip2" and head[4:10] not in _BZIP2_BLOCK:
        found = None
    if found is None and PurePosixPath(name).suffix.lower() in PACKED and _is_neither(head):
        raise SourceError("sources.damaged_archive", path=name, cause="BadMagic")
    return None if found == "zip" and _is_workbook(path, name) else found


def unpacked(path: Path, kind: Packing, *, name: str, member: str | None, declared: str | None) -> Iterator[Member]:
    """What a packed file holds.

    Args:
        path: A local file.
        kind: From `packing`.
        name: What people call it.
        member: Pattern of the members of a zip archive that are wanted; those that can be read when absent.
        declared: Their format, where the source says it.

    Raises:
        SourceError: It is damaged, protected by a password, packed in an unknown way, or holds nothing wanted.
    """
    if kind == "zip":
        yield from _members(path, name=name, member=member, declared=declared)
        return
    inner = _name_within(path) if kind == "gzip" and suffix_format(name) is None else ""
    yield Member(f"{name}/{inner}" if suffix_format(inner) else name, None, _checked(_STREAMS[kind](path), name))


def metered(pieces: Iterator[bytes], packed: int | None, folder: Path, *, name: str) -> Iterator[bytes]:
    """The same pieces, as long as they are not absurdly many and the disk holds them.

    Args:
        pieces: To be written to ``folder``.
        packed: Bytes that they were packed in, where they were.
        folder: Where they go.
        name: For errors.

    Raises:
        SourceError: They are more than 64 MiB and a thousand times what they were packed in, or would fill the disk.
    """
    count, looked_at = 0, -_HARMLESS
    for piece in pieces:
        count += len(piece)
        if packed is not None and count > max(_HARMLESS, _RATIO * packed):
            raise SourceError("sources.bomb", path=name, ratio=_RATIO)
        if count - looked_at >= _HARMLESS:
            require_space(len(piece), folder, name=name)
            looked_at = count
        yield piece


def require_space(size: int, folder: Path, *, name: str) -> None:
    """Refuse to write what would fill the disk.

    Raises:
        SourceError: Less than 256 MiB would be left.
    """
    if shutil.disk_usage(folder).free - size < _RESERVE:
        raise SourceError("sources.disk_full", path=name, folder=folder)


def _is_neither(head: bytes) -> bool:
    return bool(_CONTROL.search(head)) and not head.startswith((b"PAR1", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _members(path: Path, *, name: str, member: str | None, declared: str | None) -> Iterator[Member]:
    with _damage(name), zipfile.ZipFile(path) as archive:
        entries = [_Entry(_member_name(info), info) for info in archive.infolist() if not info.is_dir()]
        for entry in oldest_first(_wanted(entries, name=name, member=member, declared=declared)):
            _refuse_unsafe(name, entry)
            inner, info = f"{name}/{entry.name}", entry.info
            yield Member(inner, info.file_size, _checked(_member_pieces(archive, info), inner))


def _wanted(entries: list[_Entry], *, name: str, member: str | None, declared: str | None) -> list[_Entry]:
    """The members that are exports."""
    visible = [each for each in entries if not _is_of_the_system(each.name)]
    if member is not None:
        found = [each for each in visible if _is_called(each.name, member)]
        if not found:
            raise SourceError("sources.unmatched_member", path=name, member=member, count=len(visible))
        return found
    found = [each for each in visible if suffix_format(each.name) in ({declared} if declared else FORMATS)]
    if not found and declared:
        found = [each for each in visible if suffix_format(each.name) is None and not _is_a_document(each.name)]
    if not found:
        raise SourceError("sources.no_member", path=name, count=len(visible), known=", ".join(FORMATS))
    return found


def _is_a_document(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in _DOCUMENTS


def _is_called(name: str, pattern: str) -> bool:
    return fnmatch(name, pattern) or fnmatch(PurePosixPath(name).name, pattern)


def _refuse_unsafe(name: str, entry: _Entry) -> None:
    info, parts = entry.info, PurePosixPath(entry.name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or stat.S_ISLNK(info.external_attr >> 16):
        raise SourceError("sources.unsafe_member", path=name, member=entry.name)
    if info.flag_bits & _LOCKED:
        raise SourceError("sources.locked_archive", path=f"{name}/{entry.name}")
    if info.compress_type not in _METHODS:
        raise SourceError("sources.unknown_packing", path=f"{name}/{entry.name}", method=info.compress_type)


def _member_pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as file:
        yield from _pieces(file.read)


def _member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; Windows writes it in the encoding of its country, and Python reads that as cp437."""
    if info.flag_bits & _UTF8:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _is_of_the_system(name: str) -> bool:
    return is_temporary(name) or "__MACOSX" in PurePosixPath(name).parts


def _is_workbook(path: Path, name: str) -> bool:
    """Whether a zip archive is a workbook: so do its members say, or its name where they cannot be listed."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not {"[Content_Types].xml", "mimetype"}.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return suffix_format(name) == "xlsx"


def _name_within(path: Path) -> str:
    """The name that gzip's header tells of the file it was made from (RFC 1952, 2.3)."""
    with path.open("rb") as file:
        head = file.read(1024)
    if not head[3] & _HEADER_NAME or head[3] & 0x04:
        return ""
    return PurePosixPath(head[10:].partition(b"\0")[0].decode("utf-8", "replace")).name


def _gzip(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as file:
        yield from _pieces(file.read)


def _zstd(path: Path) -> Iterator[bytes]:
    with pa.OSFile(str(path)) as raw, pa.CompressedInputStream(raw, "zstd") as file:
        yield from _pieces(file.read)


def _pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    return iter(partial(read, _CHUNK), b"")


def _streams(path: Path, make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor]) -> Iterator[bytes]:
    """One stream after the other, as bzip2 and xz write them; a cut-off one raises."""
    with path.open("rb") as file:
        data = file.read(_CHUNK)
        while data:
            decompressor = make()
            while not decompressor.eof:
                if decompressor.needs_input and not data:
                    data = file.read(_CHUNK)
                    if not data:
                        raise EOFError
                piece = decompressor.decompress(data, max_length=_CHUNK)
                data = b""
                if piece:
                    yield piece
            data = decompressor.unused_data or file.read(_CHUNK)
            while data and not data.strip(b"\0"):  # padding between streams
                data = file.read(_CHUNK)
            data = data.lstrip(b"\0")


_STREAMS: Final[dict[Packing, Callable[[Path], Iterator[bytes]]]] = {
    "gzip": _gzip,
    "zstd": _zstd,
    "bzip2": partial(_streams, make=bz2.BZ2Decompressor),
    "xz": partial(_streams, make=lzma.LZMADecompressor),
}


def _checked(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    with _damage(name):
        yield from pieces


@contextmanager
def _damage(name: str) -> Iterator[None]:
    """What unpackers raise, as one error."""
    try:
        yield
    except (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError,
            ValueError, pa.ArrowException) as error:  # fmt: skip
        raise SourceError("sources.damaged_archive", path=name, cause=type(error).__name__) from None
