"""A publication's frames as the store's tables, in files that wait to be attached.

The two wide tables take most of the time, so that each has a file of its own: one is written while another is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from golden_records.arrow import as_text
from golden_records.identity import Identified
from golden_records.staging import load
from schemas.golden import CROSSWALK_COLUMNS, CUSTOMER_COLUMNS
from schemas.quarantine import QUARANTINE, conform_quarantine
from schemas.records import RECORD_COLUMNS
from schemas.tables import VERSIONED, customer_version, source_record

__all__ = ["Content", "Patterns", "filled", "stage_customers", "stage_narrow", "stage_records"]

Patterns = Mapping[str, int]  # levels of a comparison pattern → its id in the store


class Content(Protocol):
    """What is to be published (`golden_records.publication.NewPublication`)."""

    @property
    def records(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def identified(self) -> Identified: ...  # noqa: D102
    @property
    def customers(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def quarantine(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def warnings(self) -> pd.DataFrame: ...  # noqa: D102
    @property
    def pairs(self) -> pa.Table: ...  # noqa: D102
    @property
    def patterns(self) -> pa.Table: ...  # noqa: D102


def stage_records(records: pd.DataFrame, path: Path, *, compared: bool) -> None:
    """Write the current records, the largest part of a publication, into a file.

    Args:
        records: `Content.records`.
        path: A new file.
        compared: Whether the store has a publication to compare them with.

    Raises:
        StoreError: It cannot be written.
    """
    rows = _table(records, filled(records, RECORD_COLUMNS)).sort_by("record_key")  # so that the store grows at its end
    load(path, {source_record.name: rows}, _keys(source_record) if compared else {})


def stage_customers(customers: pd.DataFrame, path: Path, *, compared: bool) -> None:
    """Write the golden records, which are sorted, into a file; the rest as `stage_records`."""
    rows = _table(customers, filled(customers, CUSTOMER_COLUMNS))
    load(path, {customer_version.name: rows}, _keys(customer_version) if compared else {})


def stage_narrow(content: Content, path: Path, seen: Patterns, *, compared: bool) -> Patterns:
    """Write all other tables of a publication into a file; the rest as `stage_records`.

    Args:
        content: What is to be published.
        path: A new file.
        seen: Comparison patterns that the store has.
        compared: Whether the store has a publication to compare them with.

    Returns:
        The patterns that the store has not.
    """
    levels = as_text(content.patterns.column("levels").to_pandas(types_mapper=pd.ArrowDtype))
    new = sorted(set(pc.unique(levels).to_pylist()) - set(seen))
    fresh = dict(zip(new, range(max(seen.values(), default=0) + 1, len(seen) + len(new) + 1), strict=False))
    events = content.identified.events
    tables = {
        "crosswalk_version": _table(content.identified.crosswalk, CROSSWALK_COLUMNS).sort_by("record_key"),
        "warning_version": _table(content.warnings, ("record_key", "attribute", "reason")),
        "evidence_version": _evidence(content, {**seen, **fresh}),
        "quarantine": _table(conform_quarantine(content.quarantine), tuple(QUARANTINE.columns)),
        "identity_change": _table(events[events["event"] != "kept"], ("golden_id", "event", "other_id", "records")),
        "alias": _table(content.identified.aliases, ("alias_id", "golden_id")),
    }
    load(path, tables, {**(_keys(*VERSIONED) if compared else {}), "alias": ("alias_id",)})
    return fresh


def _keys(*tables: Table) -> dict[str, tuple[str, ...]]:
    return {table.name: tuple(key.name for key in table.primary_key if key.name != "valid_from") for table in tables}


def _table(frame: pd.DataFrame, names: tuple[str, ...]) -> pa.Table:
    return pa.Table.from_pandas(frame[list(names)], preserve_index=False)


def filled(frame: pd.DataFrame, names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns that hold any value: of the many that a record may have, most exports fill few."""
    return tuple(name for name in names if frame.empty or frame[name].count())


def _evidence(content: Content, ids: Patterns) -> pa.Table:
    """Pairs by record key, left < right as text, sorted."""
    keys = as_text(content.records["record_key"])
    rank = np.empty(len(keys), dtype=np.int64)
    rank[pc.sort_indices(keys).to_numpy()] = np.arange(len(keys))
    pairs = content.pairs
    one, other = (pairs.column(name).to_numpy() for name in ("left", "right"))
    left = np.where(rank[one] < rank[other], one, other)
    right = np.where(rank[one] < rank[other], other, one)
    order = np.lexsort((rank[right], rank[left]))
    numbers = content.patterns.column("pattern").to_numpy()
    levels = content.patterns.column("levels").to_pylist()
    pattern = np.zeros(int(numbers.max(initial=-1)) + 1, dtype=np.int64)
    pattern[numbers] = [ids[text] for text in levels]
    return pa.table(
        {
            "left_key": pc.take(keys, pa.array(left[order])),
            "right_key": pc.take(keys, pa.array(right[order])),
            "match_weight": pc.take(pairs.column("match_weight"), pa.array(order)),
            "match_probability": pc.take(pairs.column("match_probability"), pa.array(order)),
            "pattern_id": pattern[pairs.column("pattern").to_numpy()[order]],
        }
    )
