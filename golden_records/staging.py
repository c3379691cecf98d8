"""Bulk loads: a publication's tables in a private SQLite file, ready to be attached to the store.

ADBC writes Arrow tables into SQLite faster than any driver that binds row by row, but it brings a second SQLite library
into the process, and two of them on one file undo each other's locks. So ADBC sees only this private file, and it is
closed before the store's own connection attaches it (`golden_records.store.writing`).
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

__all__ = ["Stage", "staging"]

_PREFIX: Final = ".stage-"
_PRAGMAS: Final = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536")


class Stage:
    """A staging file being filled.

    Args:
        path: Where it lies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, tables: Mapping[str, pa.Table], keys: Mapping[str, tuple[str, ...]]) -> None:
        """Write tables.

        Args:
            tables: Name → rows.
            keys: Name → columns to index, for the tables that will be compared with the store's.
        """
        with (
            closing(adbc_driver_sqlite.dbapi.connect(str(self.path), autocommit=True)) as connection,
            closing(connection.cursor()) as cursor,
        ):
            for pragma in _PRAGMAS:
                cursor.execute(pragma)
                cursor.fetchall()
            for name, table in tables.items():
                cursor.adbc_ingest(name, table, mode="create")
                if name in keys:
                    cursor.execute(f"CREATE INDEX {name}_key ON {name} ({', '.join(keys[name])})")


@contextmanager
def staging(folder: Path) -> Iterator[Stage]:
    """A new staging file in a folder, removed at the end, together with what dead processes left there."""
    for left in folder.glob(f"{_PREFIX}*"):
        if not _alive(left.name.removeprefix(_PREFIX)):
            shutil.rmtree(left, ignore_errors=True)
    home = folder / f"{_PREFIX}{os.getpid()}"
    home.mkdir(exist_ok=True)
    try:
        yield Stage(home / "stage.db")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _alive(process: str) -> bool:
    with suppress(OSError, ValueError):
        os.kill(int(process), 0)
        return True
    return False
