"""``guiyi lookup``, ``explain`` and ``history``: one customer, one pair of records, one id."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

import pandas as pd
import pyarrow as pa
import typer
from rich.markup import escape
from sqlalchemy import Connection, select

from golden_records.lookup import CustomerView, history, lookup, resolve, source_pair
from golden_records.publication import publication_at, read_model
from matching.explain import Explanation, explain
from matching.guards import GENERATION
from matching.model import Model
from pipelines.configuration import load_settings
from pipelines.judgements import verdict_of
from pipelines.published import published
from pipelines.terminal import result_console, result_table, wording
from schemas.errors import UsageError
from schemas.messages import text
from schemas.records import TEXT
from schemas.tables import warning_version
from schemas.validation import matchable

__all__ = ["explain_command", "history_command", "lookup_command"]

_SHOWN = 0.005
"""Weights below this are shown as nought."""
_SIDE_BY_SIDE = 4
"""Members that a terminal has room for."""
_EVENT_COLUMNS = ("publication", "when", "golden_id", "event", "other_id", "records")


def lookup_command(key_or_id: str, *, config: Path, as_of: str | None, as_json: bool) -> None:
    """Print a golden record with its members and lineage.

    Raises:
        UsageError: There is no such customer, or no store.
    """
    with published(config) as (connection, _):
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
    if left == right:
        raise UsageError("ask.one_record", key=left)
    settings = load_settings(config)
    verdict = verdict_of(settings, left, right)
    with published(config) as (connection, publication):
        records = source_pair(connection, left, right)
        views = [lookup(connection, key) for key in (left, right)]
        parameters = read_model(connection, publication.model_id or "")
        warned = _warnings(connection, (left, right))
    if parameters is None or any(view is None for view in views):
        raise UsageError("run.not_found", key=left)
    explanation = explain(matchable(records, warned), 0, 1, Model.from_json(parameters))
    together = len({view.golden_id for view in views if view is not None}) == 1
    if as_json:
        facts = {"left": left, "right": right, "same_customer": together, "verdict": verdict, **asdict(explanation)}
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        merge_at = settings.matching.merge_at
        merged = "merged_by_system" if together and _merged_by_system(records) else None
        decided = f"judged_{verdict}" if verdict else merged
        _show_explanation(left, right, explanation, together=together, decided=decided, merge_at=merge_at)


def history_command(golden_id: str, *, config: Path, as_json: bool) -> None:
    """Print what happened to a golden id, oldest first.

    Raises:
        UsageError: The id was never issued, or there is no store.
    """
    with published(config) as (connection, publication):
        found = resolve(connection, golden_id, publication_id=publication.publication_id)
        events = history(connection, golden_id) or history(connection, found or golden_id)
    if not events:
        raise UsageError("run.not_found", key=golden_id)
    if as_json:
        typer.echo(json.dumps([asdict(event) for event in events], ensure_ascii=False))
        return
    table = result_table(*(text(f"ask.{name}") for name in _EVENT_COLUMNS))
    for event in events:
        table.add_row(
            str(event.publication_id),
            event.published_at,
            event.golden_id,
            text(f"run.{event.event}"),
            event.other_id or "",
            "" if event.records is None else str(event.records),
        )
    result_console().print(table)


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
    console, words = result_console(), wording()
    name = escape(str(found.values.get("display_name", "")))
    console.print(f"{name}  [bold]{found.golden_id}[/bold]")
    if found.golden_id != found.asked:
        console.print(text("ask.asked", asked=escape(found.asked)))
    if found.retired_in is not None:
        console.print(text("ask.retired", publication=found.retired_in))
    values = result_table(*(text(f"ask.{name}") for name in ("attribute", "value", "from_record", "rule")))
    for origin in found.lineage:
        rule = text(f"ask.rule_{origin.rule}")
        values.add_row(
            words.attribute(origin.attribute), escape(str(origin.value)), escape(origin.record_key or ""), rule
        )
    console.print(values)
    shown = found.members[:_SIDE_BY_SIDE]
    heads = [text("ask.members", count=len(found.members)), *(escape(member.record_key) for member in shown)]
    members = result_table(*heads)
    for name in [origin.attribute for origin in found.lineage if origin.attribute != "kind"]:
        members.add_row(words.attribute(name), *(escape(member.values.get(name, "")) for member in shown))
    console.print(members)
    if len(shown) < len(found.members):
        console.print(text("ask.more", count=len(found.members) - len(shown)))


def _merged_by_system(pair: pd.DataFrame) -> bool:
    """Whether the system that both records are of says itself that they are one."""
    names = ("source", "source_id", "merged_into")
    one, other = pa.Table.from_pandas(pair[list(names)], preserve_index=False).to_pylist()
    either = one["merged_into"] == other["source_id"] or other["merged_into"] == one["source_id"]
    return bool(either and one["source"] == other["source"])


def _show_explanation(
    left: str, right: str, explanation: Explanation, *, together: bool, decided: str | None, merge_at: float
) -> None:
    console, words = result_console(), wording()
    console.print(text("ask.together" if together else "ask.apart", left=escape(left), right=escape(right)))
    linked = explanation.match_probability >= merge_at
    if decided:
        console.print(text(f"ask.{decided}"))
    elif together != linked:
        console.print(text("ask.by_others" if together else "ask.against_others", merge_at=merge_at))
    heads = (text("ask.attribute"), escape(left), escape(right), text("ask.level"), text("ask.match_weight"))
    table = result_table(*heads, right=(4,))
    for part in explanation.attributes:
        if part.left is not None or part.right is not None:
            names = (words.attribute(part.attribute), escape(part.left or ""), escape(part.right or ""))
            table.add_row(*names, words.level(part.level), f"{part.match_weight:+.2f}")
    table.add_row(text("ask.prior"), "", "", "", f"{explanation.prior:+.2f}")
    learned = abs(explanation.learned) >= _SHOWN
    table.add_row(text("ask.crowds"), "", "", "", f"{explanation.crowds:+.2f}", end_section=not learned)
    if learned:
        table.add_row(text("ask.learned"), "", "", "", f"{explanation.learned:+.2f}", end_section=True)
    probability = text("ask.probability", share=f"{explanation.match_probability:.4f}")
    table.add_row(text("ask.sum"), "", "", probability, f"{explanation.match_weight:+.2f}")
    console.print(table)
    for name in explanation.shared:
        console.print(text("ask.shared_by_many", attribute=words.attribute(name)), soft_wrap=True)
    for reason in explanation.vetoes:
        key = f"ask.veto_{reason}" if reason == GENERATION else "ask.veto"
        console.print(text(key, attribute=words.attribute(reason)), soft_wrap=True)
