"""Files that lie elsewhere, through fsspec: their list, their bytes, and what goes wrong on the way.

They are asked for in a thread of their own, so that a server which does not answer stops nothing but its own source.
What a file system raises becomes one clear error: its own words may hold addresses with secrets and are not shown.
"""

from __future__ import annotations

import datetime as dt
import glob
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

import fsspec
from fsspec.core import url_to_fs

from schemas.errors import SourceError
from sources.places.location import WEB, Place, folder_of, is_temporary, proposal, shown
from sources.places.patience import answer, patiently
from sources.source import Source

__all__ = ["CHUNK", "pieces", "remote_places"]

CHUNK: Final = 8 << 20
_EXTRAS: Final = {
    "s3": "s3", "s3a": "s3", "sftp": "sftp", "ssh": "sftp", "http": "http", "https": "http",
}  # fmt: skip
_PACKAGES: Final = {"smb": "smbprotocol", "hdfs": "pyarrow"}
_REFUSED: Final = frozenset({401, 403, 407})
_KEYS: Final = {  # the names of exceptions, of packages that need not be installed → the sentence; the first that fits
    "sources.silent": {"TimeoutError", "ConnectTimeoutError", "ReadTimeoutError", "ServerTimeoutError"},
    "sources.no_access": {
        "PermissionError", "AuthenticationException", "NoCredentialsError", "PartialCredentialsError",
        "BadHostKeyException", "TokenRetrievalError", "CredentialRetrievalError", "ProfileNotFound",
    },
    "sources.cut_off": {"ClientPayloadError", "IncompleteReadError", "IncompleteRead", "ResponseStreamingError"},
    "sources.no_connection": {
        "ConnectionError", "ClientConnectionError", "gaierror", "NoValidConnectionsError", "EndpointConnectionError",
        "SSHException", "HTTPClientError",
    },
    "sources.missing_remote": {"FileNotFoundError"},
}  # fmt: skip
_VERSION: Final = ("size", "mtime", "LastModified", "ETag", "etag", "modified", "updated", "last_modified")


def pieces(place: Place, *, seconds: float) -> Iterator[bytes]:
    """The bytes of a file that lies elsewhere.

    Args:
        place: From `find`.
        seconds: How long to wait for each piece.

    Raises:
        SourceError: It cannot be read, or not to its end, or changes while it is.
    """
    try:
        yield from patiently(lambda: _stream(place.files, place.path, place.name), seconds)
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001  every file system has errors of its own
        raise _failure(place, error, seconds) from None


def _stream(files: fsspec.AbstractFileSystem, path: str, name: str) -> Iterator[bytes]:
    web = _protocol(files) in WEB
    before = {} if web else files.info(path)
    if before.get("type") == "directory":
        raise IsADirectoryError
    # Asking a web server for the size first fails where an address is signed for reading alone.
    options = {"block_size": 0, "size": 1} if web else {}
    count = 0
    with files.open(path, "rb", **options) as stream:
        if hasattr(stream, "prefetch"):  # paramiko waits for the answer to each 32 KiB otherwise
            stream.prefetch(before.get("size"), max_concurrent_requests=64)
        while piece := stream.read(CHUNK):
            count += len(piece)
            yield piece
    if web:
        return
    files.invalidate_cache()
    after = files.info(path)
    if any(before.get(key) != after.get(key) for key in _VERSION):
        raise SourceError("sources.changed_meanwhile", path=name)
    if before.get("size") not in {None, count}:
        raise SourceError("sources.cut_off", path=name)


def remote_places(source: Source) -> list[Place]:
    """The files elsewhere that a source's path or pattern names.

    Raises:
        SourceError: There is none, or their place cannot be reached.
    """
    place = Place(name=shown(source.path), path=source.path)
    try:
        return answer(lambda: _listed(source), source.timeout)
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001  every file system has errors of its own
        raise _failure(place, error, source.timeout) from None


def _listed(source: Source) -> list[Place]:
    files, path = url_to_fs(source.path, **_options(source))
    web = _protocol(files) in WEB
    several = "*" in urlsplit(source.path).path if web else glob.has_magic(path)
    if not several or (not web and files.isfile(path)):
        return [Place(name=shown(source.path), path=path, files=files)]
    folder = folder_of(path)
    found = [info for info in files.glob(path, detail=True).values() if info.get("type", "file") != "directory"]
    found = [info for info in found if not is_temporary(info["name"])]
    if not found:
        count = sum(info.get("type") != "directory" for info in files.ls(folder, detail=True))
        raise SourceError(
            "sources.no_match", path=shown(source.path), folder=folder_of(shown(source.path)), count=count
        )
    base = folder_of(shown(source.path))
    return [
        Place(name=base + _under(folder, info["name"]), path=info["name"], files=files, modified=_modified(info))
        for info in found
    ]


