"""Candidate pairs weighed part by part: those worth keeping stay, of the others only counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matching.arrays import Codes, Floats, Levels
from matching.block import Part
from matching.classify import log_odds, probability
from matching.comparison import Comparison
from matching.diagnose import add, new_matches, weigh
from matching.pairs import ComparedPairs
from matching.parameters import Parameters
from schemas.diagnosis import WeightCounts

__all__ = ["Weighed", "weigh_parts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The pairs that are kept, and what all pairs weighed.

    Args:
        left: (K,) positions of records, sorted.
        right: (K,) positions, each greater than its left.
        levels: (K, A) levels.
        odds: (K,) natural log-odds of a match.
        counts: The distribution of weights over all pairs.
        new_matches: (R,) matches to be expected among the pairs that each rule was the first to find.
    """

    left: Codes
    right: Codes
    levels: Levels
    odds: Floats
    counts: WeightCounts
    new_matches: Floats


def weigh_parts(
    parts: Iterable[tuple[Part, ComparedPairs]],
    comparisons: tuple[Comparison, ...],
    parameters: Parameters,
    keep_at: float,
    rules: int,
) -> Weighed:
    """Weighs all pairs and keeps those that matter.

    Args:
        parts: The pairs, compared, in ascending order.
        comparisons: What was compared.
        parameters: The model's.
        keep_at: Match probability from which a pair is kept.
        rules: How many blocking rules there are.
    """
    kept: list[tuple[Codes, Codes, Levels, Floats]] = []
    counts: list[WeightCounts] = []
    matches = np.zeros(rules)
    for part, compared in parts:
        odds = log_odds(compared, comparisons, parameters)
        chances = probability(odds)
        rows = np.flatnonzero(chances >= keep_at)
        kept.append((part.left[rows], part.right[rows], compared.levels[rows], odds[rows]))
        counts.append(weigh(odds))
        matches += new_matches(part.rule, chances, rules)
    nothing = (np.empty(0, np.int32), np.empty(0, np.int32), np.empty((0, len(comparisons)), np.int8), np.empty(0))
    left, right, levels, odds = (np.concatenate(found) for found in zip(nothing, *kept, strict=True))
    return Weighed(left=left, right=right, levels=levels, odds=odds, counts=add(counts), new_matches=matches)
