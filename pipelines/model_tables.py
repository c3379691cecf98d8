"""What matching chose and found, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from rich.markup import escape
from rich.table import Table

from matching.block import Rule
from matching.model import Model
from matching.roles import ColumnRole
from pipelines.terminal import result_table, wording
from schemas.diagnosis import Diagnosis
from schemas.messages import text
from stewardship.facts import LevelWeight, Thresholds

__all__ = ["attribute_table", "level_weights", "role_table", "rule_table", "threshold_table", "weight_table"]


def role_table(roles: Iterable[ColumnRole], diagnosis: Diagnosis | None) -> Table:
    """What each column was taken for and why, and how many records fill it; columns that none fills are left out."""
    words = wording()
    filled = {column.column: column.filled for column in diagnosis.columns} if diagnosis else {}
    heads = (text("dedupe.column"), text("dedupe.role"), text("dedupe.reason"), text("report.filled"))
    table = result_table(*heads, right=(3,))
    for role in roles:
        count = filled.get(role.column)
        if count != 0:
            share = words.share(count / diagnosis.records) if count and diagnosis else ""
            table.add_row(escape(role.column), words.attribute(role.role), text(f"roles.{role.reason}"), share)
    return table


def attribute_table(diagnosis: Diagnosis) -> Table:
    """What is compared: how full it is, how many values it has, how common the commonest is."""
    words = wording()
    heads = ("compared_column", "filled", "distinct", "top_column")
    table = result_table(*(text(f"report.{head}") for head in heads), right=(1, 2, 3))
    for found in diagnosis.attributes:
        if found.filled:
            filled, top = words.share(found.filled / diagnosis.records), words.share(found.top / found.filled)
            table.add_row(words.attribute(found.attribute), filled, f"{found.distinct:,}", top)
    return table


def rule_table(rules: Iterable[Rule], diagnosis: Diagnosis | None) -> Table:
    """The blocking rules and, where it is known, what each brought."""
    words = wording()
    figures = {rule.rule: rule for rule in diagnosis.rules} if diagnosis else {}
    heads = ("rule_column", "rule_cap", "rule_pairs", "rule_new", "rule_matches", "rule_capped")
    table = result_table(*(text(f"report.{head}") for head in heads), right=(1, 2, 3, 4, 5))
    for rule in rules:
        brought = figures.get(rule.name)
        cells = ("", "", "", "")
        if brought:
            matches = "" if brought.new_matches is None else words.some(brought.new_matches)
            cells = (f"{brought.pairs:,}", f"{brought.new_pairs:,}", matches, f"{brought.capped_blocks:,}")
        table.add_row(escape(rule.name), f"{rule.cap:,}", *cells)
    return table


def weight_table(model: Model) -> Table:
    """Each level of each comparison with its m, u and match weight."""
    words = wording()
    heads = (text("ask.attribute"), text("ask.level"), "m", "u", text("ask.match_weight"))
    table = result_table(*heads, right=(2, 3, 4))
    for row in level_weights(model):
        names = (words.attribute(row.comparison), words.level(row.level))
        table.add_row(*names, f"{row.m:.4f}", f"{row.u:.2e}", f"{row.weight:+.2f}")
    return table


def threshold_table(diagnosis: Diagnosis, thresholds: Thresholds) -> Table:
    """What to expect of each threshold by the model's own probabilities; the one nearest to ``merge_at`` is bold."""
    words = wording()
    heads = ("weight_column", "probability_column", "links_column", "precision_column", "recall_column")
    table = result_table(*(text(f"report.{head}") for head in heads), right=(0, 1, 2, 3, 4))
    rows = diagnosis.weights.by_threshold()
    nearest = min(rows, key=lambda row: abs(row.weight - thresholds.merge_weight))
    for row in rows:
        shares = (words.share(row.probability), f"{row.links:,}", words.share(row.precision), words.share(row.recall))
        table.add_row(words.weight(row.weight), *shares, style="bold" if row is nearest else None)
    return table


def level_weights(model: Model) -> tuple[LevelWeight, ...]:
    """The model's levels with m, u and match weight, in its own order."""
    rows = []
    for comparison, m, u in zip(model.comparisons, model.parameters.matched, model.parameters.unmatched, strict=True):
        for level, matched, unmatched in zip(comparison.levels[1:], m[1:], u[1:], strict=True):
            weight = float(np.log2(max(matched, 1e-12) / max(unmatched, 1e-12)))
            rows.append(
                LevelWeight(
                    comparison=comparison.name, level=level, m=float(matched), u=float(unmatched), weight=weight
                )
            )
    return tuple(rows)
