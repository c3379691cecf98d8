"""One customer, seen from a golden id (aliases resolve) or from any of its records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy import BindParameter, Connection, RowMapping, Table, and_, bindparam, or_, select, text

from golden_records.lineage import Origin, origins
from schemas.errors import UsageError
from schemas.records import RECORD_COLUMNS, conform
from schemas.tables import crosswalk_version, customer_version, golden_identity, pointer, source_record

__all__ = ["CustomerView", "Event", "Member", "history", "lookup", "resolve", "source_pair"]

_CHAIN: Final = text(
    """WITH RECURSIVE chain(golden_id, alias_of) AS (
        SELECT golden_id, alias_of FROM golden_identity WHERE golden_id = :id
        UNION ALL SELECT i.golden_id, i.alias_of FROM golden_identity i JOIN chain ON i.golden_id = chain.alias_of)
    SELECT golden_id FROM chain WHERE alias_of IS NULL"""
)
_ALIASES: Final = text(
    """WITH RECURSIVE chain(golden_id) AS (
        SELECT golden_id FROM golden_identity WHERE alias_of = :id
        UNION ALL SELECT i.golden_id FROM golden_identity i JOIN chain ON i.alias_of = chain.golden_id)
    SELECT golden_id FROM chain ORDER BY golden_id"""
)
_HISTORY: Final = text(
    """SELECT e.publication_id, p.published_at, p.run_id, e.golden_id, e.event, e.other_id, e.records
    FROM identity_event e JOIN publication p ON p.publication_id = e.publication_id
    WHERE e.golden_id = :id OR e.other_id = :id ORDER BY e.publication_id, e.golden_id, e.event, e.other_id"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A source record of a customer: its key, its source and the values it has."""

    record_key: str
    source: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A golden record with its members and lineage.

    Args:
        golden_id: Its id.
        asked: What was asked for: a golden id, an alias or a record key.
        publication_id: The publication that is shown.
        retired_in: The publication that retired it; it is then shown as it last was.
        values: Column → value, those that are not null.
        members: Its records, sorted by key.
        lineage: Where each value comes from, in the order of the columns.
        aliases: Ids that were merged into it.
    """

    golden_id: str
    asked: str
    publication_id: int
    retired_in: int | None
    values: Mapping[str, str | int]
    members: tuple[Member, ...]
    lineage: tuple[Origin, ...]
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a golden id (`golden_records.events`)."""

    publication_id: int
    published_at: str
    run_id: str
    golden_id: str
    event: str
    other_id: str | None
    records: int | None


def lookup(connection: Connection, key_or_id: str, *, publication_id: int | None = None) -> CustomerView | None:
    """A customer, or ``None`` if there is none of that name.

    Args:
        connection: A reader's.
        key_or_id: A golden id, an alias, or a record key (``source:source_id``).
        publication_id: As of this publication; the current one when absent.
    """
    shown = (
        publication_id if publication_id is not None else connection.execute(select(pointer.c.publication_id)).scalar()
    )
    if shown is None:
        return None
    golden_id = resolve(connection, key_or_id, publication_id=shown)
    if golden_id is None:
        return None
    ended = golden_identity.c.golden_id == golden_id
    retired_in = connection.execute(select(golden_identity.c.retired_in).where(ended)).scalar()
    if publication_id is None and retired_in is not None:
        shown = retired_in - 1
    row = _one(connection, customer_version, golden_id, shown)
    if row is None:
        return None
    hidden = {"valid_from", "valid_to", "lineage", "lineage_records"}
    values = {name: value for name, value in row.items() if value is not None and name not in hidden}
    return CustomerView(
        golden_id=golden_id,
        asked=key_or_id,
        publication_id=shown,
        retired_in=retired_in,
        values=values,
        members=_members(connection, golden_id, shown),
        lineage=origins(values, row["lineage_records"], row["lineage"]),
        aliases=tuple(connection.execute(_ALIASES, {"id": golden_id}).scalars()),
    )


def resolve(connection: Connection, key_or_id: str, *, publication_id: int) -> str | None:
    """The golden id behind a record key or an alias, over chains of aliases; ``None`` where it is unknown."""
    row = _one(connection, crosswalk_version, key_or_id, publication_id)
    if row is not None:
        return str(row["golden_id"])
    return connection.execute(_CHAIN, {"id": key_or_id}).scalar()


def history(connection: Connection, golden_id: str) -> tuple[Event, ...]:
    """What happened to a golden id, and to others on its account, oldest first."""
    return tuple(Event(**row) for row in connection.execute(_HISTORY, {"id": golden_id}).mappings())


def source_pair(connection: Connection, left: str, right: str) -> pd.DataFrame:
    """Two current source records as a canonical frame, in the order asked for.

    Raises:
        UsageError: There is no such record.
    """
    rows = []
    for key in (left, right):
        statement = select(source_record).where(source_record.c.record_key == key, source_record.c.valid_to.is_(None))
        row = connection.execute(statement).mappings().first()
        if row is None:
            raise UsageError("golden.unknown_record", key=key)
        rows.append({name: row[name] for name in RECORD_COLUMNS})
    frame = pd.DataFrame(rows)
    return conform(frame.astype({name: "string[pyarrow]" for name in RECORD_COLUMNS if name != "line"}))


def _valid(table: Table) -> Any:
    shown: BindParameter[int] = bindparam("shown")
    return and_(table.c.valid_from <= shown, or_(table.c.valid_to.is_(None), table.c.valid_to > shown))


def _one(connection: Connection, table: Table, key: str, shown: int) -> RowMapping | None:
    statement = select(table).where(next(iter(table.primary_key)) == key, _valid(table))
    return connection.execute(statement, {"shown": shown}).mappings().first()


def _members(connection: Connection, golden_id: str, shown: int) -> tuple[Member, ...]:
    joined = crosswalk_version.join(source_record, source_record.c.record_key == crosswalk_version.c.record_key)
    statement = (
        select(source_record)
        .select_from(joined)
        .where(crosswalk_version.c.golden_id == golden_id, _valid(crosswalk_version), _valid(source_record))
        .order_by(source_record.c.record_key)
    )
    hidden = {"record_key", "source", "valid_from", "valid_to"}
    return tuple(
        Member(
            record_key=row["record_key"],
            source=row["source"],
            values={name: str(value) for name, value in row.items() if value is not None and name not in hidden},
        )
        for row in connection.execute(statement, {"shown": shown}).mappings()
    )
