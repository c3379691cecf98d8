"""Versioned tables: a publication closes the rows that are gone or changed, and adds those that are new or changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Column, Connection, Table, text

from schemas.tables import COMPARED

__all__ = ["add_versions"]


def add_versions(connection: Connection, table: Table, staged: Collection[str], publication_id: int) -> int:
    """Bring a versioned table to the staged state.

    A row that differs only in columns that are not compared (`schemas.tables.COMPARED`) stays as it is.

    Args:
        connection: A writer's, with the stage attached.
        table: One of `schemas.tables.VERSIONED`; ``staged_<name>`` holds the whole new state.
        staged: Columns of the staged table; those it lacks hold no value at all.
        publication_id: The new publication.

    Returns:
        How many rows were closed or added.
    """
    keys = [column for column in table.primary_key if column.name != "valid_from"]
    values = [column for column in table.columns if column.name not in {"valid_from", "valid_to", *_names(keys)}]
    same_key = " AND ".join(f"s.{key.name} = t.{key.name}" for key in keys)
    compared = [column for column in values if column.info.get(COMPARED, True)]
    same = " AND ".join(_same(column, staged, connection.dialect.name) for column in compared) or "1 = 1"
    number = {"publication": publication_id}
    has_rows = connection.execute(text(f"SELECT 1 FROM {table.name} WHERE valid_to IS NULL LIMIT 1")).first()
    closed, unchanged = 0, ""
    indexes = [] if has_rows else sorted(table.indexes, key=str)  # of a first load they are built at its end, sorted
    if has_rows:
        closing = f"""UPDATE {table.name} AS t SET valid_to = :publication WHERE t.valid_to IS NULL
            AND NOT EXISTS (SELECT 1 FROM staged_{table.name} s WHERE {same_key} AND {same})"""
        closed = connection.execute(text(closing), number).rowcount
        unchanged = f"""WHERE NOT EXISTS
            (SELECT 1 FROM {table.name} t WHERE {same_key} AND t.valid_to IS NULL)"""
    names = _names([*keys, *values])
    listed = ", ".join(f"s.{name}" if name in staged else "NULL" for name in names)
    adding = f"""INSERT INTO {table.name} ({", ".join(names)}, valid_from)
        SELECT {listed}, :publication FROM staged_{table.name} s {unchanged}"""
    for index in indexes:
        index.drop(connection)
    added = connection.execute(text(adding), number).rowcount
    for index in indexes:
        index.create(connection)
    return closed + added


def _names(columns: Collection[Column[object]]) -> list[str]:
    return [column.name for column in columns]


def _same(column: Column[object], staged: Collection[str], dialect: str) -> str:
    if column.name not in staged:
        return f"t.{column.name} IS NULL"
    return f"s.{column.name} {'IS' if dialect == 'sqlite' else 'IS NOT DISTINCT FROM'} t.{column.name}"
