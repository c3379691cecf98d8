"""What the report and the page of a model show of it: weights, expectations, candidate pairs, rules, columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from schemas.diagnosis import LOWEST, AttributeProfile, Diagnosis, ThresholdFigures
from stewardship import charts, model_charts
from stewardship.facts import LevelWeight, Thresholds
from stewardship.pages import environment, stylesheet
from stewardship.wording import Wording

__all__ = ["ModelPage", "model_view", "render_model"]

_WIDE, _NARROW = 720.0, 430.0
_LARGEST: Final = 3
"""Sizes of blocks that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPage:
    """Everything that the page of a model tells.

    Args:
        model_id: The content hash of the model.
        records: Records it was trained on.
        thresholds: ``merge_at`` and ``review_at``, as match probabilities.
        weights: The comparison levels, in the model's order.
        diagnosis: What training saw; None where the model does not say.
        warnings: What is to be said of the model, in the reader's language.
    """

    model_id: str
    records: int
    thresholds: Thresholds
    weights: tuple[LevelWeight, ...]
    diagnosis: Diagnosis | None
    warnings: tuple[str, ...] = ()


def render_model(page: ModelPage, *, locale: str) -> str:
    """The page of a model: one self-contained HTML file without a customer's value.

    Args:
        page: What to tell.
        locale: ``en`` or ``zh_CN``.
    """
    words = Wording("zh_CN" if locale.lower().startswith("zh") else "en")
    view = {
        "page": page,
        "lang": "zh-CN" if words.locale == "zh_CN" else "en",
        "css": stylesheet(),
        **model_view(page.weights, page.diagnosis, page.thresholds, words),
    }
    return environment().get_template("report/model_page.html.j2").render(**view, **words.functions())


def model_view(
    weights: tuple[LevelWeight, ...], diagnosis: Diagnosis | None, thresholds: Thresholds, words: Wording
) -> dict[str, Any]:
    """What the template ``model`` needs.

    Args:
        weights: The comparison levels, in the model's order.
        diagnosis: Figures of the matching; None where there are none.
        thresholds: ``merge_at`` and ``review_at``.
        words: Of the reader's language.
    """
    view: dict[str, Any] = {"comparisons": _comparisons(weights), "diagnosis": diagnosis, "profile": [], "rules": []}
    view |= {"expected": [], "at_merge": None, "curves": [], "weight_counts": [], "distributions": []}
    if diagnosis is None:
        return view
    return view | _profile(diagnosis) | _rules(diagnosis) | _expected(diagnosis, thresholds, words)


def _comparisons(weights: tuple[LevelWeight, ...]) -> list[tuple[str, Markup, list[tuple[LevelWeight, Markup]]]]:
    """Each comparison with its reach, from full agreement (its first level) to disagreement (its last)."""
    reach = max((abs(level.weight) for level in weights), default=1.0)
    levels: dict[str, list[LevelWeight]] = {}
    for level in weights:
        levels.setdefault(level.comparison, []).append(level)
    return [
        (
            comparison,
            charts.span(rows[-1].weight, rows[0].weight, reach),
            [(row, charts.diverging(row.weight, reach, width=180)) for row in rows],
        )
        for comparison, rows in levels.items()
    ]


def _profile(diagnosis: Diagnosis) -> dict[str, Any]:
    """Columns and attributes that hold anything, each with a bar of how full it is."""

    def full(filled: int) -> Markup:
        return charts.bar([charts.Band(size=filled, colour="blue")], diagnosis.records, width=110)

    def top(attribute: AttributeProfile) -> float:
        return attribute.top / attribute.filled if attribute.filled else 0.0

    return {
        "columns": [(c, c.filled / max(diagnosis.records, 1), full(c.filled)) for c in diagnosis.columns if c.filled],
        "empty_columns": sum(not c.filled for c in diagnosis.columns),
        "profile": [
            (a, a.filled / max(diagnosis.records, 1), full(a.filled), top(a)) for a in diagnosis.attributes if a.filled
        ],
    }


def _rules(diagnosis: Diagnosis) -> dict[str, Any]:
    """The blocking rules, with a bar of what each brought: new matches, or new pairs where those are not known."""
    known = all(rule.new_matches is not None for rule in diagnosis.rules)
    brought = [rule.new_matches or 0.0 if known else float(rule.new_pairs) for rule in diagnosis.rules]
    most = max(brought, default=1.0)
    bars = [charts.bar([charts.Band(size=size, colour="blue")], most) for size in brought]
    largest = [rule.capped[:_LARGEST] for rule in diagnosis.rules]
    return {"rules": list(zip(diagnosis.rules, bars, largest, strict=True)), "matches_known": known}


def _expected(diagnosis: Diagnosis, thresholds: Thresholds, words: Wording) -> dict[str, Any]:
    counts = diagnosis.weights
    figures = counts.by_threshold()
    if not any(f.links for f in figures):
        return {}
    merge_at = words.say("threshold_merge", p=words.threshold(thresholds.merge_at))
    curve = model_charts.CurveWords(
        title=words.say("expected_title"),
        precision=words.say("precision_column"),
        recall=words.say("recall_column"),
        merge_at=merge_at,
        axis=words.say("axis_threshold"),
    )
    spread = model_charts.DistributionWords(
        title=words.say("candidates_title"),
        merge_at=merge_at,
        review_at=words.say("threshold_review", p=words.threshold(thresholds.review_at)),
        axis=words.say("axis_weight"),
        scale=words.say("axis_logarithmic"),
    )
    shapes = (("wide", _WIDE), ("narrow", _NARROW))
    return {
        "expected": figures,
        "at_merge": _nearest(figures, thresholds.merge_weight),
        "curves": [
            (shape, model_charts.expectations(figures, thresholds, curve, words.share, width=width))
            for shape, width in shapes
        ],
        "weight_counts": [(LOWEST + place, counts.pairs[place], counts.matches[place]) for place in counts.span],
        "distributions": [
            (shape, model_charts.distribution(counts, thresholds, spread, words.short, width=width))
            for shape, width in shapes
        ],
    }


def _nearest(figures: tuple[ThresholdFigures, ...], weight: float) -> ThresholdFigures:
    return min(figures, key=lambda f: abs(f.weight - weight))
