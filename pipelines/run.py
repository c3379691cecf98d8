"""The main job, from top to bottom.

`run_pipeline` is a plain function; the Prefect flow calls the same one with its steps wrapped as tasks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines import steps
from pipelines.lock import hold_lock
from pipelines.plan import Plan, freeze, load_plan, new_run_id
from pipelines.progress import Advance, Narrator
from pipelines.settings import load_settings
from schemas.errors import GuiyiError, UsageError

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
    run_id = new_run_id()
    with hold_lock(settings.lock_path):
        try:
            with narrator.stage("freeze"):
                plan = load_plan(calls.freeze(config, run_id, dry_run=dry_run, full=full))
            return _perform(plan, calls, narrator)
        except GuiyiError as error:
            record_failure(settings, run_id, error)
            raise


def _perform(plan: Plan, calls: Steps, narrator: Narrator) -> Outcome:
    if plan.unchanged:
        return record_unchanged(plan)
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
    return close(plan, published, report, narrator.seconds)
