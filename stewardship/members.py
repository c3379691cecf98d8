"""Records as the report shows them."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from schemas.records import ATTRIBUTES

__all__ = ["Member", "members_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A record with the canonical values that it has."""

    record_key: str
    source: str
    cells: Mapping[str, str]


def members_at(records: pd.DataFrame, places: Sequence[np.ndarray]) -> list[tuple[Member, ...]]:
    """The records at each list of positions; one look into the frame for all."""
    names = ["record_key", "source", "kind", *(a.name for a in ATTRIBUTES if a.name != "extra")]
    positions = np.concatenate(places) if len(places) else np.empty(0, dtype=np.int64)
    rows = pa.Table.from_pandas(records[names].iloc[positions], preserve_index=False).to_pylist()
    found = [
        Member(
            record_key=row["record_key"],
            source=row["source"],
            cells={name: str(row[name]) for name in names[2:] if row[name] is not None},
        )
        for row in rows
    ]
    starts = np.cumsum([0, *map(len, places)])
    return [tuple(found[low:high]) for low, high in itertools.pairwise(starts)]
