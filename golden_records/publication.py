"""Publishing: the new state of every table, staged, compared with the store's, and made current in one transaction.

::

    with staged(engine, new) as ready, writing(engine, ready.files) as connection:
        published = publish(connection, publication=ready)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from golden_records.identity import Identified
from golden_records.identity_store import add_identities, read_known
from golden_records.invariants import check
from golden_records.runs import Run, SourceCount, SourceFile, record_run
from golden_records.snapshot import drafting, point_to, snapshot_name, sweep_snapshots
from golden_records.staged_tables import Patterns, filled, stage_customers, stage_narrow, stage_records
from golden_records.staging import staging
from golden_records.store import reading
from golden_records.versions import add_versions
from schemas.errors import LockedError
from schemas.golden import CUSTOMER_COLUMNS, EVENT_KINDS
from schemas.records import RECORD_COLUMNS
from schemas.tables import VERSIONED, customer_version, match_pattern, model, pointer, source_record
from schemas.tables import publication as publication_table

__all__ = [
    "NewPublication",
    "Publication",
    "Published",
    "Staged",
    "current",
    "publication_at",
    "publish",
    "read_known",
    "read_model",
    "stage_records",
    "staged",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is current.

    Args:
        publication_id: 1, 2, 3 …
        run_id: The run that made it.
        published_at: UTC, ISO 8601.
        plan_hash: Parent, configuration, inputs, judgements, model and logic version.
        inputs_hash: The same without the parent: equal hashes make equal content.
        model_id: The model that matched.
        snapshot: Folder of its Parquet files.
        pinned: Whether it stays until it is unpinned.
    """

    publication_id: int
    run_id: str
    published_at: str
    plan_hash: str | None
    inputs_hash: str | None
    model_id: str | None
    snapshot: str | None
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPublication:
    """The whole state that a run wants to publish.

    Args:
        run: The run.
        sources: Its sources' accounts.
        files: Their files.
        parent_id: The publication it began from (null: the store was empty).
        published_at: UTC, ISO 8601.
        records: Canonical records, all that are current (N rows).
        identified: Their golden ids, and what happened to ids (`golden_records.identity.identify`).
        customers: The golden records (`golden_records.survivorship.survive`).
        quarantine: `schemas.quarantine.QUARANTINE`.
        warnings: record_key, attribute, reason.
        pairs: `schemas.linkage.PAIRS`, positions in ``records``: the evidence.
        patterns: `schemas.linkage.PATTERNS`, which ``pairs`` refer to.
        plan_hash: See `Publication`.
        inputs_hash: See `Publication`.
        model_id: The model that matched.
        model: Its JSON.
        snapshot: Folder of Parquet snapshots (`golden_records.snapshot`); null where none are kept.
    """

    run: Run
    sources: Sequence[SourceCount]
    parent_id: int | None
    published_at: str
    records: pd.DataFrame
    identified: Identified
    customers: pd.DataFrame
    quarantine: pd.DataFrame
    warnings: pd.DataFrame
    pairs: pa.Table
    patterns: pa.Table
    files: Sequence[SourceFile] = ()
    plan_hash: str | None = None
    inputs_hash: str | None = None
    model_id: str | None = None
    model: str | None = None
    snapshot: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A publication whose tables wait in files to be attached.

    Args:
        publication: What it is.
        files: What to attach.
        patterns: Comparison patterns that the store has not seen: their id and levels.
    """

    publication: NewPublication
    files: tuple[Path, ...]
    patterns: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What came of it.

    Args:
        publication_id: What is current now.
        changed: Whether anything differed; if nothing did, the publication before is still the current one.
        records: Current records (0 where nothing changed: not counted).
        customers: Current customers (likewise).
        changes: Table → rows added or closed.
    """

    publication_id: int
    changed: bool
    records: int
    customers: int
    changes: Mapping[str, int]


def current(connection: Connection) -> Publication | None:
    """The publication that readers see; ``None`` in an empty store."""
    columns = [publication_table.c[name] for name in Publication.__dataclass_fields__]
    joined = publication_table.join(pointer, pointer.c.publication_id == publication_table.c.publication_id)
    row = connection.execute(select(*columns).select_from(joined)).mappings().first()
    return None if row is None else Publication(**{**row, "pinned": bool(row["pinned"])})


def publication_at(connection: Connection, moment: str) -> int | None:
    """The publication that was current at a moment (UTC, ISO 8601); ``None`` before the first."""
    earlier = publication_table.c.published_at <= moment
    return connection.execute(select(func.max(publication_table.c.publication_id)).where(earlier)).scalar()


def read_model(connection: Connection, model_id: str) -> str | None:
    """A model's JSON, as the publication that used it stored it."""
    return connection.execute(select(model.c.parameters).where(model.c.model_id == model_id)).scalar()


