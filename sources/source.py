"""Where an export lies and how it is to be read: what a configuration says of one source, and the files it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

__all__ = ["Input", "Source", "stamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One export of one system.

    Args:
        name: Unique in the configuration; the first half of every ``record_key``.
        department: Who owns the system: sales, service, marketing, …
        path: A local path or any fsspec URL, with ``*``, ``?`` and ``[…]`` for several files; with a ``query``, the
            SQLAlchemy URL of a database.
        format: ``csv``, ``tsv``, ``xlsx``, ``jsonl``, ``parquet`` or ``sql``; by the path's suffix when absent.
        files: Of several: ``all`` of them together, or only the ``newest``.
        newest_by: What makes a file new: when it was ``modified``, or the date or number in its ``name``.
        member: Pattern of the files to read in a zip archive; every readable one when absent.
        query: SQL that the database answers with the records.
        timeout: Seconds without an answer after which a network or a database is given up.
        mode: ``full``: what is not in the export is no record any more. ``delta``: the export brings what changed.
        relations: ``account_id`` or ``parent_id`` → the source whose records the ids name.
        preset: The name of a file of ``sources/presets``, or a path to one of one's own; ``plain`` when absent.
        mapping: Canonical column → header, over what the preset says; a header that it names for an attribute is no
            other's. Besides the attributes it takes ``source_id``, ``natural_key`` and ``kind``. In JSON lines and
            Parquet a header such as ``profile.name`` leads into an object.
        trust: Rank of the source in survivorship; 1 is the most trusted.
        kind: ``person`` or ``company`` for every record of the source; by the preset or the record when absent.
        encoding: Of text formats; detected when absent.
        delimiter: Of delimited text; detected when absent.
        sheet: Of a workbook; the first when absent.
        country: ISO 3166 code of the system's own country; tells the order of dates that could be read either way.
        timezone: IANA name of the zone that times without one are in; the preset's, else UTC, when absent.
        date_order: ``ymd``, ``dmy`` or ``mdy``; inferred from the dates themselves when absent.
        storage_options: Passed to fsspec: endpoints, profiles; secrets come from the environment.
    """

    name: str
    path: str
    department: str = ""
    format: str | None = None
    preset: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    trust: int = 1
    files: Literal["all", "newest"] = "all"
    newest_by: Literal["modified", "name"] = "modified"
    member: str | None = None
    query: str | None = None
    timeout: float = 60.0
    mode: Literal["full", "delta"] = "full"
    relations: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    country: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    storage_options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One file of a source, frozen: a local, plain file that can be read again and again.

    Args:
        name: What people call it: its path or URL without secrets, and the member of an archive. Errors name it.
        path: The local file: the export itself, or a copy of what lies elsewhere, is packed, or a database answered.
        format: ``csv``, ``tsv``, ``xlsx``, ``jsonl`` or ``parquet``.
        size: In bytes.
        stamp: Size, time of modification in nanoseconds and inode of ``path`` when it was frozen; another one later
            means that it is not the same file any more.
        content_hash: BLAKE2b of its bytes; empty where none was asked for.
    """

    name: str
    path: Path
    format: str
    size: int
    stamp: tuple[int, int, int]
    content_hash: str = ""

    def unaltered(self) -> bool:
        """Whether the file is the one that was frozen."""
        return stamp(self.path) == self.stamp


def stamp(path: Path) -> tuple[int, int, int]:
    """What changes when a file does: its size, its time of modification in nanoseconds, its inode."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino
