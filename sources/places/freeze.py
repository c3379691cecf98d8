"""Makes every file of a source a local, plain one that can be read again and again, wherever and however it lies.

A plain file of this machine stays where it is. What lies elsewhere, is packed, or is asked of a database is written to
the spool: under a temporary name, hashed on the way, synced, and renamed after the hash of its content, so that a file
in the spool is whole, and the same content is there once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from schemas.errors import SourceError
from sources.formats.endings import format_of, suffix_format
from sources.places.archive import metered, packing, require_space, unpacked
from sources.places.location import Place, local_path, local_places, shown
from sources.places.order import oldest_first
from sources.places.remote import CHUNK, pieces, remote_places
from sources.source import Input, Source, stamp

__all__ = ["find", "format_of", "freeze"]

_DEEPEST: Final = 3  # a packed file in an archive in an archive
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def freeze(source: Source, spool: Path, *, hashed: bool = True) -> tuple[Input, ...]:
    """The files of a source, the oldest first, each local and plain.

    Args:
        source: Where they are.
        spool: A folder for copies, made when it is needed; only files that end in ``.part`` are not whole.
        hashed: Hash plain local files too, which reads them once.

    Raises:
        SourceError: There is no file, or one of them cannot be had as it is at this moment.
    """
    if source.query is not None or source.format == "sql":
        return (_answered(source, spool),)
    return tuple(item for place in find(source) for item in _frozen(place, source, spool, hashed=hashed))


def find(source: Source) -> list[Place]:
    """The files of a source, the oldest first; of several only the newest where the source says so.

    Raises:
        SourceError: There is none, or their place cannot be reached.
    """
    local = local_path(source.path)
    places = remote_places(source) if local is None else local_places(local)
    if source.files == "newest":
        return oldest_first(places, source.newest_by)[-1:]
    return oldest_first(places)


def _frozen(place: Place, source: Source, spool: Path, *, hashed: bool) -> Iterator[Input]:
    if place.files is not None:
        with _part(spool, place.name) as part:
            found = metered(pieces(place, seconds=source.timeout), None, spool, name=place.name)
            digest = _write(found, part, place.name)
            settle = partial(_settled, part, digest, place.name, source)
            yield from _plain(part, place.name, source, spool, part.stat().st_size, settle)
        return
    path = Path(place.path)
    try:
        before = stamp(path)
        settle = partial(_as_it_lies, path, before, place.name, source, hashed=hashed)
        yield from _plain(path, place.name, source, spool, before[0], settle)
        _require_unchanged(path, before, place.name)
    except OSError as error:
        raise SourceError("sources.unreadable_file", path=place.name, cause=type(error).__name__) from None


def _plain(
    path: Path, name: str, source: Source, spool: Path, packed: int, settle: Callable[[], Input], depth: int = 0
) -> Iterator[Input]:
    """A file as `settle` makes it where it is plain, else each file that it unpacks to.

    Args:
        path: A local file.
        name: What people call it.
        source: Whose it is.
        spool: Where unpacked files go.
        packed: Size in bytes of the outermost archive.
        settle: Makes a plain file one to be read.
        depth: How many archives it lay in.
    """
    kind = packing(path, name=name)
    if kind is None:
        yield settle()
        return
    if depth == _DEEPEST:
        raise SourceError("sources.nested_archive", path=name, depth=_DEEPEST)
    for member in unpacked(path, kind, name=name, member=source.member, declared=source.format):
        if suffix_format(member.name) is None:
            format_of(source.format, member.name)
        with _part(spool, member.name) as part:
            require_space(member.size or 0, spool, name=member.name)
            digest = _write(metered(member.pieces, packed, spool, name=member.name), part, member.name)
            inner = partial(_settled, part, digest, member.name, source)
            yield from _plain(part, member.name, source, spool, packed, inner, depth + 1)


def _as_it_lies(path: Path, before: tuple[int, int, int], name: str, source: Source, *, hashed: bool) -> Input:
    """A plain file of this machine, where it is."""
    kind = format_of(source.format, name)
    digest = _hash(path) if hashed else ""
    _require_unchanged(path, before, name)
    return Input(name=name, path=path, format=kind, size=before[0], stamp=before, content_hash=digest)


def _settled(part: Path, digest: str, name: str, source: Source) -> Input:
    """A whole file of the spool, under the name of its content."""
    kind = format_of(source.format, name)
    path = part.with_name(f"{digest}.{kind}")
    try:
        path.hardlink_to(part)
    except FileExistsError:  # another source may be reading it: it stays, unless somebody has cut it
        if path.stat().st_size != part.stat().st_size:
            part.replace(path)
    except OSError:  # a file system without links
        part.replace(path)
    _sync(path.parent)
    found = stamp(path)
    return Input(name=name, path=path, format=kind, size=found[0], stamp=found, content_hash=digest)


def _answered(source: Source, spool: Path) -> Input:
    """What a database answers, as a Parquet file."""
    from sources.places.sql import write_answer  # noqa: PLC0415  SQLAlchemy takes a while, and most exports are files

    name = shown(source.path)
    with _part(spool, name) as part:
        try:
            write_answer(source, part, name=name, check=partial(require_space, 0, spool, name=name))
            with part.open("rb+") as file:
                os.fsync(file.fileno())
        except OSError as error:
            raise _unwritten(error, part, name) from None
        return _settled(part, _hash(part), name, replace(source, format="parquet"))


def _require_unchanged(path: Path, before: tuple[int, int, int], name: str) -> None:
    if stamp(path) != before:
        raise SourceError("sources.changed_meanwhile", path=name)


@contextmanager
def _part(spool: Path, name: str) -> Iterator[Path]:
    """A new file of the spool that only its owner can read, gone at the end unless it has been renamed."""
    try:
        spool.mkdir(parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(suffix=".part", dir=spool)
    except OSError as error:
        raise SourceError("sources.no_spool", path=name, folder=spool, cause=type(error).__name__) from None
    os.close(handle)
    part = Path(path)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _write(data: Iterator[bytes], part: Path, name: str) -> str:
    """Write a file to the disk for good.

    Returns:
        The hash of its content.
    """
    digest = hashlib.blake2b(digest_size=20)
    with part.open("wb") as file:
        for piece in data:
            digest.update(piece)
            try:
                file.write(piece)
            except OSError as error:
                raise _unwritten(error, part, name) from None
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _unwritten(error: OSError, part: Path, name: str) -> SourceError:
    key = "sources.disk_full" if error.errno in _FULL else "sources.no_spool"
    return SourceError(key, path=name, folder=part.parent, cause=type(error).__name__)


def _hash(path: Path) -> str:
    """BLAKE2b (RFC 7693) of a file's bytes: 20 bytes as hexadecimal digits."""
    digest = hashlib.blake2b(digest_size=20)
    with path.open("rb") as file:
        for piece in iter(partial(file.read, CHUNK), b""):
            digest.update(piece)
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    """Make renamings in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
