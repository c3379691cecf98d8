"""Pairs that are decided before matching begins: by people's judgements, and by systems that have merged records."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.judgements import Placed, by_key, need_enough
from pipelines.plan import Plan

__all__ = ["decided", "judged_pairs", "merged_by_systems"]


def judged_pairs(plan: Plan, records: pd.DataFrame) -> Placed | None:
    """The judgements of the plan, where their records lie.

    Args:
        plan: The run.
        records: Column ``record_key``.

    Raises:
        UsageError: One names a source that there is not; or a model is to be trained on them, and they are too few.
    """
    if plan.judgements is None:
        return None
    columns = {name: values for name, values in plan.judgements.items() if name != "path"}
    path = Path(plan.judgements["path"])
    placed = by_key(pd.DataFrame(columns), pa.array(records["record_key"], pa.string()), plan.inputs, path)
    if plan.must_teach:
        need_enough(placed, path)
    return placed


def decided(judged: Placed | None, records: pd.DataFrame) -> pd.DataFrame | None:
    """All pairs that are decided, as `matching.match.match` takes them.

    What systems have merged holds, but it tells of matches alone, and so is no ground to learn from.
    """
    merged = merged_by_systems(records)
    found = [judged.judgements.assign(teaches=True)] if judged is not None else []
    found += [merged.assign(teaches=False)] if merged is not None else []
    return pd.concat(found, ignore_index=True) if found else None


def merged_by_systems(records: pd.DataFrame) -> pd.DataFrame | None:
    """Merges that the systems themselves have made (``merged_into``), as judgements: these records stay together."""
    losers = np.flatnonzero(records["merged_into"].notna().to_numpy())
    if not len(losers):
        return None
    lost = records.iloc[losers]
    survivors = lost["source"].str.cat(lost["merged_into"], sep=":")
    places = pc.index_in(pa.array(survivors, pa.string()), pa.array(records["record_key"], pa.string()))
    known = places.is_valid().to_numpy(zero_copy_only=False)
    pairs = np.sort(np.column_stack([losers[known], places.drop_null().to_numpy()]), axis=1)
    pairs = pairs[pairs[:, 0] < pairs[:, 1]]
    return pd.DataFrame({"left": pairs[:, 0], "right": pairs[:, 1], "verdict": "same"})
