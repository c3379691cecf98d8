"""Where exports lie on this machine, and how a place is called where people see it."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import fsspec

from schemas.errors import SourceError
from sources.formats.endings import suffix_format

__all__ = ["Place", "folder_of", "is_temporary", "local_path", "local_places", "proposal", "shown"]

WEB: Final = frozenset({"http", "https"})
_SCHEME: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]*)://")
_CHAIN: Final = re.compile(f"::(?=(?:{'|'.join(map(re.escape, fsspec.available_protocols()))})://)")
_HOST: Final = re.compile(r"(?:\[.*\]|[^:]*)(?::\d*)?")
_TEMPORARY: Final = re.compile(
    r"^[.~]|~$|\.(?:part|partial|crdownload|download|filepart|tmp|temp|swp)$"
    r"|^(?:thumbs\.db|desktop\.ini|_success|_metadata|_common_metadata)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One file of a source, where it lies.

    Args:
        name: As people see it; without secrets.
        path: As its file system takes it.
        files: Its file system; none for this machine's own.
        modified: When, in seconds since 1970, where that is known.
    """

    name: str
    path: str
    files: fsspec.AbstractFileSystem | None = None
    modified: float | None = None


def shown(path: str) -> str:
    """A path as it may be shown: without password, query and fragment, where secrets and signatures are.

    Example:
        >>> shown("sftp://ann:secret@host/out/a.csv"), shown("https://bucket.example/a.csv?X-Amz-Signature=1")
        ('sftp://ann@host/out/a.csv', 'https://bucket.example/a.csv')
    """
    return "::".join(_shown(part) for part in _CHAIN.split(path)) if "://" in path else path


def _shown(url: str) -> str:
    scheme = _SCHEME.match(url)
    if not scheme or scheme[1] == "file":
        return url
    web = scheme[1].lower() in WEB
    query = re.compile(r"[?#]" if web else r"\?[\w.\-]+=")  # elsewhere ? is a pattern, # a character of a name
    rest = url[scheme.end() :]
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    user, at, _ = authority.rpartition("@")
    if ":" in user:  # a password may hold @ and /
        user, at, _ = query.split(rest, maxsplit=1)[0].rpartition("@")
    elif not at and not _HOST.fullmatch(authority):  # or ?
        user, at, _ = rest.rpartition("@")
    kept = "" if web else user.partition(":")[0]  # a web address may have a token for a user
    return scheme[0] + (f"{kept}@" if kept else "") + query.split(rest[len(user) + len(at) :], maxsplit=1)[0]


def local_path(path: str) -> str | None:
    """The path on this machine; none where the file lies elsewhere."""
    if "::" in path or (_SCHEME.match(path) and not path.startswith(("file://", "local://"))):
        return None
    if "://" in path:
        return str(fsspec.get_filesystem_class("file")._strip_protocol(path))  # noqa: SLF001  fsspec's own way
    return os.path.expanduser(path)  # noqa: PTH111  keeps the path as it is written


def local_places(path: str) -> list[Place]:
    """The files of this machine that a path or pattern names.

    Raises:
        SourceError: There is none.
    """
    if glob.has_magic(path) and not os.path.lexists(path):
        return _matching(path)
    try:
        found = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError("sources.missing_file", path=path) from None
    except (OSError, ValueError) as error:
        raise SourceError("sources.unreadable_file", path=path, cause=type(error).__name__) from None
    if stat.S_ISDIR(found.st_mode):
        raise SourceError("sources.is_a_folder", path=path, proposal=proposal(path, _names(path)))
    if not stat.S_ISREG(found.st_mode):  # a pipe may wait for ever, a device may never end
        raise SourceError("sources.no_plain_file", path=path)
    return [Place(name=path, path=path, modified=found.st_mtime)]


def _matching(pattern: str) -> list[Place]:
    paths = [path for path in glob.iglob(pattern, recursive=True) if not is_temporary(path)]  # noqa: PTH207  as written
    found = [path for path in paths if Path(path).is_file()]
    if found:
        return [Place(name=path, path=path, modified=Path(path).stat().st_mtime) for path in found]
    folder = folder_of(pattern) or "./"
    if not Path(folder).is_dir():
        raise SourceError("sources.missing_file", path=folder)
    count = sum(Path(folder, name).is_file() for name in _names(folder))
    raise SourceError("sources.no_match", path=pattern, folder=folder, count=count)


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208  names
    except OSError:  # it may be entered but not listed
        return []


def folder_of(pattern: str) -> str:
    """What stands before the first part of a path that is a pattern, with its slash.

    Example:
        >>> folder_of("exports/2026-*/contacts.csv")
        'exports/'
    """
    magic = re.search(r"[*?\[]", pattern)
    head = pattern[: magic.start()] if magic else pattern
    return head[: head.rfind("/") + 1]


def is_temporary(path: str) -> bool:
    """Whether a name is one of a file that is hidden, unfinished or open in another program.

    Example:
        >>> [is_temporary(name) for name in ("~$a.xlsx", "a.csv.part", ".a.csv", "a.csv")]
        [True, True, True, False]
    """
    return bool(_TEMPORARY.search(PurePosixPath(path).name))


def proposal(folder: str, names: Sequence[str]) -> str:
    """A pattern for the exports in a folder: of the commonest of the ends that can be read."""
    ends = Counter(PurePosixPath(name).suffix for name in names if suffix_format(name) and not is_temporary(name))
    end = ends.most_common(1)[0][0] if ends else ".csv"
    return f"{folder.rstrip('/')}/*{end}"
