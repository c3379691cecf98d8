"""The merge report: one self-contained HTML file that says what a run did and what needs a person.

It loads nothing, runs no script and holds customers' values only in the merges it shows; quarantine appears as counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from schemas.diagnosis import Diagnosis
from stewardship import charts, measures
from stewardship.attention import attention
from stewardship.facts import Changes, LevelWeight, RunFacts, SharedValue, SourceCounts, StageTime, Thresholds
from stewardship.flow import FATES, Flow, flow, sankey
from stewardship.grouping import Grouping, group
from stewardship.merges import NEAR, MergeReview
from stewardship.model_view import model_view
from stewardship.pages import environment, stylesheet
from stewardship.side_by_side import lay_out
from stewardship.wording import Wording

__all__ = ["MergeReport", "render"]

_OPEN = 2  # merges that are unfolded when the page opens
_COMBINATIONS = 40  # rows of the overlap table
_SHARED = 20  # rows of the table of shared values


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReport:
    """Everything the report tells.

    Args:
        run: Which run, and what became of it.
        thresholds: ``merge_at`` and ``review_at``, as match probabilities.
        sources: The accounts of each source.
        records: N canonical records (`schemas.records.RECORD_COLUMNS`): the members of all golden records.
        crosswalk: ``record_key``, ``golden_id`` of the same N records.
        customers: Golden records: ``golden_id`` and canonical attributes.
        quarantine: ``source``, ``reasons`` (codes joined by a space), one row a quarantined row.
        warnings: ``record_key``, ``attribute``, ``reason``.
        pairs: `schemas.linkage.PAIRS`, positions into `records`.
        review: What `stewardship.merges.riskiest` chose.
        weights: The model's comparison levels, in the model's order.
        diagnosis: What matching tells of itself; None where it was not kept.
        stages: Seconds of each stage, in the order they ran.
        changes: Identity events against the last publication; None on the first.
        shared: Values that many customers share, the most common first.
        remarks: Further sentences for the operator (what was inferred, what was capped), in the reader's language.
    """

    run: RunFacts
    thresholds: Thresholds
    sources: tuple[SourceCounts, ...]
    records: pd.DataFrame
    crosswalk: pd.DataFrame
    customers: pd.DataFrame
    quarantine: pd.DataFrame
    warnings: pd.DataFrame
    pairs: pa.Table
    review: MergeReview = field(default_factory=MergeReview)
    weights: tuple[LevelWeight, ...] = ()
    diagnosis: Diagnosis | None = None
    stages: tuple[StageTime, ...] = ()
    changes: Changes | None = None
    shared: tuple[SharedValue, ...] = ()
    remarks: tuple[str, ...] = ()


def render(report: MergeReport, *, locale: str) -> str:
    """The report as one HTML document.

    Args:
        report: What to tell.
        locale: ``en`` or ``zh_CN``.
    """
    words = Wording("zh_CN" if locale.lower().startswith("zh") else "en")
    grouping = group(report.records, report.crosswalk)
    figures = flow(report.sources, len(report.records), len(report.customers))
    view = {
        "report": report,
        "lang": "zh-CN" if words.locale == "zh_CN" else "en",
        "css": stylesheet(),
        **_flow_view(report, figures, words),
        **_source_view(report, grouping, words),
        **_merge_view(report, grouping, words),
        **_quality_view(report, grouping),
        **model_view(report.weights, report.diagnosis, report.thresholds, words),
        "stages": _barred(report.stages, "seconds", "blue"),
    }
    rules = report.diagnosis.rules if report.diagnosis else ()
    view["needs"] = attention(report.review, view["pair_counts"], report.sources, rules)
    return environment().get_template("report/report.html.j2").render(**view, **words.functions())


def _flow_view(report: MergeReport, figures: Flow, words: Wording) -> dict[str, Any]:
    events = (
        [] if report.changes is None else [(name, int(getattr(report.changes, name))) for name in Changes.__slots__]
    )
    return {
        "figures": figures,
        "fates": FATES,
        "changes": [
            (name, count, charts.bar([charts.Band(size=count, colour="blue")], max(n for _, n in events)))
            for name, count in events
        ],
        "sankeys": [
            (shape, sankey(figures, report.sources, words=words, width=width))
            for shape, width in (("wide", 760.0), ("narrow", 430.0))
        ],
    }


def _source_view(report: MergeReport, grouping: Grouping, words: Wording) -> dict[str, Any]:
    found = measures.overlap(report.records, grouping)
    names = sorted({source for c in found for source in c.sources})
    totals = [(name, sum(c.customers for c in found if name in c.sources)) for name in names]
    totals.sort(key=lambda total: (-total[1], total[0]))
    return {
        "seen_fates": [
            name
            for name in FATES
            if name in {"accepted", "quarantined"} or any(getattr(s, name) for s in report.sources)
        ],
        "seen_warned": any(s.warned for s in report.sources),
        "combinations": found[:_COMBINATIONS],
        "combinations_left": len(found) - len(found[:_COMBINATIONS]),
        "shared": sum(c.customers for c in found if len(c.sources) > 1),
        "source_bands": {
            s.source: charts.bar(
                [
                    charts.Band(size=s.accepted, colour="blue"),
                    charts.Band(size=s.quarantined, colour="red"),
                    charts.Band(size=s.superseded + s.deleted + s.erased, colour="grey"),
                ],
                max((other.rows_read for other in report.sources), default=1),
            )
            for s in report.sources
        },
        "upsets": [
            (
                shape,
                charts.combinations(found, totals, title=words.say("overlap_title"), number=words.short, width=width),
                charts.drawn(found, width),
            )
            for shape, width in (("wide", 660.0), ("narrow", 430.0))
        ]
        if len(names) > 1
        else [],
    }


def _merge_view(report: MergeReport, grouping: Grouping, words: Wording) -> dict[str, Any]:
    limits, counts = report.thresholds, measures.pair_counts(report.pairs, grouping, report.thresholds)
    bins = measures.weight_bins(report.pairs, grouping, limits)
    legend = charts.Legend(
        title=words.say("weights_title"),
        merge_at=words.say("threshold_merge", p=words.threshold(limits.merge_at)),
        review_at=words.say("threshold_review", p=words.threshold(limits.review_at)),
        axis=words.say("axis_weight"),
    )
    merges = report.review.merges
    first = [merge for merge in merges if merge.reasons] or merges[:_OPEN]
    layouts = [lay_out(merge) for merge in first]
    strong = [lay_out(merge) for merge in merges if merge not in first]
    waiting = [lay_out(pair) for pair in report.review.waiting]
    low = min((layout.reach[0] for layout in (*layouts, *strong, *waiting)), default=0.0)
    high = max((layout.reach[1] for layout in (*layouts, *strong, *waiting)), default=1.0)
    return {
        "layouts": layouts,
        "strong_layouts": strong,
        "waiting": waiting,
        "open_merges": _OPEN,
        "near": NEAR,
        "weight_bar": lambda start, change: charts.waterfall(start, change, low, high),
        "pair_counts": counts,
        "bins": bins,
        "histograms": [
            (
                shape,
                charts.histogram(
                    bins,
                    thresholds=limits,
                    words=legend,
                    number=words.short,
                    width=width,
                ),
            )
            for shape, width in (("wide", 720.0), ("narrow", 430.0))
        ]
        if bins
        else [],
        "sizes": _barred(measures.cluster_sizes(grouping), "customers", "gold"),
    }


def _quality_view(report: MergeReport, grouping: Grouping) -> dict[str, Any]:
    rows = measures.quality(report.records, report.customers, report.warnings, grouping)
    return {
        "quality": [(row, charts.dumbbell(row.fill_before, row.fill_after)) for row in rows],
        "shared_values": report.shared[:_SHARED],
        "shared_left": len(report.shared[_SHARED:]),
        "doubted": any(row.invalid_before or row.invalid_after for row in rows),
        "quarantined": _barred(measures.quarantine_counts(report.quarantine), "rows", "red"),
        "warned": _barred(measures.warning_counts(report.warnings), "records", "amber"),
    }


def _barred(rows: tuple[Any, ...], figure: str, colour: str) -> list[tuple[Any, Markup]]:
    """Each row with a bar of one of its figures."""
    most = max((getattr(row, figure) for row in rows), default=1)
    return [(row, charts.bar([charts.Band(size=getattr(row, figure), colour=colour)], most)) for row in rows]
