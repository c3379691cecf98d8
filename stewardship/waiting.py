"""The pairs that wait for a person, the closest to merging first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from stewardship.facts import Contribution, Explain, Thresholds
from stewardship.grouping import Grouping
from stewardship.members import Member, members_at

__all__ = ["Waiting", "closest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Two records between ``review_at`` and ``merge_at`` that are in two customers.

    Args:
        golden_ids: The two customers.
        members: The two records.
        weight: Match weight of the pair.
        probability: The same as a match probability.
        contributions: What each comparison adds to the weight.
    """

    golden_ids: tuple[str, str]
    members: tuple[Member, ...]
    weight: float
    probability: float
    contributions: tuple[Contribution, ...]


def closest(
    records: pd.DataFrame,
    pairs: pa.Table,
    grouping: Grouping,
    *,
    thresholds: Thresholds,
    explain: Explain,
    limit: int,
) -> tuple[Waiting, ...]:
    """The waiting pairs closest to merging: one for each two customers, the heaviest first, ties by record keys.

    Args:
        records: N canonical records.
        pairs: `schemas.linkage.PAIRS` with positions into `records`.
        grouping: The records by golden record.
        thresholds: ``merge_at`` and ``review_at``.
        explain: Gives the contributions of pairs of positions; called once.
        limit: Pairs to show.
    """
    left, right = pairs.column("left").to_numpy(), pairs.column("right").to_numpy()
    weights = pairs.column("match_weight").to_numpy()
    below = pairs.column("match_probability").to_numpy() < np.float32(thresholds.merge_at)
    found = np.flatnonzero(below & (grouping.codes[left] != grouping.codes[right]))
    found = _heaviest(found, weights, limit * 20)
    keys = records["record_key"].iloc[np.concatenate([left[found], right[found]])].to_numpy(dtype=object).astype(str)
    ones, others = np.sort(keys.reshape(2, -1), axis=0)
    ordered = found[np.lexsort((others, ones, -weights[found]))]
    ends = np.sort(np.stack([grouping.codes[left[ordered]], grouping.codes[right[ordered]]]), axis=0)
    _, first = np.unique(ends, axis=1, return_index=True)
    chosen = ordered[np.sort(first)[:limit]]
    places = [np.array([left[at], right[at]]) for at in chosen]
    explained = explain([(int(one), int(two)) for one, two in places])
    return tuple(
        Waiting(
            golden_ids=tuple(grouping.golden_ids[int(code)].as_py() for code in grouping.codes[place]),
            members=members,
            weight=float(weights[at]),
            probability=float(1 / (1 + 2.0 ** -float(weights[at]))),
            contributions=contributions,
        )
        for at, place, members, contributions in zip(
            chosen, places, members_at(records, places), explained, strict=True
        )
    )


def _heaviest(places: np.ndarray, weights: np.ndarray, most: int) -> np.ndarray:
    """Those of the places with the greatest weights: about `most`, and all that tie with the last."""
    if len(places) <= most:
        return places
    least = float(np.partition(weights[places], len(places) - most)[len(places) - most])
    return np.compress(weights[places] >= least, places)
