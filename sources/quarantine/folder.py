"""The folder of quarantine files: which file is whose, what a run has written, and what people have changed since.

``<folder>/<source>.<format>`` is a source's file; ``.<source>.written.json`` beside it tells what was written, so that
the next run sees whether a person has changed the file since. What a person changed while a run was going on waits in
``edited/``, what was taken is kept in ``corrected/`` (`sources.quarantine.corrections`). All of it is for its owner
alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

__all__ = [
    "EDITED",
    "Sidecar",
    "edited_files",
    "file_digest",
    "is_missing",
    "private_folder",
    "remove_written",
    "row_hash",
    "set_edited_aside",
    "sidecar",
    "sidecar_beside",
    "stem",
    "sync",
    "write_privately",
    "written_files",
]

EDITED: Final = "edited"
_SUFFIXES: Final = ("csv", "tsv", "txt", "jsonl", "xlsx", "xls", "ods", "parquet")
_UNSAFE: Final = re.compile(r"[^\w.\-]|^\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What was last written for a source.

    Args:
        digests: Of the file, and of those that it replaced: a crash may have left either.
        encoding: Of text formats.
        delimiter: That rows of text are laid out by.
        header: The export's columns, that they are laid out under.
    """

    digests: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    header: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Sidecar:
        """The one of a file; an empty one where there is none that can be read."""
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**found, "digests": tuple(found["digests"]), "header": tuple(found["header"])})
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, path: Path) -> None:
        """Put it in the place of the one before."""

        def fill(file: IO[bytes]) -> None:
            file.write(json.dumps(asdict(self)).encode())

        draft = path.with_suffix(".draft")
        write_privately(draft, fill)
        draft.replace(path)


def row_hash(raw: str) -> str:
    """What a quarantined row is known by: BLAKE2b (RFC 7693), 16 hexadecimal digits, of its raw text."""
    return hashlib.blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def file_digest(path: Path) -> str:
    """BLAKE2b of a file's bytes, 16 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8)).hexdigest()


def stem(source: str) -> str:
    """A source's name as the beginning of a file's name.

    Example:
        >>> stem("sales"), stem("../客户")
        ('sales', '%2E.%2F客户')
    """
    return _UNSAFE.sub(lambda match: f"%{ord(match[0]):02X}", source)


def written_files(folder: Path, source: str) -> list[Path]:
    """The quarantine files of a source, in whatever formats there are any."""
    names = {f"{stem(source)}.{suffix}" for suffix in _SUFFIXES}
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.is_file() and path.stem + path.suffix.lower() in names)


def is_missing(folder: Path, source: str) -> bool:
    """Whether a run has written a file for a source that is not there any more."""
    return bool(Sidecar.read(sidecar(folder, source)).digests) and not written_files(folder, source)


def edited_files(folder: Path, source: str) -> list[Path]:
    """The files of a source that are not as a run has written them, those set aside first, in the order of changing."""
    return [*_set_aside(folder, source), *_changed(folder, source)]


def set_edited_aside(folder: Path, source: str) -> None:
    """Move what a person has changed to ``edited/``, so that a new file can take its place."""
    for path in _changed(folder, source):
        aside = private_folder(folder / EDITED) / f"{stem(source)}-{file_digest(path)}{path.suffix.lower()}"
        Sidecar.read(sidecar(folder, source)).write(sidecar_beside(aside))
        path.replace(aside)


def remove_written(folder: Path, source: str, *, keep: Path | None) -> None:
    """Remove the quarantine files of a source but one; without one, forget what was written too."""
    for path in written_files(folder, source):
        if path != keep:
            path.unlink(missing_ok=True)
    if keep is None:
        sidecar(folder, source).unlink(missing_ok=True)
        (folder / f".{stem(source)}.draft").unlink(missing_ok=True)


def private_folder(path: Path) -> Path:
    """The folder, made if need be, that only its owner may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_privately(path: Path, fill: Callable[[IO[bytes]], None]) -> None:
    """Write a file that only its owner may read, down to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())


def sync(folder: Path) -> None:
    """Have the names of a folder's files on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _set_aside(folder: Path, source: str) -> list[Path]:
    pattern = re.compile(re.escape(stem(source)) + r"-[0-9a-f]{16}\.(" + "|".join(_SUFFIXES) + ")")
    found = (folder / EDITED).iterdir() if (folder / EDITED).is_dir() else ()
    return sorted((path for path in found if pattern.fullmatch(path.name)), key=_changed_at)


def _changed(folder: Path, source: str) -> list[Path]:
    ours = Sidecar.read(sidecar(folder, source)).digests
    return sorted((p for p in written_files(folder, source) if file_digest(p) not in ours), key=_changed_at)


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns


def sidecar(folder: Path, source: str) -> Path:
    """What tells of a source's quarantine file."""
    return folder / f".{stem(source)}.written.json"


def sidecar_beside(path: Path) -> Path:
    """What tells of a file that was set aside."""
    return path.with_name(f".{path.name}.json")
