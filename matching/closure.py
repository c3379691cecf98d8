"""What clusters teach the model: records that others hold together, or keep apart, are pairs whose class is known.

EM sees each pair alone, and takes errors for independent: a record that is wrong in three attributes looks like a
stranger to it. In a cluster of several records, the others tell. So a first clustering labels pairs, EM runs again on
what is labelled (classification EM; Celeux & Govaert 1992), and at last the prior is set so that the model expects as
many matches as the clusters find, among pairs of whose clusters a third record was judge. Evidence of third records is
what collective entity resolution lives on (Bhattacharya & Getoor 2007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.arrays import Bools, Codes, Floats
from matching.classify import log_odds
from matching.cluster import components
from matching.estimate import JudgedLevels, estimate
from matching.evidence import Gatherer
from matching.pairs import ComparedPairs
from matching.parameters import Parameters
from matching.patterns import Patterns

__all__ = ["Sample", "learn_from_clusters", "sample_pairs"]

_ROUNDS: Final = 2
_RECORDS: Final = 30_000  # that clusters are made of to learn from
_PAIRS: Final = 2_000_000  # among them
_FEWEST: Final = 200.0  # matches: fewer clusters have nothing to teach
_CAUTION: Final = 0.5  # how far clusters may trust weak links, against what they may do usually, where they teach EM
_OPEN: Final = 6.0  # log-odds on either side within which a pair can be wrong about its chance
_FIRM: Final = 4_000.0  # open pairs, at even odds, that halve what is learned about the prior: they are not independent

Join = Callable[[Codes, Codes, Floats, Parameters, float], Codes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Candidate pairs among some of the records.

    Args:
        records: (M,) positions of these records, ascending.
        left: (P,) which of them, counted from 0.
        right: (P,) likewise, each greater than its left.
        compared: The P pairs.
        weights: (P,) candidate pairs of all records that each pair stands for.
    """

    records: Codes
    left: Codes
    right: Codes
    compared: ComparedPairs
    weights: Floats


def sample_pairs(left: Codes, right: Codes, compared: ComparedPairs, odds: Floats, size: int, reached: float) -> Sample:
    """Whole components of linked records, as many as fit.

    Args:
        left: (P,) positions of the candidate pairs whose left is among the first records.
        right: (P,) positions, each greater than its left.
        compared: The pairs.
        odds: (P,) a first guess of their natural log-odds.
        size: How many records there are.
        reached: Which share of them the first records are.
    """
    first = size if reached >= 1.0 else int(reached * size)
    inside = right < first
    linked = inside & (odds >= 0)
    group = components(first, left[linked], right[linked])
    pairs, records = np.bincount(group[left[inside]], minlength=1).cumsum(), np.bincount(group, minlength=1).cumsum()
    fits = min(int(np.searchsorted(pairs, _PAIRS)), int(np.searchsorted(records, _RECORDS)))
    chosen = np.flatnonzero(group <= fits)
    share = max(len(chosen), 1) / max(first, 1)
    place = np.full(size, -1, dtype=np.int32)
    place[chosen] = np.arange(len(chosen), dtype=np.int32)
    rows = np.flatnonzero(inside & (place[left] >= 0) & (place[right] >= 0))
    one, two = left[rows], right[rows]
    within = group[one] == group[two]
    return Sample(
        records=chosen.astype(np.int32),
        left=place[one],
        right=place[two],
        compared=compared.part(rows),
        weights=np.where(within, 1.0, 1.0 / share) / (share * (max(first, 1) / max(size, 1)) ** 2),
    )


def learn_from_clusters(
    sample: Sample, gatherer: Gatherer, join: Join, parameters: Parameters, judged: JudgedLevels | None = None
) -> Parameters:
    """The parameters after clusters have taught them; as they are where there are few matches.

    Args:
        sample: Candidate pairs.
        gatherer: Makes evidence of patterns.
        join: The cluster of each of the sample's records, from pairs, their log-odds, the parameters, and how far weak
            links are trusted: 1 as usual, 0 not at all.
        parameters: What EM found from pairs alone.
        judged: Pairs that people have decided.
    """
    every = sample if gatherer.random is None else gatherer.random
    if parameters.prior * float(every.weights.sum()) < _FEWEST:
        return parameters
    found, comparisons = parameters, gatherer.comparisons
    for _ in range(_ROUNDS):
        clusters = join(sample.left, sample.right, log_odds(sample.compared, comparisons, found), found, _CAUTION)
        together, apart = _verdicts(sample, clusters)
        parts = [
            gatherer.patterns(sample.compared.part(rows), sample.weights[rows])
            for rows in (np.flatnonzero(together), np.flatnonzero(apart), np.flatnonzero(~together & ~apart))
        ]
        settled = np.repeat(np.array([1, -1, 0], dtype=np.int8), [len(p.weights) for p in parts])
        seen = replace(gatherer.evidence(_stacked(parts)), judged=judged, settled=settled)
        found = replace(estimate(comparisons, seen, found), told=parameters.told)
    for _ in range(_ROUNDS):  # a better prior makes better clusters
        odds = log_odds(sample.compared, comparisons, found)
        clusters = join(sample.left, sample.right, odds, found, 1.0)
        together, _ = _verdicts(sample, clusters)
        open_ = _witnessed(sample, clusters) & (np.abs(odds) < _OPEN)
        shift = _shift(odds[open_], together[open_], sample.weights[open_] / sample.weights.min())
        found = replace(found, prior=found.prior * float(np.exp(shift)))
    return found


def _verdicts(sample: Sample, clusters: Codes) -> tuple[Bools, Bools]:
    """Which pairs are together, and which are apart though each has found others."""
    one, two = clusters[sample.left], clusters[sample.right]
    several = np.bincount(clusters, minlength=1) > 1
    return one == two, (one != two) & several[one] & several[two]


def _witnessed(sample: Sample, clusters: Codes) -> Bools:
    """Which pairs a third record has a say in: a cluster of three or more is on one side."""
    crowded = np.bincount(clusters, minlength=1) >= 3
    return np.asarray(crowded[clusters[sample.left]] | crowded[clusters[sample.right]])


def _stacked(parts: list[Patterns]) -> Patterns:
    return Patterns(
        levels=np.concatenate([p.levels for p in parts]),
        weights=np.concatenate([p.weights for p in parts]),
        shares=np.concatenate([p.shares for p in parts if p.shares is not None]),
    )


def _shift(odds: Floats, together: Bools, weights: Floats) -> float:
    """What to add to log-odds so that the matches they expect are as many as were found; little where pairs are few.

    The mode of a posterior by Newton's method: a logistic model with an intercept alone, which is normal around 0.
    """
    firm, shift = _FIRM / 4, 0.0
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-(odds + shift)))
        slope = float((weights * (together - chance)).sum()) - firm * shift
        step = slope / (float((weights * chance * (1.0 - chance)).sum()) + firm)
        shift += float(np.clip(step, -1.0, 1.0))
        if abs(step) < 1e-6:
            break
    return shift
