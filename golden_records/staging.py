"""Bulk loads: a publication's tables in private SQLite files, ready to be attached to the store.

ADBC writes Arrow tables into SQLite faster than any driver that binds row by row, but it brings a second SQLite library
into the process, and two of them on one file undo each other's locks. So ADBC sees only these private files, and
they are closed before the store's own connection attaches them (`golden_records.store.writing`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import adbc_driver_sqlite.dbapi
import pyarrow as pa

from schemas.errors import StoreError

__all__ = ["load", "staging"]

_PREFIX: Final = ".stage-"
_PRAGMAS: Final = (
    "PRAGMA page_size = 8192",  # bytes
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA cache_size = -65536",  # KiB
)


def load(path: Path, tables: Mapping[str, pa.Table], keys: Mapping[str, tuple[str, ...]]) -> None:
    """Write tables as ``staged_<name>`` into a new file.

    Args:
        path: The file.
        tables: Name → rows.
        keys: Name → columns to index, for the tables that will be compared with the store's.

    Raises:
        StoreError: It cannot be written.
    """
    try:
        _write(path, tables, keys)
    except adbc_driver_sqlite.dbapi.Error as error:
        raise StoreError("store.failed", path=path, reason=type(error).__name__) from None


def _write(path: Path, tables: Mapping[str, pa.Table], keys: Mapping[str, tuple[str, ...]]) -> None:
    with (
        closing(adbc_driver_sqlite.dbapi.connect(str(path), autocommit=True)) as connection,
        closing(connection.cursor()) as cursor,
    ):
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
            cursor.fetchall()
        for name, table in tables.items():
            cursor.adbc_ingest(f"staged_{name}", table, mode="create")
            if name in keys:
                cursor.execute(f"CREATE INDEX {name}_key ON staged_{name} ({', '.join(keys[name])})")


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A new folder of staging files in a folder, removed at the end, together with what dead processes left there."""
    for left in folder.glob(f"{_PREFIX}*"):
        if not _alive(left.name.removeprefix(_PREFIX)):
            shutil.rmtree(left, ignore_errors=True)
    home = folder / f"{_PREFIX}{os.getpid()}"
    shutil.rmtree(home, ignore_errors=True)  # of a dead process that had the same number
    home.mkdir()
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _alive(process: str) -> bool:
    with suppress(OSError, ValueError):
        os.kill(int(process), 0)
        return True
    return False
