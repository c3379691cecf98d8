"""Bytes from wherever an export lies: the one place of this room that touches files and networks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

import fsspec

from schemas.errors import SourceError
from sources.source import Source

__all__ = ["content_hash", "fetch", "fingerprint"]

_CHUNK = 8 << 20
_PACKAGES: Final = {"http": "aiohttp requests", "https": "aiohttp requests", "smb": "smbprotocol", "hdfs": "pyarrow"}


def fetch(source: Source) -> bytes:
    """All bytes of an export, as they are at this moment.

    Raises:
        SourceError: It does not exist, is a folder, or cannot be read.
    """
    with _opened(source) as stream:
        return stream.read()


def fingerprint(source: Source) -> str:
    """The content hash of an export without parsing it: equal to ``Export.content_hash``.

    Raises:
        SourceError: It does not exist, is a folder, or cannot be read.
    """
    digest = hashlib.blake2b(digest_size=20)
    with _opened(source) as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def content_hash(data: bytes) -> str:
    """BLAKE2b (RFC 7693), 20 bytes as hexadecimal digits."""
    return hashlib.blake2b(data, digest_size=20).hexdigest()


@contextmanager
def _opened(source: Source) -> Iterator[IO[bytes]]:
    path = source.path
    try:
        with fsspec.open(path, "rb", **source.storage_options) as stream:
            yield stream
    except FileNotFoundError:
        raise SourceError("sources.missing_file", path=path) from None
    except IsADirectoryError:
        raise SourceError("sources.is_a_folder", path=path) from None
    except ImportError as error:
        raise SourceError("sources.missing_package", path=path, package=_package(path, error)) from error
    except Exception as error:  # every file system has errors of its own
        raise SourceError("sources.unreadable_file", path=path, cause=type(error).__name__) from error


def _package(path: str, error: ImportError) -> str:
    """The Python packages that a protocol needs, as `pip install` takes them; fsspec's own words tell most of them."""
    protocol = path.partition("://")[0]
    told = re.findall(r"(?i)\binstall (\w[\w.-]*) to\b|\"([\w.-]+)\"", str(error))
    return _PACKAGES.get(protocol) or " ".join(a or b for a, b in told) or error.name or f"fsspec[{protocol}]"
