"""Records that a database answers a query with, as a Parquet file of text columns.

The query runs in a thread of its own over a server-side cursor, in a transaction that only reads where the database
knows such a thing, and that is rolled back in any case. A database's own words may quote values and addresses and are
not shown, but for a few known phrases and the names of tables and columns that it does not know.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial, singledispatch
from pathlib import Path
from typing import Any, Final, NamedTuple, cast
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import URL, Connection, CursorResult, Engine, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from schemas.errors import SourceError
from sources.formats.columnar import numbers_as_text
from sources.places.patience import answer, patiently
from sources.source import Source

__all__ = ["write_answer"]

_ROWS: Final = 10_000
_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_PACKAGES: Final = {"psycopg": "'guiyi[postgresql]'", "MySQLdb": "mysqlclient"}
_READ_ONLY: Final = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
    "oracle": "SET TRANSACTION READ ONLY",
}
_WAITS: Final = {"psycopg": "connect_timeout", "pymysql": "connect_timeout", "mysqldb": "connect_timeout"}
_UNKNOWN_NAMES: Final = frozenset({"42P01", "42703", "42883", "3F000"})  # PostgreSQL, appendix A: of tables, columns …
_PHRASES: Final = re.compile(
    r"^no such (?:table|column|function): [\w.]+$|password authentication failed|no password supplied"
    r"|connection refused|database \S+ does not exist|role \S+ does not exist|resolve host|no such file or directory"
    r"|unable to open database file|file is not a database|database is locked|too many clients",
    re.IGNORECASE,
)


class _Part(NamedTuple):
    """Part of an answer: its columns, and the next of its rows."""

    header: list[str]
    rows: Sequence[Sequence[Any]] = ()


def write_answer(source: Source, path: Path, *, name: str, check: Callable[[], None] = lambda: None) -> int:
    """Write what a database answers to a Parquet file: every column as text, its rows in the order they came.

    Integers come without ``.0``, decimals as exact as they are, dates and times in ISO 8601, times with a zone in UTC,
    truth as ``true`` and ``false``, bytes as hexadecimal digits, lists and objects as JSON; a number that is none is
    null.

    Args:
        source: Its ``path`` is the address of the database.
        path: The file to write.
        name: What people call the database.
        check: Called before each batch is written.

    Returns:
        How many rows there were.

    Raises:
        SourceError: The database cannot be reached, refuses the query, fails midway, or does not answer in time.
    """
    if not source.query:
        raise SourceError("sources.no_query", path=name)
    engine = _engine(source, name)
    opened: list[object] = []
    rows = 0
    parts = patiently(partial(_answer, engine, source.query, name, opened), source.timeout)
    try:
        header = next(parts).header
        with pq.ParquetWriter(path, pa.schema([(column, pa.string()) for column in header])) as file:
            for part in parts:
                check()
                file.write_batch(pa.record_batch([_texts(cells) for cells in zip(*part.rows, strict=True)], header))
                rows += len(part.rows)
    except TimeoutError:
        _interrupt(opened)
        raise SourceError("sources.silent", path=name, seconds=f"{source.timeout:g}") from None
    return rows


def _answer(engine: Engine, query: str, name: str, opened: list[object]) -> Iterator[_Part]:
    """The columns of an answer, then its rows; whatever the database raises comes as an error for people."""
    with _told("sources.sql_connection", name):
        connection = engine.connect()
    with contextlib.closing(connection):
        opened.append(connection.connection.driver_connection)
        with _told("sources.sql_query", name):
            result = _asked(connection, query)
        header = _header(result, name)
        yield _Part(header)
        batches, rows = result.partitions(_ROWS), 0
        while True:
            with _told("sources.sql_broken", name, rows=rows):
                batch = next(batches, None)
            if batch is None:
                return
            yield _Part(header, batch)
            rows += len(batch)


def _asked(connection: Connection, query: str) -> CursorResult[Any]:
    """The answer to a query, as it is written: a ``%`` or a ``:`` in it stands for itself."""
    kind = connection.dialect.name
    if kind == "postgresql":
        connection = connection.execution_options(postgresql_readonly=True)
    elif kind in _READ_ONLY:
        connection.exec_driver_sql(_READ_ONLY[kind])
    options = {"stream_results": True, "max_row_buffer": _ROWS, "no_parameters": True}
    return connection.exec_driver_sql(query, execution_options=options)


def _header(result: CursorResult[Any], name: str) -> list[str]:
    header = [str(column[0]) for column in result.cursor.description] if result.returns_rows and result.cursor else []
    if not header:
        raise SourceError("sources.sql_no_rows", path=name)
    repeated = [column for column, count in Counter(header).items() if count > 1]
    if repeated:
        raise SourceError("sources.sql_columns", path=name, columns=", ".join(repeated))
    return header


def _engine(source: Source, name: str) -> Engine:
    try:
        url = make_url(source.path)
        url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
        if url.get_backend_name() == "sqlite" and url.database and not url.query:
            return create_engine(url, poolclass=NullPool, creator=_sqlite(url, source.timeout, name))
        wait = _WAITS.get(url.get_driver_name())
        return create_engine(url, poolclass=NullPool, connect_args={wait: max(2, int(source.timeout))} if wait else {})
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise SourceError("sources.sql_address", path=name) from None
    except ImportError as error:
        missing = error.name or ""
        package = _PACKAGES.get(missing, missing)
        raise SourceError("sources.missing_package", path=name, package=package) from None


def _sqlite(url: URL, seconds: float, name: str) -> Callable[[], sqlite3.Connection]:
    """What opens an SQLite file for reading alone; a missing one would be made otherwise."""
    path = Path(str(url.database))
    if not path.exists():
        raise SourceError("sources.missing_file", path=name)
    place = f"file:{quote(str(path.absolute()))}?mode=ro"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(place, uri=True, timeout=seconds * 0.9, check_same_thread=False)
        connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        return connection

    return connect


@contextlib.contextmanager
def _told(key: str, name: str, **values: object) -> Iterator[None]:
    """What a database raises, as a person is told of it."""
    try:
        yield
    except SourceError:
        raise
    except Exception as error:  # noqa: BLE001  every driver has errors of its own
        origin = getattr(error, "orig", None) or error
        if type(origin).__name__ == "ConnectionTimeout":
            raise TimeoutError from None
        raise SourceError(key, path=name, cause=_cause(origin), **values) from None


def _cause(error: BaseException) -> str:
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or ""
    known = _PHRASES.search(str(error))
    said = error.diag.message_primary if code in _UNKNOWN_NAMES and hasattr(error, "diag") else known and known[0]
    return said or f"{type(error).__name__} {code}".strip()


def _interrupt(connections: Sequence[Any]) -> None:
    """Tell databases that nobody waits for their answer any more."""
    for connection in connections:
        names = ("cancel_safe", "interrupt", "cancel")
        cancel = next((getattr(connection, name) for name in names if hasattr(connection, name)), None)
        if cancel:
            with contextlib.suppress(Exception):
                answer(cancel, 5)


def _texts(cells: Sequence[object]) -> pa.Array:
    """A column of an answer: the driver's Python objects as text."""
    kinds = set(map(type, cells)) - {type(None)}
    with contextlib.suppress(OverflowError, UnicodeEncodeError):
        if kinds == {int}:
            return pa.array(cells, pa.int64()).cast(pa.string())
        if kinds == {float}:
            return numbers_as_text(pa.array(cells, pa.float64()))
        if kinds <= {str}:
            return pa.array(cells, pa.string())
    convert = _text.dispatch(kinds.pop()) if len(kinds) == 1 else _text
    return pa.array([None if cell is None else convert(cell) for cell in cells], pa.string())


