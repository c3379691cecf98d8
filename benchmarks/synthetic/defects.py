"""Records that must end in quarantine, a few of each kind in each file."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.synthetic.export import Export
from benchmarks.synthetic.names import Objects

__all__ = ["SHARE", "damage", "defects"]

SHARE = 0.0003  # of a file's records, for each reason; one at least

_NOTE = "note pasted from the clipboard: please see the ticket history; "


def defects(rng: np.random.Generator, export: Export, count: int) -> Objects:
    """(count,) the quarantine reason of each record of a file, mostly none; small files have one of each at least."""
    reasons = ["missing_id", "duplicate_id", "field_too_long"]
    reasons += ["wrong_column_count"] if export.form == "csv" else []
    reasons += ["impossible_date"] if export.date_header else []
    reasons += ["nothing_to_match_on"] if export.identity else []
    chosen = np.full(count, "", dtype=object)
    if count < 30:
        return chosen
    each = max(1, round(count * SHARE))
    # The first record is kept whole, so that one that repeats an id has one to repeat.
    places = 1 + rng.permutation(count - 1)[: each * len(reasons)]
    chosen[places] = np.repeat(np.array(reasons, dtype=object), each)
    return chosen


def damage(
    rng: np.random.Generator, export: Export, records: pd.DataFrame, defect: Objects
) -> tuple[pd.DataFrame, dict[str, Objects]]:
    """The records and their cells with the defects in them.

    Args:
        rng: The source of chance.
        export: The system.
        records: N records with ``source_id``.
        defect: (N,) as `defects` gives them. A ``duplicate_id`` is an earlier record once more, as from overlapping
            pages of an export; a ``wrong_column_count`` is left to the writing of the file.

    Returns:
        The records (a doublet is its original's entity), and the cells by header.
    """
    place = np.arange(len(records))
    whole = np.flatnonzero(defect == "")
    doubled = np.flatnonzero(defect == "duplicate_id")
    before = np.searchsorted(whole, doubled)
    place[doubled] = whole[(rng.random(len(doubled)) * before).astype(np.int64)]
    kept = records.take(place).reset_index(drop=True)
    cells = dict(export.cells(rng, kept))
    null = np.full(len(records), None if export.form == "jsonl" else "", dtype=object)
    cells[export.id_header] = np.where(defect == "missing_id", null, cells[export.id_header])
    long = _NOTE * 8
    note = f'"{long}"' if export.form == "jsonl" else long
    cells[export.long_header] = np.where(defect == "field_too_long", note, cells[export.long_header])
    if export.date_header:
        cells[export.date_header] = np.where(defect == "impossible_date", "02/30/1985", cells[export.date_header])
    for header in export.identity:
        cells[header] = np.where(defect == "nothing_to_match_on", null, cells[header])
    return kept, cells
