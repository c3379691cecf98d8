"""The Prefect flow ``consolidate``: the main job with a task a step.

The flow is `run_pipeline` with its steps wrapped as tasks: one logic, two ways of calling it. Tasks exchange paths,
never customers' values; nothing is cached or persisted by Prefect. Reading and publishing are repeated when they fail
(``flow.retries``); what decides is not, for it would decide the same.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import Task, flow, get_run_logger
from prefect.cache_policies import NO_CACHE

from pipelines import steps
from pipelines.configuration import load_settings
from pipelines.plan import freeze
from pipelines.run import Outcome, Steps, run_pipeline
from pipelines.settings import FlowSettings

__all__ = ["consolidate"]


@flow(name="consolidate", persist_result=False, validate_parameters=True)
def consolidate(config: str = "guiyi.yaml", *, dry_run: bool = False, full: bool = False) -> dict[str, Any]:
    """Consolidate the customer exports that a configuration names.

    Args:
        config: Path of the configuration, on the machine that runs the flow.
        dry_run: Do all but publish.
        full: Do every step again.

    Returns:
        Counts and places, as ``guiyi run --json`` prints them.
    """
    path = Path(config)
    outcome: Outcome = run_pipeline(path, dry_run=dry_run, full=full, calls=_tasks(load_settings(path).flow))
    counts = {name: value for name, value in outcome.facts.items() if isinstance(value, int)}
    get_run_logger().info("%s: %s", outcome.status, counts)
    return dict(outcome.facts)


def _tasks(settings: FlowSettings) -> Steps:
    def wrapped(step: Callable[..., Path], *, retried: bool) -> Callable[..., Path]:
        return Task(
            step,
            name=step.__name__,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=settings.retries if retried else 0,
            retry_delay_seconds=settings.retry_delay_seconds,
        )

    return Steps(
        freeze=wrapped(freeze, retried=True),
        read=wrapped(steps.read, retried=True),
        carry=wrapped(steps.carry, retried=True),
        stage=wrapped(steps.stage, retried=True),
        match=wrapped(steps.match, retried=False),
        merge=wrapped(steps.merge, retried=False),
        publish=wrapped(steps.publish, retried=True),
        report=wrapped(steps.report, retried=False),
    )