@singledispatch
def _text(cell: object) -> str | None:
    return str(cell)


@_text.register
def _(cell: str) -> str | None:
    """Text with bytes that its database should not have taken for UTF-8."""
    raw = cell.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "replace")


@_text.register
def _(cell: bool) -> str | None:  # noqa: FBT001  a cell
    return "true" if cell else "false"


@_text.register
def _(cell: float) -> str | None:
    return cast("str | None", numbers_as_text(pa.array([cell], pa.float64()))[0].as_py())


@_text.register
def _(cell: Decimal) -> str | None:
    return None if cell.is_nan() else format(cell, "f")


@_text.register
def _(cell: dt.datetime) -> str | None:
    if cell.tzinfo is None:
        return _whole(cell.isoformat(" "))
    return _whole(cell.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")) + "Z"


@_text.register
def _(cell: dt.date | dt.time) -> str | None:
    return cell.isoformat()


@_text.register
def _(cell: bytes | bytearray | memoryview) -> str | None:
    return cell.hex()


@_text.register(list)
@_text.register(dict)
@_text.register(tuple)
def _(cell: object) -> str | None:
    return json.dumps(cell, ensure_ascii=False, default=str)


def _whole(moment: str) -> str:
    """A time without the zeros of a fraction."""
    return moment.rstrip("0") if "." in moment else moment
