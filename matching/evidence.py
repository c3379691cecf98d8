"""What EM learns from, gathered from prepared records: patterns of candidate pairs and of random ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.arrays import Bools, Codes, Floats
from matching.classify import TELLING
from matching.comparison import Comparison
from matching.estimate import Evidence
from matching.frequency import agreement, present
from matching.pairs import ComparedPairs, PairComparer
from matching.patterns import Patterns, band_patterns
from matching.prepare import Prepared
from matching.settings import MatchSettings
from matching.weights import frequency_shift

__all__ = ["Gatherer", "all_pairs", "told"]

_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Gatherer:
    """Gathers evidence of one set of records.

    Args:
        prepared: The records.
        comparisons: What is compared.
        random: Patterns of random pairs, weighted up to all pairs that may match; None where every pair is a candidate.
        sampled: How many random pairs were drawn.
        usual: For each comparison, the chance that two records agree exactly.
    """

    prepared: Prepared
    comparisons: tuple[Comparison, ...]
    random: Patterns | None
    sampled: int
    usual: Floats

    @classmethod
    def over(cls, prepared: Prepared, comparer: PairComparer, settings: MatchSettings, *, everything: bool) -> Gatherer:
        """A gatherer for these records; where every pair is a candidate it needs no random ones."""
        usual = np.array([agreement(prepared.attributes[c.name]) for c in comparer.comparisons])
        found = cls(
            prepared=prepared,
            comparisons=comparer.comparisons,
            random=None,
            sampled=settings.random_pairs,
            usual=usual,
        )
        return found if everything else replace(found, random=found._random(comparer, settings))

    def patterns(self, compared: ComparedPairs, weights: Floats | None = None) -> Patterns:
        """The patterns of compared pairs, each standing for as many as its weight says."""
        exact = tuple(np.array([0.0, max(u, _LEAST)]) for u in self.usual)
        shift = frequency_shift(compared.levels, compared.shares, self.comparisons, exact).sum(axis=1)
        return band_patterns(compared.levels, compared.shares, shift, weights)

    def evidence(self, candidates: Patterns) -> Evidence:
        """What EM learns from; random pairs stand for all pairs, weighed down to those that are no candidates."""
        space = paired = float(candidates.weights.sum())
        others = None
        if self.random is not None:
            space = max(float(self.random.weights.sum()), paired)
            others = self.random.grown((space - paired) / space)
        share = space / max(all_pairs(self.prepared.size), 1.0)
        counted = [self.prepared.attributes[c.name] for c in self.comparisons]
        pairs = np.array([all_pairs(present(a)) for a in counted])
        return Evidence(
            candidates=candidates,
            others=others,
            sampled=self.sampled,
            space=max(space, 1.0),
            agreements=self.usual * pairs * share,
            records=self.prepared.size,
        )

    def _random(self, comparer: PairComparer, settings: MatchSettings) -> Patterns:
        size = self.prepared.size
        rng = np.random.default_rng(settings.seed + 1)
        left = rng.integers(0, size, settings.random_pairs)
        right = rng.integers(0, size - 1, settings.random_pairs)
        right += right >= left
        one, two = np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32)
        inside: Bools = self.prepared.comparable(one, two)
        found = self.patterns(comparer.compare(one[inside], two[inside]))
        return found.grown(all_pairs(size) / max(settings.random_pairs, 1))


def told(prepared: Prepared, comparisons: tuple[Comparison, ...]) -> float:
    """How many groups of attributes a record fills on average; of persons and companies the more."""
    filled = np.zeros(prepared.size, dtype=np.int64)
    for group in {c.group for c in comparisons} & TELLING:
        slots: list[Codes] = [s for c in comparisons if c.group == group for s in prepared.attributes[c.name].slots]
        filled += np.logical_or.reduce([slot >= 0 for slot in slots])
    means = [float(filled[prepared.kinds == kind].mean()) for kind in np.unique(prepared.kinds)]
    return max(means, default=np.inf)


def all_pairs(records: int) -> float:
    """How many pairs there are among so many records."""
    return records * (records - 1) / 2.0
