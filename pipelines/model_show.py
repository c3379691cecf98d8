"""``guiyi model show``: a model, the publication's or a file's, as tables, JSON, YAML or a page of charts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
import yaml
from rich.console import RenderableType

from golden_records.publication import read_model
from matching.model import Model
from pipelines.configuration import load_settings
from pipelines.model_tables import (
    attribute_table,
    level_weights,
    role_table,
    rule_table,
    threshold_table,
    weight_table,
)
from pipelines.published import published
from pipelines.settings import MatchingSettings
from pipelines.terminal import result_console, wording
from schemas.errors import StoreError, UsageError
from schemas.messages import current_locale, text
from stewardship.facts import Thresholds
from stewardship.model_view import ModelPage, render_model

__all__ = ["model_command"]


def model_command(*, config: Path, file: Path | None, as_json: bool, as_yaml: bool, chart: Path | None) -> None:
    """Print a model: roles of columns, blocking rules and what they brought, each level's m, u and weight.

    Args:
        config: The configuration whose current publication is asked for its model.
        file: A model that ``guiyi dedupe --model`` wrote, in place of the publication's.
        as_json: Print the model itself.
        as_yaml: Print what was chosen as the ``matching:`` section of a configuration.
        chart: Write a page of charts there.

    Raises:
        UsageError: There is no store, or the file is no model.
        StoreError: The page cannot be written.
    """
    written, settings = _from_store(config) if file is None else (_from_file(file), MatchingSettings())
    model = Model.from_json(written)
    decides = settings if file is None else model
    thresholds = Thresholds(merge_at=decides.merge_at, review_at=decides.review_at)
    if chart is not None:
        _draw(model, thresholds, chart)
    if as_json:
        typer.echo(written)
    elif as_yaml:
        typer.echo(_as_yaml(matching_section(model, settings)), nl=False)
    elif chart is None:
        _print(model, thresholds)


def matching_section(model: Model, settings: MatchingSettings) -> dict[str, Any]:
    """What was chosen, as the ``matching:`` section of a configuration; pasted there, it gives the same clusters.

    Args:
        model: What training chose.
        settings: The section as it is; what it sets beside roles and rules stays.
    """
    kept = settings.model_dump(mode="json", exclude_defaults=True, exclude={"roles", "rules", "ignore"})
    rules = [{"atoms": list(rule.atoms), "cap": rule.cap} for rule in model.rules]
    roles = {role.column: role.role for role in model.roles} | dict.fromkeys(settings.ignore, "ignore")
    return {"matching": {**kept, "roles": roles, "rules": rules}}


def _as_yaml(section: dict[str, Any]) -> str:
    """The section with a rule a line."""
    return yaml.dump(section, Dumper=_RuleALine, allow_unicode=True, sort_keys=False, width=120)


class _RuleALine(yaml.SafeDumper):
    """Writes a mapping that holds atoms, and every list in it, on one line."""

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:  # noqa: FBT001  as PyYAML's
        """As PyYAML's."""
        inline = True if "atoms" in dict(mapping) else flow_style
        return super().represent_mapping(tag, mapping, flow_style=inline)


def _from_store(config: Path) -> tuple[str, MatchingSettings]:
    with published(config) as (connection, publication):
        parameters = read_model(connection, publication.model_id or "")
    if parameters is None:
        raise UsageError("run.no_store", path=config)
    return parameters, load_settings(config).matching


def _from_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError("dedupe.bad_model", path=path) from None


def _draw(model: Model, thresholds: Thresholds, path: Path) -> None:
    page = ModelPage(
        model_id=model.model_id,
        records=model.records,
        thresholds=thresholds,
        weights=level_weights(model),
        diagnosis=model.training,
        warnings=_warnings(model),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render_model(page, locale=current_locale()), encoding="utf-8")
    except OSError as error:
        raise StoreError("ask.no_chart", path=path, why=error.strerror) from None
    typer.echo(text("ask.chart_written", path=path), err=True)


def _print(model: Model, thresholds: Thresholds) -> None:
    console = result_console()
    console.print(text("ask.model", model_id=model.model_id, records=f"{model.records:,}"))
    for warning in _warnings(model):
        console.print(f"! {warning}", markup=False)
    for part in _parts(model, thresholds):
        console.print(part)


def _warnings(model: Model) -> tuple[str, ...]:
    """What the model said of itself when it was trained, in sentences."""
    return tuple(text(f"warnings.{warning.code}", **warning.facts) for warning in model.warnings)


def _parts(model: Model, thresholds: Thresholds) -> Iterator[RenderableType]:
    training, words = model.training, wording()
    yield role_table(model.roles, training)
    if training:
        yield attribute_table(training)
    if training and not training.rules:
        yield text("report.rules_all_pairs")
    yield rule_table(model.rules, training)
    yield weight_table(model)
    if training and any(training.weights.pairs):
        yield threshold_table(training, thresholds)
    if training and training.self_links.unlinkable:
        found = training.self_links
        counts = {"n": f"{found.unlinkable:,}", "records": f"{found.records:,}", "share": words.share(found.share)}
        yield text("report.unlinkable_lead", **counts)
        yield "\n".join(f"  {words.names(each.attributes)}: {each.records:,}" for each in found.silences)
