"""``guiyi run``: chooses between the flow and the plain function, and tells what came of it."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from matching.checks import ModelWarning
from pipelines.configuration import load_settings
from pipelines.judgements import notes
from pipelines.matching_notes import hub_note, warning_notes
from pipelines.progress import Narrator
from pipelines.terminal import result_console, result_table
from schemas.messages import text, use_locale

__all__ = ["run_command"]

_ALWAYS = frozenset({"rows_read", "accepted", "quarantined"})
"""Counts that are shown even when they are nought."""


def run_command(
    config: Path,
    *,
    dry_run: bool = False,
    full: bool = False,
    prefect: bool | None = None,
    retrain: bool = False,
    judgements: Path | None = None,
    engine: str = "local",  # noqa: ARG001  one engine so far; the option is part of the contract
    as_json: bool = False,
) -> None:
    """Run the main job and print its outcome.

    Raises:
        GuiyiError: The run failed; nothing was published.
    """
    settings = load_settings(config)
    if settings.locale:
        use_locale(settings.locale)
    if server_configured() if prefect is None else prefect:
        from pipelines.flow import consolidate  # noqa: PLC0415  Prefect takes seconds to import

        facts = consolidate(str(config), dry_run=dry_run, full=full)
    else:
        from pipelines.run import run_pipeline  # noqa: PLC0415  so do the rooms

        outcome = run_pipeline(
            config, dry_run=dry_run, full=full, retrain=retrain, judgements=judgements, narrator=Narrator()
        )
        facts = dict(outcome.facts)
    warnings = [ModelWarning(**warning) for warning in facts.get("warnings", ())]
    for note in (*notes(facts.get("judgements")), *hub_note(facts.get("hubs", ())), *warning_notes(warnings)):
        typer.echo(note, err=True)
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
    else:
        _summarise(facts)


def server_configured() -> bool:
    """Whether a Prefect server is named by the environment or the active profile; without importing Prefect."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    try:
        profiles = tomllib.loads((home / "profiles.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return False
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    return bool(profiles.get("profiles", {}).get(active, {}).get("PREFECT_API_URL"))


def _summarise(facts: Mapping[str, Any]) -> None:
    console = result_console()
    if facts["status"] == "unchanged":
        console.print(text("run.unchanged", publication=facts["publication"]), soft_wrap=True)
        return
    names = (
        "rows_read",
        "accepted",
        "quarantined",
        "superseded",
        "deleted",
        "corrected",
        "carried",
        "absent",
        "warned",
    )
    counts = [name for name in names if name in _ALWAYS or any(row[name] for row in facts["sources"])]
    table = result_table(
        text("run.source"), *(text(f"run.{name}") for name in counts), right=tuple(range(1, len(counts) + 1))
    )
    for row in facts["sources"]:
        table.add_row(row["source"], *(f"{row[name]:,}" for name in counts))
    console.print(table)
    key = {"dry_run": "run.would_publish", "same": "run.same_content"}.get(facts["status"], "run.published")
    console.print(
        text(
            key,
            records=f"{facts['records']:,}",
            customers=f"{facts['customers']:,}",
            publication=facts["publication"],
        ),
        soft_wrap=True,
        highlight=False,
    )
    changes = " · ".join(f"{text(f'run.{name}')} {count:,}" for name, count in facts["changes"].items())
    if changes:
        console.print(f"{text('run.changes')}  {changes}", soft_wrap=True, highlight=False)
    for name in ("store", "report", "snapshot", "quarantine"):
        if facts.get(name):
            console.print(f"{text(f'run.place_{name}')}  {facts[name]}", soft_wrap=True, highlight=False)
