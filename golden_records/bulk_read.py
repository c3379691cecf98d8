"""Reading long tables from the store without a Python object a cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from schemas.golden import COUNT
from schemas.records import TEXT

__all__ = ["read_columns", "read_stretches"]

_SEPARATOR: Final = "\x1f"  # ASCII's unit separator; as it is in queries: SQLite calls ``char(31)`` for each row
_STRETCH: Final = 1 << 17  # rows read at once: their largest column stays far below what SQLite takes for one text
_NONE: Final[Mapping[str, str]] = {}


def read_columns(
    connection: Connection,
    rest: str,
    columns: Mapping[str, str],
    numbers: Collection[str],
    names: Mapping[str, object] = _NONE,
) -> pd.DataFrame:
    """The rows of a query as Arrow-backed columns.

    SQLite joins each column into one text, which Arrow takes apart again: a million rows in 0.8 s, where fetching them
    takes 5 s. Where that cannot be (a text of more than a thousand million bytes, a separator inside a value) rows are
    fetched.

    Args:
        connection: A reader's or a writer's.
        rest: The query from ``FROM`` on; groups are not possible.
        columns: Name → SQL expression.
        numbers: Names of the columns that are integers; the others are text, an empty one null.
        names: What ``:name`` stands for in the query.
    """
    joined = ", ".join(
        f"group_concat(COALESCE(CAST({column} AS TEXT), ''), '{_SEPARATOR}')" for column in columns.values()
    )
    try:
        texts = connection.exec_driver_sql(f"SELECT COUNT(*), {joined} {rest}", dict(names)).one()
    except DBAPIError:
        return _fetched(connection, rest, columns, numbers, names)
    count, *parts = texts
    arrays = [_apart(part) for part in parts] if count else [pa.array([], pa.string())] * len(columns)
    if any(len(array) != count for array in arrays):
        return _fetched(connection, rest, columns, numbers, names)
    return pd.DataFrame({name: _column(array, name in numbers) for name, array in zip(columns, arrays, strict=True)})


def read_stretches(
    connection: Connection, table: str, where: str, columns: Collection[str], numbers: Collection[str], name: str
) -> Iterator[pd.DataFrame]:
    """The rows of a wide table, a stretch at a time, in the order in which they were written.

    Args:
        connection: A reader's or a writer's.
        table: A table with rowids.
        where: Which rows; ``:name`` in it stands for the next.
        columns: What to read of them.
        numbers: Those that are integers.
        name: A value in the condition.

    Yields:
        The columns of which the stretch holds any value, as `read_columns` does.
    """
    counts = ", ".join(f"COUNT({column})" for column in columns)
    first, last = connection.exec_driver_sql(f"SELECT MIN(rowid), MAX(rowid) FROM {table}").one()
    for start in range(first or 0, (last or -1) + 1, _STRETCH):
        rest = f"FROM {table} WHERE rowid BETWEEN :start AND :end AND {where}"
        names = {"start": start, "end": start + _STRETCH - 1, "name": name}
        filled = connection.exec_driver_sql(f"SELECT {counts} {rest}", names).one()
        held = {column: column for column, count in zip(columns, filled, strict=True) if count}
        if held:
            yield read_columns(connection, rest, held, numbers, names)


def _apart(text: str) -> pa.Array:
    values = pc.list_flatten(pc.split_pattern(pa.array([text]), _SEPARATOR))
    return pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)


def _fetched(
    connection: Connection,
    rest: str,
    columns: Mapping[str, str],
    numbers: Collection[str],
    names: Mapping[str, object],
) -> pd.DataFrame:
    rows = connection.exec_driver_sql(f"SELECT {', '.join(columns.values())} {rest}", dict(names)).fetchall()
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [
        pa.array(column, pa.int64() if name in numbers else pa.string())
        for name, column in zip(columns, values, strict=True)
    ]
    return pd.DataFrame({name: _column(array, name in numbers) for name, array in zip(columns, arrays, strict=True)})


def _column(values: pa.Array, is_number: bool) -> pd.Series:  # noqa: FBT001
    return pd.Series(pd.array(pc.cast(values, pa.int64()), dtype=COUNT) if is_number else pd.array(values, dtype=TEXT))
