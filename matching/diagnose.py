"""Looks at a matching from outside: how its columns are filled, what its pairs weigh, which records say too little.

Pure functions over what matching has at hand anyway. `weigh` is additive, so that pairs may be looked at in portions
and thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc

from matching.arrays import Bools, Floats
from matching.attributes import StandardAttribute
from matching.block import RuleYield
from matching.classify import log_odds, probability
from matching.comparison import Comparison
from matching.pairs import PairComparer
from matching.parameters import Parameters
from matching.roles import ColumnRole
from matching.standardise.columns import texts
from schemas.diagnosis import (
    LOWEST,
    AttributeProfile,
    ColumnProfile,
    RuleFigures,
    SelfLinks,
    Silence,
    WeightCounts,
)

__all__ = ["add", "new_matches", "profile_attributes", "profile_columns", "rule_figures", "self_links", "weigh"]

_BINS: Final = 60
_BITS: Final = float(np.log(2))
_SAMPLE: Final = 10_000
_KINDS_OF_SILENCE: Final = 5


def profile_columns(records: pd.DataFrame, roles: Iterable[ColumnRole]) -> tuple[ColumnProfile, ...]:
    """Each column that the records have, with its role and how many records fill it."""
    return tuple(
        ColumnProfile(column=r.column, role=r.role, reason=r.reason, filled=_filled(records[r.column]))
        for r in roles
        if r.column in records.columns
    )


def _filled(column: pd.Series) -> int:
    values = texts(column)
    return int(len(values) - values.null_count - (pc.sum(pc.equal(values, "")).as_py() or 0))


def profile_attributes(attributes: Iterable[StandardAttribute]) -> tuple[AttributeProfile, ...]:
    """How each attribute is filled; of several slots (two phones) a record counts once, a value in each it is in."""
    found = []
    for attribute in attributes:
        counts = np.zeros(len(attribute.values), dtype=np.int64)
        known = np.zeros(len(attribute.slots[0]), dtype=np.bool_)
        for slot in attribute.slots:
            counts += np.bincount(slot[slot >= 0], minlength=len(counts))
            known |= slot >= 0
        found.append(
            AttributeProfile(
                attribute=attribute.name,
                filled=int(known.sum()),
                distinct=int(np.count_nonzero(counts)),
                top=int(counts.max(initial=0)),
            )
        )
    return tuple(found)


def weigh(odds: Floats) -> WeightCounts:
    """The distribution of natural log-odds over pairs, in bins of one bit.

    Example:
        >>> counts = weigh(np.log(2.0) * np.array([-99.0, -0.5, 0.0, 0.4, 3.0]))
        >>> [(place + LOWEST, pairs) for place, pairs in enumerate(counts.pairs) if pairs]
        [(-30, 1), (-1, 1), (0, 2), (3, 1)]
    """
    # 1e-6 keeps a weight that is whole but for rounding in its own bin.
    place = np.clip(np.floor(odds / _BITS + 1e-6), LOWEST, LOWEST + _BINS - 1).astype(np.int64) - LOWEST
    matches = np.bincount(place, weights=probability(odds), minlength=_BINS)
    return WeightCounts(
        pairs=tuple(np.bincount(place, minlength=_BINS).tolist()), matches=tuple(np.round(matches, 3).tolist())
    )


def add(counts: Iterable[WeightCounts]) -> WeightCounts:
    """The distribution over several portions of pairs."""

    def both(one: WeightCounts, two: WeightCounts) -> WeightCounts:
        return WeightCounts(
            pairs=tuple(a + b for a, b in zip(one.pairs, two.pairs, strict=True)),
            matches=tuple(round(a + b, 3) for a, b in zip(one.matches, two.matches, strict=True)),
        )

    return reduce(both, counts, weigh(np.empty(0)))


def new_matches(first: npt.NDArray[np.integer], chances: Floats, rules: int) -> Floats:
    """(R,) matches to be expected among the pairs that each rule was the first to find.

    Args:
        first: (P,) the rule that found each pair first; negative where none did.
        chances: (P,) match probability of each pair.
        rules: How many rules there are.
    """
    found = first >= 0
    return np.bincount(first[found], weights=chances[found], minlength=rules).astype(np.float64)


def rule_figures(yields: Sequence[RuleYield], matches: Floats | None = None) -> tuple[RuleFigures, ...]:
    """What each rule brought, for people; ``matches`` as `new_matches` counts them."""
    return tuple(
        RuleFigures(
            atoms=found.rule.atoms,
            cap=found.rule.cap,
            pairs=found.pairs,
            new_pairs=found.new_pairs,
            new_matches=None if matches is None else round(float(matches[place]), 1),
            capped=tuple(int(size) for size in found.capped),
            capped_blocks=found.capped_blocks,
        )
        for place, found in enumerate(yields)
    )


def self_links(
    comparer: PairComparer, comparisons: tuple[Comparison, ...], parameters: Parameters, size: int, merge_at: float
) -> SelfLinks:
    """Which records would not link to a copy of themselves, on a sample evenly spread over all.

    The idea is that of Splink's chart of unlinkable records (Linacre et al. 2022): whatever is done with pairs, these
    stay single.

    Args:
        comparer: Compares the records.
        comparisons: What it compares.
        parameters: Of the model.
        size: How many records there are.
        merge_at: Match probability from which a pair is a link.
    """
    count = min(size, _SAMPLE)
    rows = np.linspace(0, max(size - 1, 0), count).astype(np.int32)
    compared = comparer.compare(rows, rows)
    silent = probability(log_odds(compared, comparisons, parameters)) < merge_at
    return SelfLinks(
        records=count, unlinkable=int(silent.sum()), silences=_silences(compared.levels[silent] > 0, comparisons)
    )


def _silences(says: Bools, comparisons: tuple[Comparison, ...]) -> tuple[Silence, ...]:
    """The most frequent combinations of attributes that the silent records fill; ties by what they fill."""
    if not len(says):
        return ()
    kinds, counts = np.unique(says, axis=0, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_KINDS_OF_SILENCE]
    return tuple(
        Silence(
            attributes=tuple(c.name for c, here in zip(comparisons, kinds[place], strict=True) if here),
            records=int(counts[place]),
        )
        for place in order
    )
