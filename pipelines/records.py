"""What a run leaves on record besides its publication: that it failed, that nothing had changed, how long it took."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress

from golden_records.runs import Run, finish_run, record_run
from golden_records.store import open_store, writing
from pipelines.plan import Plan, utc_now
from pipelines.settings import Settings
from pipelines.workspace import logic_version
from schemas.errors import GuiyiError

__all__ = ["record_failure", "record_seconds", "record_unchanged"]


def record_failure(settings: Settings, run_id: str, started_at: str, error: GuiyiError) -> None:
    """Put a failed run on record, if the store can still be written; the failure itself is what the caller reports."""
    run = Run(
        run_id=run_id,
        started_at=started_at,
        finished_at=utc_now(),
        logic_version=logic_version(),
        status="stopped" if error.exit_code == 4 else "failed",
        error=error.key,
    )
    with suppress(GuiyiError):
        _write(settings, run, None)


def record_unchanged(plan: Plan) -> None:
    """Put on record that a run found everything as it was."""
    run = Run(
        run_id=plan.run_id,
        started_at=plan.started_at,
        finished_at=utc_now(),
        logic_version=logic_version(),
        status="unchanged",
    )
    _write(plan.settings, run, plan.parent)


def record_seconds(plan: Plan, seconds: Mapping[str, float]) -> None:
    """Complete a run's record with the seconds of its stages."""
    engine = open_store(plan.settings.store_url)
    with writing(engine) as connection:
        finish_run(connection, plan.run_id, finished_at=utc_now(), stages=json.dumps(dict(seconds)))
    engine.dispose()


def _write(settings: Settings, run: Run, publication_id: int | None) -> None:
    engine = open_store(settings.store_url)
    with writing(engine) as connection:
        record_run(connection, run, publication_id=publication_id)
    engine.dispose()
