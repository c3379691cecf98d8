"""Which format a file is of, as declared or by the end of its name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from schemas.errors import SourceError

__all__ = ["FORMATS", "PACKED", "format_of", "suffix_format", "unpacked_name"]

FORMATS: Final = ("csv", "tsv", "xlsx", "jsonl", "parquet")
"""The formats of files that can be read."""

PACKED: Final = (".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd", ".zip")
"""Ends of the names of packed files; the bytes themselves decide."""

_SUFFIXES: Final = {
    ".csv": "csv", ".txt": "csv", ".tsv": "tsv", ".tab": "tsv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx",
    ".xlsb": "xlsx", ".ods": "xlsx", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet",
    ".pq": "parquet",
}  # fmt: skip


def format_of(declared: str | None, name: str) -> str:
    """The declared format, else the one that a name ends like, packed or not.

    Args:
        declared: What the source says.
        name: A path, or a URL without query and fragment.

    Raises:
        SourceError: Neither is a format that can be read.

    Example:
        >>> format_of(None, "s3://exports/contacts.CSV.gz"), format_of("tsv", "contacts.csv")
        ('csv', 'tsv')
    """
    kind = declared or suffix_format(name)
    if kind not in FORMATS:
        raise SourceError("sources.unknown_format", path=name, known=", ".join(FORMATS))
    return kind


def suffix_format(name: str) -> str | None:
    """The format that a name ends like, packed or not; none where it ends otherwise."""
    return _SUFFIXES.get(PurePosixPath(unpacked_name(name)).suffix.lower())


def unpacked_name(name: str) -> str:
    """A name without the ends that only say how the file is packed.

    Example:
        >>> unpacked_name("contacts.csv.gz")
        'contacts.csv'
    """
    path = PurePosixPath(name)
    return unpacked_name(name[: -len(path.suffix)]) if path.suffix.lower() in PACKED else name
