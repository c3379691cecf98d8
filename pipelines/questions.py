"""``guiyi lookup``, ``explain`` and ``history``: one customer, one pair of records, one id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, select

from golden_records.lookup import CustomerView, history, lookup, source_pair
from golden_records.publication import Publication, current, publication_at, read_model
from golden_records.store import open_store, reading
from matching.explain import Explanation, explain
from matching.model import Model
from pipelines.settings import Settings, load_settings
from schemas.errors import UsageError
from schemas.messages import text, use_locale
from schemas.records import TEXT
from schemas.tables import warning_version
from schemas.validation import matchable

__all__ = ["explain_command", "history_command", "lookup_command"]

_SIDE_BY_SIDE = 4
"""Members that a terminal has room for."""


def lookup_command(key_or_id: str, *, config: Path, as_of: str | None, as_json: bool) -> None:
    """Print a golden record with its members and lineage.

    Raises:
        UsageError: There is no such customer, or no store.
    """
    with _published(config) as (connection, _):
        shown = None if as_of is None else _publication_of(connection, as_of)
        found = lookup(connection, key_or_id, publication_id=shown)
    if found is None:
        raise UsageError("run.not_found", key=key_or_id)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _show(found)


def explain_command(left: str, right: str, *, config: Path, as_json: bool) -> None:
    """Print why two records are, or are not, one customer.

    Raises:
        UsageError: One of them is not a current record, or there is no store.
    """
    with _published(config) as (connection, publication):
        records = source_pair(connection, left, right)
        views = [lookup(connection, key) for key in (left, right)]
        parameters = read_model(connection, publication.model_id or "")
        warned = _warnings(connection, (left, right))
    if parameters is None or any(view is None for view in views):
        raise UsageError("run.not_found", key=left)
    explanation = explain(matchable(records, warned), 0, 1, Model.from_json(parameters))
    together = len({view.golden_id for view in views if view is not None}) == 1
    if as_json:
        facts = {"left": left, "right": right, "same_customer": together, **asdict(explanation)}
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        _show_explanation(left, right, explanation, together=together)


def history_command(golden_id: str, *, config: Path, as_json: bool) -> None:
    """Print what happened to a golden id, oldest first.

    Raises:
        UsageError: The id was never issued, or there is no store.
    """
    with _published(config) as (connection, _):
        events = history(connection, golden_id)
    if not events:
        raise UsageError("run.not_found", key=golden_id)
    if as_json:
        typer.echo(json.dumps([asdict(event) for event in events], ensure_ascii=False))
        return
    table = Table(
        *(text(f"ask.{name}") for name in ("publication", "when", "golden_id", "event", "other_id", "records"))
    )
    for event in events:
        table.add_row(
            str(event.publication_id),
            event.published_at,
            event.golden_id,
            text(f"run.{event.event}"),
            event.other_id or "",
            "" if event.records is None else str(event.records),
        )
    Console().print(table)


@contextmanager
def _published(config: Path) -> Iterator[tuple[Connection, Publication]]:
    settings = load_settings(config)
    if settings.locale:
        use_locale(settings.locale)
    _exists(settings)
    engine = open_store(settings.store_url)
    try:
        with reading(engine) as connection:
            publication = current(connection)
            if publication is None:
                raise UsageError("run.no_store", path=settings.store)
            yield connection, publication
    finally:
        engine.dispose()


def _exists(settings: Settings) -> None:
    """A question never makes a store."""
    prefix = "sqlite:///"
    path = settings.store_url.removeprefix(prefix)
    if settings.store_url.startswith(prefix) and not Path(path).exists():
        raise UsageError("run.no_store", path=path)


def _publication_of(connection: Connection, moment: str) -> int:
    """The publication that was current at a moment; a plain date means its end."""
    try:
        read = datetime.fromisoformat(moment)
        if len(moment) == len("2026-01-01"):
            read = datetime.combine(date.fromisoformat(moment), time(23, 59, 59))
    except ValueError:
        raise UsageError("ask.no_date", date=moment) from None
    zoned = read if read.tzinfo else read.replace(tzinfo=UTC)
    found = publication_at(connection, f"{zoned.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    if found is None:
        raise UsageError("ask.before_first", date=moment)
    return found


def _warnings(connection: Connection, keys: tuple[str, str]) -> pd.DataFrame:
    names = ("record_key", "attribute", "reason")
    statement = select(*(warning_version.c[name] for name in names)).where(
        warning_version.c.record_key.in_(keys), warning_version.c.valid_to.is_(None)
    )
    return pd.DataFrame(connection.execute(statement).all(), columns=list(names)).astype(TEXT)


def _show(found: CustomerView) -> None:
    console = Console()
    title = f"{found.values.get('display_name', '')}  [bold]{found.golden_id}[/bold]"
    console.print(title, highlight=False)
    if found.golden_id != found.asked:
        console.print(text("ask.asked", asked=found.asked), highlight=False)
    if found.retired_in is not None:
        console.print(text("ask.retired", publication=found.retired_in), highlight=False)
    values = Table(text("ask.attribute"), text("ask.value"), text("ask.from_record"), text("ask.rule"))
    for origin in found.lineage:
        values.add_row(origin.attribute, str(origin.value), origin.record_key, text(f"ask.rule_{origin.rule}"))
    console.print(values)
    shown = found.members[:_SIDE_BY_SIDE]
    members = Table(text("ask.members", count=len(found.members)), *(member.record_key for member in shown))
    for name in [origin.attribute for origin in found.lineage if origin.attribute != "kind"]:
        members.add_row(name, *(member.values.get(name, "") for member in shown))
    console.print(members)
    if len(shown) < len(found.members):
        console.print(text("ask.more", count=len(found.members) - len(shown)))


def _show_explanation(left: str, right: str, explanation: Explanation, *, together: bool) -> None:
    console = Console()
    console.print(text("ask.together" if together else "ask.apart", left=left, right=right), highlight=False)
    table = Table(text("ask.attribute"), left, right, text("ask.level"))
    table.add_column(text("ask.match_weight"), justify="right")
    for compared in explanation.attributes:
        if compared.left is None and compared.right is None:
            continue
        row = (compared.attribute, compared.left or "", compared.right or "", compared.level)
        table.add_row(*row, f"{compared.match_weight:+.2f}")
    table.add_row(text("ask.prior"), "", "", "", f"{explanation.prior:+.2f}")
    table.add_row(text("ask.crowds"), "", "", "", f"{explanation.crowds:+.2f}", end_section=True)
    total: Any = f"{explanation.match_weight:+.2f}"
    table.add_row(text("ask.sum"), "", "", text("ask.probability", share=f"{explanation.match_probability:.4f}"), total)
    console.print(table)
