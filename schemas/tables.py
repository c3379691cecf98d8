"""The store's tables, in SQLAlchemy Core; `docs/tables.md` is their dictionary.

A *versioned* table keeps every version of a row: ``valid_from`` is the publication that brought it, ``valid_to`` the
one that replaced or removed it (null: current). A publication writes only what differs; where a record stands in its
export (`schemas.records.PLACE`) makes no difference. Customers' values live in ``source_record``, ``customer_version``
and ``quarantine`` alone; everything else holds keys, codes and counts.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Float, Index, Integer, MetaData, Table, Text

from schemas.golden import CUSTOMER_COLUMNS
from schemas.records import PLACE, RECORD_COLUMNS

__all__ = [
    "COMPARED",
    "COUNTS",
    "METADATA",
    "VERSIONED",
    "crosswalk_version",
    "customer_version",
    "evidence_version",
    "golden_identity",
    "identity_change",
    "match_pattern",
    "model",
    "pointer",
    "publication",
    "quarantine",
    "run",
    "run_file",
    "run_source",
    "source_record",
    "warning_version",
]

METADATA: Final = MetaData()
COUNTS: Final = (
    "rows_read",
    "accepted",
    "quarantined",
    "superseded",
    "deleted",
    "erased",
    "warned",
    "absent",
    "carried",
)
COMPARED: Final = "compared"  # in `Column.info`: whether another value makes another version of the row
_INTEGERS: Final = frozenset({"line", "record_count"})


def _text(*names: str) -> list[Column[str]]:
    return [Column(name, Text) for name in names]


def _number(*names: str) -> list[Column[int]]:
    return [Column(name, Integer) for name in names]


def _of_frame(names: tuple[str, ...], keys: frozenset[str]) -> list[Column[object]]:
    return [
        Column(name, Integer if name in _INTEGERS else Text, info={COMPARED: name not in PLACE})
        for name in names
        if name not in keys
    ]


def _versions(*keys: str) -> list[Column[int] | Column[str]]:
    """Key and validity; before all else, so that reading whether a row is current does not read the row."""
    return [
        *(Column(name, Text, primary_key=True) for name in keys),
        Column("valid_from", Integer, primary_key=True, autoincrement=False),
        Column("valid_to", Integer),
    ]


run: Final = Table(
    "run",
    METADATA,
    Column("run_id", Text, primary_key=True),
    *_text("started_at", "finished_at", "status", "command", "logic_version", "plan_hash", "error"),
    *_number("publication_id"),
    *_text("stages"),
)
run_source: Final = Table(
    "run_source",
    METADATA,
    Column("run_id", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    *_text("department"),
    *(Column(name, Integer, nullable=False) for name in COUNTS),
)
run_file: Final = Table(
    "run_file",
    METADATA,
    Column("run_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    *_text("file", "format", "encoding", "delimiter", "content_hash"),
    *_number("size"),
    *_text("modified"),
    Column("rows_read", Integer, nullable=False),
    Index("run_file_run", "run_id"),
)
publication: Final = Table(
    "publication",
    METADATA,
    Column("publication_id", Integer, primary_key=True, autoincrement=False),
    Column("run_id", Text, nullable=False),
    *_number("parent_id"),
    Column("published_at", Text, nullable=False),
    *_text("plan_hash", "inputs_hash", "model_id", "snapshot"),
    *_number("records", "customers", "created", "kept", "grown", "merged", "split", "shrunk", "returned", "retired"),
    Column("pinned", Integer, nullable=False, default=0),
)
pointer: Final = Table(
    "pointer",
    METADATA,
    Column("one", Integer, primary_key=True, autoincrement=False),  # always 1: the table has one row
    Column("publication_id", Integer, nullable=False),
)
model: Final = Table(
    "model", METADATA, Column("model_id", Text, primary_key=True), *_text("created_at"), Column("parameters", Text)
)
quarantine: Final = Table(
    "quarantine",
    METADATA,
    Column("run_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    *_number("line"),
    *_text("reasons", "raw", "file"),
    Index("quarantine_run", "run_id"),
)

source_record: Final = Table(
    "source_record", METADATA, *_versions("record_key"), *_of_frame(RECORD_COLUMNS, frozenset({"record_key"}))
)
crosswalk_version: Final = Table(
    "crosswalk_version",
    METADATA,
    *_versions("record_key"),
    Column("golden_id", Text, nullable=False),
    Index("crosswalk_golden", "golden_id"),
    sqlite_with_rowid=False,  # narrow: the table is its own index
)
customer_version: Final = Table(
    "customer_version", METADATA, *_versions("golden_id"), *_of_frame(CUSTOMER_COLUMNS, frozenset({"golden_id"}))
)
warning_version: Final = Table(
    "warning_version", METADATA, *_versions("record_key", "attribute", "reason"), sqlite_with_rowid=False
)
evidence_version: Final = Table(
    "evidence_version",
    METADATA,
    *_versions("left_key", "right_key"),
    Column("match_weight", Float, nullable=False),
    Column("match_probability", Float, nullable=False),
    Column("pattern_id", Integer, nullable=False),
    sqlite_with_rowid=False,
)
match_pattern: Final = Table(
    "match_pattern",
    METADATA,
    Column("pattern_id", Integer, primary_key=True),
    Column("levels", Text, nullable=False, unique=True),
)

golden_identity: Final = Table(
    "golden_identity",
    METADATA,
    Column("golden_id", Text, primary_key=True),
    Column("issued_in", Integer, nullable=False),
    *_text("alias_of"),
    *_number("retired_in"),
    sqlite_with_rowid=False,
)
identity_change: Final = Table(
    "identity_change",
    METADATA,
    Column("publication_id", Integer, nullable=False),
    Column("golden_id", Text, nullable=False),
    Column("event", Text, nullable=False),
    *_text("other_id"),
    Column("records", Integer, nullable=False),
    Index("identity_change_golden", "golden_id"),
)

VERSIONED: Final = (source_record, crosswalk_version, customer_version, warning_version, evidence_version)
