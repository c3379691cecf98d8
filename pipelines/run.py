"""The main job, from top to bottom.

`run_pipeline` is a plain function; the Prefect flow calls the same one with its steps wrapped as tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden_records.store import open_store, running
from pipelines import steps
from pipelines.plan import Plan, freeze, load_plan, new_run_id, utc_now
from pipelines.progress import Narrator
from pipelines.records import record_failure, record_seconds, record_unchanged
from pipelines.settings import load_settings
from pipelines.tables import accounts
from pipelines.workspace import read_facts, read_table
from schemas.errors import GuiyiError

__all__ = ["DIRECT", "Outcome", "Steps", "run_pipeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps of a run, as they are called: plainly, or as a scheduler's tasks."""

    freeze: Callable[..., Path] = freeze
    read: Callable[..., Path] = steps.read
    match: Callable[..., Path] = steps.match
    merge: Callable[..., Path] = steps.merge
    publish: Callable[..., Path] = steps.publish
    report: Callable[..., Path] = steps.report


DIRECT = Steps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run came to.

    Args:
        status: ``published``, ``unchanged`` or ``dry_run``.
        facts: Counts and places, as ``guiyi run --json`` prints them.
    """

    status: str
    facts: Mapping[str, Any]


def run_pipeline(
    config: Path,
    *,
    dry_run: bool = False,
    full: bool = False,
    calls: Steps = DIRECT,
    narrator: Narrator | None = None,
) -> Outcome:
    """Read, match, merge, publish and report, once.

    Args:
        config: The configuration.
        dry_run: Do all but publish.
        full: Reuse nothing of earlier runs but the store and its model.
        calls: How the steps are called.
        narrator: Tells of the progress; silent when absent.

    Returns:
        What was published, or why nothing was.

    Raises:
        GuiyiError: The run failed, and nothing was published. A failed run is on record in the store.
    """
    settings = load_settings(config)
    narrator = narrator or Narrator(quiet=True)
    run_id, started_at = new_run_id(), utc_now()
    engine = open_store(settings.store_url)
    with running(engine):
        try:
            with narrator.stage("freeze"):
                plan = load_plan(calls.freeze(config, run_id, dry_run=dry_run, full=full))
            return _perform(plan, calls, narrator)
        except GuiyiError as error:
            record_failure(settings, run_id, started_at, error)
            raise


def _perform(plan: Plan, calls: Steps, narrator: Narrator) -> Outcome:
    if plan.unchanged:
        record_unchanged(plan)
        plan.workspace.sweep()
        return Outcome(status="unchanged", facts={"status": "unchanged", **_identity(plan), "publication": plan.parent})
    read = []
    for source in plan.inputs:
        with narrator.stage("read", source):
            read.append(calls.read(plan.folder, source))
    with narrator.stage("match") as advance:
        matched = calls.match(plan.folder, read, advance)
    with narrator.stage("merge"):
        merged = calls.merge(plan.folder, read, matched)
    with narrator.stage("publish"):
        published = calls.publish(plan.folder, read, matched, merged)
    with narrator.stage("report"):
        report = calls.report(plan.folder, read, matched, merged, published, dict(narrator.seconds))
    record_seconds(plan, narrator.seconds)
    facts = _facts(plan, read, merged, published, report, narrator.seconds)
    plan.workspace.sweep()
    return Outcome(status=facts["status"], facts=facts)


def _identity(plan: Plan) -> dict[str, Any]:
    return {"run_id": plan.run_id, "store": plan.settings.store_url.removeprefix("sqlite:///")}


def _facts(
    plan: Plan, read: list[Path], merged: Path, published: Path, report: Path, seconds: Mapping[str, float]
) -> dict[str, Any]:
    counted = ("source", "rows_read", "accepted", "quarantined", "superseded", "deleted", "erased", "warned")
    sources = [{name: account[name] for name in counted} for account in accounts(read)]
    outcome = read_facts(published)
    return {
        **_identity(plan),
        **outcome,
        "records": sum(source["accepted"] for source in sources),
        "customers": read_table(merged, "customers").num_rows,
        "sources": sources,
        "changes": read_facts(merged)["changes"],
        "report": str(report),
        "stages": dict(seconds),
    }
