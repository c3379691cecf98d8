"""What matching hands over: the pairs worth keeping and the patterns they show, as Arrow tables."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes
from matching.classify import probability
from matching.comparison import Comparison
from matching.patterns import Patterns, group_patterns
from matching.weighed import Weighed
from schemas.linkage import PAIRS, PATTERNS

__all__ = ["evidence_tables"]


def evidence_tables(
    weighed: Weighed, order: Codes, comparisons: tuple[Comparison, ...], review_at: float
) -> tuple[pa.Table, pa.Table]:
    """The pairs from ``review_at`` on and the patterns they show.

    Args:
        weighed: The pairs, by positions in canonical order.
        order: (N,) the original position of each record.
        comparisons: What was compared.
        review_at: Match probability.

    Returns:
        `schemas.linkage.PAIRS`, by original positions, sorted; and `schemas.linkage.PATTERNS`.
    """
    chance = probability(weighed.odds)
    kept = np.flatnonzero(chance >= review_at)
    patterns, shown = group_patterns(weighed.levels[kept])
    one, two = order[weighed.left[kept]], order[weighed.right[kept]]
    low, high = np.minimum(one, two), np.maximum(one, two)
    sorting = np.argsort(low.astype(np.int64) * (len(order) + 1) + high)
    pairs = pa.table(
        {
            "left": low[sorting],
            "right": high[sorting],
            "pattern": shown[sorting],
            "match_weight": (weighed.odds[kept][sorting] / np.log(2)).astype(np.float32),
            "match_probability": chance[kept][sorting].astype(np.float32),
        },
        schema=PAIRS,
    )
    return pairs, _pattern_table(patterns, comparisons)


def _pattern_table(patterns: Patterns, comparisons: tuple[Comparison, ...]) -> pa.Table:
    """The patterns as JSON, a column of fragments at a time."""
    parts = [
        pa.array([json.dumps(c.name, ensure_ascii=False) + f': "{level}"' for level in c.levels]).take(
            pa.array(patterns.levels[:, a])
        )
        for a, c in enumerate(comparisons)
    ]
    size = len(patterns.levels)
    inner = pc.binary_join_element_wise(*parts, ", ") if parts else pa.array([""] * size, pa.string())
    texts = pc.binary_join_element_wise(pa.scalar("{"), inner, pa.scalar("}"), "")
    return pa.table({"pattern": np.arange(size, dtype=np.int32), "levels": texts}, schema=PATTERNS)
