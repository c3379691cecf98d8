"""Consent as an export records it, by the rules of its preset."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import CONSENTS
from sources.records.cells import NULL, Cells, Column
from sources.records.preset import Consent, Preset

__all__ = ["consents"]

_VALUES: Final = {"granted": pa.scalar("granted"), "denied": pa.scalar("denied"), "unknown": NULL}


def consents(cells: Cells, preset: Preset, file: str) -> dict[str, Column]:
    """Consent and its date by attribute, from the first rule that applies to a row; unknown where none does.

    Args:
        cells: Of the export.
        preset: Its ``consents`` are the rules; an attribute without any may have a column of its own in ``columns``.
        file: Name of the file, which some rules go by.
    """
    found: dict[str, Column] = {}
    for attribute in CONSENTS:
        rules = [(_applies(cells, rule, file), rule) for rule in preset.consents if rule.attribute == attribute]
        applying = [(where, rule) for where, rule in rules if where is not None]
        if applying:
            found[attribute] = _first_applying([(where, _VALUES[rule.value]) for where, rule in applying])
            first = applying[0][1]  # only its dates are all taken, so that the others stay in extra as well
            dates = [
                (where, cells.first_filled(rule.at, wholly=rule is first and not rule.words))
                for where, rule in applying
            ]
            if any(date is not None for _, date in dates):
                found[f"{attribute}_at"] = _first_applying(dates)
        elif attribute in preset.columns:
            words = cells.first_filled(preset.columns[attribute], wholly=False)
            found |= {} if words is None else {attribute: _consent_words(words)}
    return found


def _applies(cells: Cells, rule: Consent, file: str) -> Column | None:
    """Where a rule applies; nothing if the export has none of its headers, or its file has another name."""
    if rule.file and not fnmatchcase(file.casefold(), rule.file):
        return None
    column = cells.first_filled(rule.headers, wholly=False)
    if not rule.headers or (rule.whole_file and column is not None):
        return pa.chunked_array([pa.array(np.ones(cells.rows, np.bool_))])
    if column is None:
        return None
    if rule.words:
        return pc.is_in(pc.utf8_lower(column), value_set=pa.array(rule.words, pa.string()))
    return pc.is_valid(column)


def _first_applying(rules: Sequence[tuple[Column, Column | pa.Scalar | None]]) -> Column:
    """For each row what the first rule that applies has for it."""
    chosen: Column | pa.Scalar = NULL
    for where, value in reversed(rules):
        chosen = pc.if_else(where, NULL if value is None else value, chosen)
    return chosen


def _consent_words(words: Column) -> Column:
    """A column that says consent itself: a clear yes or no, else unknown."""
    lowered = pc.utf8_lower(words)
    yes = pc.is_in(lowered, value_set=pa.array(["granted", "yes", "true", "1", "是", "同意"]))
    no = pc.is_in(lowered, value_set=pa.array(["denied", "no", "false", "0", "否", "不同意", "拒绝"]))
    return pc.if_else(yes, "granted", pc.if_else(no, "denied", NULL))
