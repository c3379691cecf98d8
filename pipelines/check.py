"""``guiyi check``: reads and validates every source, writes nothing, and tells what a run would make of them."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer

from pipelines.accounts import COUNTS, account_facts, remarks
from pipelines.configuration import load_settings
from pipelines.failures import safely
from pipelines.gates import keep_accounts, keep_gates
from pipelines.inputs import frozen, intake
from pipelines.intake import Account, take_in
from pipelines.progress import Narrator
from pipelines.settings import Settings, SourceSettings
from pipelines.terminal import result_console, result_table
from schemas.errors import GuiyiError, SourceError
from schemas.messages import current_locale, text, use_locale
from schemas.reasons import explain
from sources.quarantine.corrections import Corrections, take_corrections
from sources.read import read_corrected

__all__ = ["check_command"]

Facts = dict[str, Any]


def check_command(config: Path, *, as_json: bool) -> None:
    """Print what would be accepted, quarantined and warned, by source and reason.

    Every source is read, whatever is wrong with the others; the exit code is that of the first that a run would fail
    at.

    Raises:
        GuiyiError: A source cannot be read, or a gate would stop the run. The errors of all others were printed.
    """
    settings = load_settings(config)
    if settings.locale:
        use_locale(settings.locale)
    narrator = Narrator()
    found: list[Facts] = []
    errors: list[GuiyiError] = []
    for source in settings.sources:
        try:
            with narrator.stage("read", source.name) as advance:
                account, facts = _checked(source, settings, partial(advance, source.name))
            found.append(facts)
            keep_gates(source, settings.gates, account)
        except GuiyiError as error:
            if not found or found[-1]["source"] != source.name:
                found.append({"source": source.name})
            found[-1]["error"] = str(error)
            errors.append(error)
    if as_json:
        typer.echo(json.dumps({"sources": found}, ensure_ascii=False, default=str))
    else:
        _tell([facts for facts in found if "rows_read" in facts])
    for other in errors[1:]:
        typer.echo(f"guiyi: {other}", err=True)
    if errors:
        raise errors[0]


@safely
def _checked(source: SourceSettings, settings: Settings, advance: Callable[[float], None]) -> tuple[Account, Facts]:
    with TemporaryDirectory() as spool:
        job = intake(
            source,
            settings,
            inputs=frozen(source, settings, Path(spool), hashed=False),
            secret=_key(settings),
            today=datetime.now(UTC).date(),
            corrections=_corrections(settings.at(settings.quarantine), source.name, Path(spool) / "quarantine"),
        )
        account = take_in(job, None, advance)
    keep_accounts(source.name, account)
    return account, account_facts(account, job.source)


def _key(settings: Settings) -> bytes:
    """The key of hashed ids if there is one yet; any will do where nothing is kept."""
    given = os.environ.get("GUIYI_KEY")
    if given:
        return given.encode()
    return settings.key_path.read_bytes() if settings.key_path.is_file() else secrets.token_bytes(32)


def _corrections(folder: Path, source: str, copy: Path) -> Corrections:
    """What was corrected, with what the next run would take: it is taken in a copy."""
    if not folder.is_dir():
        return Corrections()
    shutil.copytree(folder, copy)
    try:
        take_corrections(copy, source, read_corrected)
    except SourceError as error:
        path = str(error.values.get("path", "")).replace(str(copy), str(folder))
        raise SourceError(error.key, **{**error.values, "path": path}) from None
    return Corrections.load(copy, source)


def _tell(sources: Sequence[Facts]) -> None:
    if not sources:
        return
    console = result_console()
    always = {"rows_read", "accepted", "quarantined"}
    counts = [name for name in COUNTS if name in always or any(facts[name] for facts in sources)]
    files = any(len(facts["files"]) > 1 for facts in sources)
    headers = [text("run.source"), *([text("check.files")] if files else []), *(text(f"run.{name}") for name in counts)]
    table = result_table(*headers, right=tuple(range(1, len(headers))))
    for facts in sources:
        of_files = [f"{len(facts['files']):,}"] if files else []
        table.add_row(facts["source"], *of_files, *(f"{facts[name]:,}" for name in counts))
    console.print(table)
    for kind in ("reasons", "warnings"):
        if any(facts[kind] for facts in sources):
            console.print(_reasons(sources, kind))
    for facts in sources:
        for remark in remarks(facts, current_locale()):
            console.print(remark, soft_wrap=True, highlight=False)
    rows, accepted = (sum(facts[name] for facts in sources) for name in ("rows_read", "accepted"))
    console.print(text("check.done", rows=f"{rows:,}", accepted=f"{accepted:,}"), soft_wrap=True, highlight=False)


def _reasons(sources: Sequence[Facts], kind: str) -> Any:
    table = result_table(
        text("run.source"), text(f"check.{kind}"), text("check.rows"), text("check.meaning"), right=(2,)
    )
    for facts in sources:
        for reason, rows in facts[kind].items():
            table.add_row(facts["source"], reason, f"{rows:,}", explain(reason))
    return table
