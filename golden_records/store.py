"""The store's door: opening it, reading it, and the one transaction of a publication.

SQLite is opened with the driver's own transaction handling switched off, and every transaction is begun in so many
words (``BEGIN`` to read, ``BEGIN IMMEDIATE`` to write), because the driver would otherwise begin late and commit early.
Readers keep the version they began with while a writer works (write-ahead log). Only the first publication, before
which there is nothing to read, goes past the log: its pages are written once instead of twice.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from schemas.errors import GuiyiError, LockedError, StoreError
from schemas.migrations import head, migrate, revision

__all__ = ["open_store", "reading", "running", "writing"]

_BEGIN: Final = "guiyi_begin"
_PATIENCE: Final = 5.0  # seconds that a writer waits for another's last moments
_PRAGMAS: Final = (
    "PRAGMA page_size = 8192",  # bytes, of a new store: a fifth less work than with 4096
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a COMMIT that returned has reached the disk
    "PRAGMA cache_size = -131072",  # KiB
    "PRAGMA temp_store = MEMORY",
    "PRAGMA journal_size_limit = 67108864",  # bytes that the log keeps after a large publication
)


def open_store(url: str) -> Engine:
    """Open a store, making it and bringing its tables to the newest revision where needed.

    Args:
        url: An SQLAlchemy URL (``sqlite:///guiyi.db``), or a path to an SQLite file.

    Raises:
        StoreError: It cannot be opened, or is no store.
        LockedError: It needs new tables while another process writes.
    """
    address = make_url(url if "://" in url else f"sqlite:///{url}")
    if address.get_backend_name() != "sqlite":
        raise StoreError("store.unknown_backend", backend=address.get_backend_name())
    path = _path(address)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("store.cannot_open", path=path, reason=error.strerror or type(error).__name__) from None
    engine = create_engine(address, poolclass=NullPool, connect_args={"timeout": _PATIENCE, "isolation_level": None})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    with reading(engine) as connection:
        ready = revision(connection) == head()
    if not ready:
        with writing(engine) as connection:
            migrate(connection)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one publication from beginning to end, whatever is published meanwhile."""
    with _plain_errors(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, files: Sequence[Path] = ()) -> Iterator[Connection]:
    """The one writer's transaction: committed at the end of the block, rolled back when anything is raised in it.

    Args:
        engine: An open store.
        files: Of staged tables (`golden_records.staging`), attached beforehand, because SQLite attaches nothing inside
            a transaction. Their tables are found without naming the file.

    Raises:
        LockedError: Another process is writing.
    """
    with _plain_errors(engine), engine.connect() as plain:
        connection = plain.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
        driver: Any = connection.connection.dbapi_connection
        for file in files:
            driver.execute(f"ATTACH DATABASE ? AS {file.stem}", (str(file),))
        try:
            with _past_the_log(driver) if files else nullcontext(), connection.begin():
                yield connection
        finally:
            for file in files:
                driver.execute(f"DETACH DATABASE {file.stem}")


@contextmanager
def _past_the_log(driver: Any) -> Iterator[None]:
    """Write the first publication of a store straight into its file, with a journal that takes it back if it fails.

    Where somebody else has the store open, which forbids a change of journal, the log is used as ever.
    """
    if driver.execute("SELECT 1 FROM publication LIMIT 1").fetchone():
        yield
        return
    with suppress(sqlite3.OperationalError):
        driver.execute("PRAGMA journal_mode = TRUNCATE")
    try:
        yield
    finally:
        with suppress(sqlite3.OperationalError):  # who opens the store next will do it
            driver.execute("PRAGMA journal_mode = WAL")


@contextmanager
def running(engine: Engine) -> Iterator[None]:
    """The lock of a whole run; the operating system frees it when the process ends, however it ends.

    It is a lock on an empty SQLite file beside the store: readers and the review page are not held up by it.

    Raises:
        LockedError: Another run holds it.
    """
    path = _path(engine.url)
    lock = sqlite3.connect(path.with_name(f"{path.name}.lock"), timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise LockedError("store.locked", path=path) from None
        yield
    finally:
        lock.close()


def _prepare(driver: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        _patiently(driver, pragma)


def _patiently(driver: Any, statement: str) -> None:
    """Execute a statement, again while somebody is in the way: SQLite itself does not wait to change the journal."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            driver.execute(statement)
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


@contextmanager
def _plain_errors(engine: Engine) -> Iterator[None]:
    """Turn the driver's errors, whose messages carry statements and values, into ours."""
    path = _path(engine.url)
    try:
        yield
    except GuiyiError:
        raise
    except OSError as error:  # a snapshot or a staging file that cannot be written
        raise StoreError("store.failed", path=path, reason=error.strerror or type(error).__name__) from None
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(error, OperationalError | sqlite3.OperationalError) and _is_busy(cause):
            raise LockedError("store.locked", path=path) from None
        raise StoreError("store.failed", path=path, reason=_reason(cause)) from None


def _reason(cause: object) -> str:
    """SQLite's messages name tables and columns, never values; of others only the kind is safe to tell."""
    return str(cause) if isinstance(cause, sqlite3.Error) else type(cause).__name__


def _is_busy(cause: object) -> bool:
    return str(getattr(cause, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _path(address: URL) -> Path:
    return Path(address.database or "guiyi.db").absolute()