def _options(source: Source) -> dict[str, Any]:
    """What the file system is opened with: the source's own options, and its timeout where it takes one.

    Nothing is taken from fsspec's cache: a process that runs for months would go on with dead connections, old lists.
    """
    given = dict(source.storage_options)
    if "::" in source.path:
        return given
    protocol = source.path.partition("://")[0]
    if protocol in WEB:
        wait = import_module("aiohttp").ClientTimeout(total=None, sock_connect=source.timeout, sock_read=source.timeout)
        given["client_kwargs"] = {"timeout": wait, **_mapping(given.get("client_kwargs"))}
    elif _EXTRAS.get(protocol) == "s3":
        waits = {"connect_timeout": source.timeout, "read_timeout": source.timeout}
        given["config_kwargs"] = {**waits, **_mapping(given.get("config_kwargs"))}
    elif _EXTRAS.get(protocol) == "sftp":
        waits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), source.timeout)
        given = {**waits, "host_key_policy": _known_hosts(), **given}
    return {**given, "skip_instance_cache": True}


def _known_hosts() -> object:
    """Refuses a host of which the user's ``known_hosts`` has another key; Paramiko on its own takes any.

    A new host is taken, as by ``ssh -o StrictHostKeyChecking=accept-new``.
    """
    paramiko = import_module("paramiko")

    def require_known(_policy: object, _client: object, host: str, key: object) -> None:
        path = Path("~/.ssh/known_hosts").expanduser()
        known = paramiko.HostKeys(str(path) if path.is_file() else None)
        found = known.lookup(host)
        if found and not known.check(host, key):
            raise paramiko.BadHostKeyException(host, key, next(iter(found.values())))

    return type("KnownHosts", (paramiko.MissingHostKeyPolicy,), {"missing_host_key": require_known})()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _failure(place: Place, error: Exception, seconds: float) -> SourceError:
    """What a file system raised, as a person is told of it."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    status = getattr(error, "status", None)
    cause = str(status) if isinstance(status, int) else type(error).__name__
    protocol = place.path.partition("://")[0] if place.files is None else _protocol(place.files)
    if isinstance(error, ImportError):
        return SourceError("sources.missing_package", path=place.name, package=_package(protocol, error))
    if isinstance(error, ValueError) and "rotocol not known" in str(error):
        return SourceError("sources.unknown_protocol", path=place.name, protocol=protocol)
    key = next((key for key, names in _KEYS.items() if kinds & names), "sources.unreadable_file")
    if isinstance(status, int):
        key = "sources.no_access" if status in _REFUSED else "sources.http_status"
    elif key in {"sources.missing_remote", "sources.unreadable_file"} and _is_remote_folder(place):
        return SourceError("sources.is_a_folder", path=place.name, proposal=proposal(place.name, []))
    return SourceError(key, path=place.name, cause=cause, seconds=f"{seconds:g}")


def _is_remote_folder(place: Place) -> bool:
    files = place.files
    if files is None or _protocol(files) in WEB:
        return False
    try:
        return answer(lambda: bool(files.isdir(place.path)), 10)
    except Exception:  # noqa: BLE001  it already failed once
        return False


def _package(protocol: str, error: ImportError) -> str:
    """What to install for a protocol, as pip takes it; fsspec's own words tell most of what is no extra of ours."""
    if protocol in _EXTRAS:
        return f"'guiyi[{_EXTRAS[protocol]}]'"
    told = re.findall(r"(?i)\binstall (\w[\w.-]*) to\b|\"([\w.-]+)\"", str(error))
    return _PACKAGES.get(protocol) or " ".join(a or b for a, b in told) or error.name or f"fsspec[{protocol}]"


def _protocol(files: fsspec.AbstractFileSystem) -> str:
    return files.protocol if isinstance(files.protocol, str) else str(files.protocol[0])


def _modified(info: Mapping[str, Any]) -> float | None:
    known = (info.get(key) for key in ("mtime", "LastModified", "last_modified", "modified", "updated", "created"))
    found = next((value for value in known if value is not None), None)
    if isinstance(found, dt.datetime):
        return found.timestamp()
    return float(found) if isinstance(found, int | float) else None


def _under(folder: str, path: str) -> str:
    return path[len(folder) :] if path.startswith(folder) else PurePosixPath(path).name
