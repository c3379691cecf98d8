"""A publication's frames as the store's tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import as_text
from golden_records.identity import Identified
from schemas.golden import CROSSWALK_COLUMNS, CUSTOMER_COLUMNS
from schemas.records import RECORD_COLUMNS

__all__ = ["Content", "Patterns", "staged_tables"]

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


def staged_tables(content: Content, seen: Patterns) -> tuple[dict[str, pa.Table], Patterns]:
    """The tables to stage, sorted by their keys so that the store's indexes grow at their ends.

    Args:
        content: What is to be published.
        seen: Comparison patterns that the store has.

    Returns:
        Name of the store's table → rows (and ``alias``); and the patterns that the store has not. A wide
        table lacks the columns that hold no value.
    """
    keys = as_text(content.records["record_key"])
    order = pc.sort_indices(keys)
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order.to_numpy()] = np.arange(len(keys))
    levels = as_text(content.patterns.column("levels").to_pandas(types_mapper=pd.ArrowDtype))
    new = sorted(set(pc.unique(levels).to_pylist()) - set(seen))
    fresh = dict(zip(new, range(max(seen.values(), default=0) + 1, len(seen) + len(new) + 1), strict=False))
    events = content.identified.events
    return {
        "source_record": _filled(_table(content.records, RECORD_COLUMNS)).take(order),
        "crosswalk_version": _table(content.identified.crosswalk, CROSSWALK_COLUMNS).sort_by("record_key"),
        "customer_version": _filled(_table(content.customers, CUSTOMER_COLUMNS)),
        "warning_version": _table(content.warnings, ("record_key", "attribute", "reason")),
        "evidence_version": _evidence(content, keys, rank, {**seen, **fresh}),
        "quarantine": _table(content.quarantine, ("source", "line", "reasons", "raw")),
        "identity_change": _table(events[events["event"] != "kept"], ("golden_id", "event", "other_id", "records")),
        "alias": _table(content.identified.aliases, ("alias_id", "golden_id")),
    }, fresh


def _table(frame: pd.DataFrame, names: tuple[str, ...]) -> pa.Table:
    return pa.Table.from_pandas(frame[list(names)], preserve_index=False)


def _filled(table: pa.Table) -> pa.Table:
    """The columns that hold any value: of the many that a record may have, most exports fill few."""
    return table.select(
        [name for name in table.column_names if not table.num_rows or table.column(name).null_count < table.num_rows]
    )


def _evidence(
    content: Content, keys: pa.Array, rank: np.ndarray[tuple[int], np.dtype[np.int64]], ids: Patterns
) -> pa.Table:
    """Pairs by record key, left < right as text, sorted."""
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
