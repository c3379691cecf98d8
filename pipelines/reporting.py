"""Carries what a run knows to the merge report, and writes it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from matching.explain import explain_pairs
from matching.model import Model
from pipelines.accounts import remarks
from pipelines.judgements import notes
from pipelines.matching_notes import warning_notes
from pipelines.model_tables import level_weights
from pipelines.plan import Plan
from pipelines.tables import accepted, accounts, quarantined, warnings
from pipelines.workspace import read_facts, read_frame, read_table
from schemas.diagnosis import Diagnosis
from schemas.errors import StoreError
from schemas.messages import current_locale
from schemas.validation import matchable
from stewardship.facts import (
    Changes,
    Contribution,
    Explain,
    RunFacts,
    SharedValue,
    SourceCounts,
    StageTime,
    Thresholds,
)
from stewardship.merges import riskiest
from stewardship.report import MergeReport, render

__all__ = ["write_report"]


def write_report(
    plan: Plan,
    folders: Sequence[Path],
    matched: Path,
    merged: Path,
    published: Mapping[str, Any],
    seconds: Mapping[str, float],
) -> Path:
    """Write the merge report of a run; a half-written one is never seen.

    Args:
        plan: The run.
        folders: Of each source, and of what was carried forward.
        matched: Folder of the step ``match``.
        merged: Folder of the step ``merge``.
        published: Facts of the step ``publish``.
        seconds: Stage → seconds, so far.
    """
    locale = plan.settings.locale or current_locale()
    records, warned = accepted(folders), warnings(folders)
    facts = read_facts(matched)
    model = Model.from_json(facts["model"])
    crosswalk, pairs = read_frame(merged, "crosswalk"), read_table(matched, "pairs")
    thresholds = Thresholds(merge_at=plan.settings.matching.merge_at, review_at=plan.settings.matching.review_at)
    review = riskiest(
        records, crosswalk, pairs, thresholds=thresholds, explain=_explainer(matchable(records, warned), model)
    )
    report = MergeReport(
        run=_run_facts(plan, facts, published, seconds),
        thresholds=thresholds,
        sources=tuple(_counts(account) for account in accounts(folders)),
        records=records,
        crosswalk=crosswalk,
        customers=read_frame(merged, "customers"),
        quarantine=quarantined(folders),
        warnings=warned,
        pairs=pairs,
        review=review,
        weights=level_weights(model),
        diagnosis=Diagnosis.from_facts(facts["diagnosis"]),
        stages=tuple(StageTime(stage=name, seconds=taken) for name, taken in seconds.items()),
        changes=_changes(read_facts(merged)["changes"]) if plan.parent else None,
        shared=tuple(
            SharedValue(**{name: hub[name] for name in SharedValue.__dataclass_fields__}) for hub in facts["hubs"]
        ),
        remarks=(
            *warning_notes(model.warnings, locale),
            *notes(facts["judgements"], locale),
            *(remark for account in accounts(folders) for remark in remarks(account, locale)),
        ),
    )
    path = plan.settings.at(plan.settings.report)
    if plan.dry_run:  # the report of what is published stays
        path = path.with_name(f"{path.stem}.dry-run{path.suffix}")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(render(report, locale=locale), encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreError("run.no_report", path=path, why=error.strerror, publication=published["publication"]) from None
    return path


def _run_facts(
    plan: Plan, facts: Mapping[str, Any], published: Mapping[str, Any], seconds: Mapping[str, float]
) -> RunFacts:
    outcomes: dict[str, Literal["published", "unchanged", "dry_run"]] = {"published": "published", "dry_run": "dry_run"}
    return RunFacts(
        run_id=plan.run_id,
        outcome=outcomes.get(published["status"], "unchanged"),
        started_at=plan.started_at,
        seconds=sum(seconds.values()),
        publication=None if published["publication"] is None else str(published["publication"]),
        parent=None if plan.parent is None else str(plan.parent),
        model_id=facts["model_id"],
        model_trained=facts["trained"],
        configuration=plan.config.name,
        version=version("guiyi"),
    )


def _explainer(records: pd.DataFrame, model: Model) -> Explain:
    def explained(pairs: Sequence[tuple[int, int]]) -> list[tuple[Contribution, ...]]:
        return [
            tuple(
                Contribution(attribute=a.attribute, left=a.left, right=a.right, level=a.level, weight=a.match_weight)
                for a in explanation.attributes
            )
            for explanation in explain_pairs(records, pairs, model)
        ]

    return explained


def _counts(account: Mapping[str, Any]) -> SourceCounts:
    return SourceCounts(**{name: account[name] for name in SourceCounts.__dataclass_fields__})


def _changes(counts: Mapping[str, int]) -> Changes:
    return Changes(**{name: counts.get(name, 0) for name in Changes.__dataclass_fields__})
