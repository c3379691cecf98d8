"""Runs and their accounts: what each source brought and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, update

from schemas.tables import run as run_table
from schemas.tables import run_file, run_source

__all__ = ["Run", "SourceCount", "SourceFile", "finish_run", "record_run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One attempt.

    Args:
        run_id: Unique for each attempt.
        started_at: UTC, ISO 8601.
        command: What was asked for, such as ``run``.
        logic_version: Version of the program.
        plan_hash: What the run was to do (`DESIGN`, runs); null where it failed before that was known.
        finished_at: UTC, ISO 8601.
        status: published, unchanged, dry_run, failed or stopped.
        error: Key of the message where it failed.
        stages: JSON object: stage → seconds.
    """

    run_id: str
    started_at: str
    command: str = "run"
    logic_version: str | None = None
    plan_hash: str | None = None
    finished_at: str | None = None
    status: str = "published"
    error: str | None = None
    stages: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCount:
    """What became of one source's rows: read = accepted + quarantined + superseded + deleted + erased.

    Args:
        source: Its name.
        rows_read: Rows in all its files.
        accepted: Valid records.
        quarantined: Rows set aside.
        superseded: Older versions of a record that came more than once.
        deleted: Rows that say that their record is deleted.
        erased: Rows of erased persons.
        warned: Accepted records with a warning.
        absent: Records that were current and that a full export no longer holds; no row of this run.
        carried: Records that stay current from earlier runs; no row of this run.
        department: Whose system it is.
    """

    source: str
    rows_read: int
    accepted: int
    quarantined: int
    superseded: int = 0
    deleted: int = 0
    erased: int = 0
    warned: int = 0
    absent: int = 0
    carried: int = 0
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file that a source brought to a run.

    Args:
        source: The source's name.
        file: What people call it, without secrets.
        rows_read: Rows in it.
        format: csv, xlsx, jsonl …
        encoding: Declared or detected.
        delimiter: Declared or detected.
        content_hash: Of its bytes.
        size: In bytes.
        modified: When it was last changed; UTC, ISO 8601.
    """

    source: str
    file: str
    rows_read: int
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    content_hash: str | None = None
    size: int | None = None
    modified: str | None = None


def record_run(
    connection: Connection,
    run: Run,
    sources: Sequence[SourceCount] = (),
    files: Sequence[SourceFile] = (),
    *,
    publication_id: int | None = None,
) -> None:
    """Write down a run, its sources' accounts and their files.

    Args:
        connection: A writer's (`golden_records.store.writing`).
        run: The run.
        sources: Its sources.
        files: Their files.
        publication_id: What it published, or found unchanged.
    """
    connection.execute(insert(run_table).values(**asdict(run), publication_id=publication_id))
    for table, rows in ((run_source, sources), (run_file, files)):
        if rows:
            connection.execute(insert(table), [{"run_id": run.run_id, **asdict(row)} for row in rows])


def finish_run(connection: Connection, run_id: str, *, finished_at: str, stages: str) -> None:
    """Complete a run's record.

    Args:
        connection: A writer's.
        run_id: The run.
        finished_at: UTC, ISO 8601.
        stages: JSON object: stage → seconds.
    """
    connection.execute(
        update(run_table).where(run_table.c.run_id == run_id).values(finished_at=finished_at, stages=stages)
    )
