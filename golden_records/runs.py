"""Runs and their accounts: what each source brought and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, update

from schemas.tables import run as run_table
from schemas.tables import run_source

__all__ = ["Run", "SourceCount", "finish_run", "record_run"]


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
    """What became of one source's rows: read = accepted + quarantined + superseded + deleted + erased."""

    source: str
    rows_read: int
    accepted: int
    quarantined: int
    superseded: int = 0
    deleted: int = 0
    erased: int = 0
    warned: int = 0
    department: str | None = None
    file: str | None = None
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    content_hash: str | None = None


def record_run(
    connection: Connection, run: Run, sources: Sequence[SourceCount] = (), *, publication_id: int | None = None
) -> None:
    """Write down a run and its sources' accounts.

    Args:
        connection: A writer's (`golden_records.store.writing`).
        run: The run.
        sources: Its sources.
        publication_id: What it published, or found unchanged.
    """
    connection.execute(insert(run_table).values(**asdict(run), publication_id=publication_id))
    if sources:
        connection.execute(insert(run_source), [{"run_id": run.run_id, **asdict(source)} for source in sources])


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