@contextmanager
def staged(engine: Engine, new: NewPublication, records: Path | None = None) -> Iterator[Staged]:
    """Write a publication's tables into private files beside the store; the store itself is only read.

    When the block is left, the link ``current`` among the snapshots leads to what is then published.

    Args:
        engine: The open store.
        new: What to publish.
        records: The file that `stage_records` wrote; written now when absent.
    """
    folder = Path(engine.url.database or ".").absolute().parent
    with reading(engine) as connection:
        seen = {levels: number for number, levels in connection.execute(select(match_pattern))}
    compared = new.parent_id is not None
    with staging(folder) as home:
        customers, narrow = home / "customers.db", home / "narrow.db"
        if records is None:
            records = home / "records.db"
            stage_records(new.records, records, compared=compared)
        with ThreadPoolExecutor(max_workers=1) as beside:
            wide = beside.submit(stage_customers, new.customers, customers, compared=compared)
            patterns = stage_narrow(new, narrow, seen, compared=compared)
            wide.result()
        yield Staged(publication=new, files=(records, customers, narrow), patterns=patterns)
    with reading(engine) as connection:
        now = current(connection)
    if now is not None and now.snapshot is not None:
        point_to(Path(now.snapshot))


def publish(connection: Connection, *, publication: Staged) -> Published:
    """Bring the store to the staged state, check the invariants, write the Parquet snapshot, and move the pointer.

    Nothing becomes visible before the caller's transaction commits. Where nothing differs from what is current, only
    the run is written down.

    Args:
        connection: A writer's with the stage attached: ``writing(engine, publication.path)``.
        publication: What was staged.

    Raises:
        LockedError: Another run published since this one began.
        InvariantError: Records would be lost or doubled.
    """
    new = publication.publication
    parent = _parent(connection, new)
    number = (connection.execute(select(func.max(publication_table.c.publication_id))).scalar() or 0) + 1
    with drafting(
        _swept(connection, new),
        publication_id=number,
        published_at=new.published_at,
        customers=new.customers,
        crosswalk=new.identified.crosswalk,
        records=new.records,
    ) as keep_snapshot:
        changes = _add_all_versions(connection, publication, number)
        if parent is not None and not any(changes.values()):
            _add_run(connection, publication, "unchanged", parent)
            return Published(publication_id=parent, changed=False, records=0, customers=0, changes=changes)
        _add_run(connection, publication, "published", number)
        add_identities(connection, number)
        records, customers = check(connection, run_id=new.run.run_id, publication_id=number)
        _add_publication(connection, new, number, records=records, customers=customers)
        keep_snapshot()
        connection.execute(delete(pointer))
        connection.execute(insert(pointer).values(one=1, publication_id=number))
        return Published(publication_id=number, changed=True, records=records, customers=customers, changes=changes)


def _parent(connection: Connection, new: NewPublication) -> int | None:
    """The publication that is current; it has to be the one that the run began from."""
    found = connection.execute(select(pointer.c.publication_id)).scalar()
    if found != new.parent_id:
        raise LockedError("store.moved_on", found=found or 0, expected=new.parent_id or 0)
    return found


def _swept(connection: Connection, new: NewPublication) -> Path | None:
    """The folder of snapshots, without what dead runs left there."""
    if new.snapshot is None:
        return None
    named = connection.execute(select(publication_table.c.snapshot).where(publication_table.c.snapshot.is_not(None)))
    sweep_snapshots(Path(new.snapshot), {Path(name).name for name in named.scalars()})
    return Path(new.snapshot)


def _add_all_versions(connection: Connection, publication: Staged, number: int) -> dict[str, int]:
    _add_patterns(connection, publication.patterns)
    new = publication.publication
    wide = {
        source_record.name: filled(new.records, RECORD_COLUMNS),
        customer_version.name: filled(new.customers, CUSTOMER_COLUMNS),
    }
    return {
        table.name: add_versions(connection, table, wide.get(table.name, table.columns.keys()), number)
        for table in VERSIONED
    }


def _add_run(connection: Connection, publication: Staged, status: str, shown: int) -> None:
    new = publication.publication
    record_run(connection, replace(new.run, status=status), new.sources, new.files, publication_id=shown)
    connection.execute(
        text("""INSERT INTO quarantine (run_id, source, file, line, reasons, raw)
            SELECT :run, source, file, line, reasons, raw FROM staged_quarantine"""),
        {"run": new.run.run_id},
    )


def _add_patterns(connection: Connection, patterns: Patterns) -> None:
    if patterns:
        rows = [{"pattern_id": number, "levels": levels} for levels, number in patterns.items()]
        connection.execute(insert(match_pattern), rows)


def _add_publication(connection: Connection, new: NewPublication, number: int, *, records: int, customers: int) -> None:
    counts = new.identified.counts
    if (
        new.model_id is not None
        and not connection.execute(select(model.c.model_id).where(model.c.model_id == new.model_id)).first()
    ):
        connection.execute(
            insert(model).values(model_id=new.model_id, created_at=new.published_at, parameters=new.model)
        )
    connection.execute(
        insert(publication_table).values(
            publication_id=number,
            run_id=new.run.run_id,
            parent_id=new.parent_id,
            published_at=new.published_at,
            plan_hash=new.plan_hash,
            inputs_hash=new.inputs_hash,
            model_id=new.model_id,
            snapshot=new.snapshot and f"{new.snapshot}/{snapshot_name(number)}",
            records=records,
            customers=customers,
            pinned=0,
            **{event: counts.get(event, 0) for event in EVENT_KINDS},
        )
    )
