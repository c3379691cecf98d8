"""The main job, from top to bottom.

`run_pipeline` is a plain function; the Prefect flow calls the same one with its steps wrapped as tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from golden_records.store import open_store, running
from pipelines import steps
from pipelines.accounts import COUNTS
from pipelines.configuration import load_settings
from pipelines.plan import Plan, freeze, load_plan, new_run_id, utc_now
from pipelines.progress import Advance, Narrator
from pipelines.records import record_failure, record_seconds, record_unchanged
from pipelines.tables import accounts
from pipelines.workspace import read_facts, read_table
from schemas.errors import GuiyiError

__all__ = ["DIRECT", "Outcome", "Steps", "run_pipeline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps of a run, as they are called: plainly, or as a scheduler's tasks."""

    freeze: Callable[..., Path] = freeze
    read: Callable[..., Path] = steps.read
    carry: Callable[..., Path] = steps.carry
    stage: Callable[..., Path] = steps.stage
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
    retrain: bool = False,
    judgements: Path | None = None,
    calls: Steps = DIRECT,
    narrator: Narrator | None = None,
) -> Outcome:
    """Read, match, merge, publish and report, once.

    Args:
        config: The configuration.
        dry_run: Do all but publish.
        full: Reuse nothing of earlier runs but the store and its model.
        retrain: Train another model instead of using the frozen one.
        judgements: A file of judgements to learn from, in place of the configuration's.
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
                options = {"retrain": retrain, "judgements": judgements}
                plan = load_plan(calls.freeze(config, run_id, dry_run=dry_run, full=full, **options))
            return _perform(plan, calls, narrator)
        except GuiyiError as error:
            record_failure(settings, run_id, started_at, error)
            raise


def _perform(plan: Plan, calls: Steps, narrator: Narrator) -> Outcome:
    if plan.unchanged:
        record_unchanged(plan)
        plan.workspace.sweep()
        return Outcome(status="unchanged", facts={"status": "unchanged", **_identity(plan), "publication": plan.parent})
    with narrator.stage("read") as advance:
        read = _read(plan, calls, advance)
        brought = [*read, calls.carry(plan.folder, read)]
    with ThreadPoolExecutor(max_workers=1) as beside:
        waiting = _submit(beside, calls.stage, plan.folder, brought)
        with narrator.stage("match") as advance:
            matched = calls.match(plan.folder, brought, advance)
        with narrator.stage("merge"):
            merged = calls.merge(plan.folder, brought, matched)
        with narrator.stage("publish"):
            published = calls.publish(plan.folder, brought, matched, merged, waiting.result())
    with narrator.stage("report"):
        report = calls.report(plan.folder, brought, matched, merged, published, dict(narrator.seconds))
    record_seconds(plan, narrator.seconds)
    facts = {
        **_facts(plan, brought, merged, published, report, narrator.seconds),
        **_of_matching(read_facts(matched)),
    }
    plan.workspace.sweep()
    return Outcome(status=facts["status"], facts=facts)


def _read(plan: Plan, calls: Steps, advance: Advance) -> list[Path]:
    """Read the sources, two at a time: more would hold more exports in memory than is worth it."""
    with ThreadPoolExecutor(max_workers=2) as readers:
        reading = {source: _submit(readers, calls.read, plan.folder, source) for source in plan.inputs}
        for done, (source, future) in enumerate(reading.items()):
            advance(source, done / len(reading))
            future.result()
    return [future.result() for future in reading.values()]


def _submit(threads: ThreadPoolExecutor, step: Callable[..., Path], *args: object) -> Future[Path]:
    """Call a step in a thread that knows what this one knows: the flow that Prefect's tasks belong to."""
    return threads.submit(copy_context().run, step, *args)


def _identity(plan: Plan) -> dict[str, Any]:
    return {"run_id": plan.run_id, "store": plan.settings.store_url.removeprefix("sqlite:///")}


def _of_matching(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What matching has to say beside its result; no values."""
    hubs = [{name: value for name, value in hub.items() if name != "value"} for hub in facts["hubs"]]
    return {"judgements": facts["judgements"], "hubs": hubs, "warnings": facts["warnings"]}


def _facts(
    plan: Plan, brought: list[Path], merged: Path, published: Path, report: Path, seconds: Mapping[str, float]
) -> dict[str, Any]:
    counted = ("source", *COUNTS, "erased", "absent", "carried")
    sources = [{name: account[name] for name in counted} for account in accounts(brought)]
    outcome = read_facts(published)
    return {
        **_identity(plan),
        **outcome,
        "records": sum(source["accepted"] + source["carried"] for source in sources),
        "customers": read_table(merged, "customers").num_rows,
        "sources": sources,
        "changes": read_facts(merged)["changes"],
        "report": str(report),
        "quarantine": str(plan.settings.at(plan.settings.quarantine))
        if any(s["quarantined"] for s in sources)
        else None,
        "stages": dict(seconds),
    }
