"""Consent as an export records it, by the rules of its preset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import CONSENTS
from sources.cells import NULL, Cells, Column
from sources.preset import Consent, Preset

__all__ = ["consents"]


def consents(cells: Cells, preset: Preset) -> dict[str, Column]:
    """Consent and its date by attribute, from the first rule that applies to a row; unknown where none does."""
    found: dict[str, Column] = {}
    for attribute in CONSENTS:
        rules = [(_applies(cells, rule), rule) for rule in preset.consents if rule.attribute == attribute]
        rules = [(applies, rule) for applies, rule in rules if applies is not None]
        if rules:
            dates = [cells.first_filled(rule.at) for _, rule in rules]
            found[attribute] = pc.coalesce(*[pc.if_else(where, rule.value, NULL) for where, rule in rules])
            found[f"{attribute}_at"] = _first_applying([where for where, _ in rules], dates)
        elif attribute in preset.columns:
            words = cells.first_filled(preset.columns[attribute], wholly=False)
            found |= {} if words is None else {attribute: _consent_words(words)}
    return found


def _applies(cells: Cells, rule: Consent) -> Column | None:
    """Where a rule applies; nothing if the export has none of its headers."""
    column = cells.first_filled(rule.headers, wholly=not rule.words)
    if column is None:
        return None
    if rule.whole_file:
        return pa.chunked_array([pa.array(np.ones(len(column), np.bool_))])
    if rule.words:
        return pc.is_in(pc.utf8_lower(column), value_set=pa.array(rule.words, pa.string()))
    return pc.is_valid(column)


def _first_applying(where: Sequence[Column], dates: Sequence[Column | None]) -> Column:
    at: Column | pa.Scalar = NULL
    for applies, date in zip(reversed(where), reversed(dates), strict=True):
        at = pc.if_else(applies, NULL if date is None else date, at)
    return at


def _consent_words(words: Column) -> Column:
    """A column that says consent itself: a clear yes or no, else unknown."""
    lowered = pc.utf8_lower(words)
    yes = pc.is_in(lowered, value_set=pa.array(["granted", "yes", "true", "1", "是", "同意"]))
    no = pc.is_in(lowered, value_set=pa.array(["denied", "no", "false", "0", "否", "不同意", "拒绝"]))
    return pc.if_else(yes, "granted", pc.if_else(no, "denied", NULL))
