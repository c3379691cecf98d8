"""Estimates m, u and the priors by expectation–maximisation on counts of agreement patterns.

Fellegi & Sunter (1969) with several levels a comparison; EM after Dempster, Laird & Rubin (1977) and Winkler (1988).
The non-matches are a mixture: pairs that agree by chance, and the crowds of `matching.kinship`; and so are the
matches: those that have moved agree on their place by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.arrays import Bools, Floats, Levels
from matching.comparison import KINDS, Comparison
from matching.dependence import joint_counts, learn_dependence, plan_tree
from matching.kinship import DECISIVE, Crowds, crowds
from matching.parameters import Parameters
from matching.patterns import Patterns
from matching.weights import frequency_shift, level_weights, pattern_weights

__all__ = ["Evidence", "JudgedLevels", "estimate", "posteriors"]

_ROUNDS: Final = 100
_TOLERANCE: Final = 1e-4
_AT_REST: Final = 0.01  # a change that matters to nobody, after all rounds
_FIRM: Final = 300.0  # pseudo-matches behind the prior of m, whatever the data
_SHARE: Final = 0.1  # and a tenth of the expected matches
_MOST_OTHER: Final = 0.5  # matches whose values say nothing of each other are no evidence; m(other) stays below
_LEAST: Final = 1e-12
_UNSEEN: Final = 100.0  # so many matches halve the least of a crowd: what does not show among them is not there
_FEWEST: Final = 20  # records: in fewer a match is no likelier, or the first name alone would join the three there are
_MOVED: Final = 0.05  # one match in twenty has moved, before any data is seen
_FIRM_PAIRS: Final = (100.0, 1_000.0)  # pairs behind the expected chance of exact agreement; of identifiers
_JUDGED: Final = 5.0  # candidate pairs that a judged pair stands for
_MATCH, _MOVER, _CHANCE, _CROWDS = range(4)  # columns of the classes


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedLevels:
    """Pairs whose class people have said.

    Args:
        levels: (J, A) the levels that each shows.
        same: (J,) whether it is a match.
    """

    levels: Levels
    same: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What EM learns from: the candidate pairs, and a sample of all other pairs.

    Args:
        candidates: Patterns of the candidate pairs.
        others: Patterns of random pairs that are no candidates, weighted up to all such pairs; None where every pair is
            a candidate.
        sampled: How many random pairs those weights stand for.
        space: All pairs there are.
        agreements: For each comparison, the pairs of the whole space that agree exactly, by the counts of values.
        records: Records, for where the prior starts.
        judged: Pairs that people have decided.
        settled: (K,) what clusters say of each pattern of the candidates: 1 together, -1 apart, 0 nothing; see
            `matching.closure`.
    """

    candidates: Patterns
    others: Patterns | None
    sampled: int
    space: float
    agreements: Floats
    records: int
    judged: JudgedLevels | None = None
    settled: Levels | None = None


def estimate(
    comparisons: tuple[Comparison, ...],
    evidence: Evidence,
    start: Parameters | None = None,
    tolerance: float = _TOLERANCE,
) -> Parameters:
    """Runs EM until the prior (as a share of itself) and m move by less than the tolerance, at most 100 rounds."""
    known = crowds(comparisons)
    found = start or first_guess(comparisons, evidence, known)
    every = evidence.others or evidence.candidates
    tree = plan_tree(comparisons, every.levels, every.weights, found.unmatched)
    for _ in range(_ROUNDS):
        before, found = found, _round(comparisons, evidence, known, tree, found)
        change = _change(before, found)
        if change < tolerance:
            return found
    return replace(found, converged=change < _AT_REST)


def first_guess(comparisons: tuple[Comparison, ...], evidence: Evidence, known: Crowds) -> Parameters:
    """Before any round: m as expected of each kind, u as among all pairs, one match for every two records."""
    candidates = np.zeros((len(evidence.candidates.weights), _CROWDS + len(known.names)))
    candidates[:, _CHANCE] = 1.0
    prior = 1.0 / max(evidence.records, _FEWEST)
    return Parameters(
        matched=tuple(_padded(KINDS[c.kind].matched) for c in comparisons),
        unmatched=_unmatched(comparisons, evidence, known, candidates),
        prior=prior,
        crowd_priors=np.full(len(known.names), prior),
        moved=_MOVED,
    )


def posteriors(weights: Floats, known: Crowds, parameters: Parameters) -> Floats:
    """The chance of each class for rows of weights.

    Args:
        weights: (K, A) match weight of each comparison, natural logarithms.
        known: The crowds.
        parameters: The priors.

    Returns:
        (K, 3 + C): match, match that has moved, chance, then the crowds; rows sum to 1.
    """
    p = parameters
    rest = max(1.0 - p.prior - float(p.crowd_priors.sum()), 1e-9)
    logits = np.empty((len(weights), _CROWDS + len(known.names)))
    total = weights.sum(axis=1)
    logits[:, _MATCH] = total + np.log(max(p.prior * (1 - p.moved), _LEAST))
    logits[:, _MOVER] = total - weights @ known.place + (np.log(p.prior * p.moved) if known.place.any() else -np.inf)
    logits[:, _CHANCE] = np.log(rest)
    logits[:, _CROWDS:] = weights @ known.shared.T + np.log(np.maximum(p.crowd_priors, _LEAST))
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def _round(
    comparisons: tuple[Comparison, ...],
    evidence: Evidence,
    known: Crowds,
    tree: tuple[tuple[int, int], ...],
    now: Parameters,
) -> Parameters:
    by_level = level_weights(now)
    candidates = posteriors(_weights(evidence.candidates, by_level, comparisons, now), known, now)
    if evidence.settled is not None:
        candidates = _settled(candidates, evidence.settled)
    held = evidence.candidates.weights[:, None] * candidates
    matches = float(held[:, _MATCH].sum() + held[:, _MOVER].sum())
    levels, shown = _with_judged(evidence, held, by_level, known, now)
    stayed, moved = shown[:, _MATCH], shown[:, _MOVER]
    crowd = held[:, _CROWDS:].sum(axis=0)
    by_chance = [(evidence.candidates.levels, held[:, _CHANCE])]
    if evidence.others is not None:
        # What blocking did not pair is taken for no match: one stray match would stand for millions.
        found = posteriors(_weights(evidence.others, by_level, comparisons, now), known, now)
        found *= evidence.others.weights[:, None]
        crowd = crowd + found[:, _CROWDS:].sum(axis=0)
        by_chance.append((evidence.others.levels, found[:, _CHANCE]))
    held_matches = max(matches, _LEAST)
    space = max(evidence.space, _FEWEST * (_FEWEST - 1) / 2)
    least = known.least * held_matches * _UNSEEN / (held_matches + _UNSEEN)
    agreeing = [stayed if known.place[a] else stayed + moved for a in range(len(comparisons))]
    matched = tuple(
        _matched(c, _sums(levels[:, a], agreeing[a], len(c.levels)), matches) for a, c in enumerate(comparisons)
    )
    unmatched = _unmatched(comparisons, evidence, known, candidates)
    firm = evidence.space / max(evidence.sampled, 1) if evidence.others is not None else 1.0
    return Parameters(
        matched=matched,
        unmatched=unmatched,
        dependences=tuple(
            learn_dependence(
                edge,
                matched,
                unmatched,
                _joint(edge, comparisons, [(levels, stayed)]),
                _joint(edge, comparisons, by_chance),
                firm,
            )
            for edge in tree
        ),
        prior=float(np.clip(matches / space, _LEAST, 0.5)),
        crowd_priors=np.clip(
            np.clip(crowd, least, known.most * (held_matches + _UNSEEN)) / space,
            _LEAST,
            0.2,
        ),
        moved=float(np.clip((moved.sum() + _MOVED * _FIRM) / (matches + _FIRM), 0.001, 0.5)),
    )


def _joint(edge: tuple[int, int], comparisons: tuple[Comparison, ...], parts: list[tuple[Levels, Floats]]) -> Floats:
    sizes = (len(comparisons[edge[0]].levels), len(comparisons[edge[1]].levels))
    return np.asarray(sum(joint_counts(edge, levels, weights, sizes) for levels, weights in parts))


def _weights(
    patterns: Patterns, by_level: tuple[Floats, ...], comparisons: tuple[Comparison, ...], now: Parameters
) -> Floats:
    """(K, A) weight of each comparison, moved by how common the values are where the patterns tell."""
    weights = pattern_weights(patterns.levels, by_level, now.dependences)
    if patterns.shares is None:
        return weights
    return weights + frequency_shift(patterns.levels, patterns.shares, comparisons, now.unmatched, now.dependences)


def _settled(classes: Floats, settled: Levels) -> Floats:
    """The classes where clusters have decided: what is together matches, what is apart does not."""
    found = classes.copy()
    found[settled > 0, _CHANCE:] = 0.0
    found[settled < 0, :_CHANCE] = 0.0
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), np.finfo(float).tiny))


def _with_judged(
    evidence: Evidence, held: Floats, by_level: tuple[Floats, ...], known: Crowds, now: Parameters
) -> tuple[Levels, Floats]:
    """Levels and classes of the candidates and of the judged pairs, whose class is known as far as people say it.

    Semi-supervised EM (Nigam, McCallum, Thrun & Mitchell 2000). Judged pairs teach what matches look like, not how many
    there are: nobody picks them at random.
    """
    judged = evidence.judged
    if judged is None:
        return evidence.candidates.levels, held
    classes = posteriors(pattern_weights(judged.levels, by_level, now.dependences), known, now)
    classes[judged.same, _CHANCE:] = 0.0
    classes[~judged.same, :_CHANCE] = 0.0
    classes *= _JUDGED / np.maximum(classes.sum(axis=1, keepdims=True), _LEAST)
    return np.concatenate([evidence.candidates.levels, judged.levels]), np.concatenate([held, classes])


def _matched(comparison: Comparison, counts: Floats, matches: float) -> Floats:
    """One comparison's m: counts among matches, a weak prior, a cap on *other*."""
    prior = _padded(KINDS[comparison.kind].matched)
    seen = counts.copy()
    seen[0] = 0.0
    m = seen + prior * (_FIRM + _SHARE * matches)
    m /= m.sum()
    if m[-1] > _MOST_OTHER:
        m[:-1] *= (1 - _MOST_OTHER) / (1 - m[-1])
        m[-1] = _MOST_OTHER
    return np.asarray(m)


def _unmatched(
    comparisons: tuple[Comparison, ...], evidence: Evidence, known: Crowds, candidates: Floats
) -> tuple[Floats, ...]:
    """Each comparison's u over the whole space of pairs; its exact level by the counts of values."""
    found = []
    for a, comparison in enumerate(comparisons):
        size = len(comparison.levels)
        # Pairs that agree on this comparison for a reason: matches, and crowds that share it.
        reason = candidates[:, _MATCH] + candidates[:, _CROWDS:] @ known.shared[:, a]
        if not known.place[a]:
            reason = reason + candidates[:, _MOVER]
        level, weights = evidence.candidates.levels[:, a], evidence.candidates.weights
        counts = _sums(level, weights * (1 - reason), size)
        explained = float(weights[level == 1] @ reason[level == 1])
        smooth = 0.5
        if evidence.others is not None:
            other = evidence.others
            counts += np.bincount(other.levels[:, a], other.weights, size)
            smooth = 0.5 * evidence.space / max(evidence.sampled, 1)
        counts[0] = 0.0
        counts[2:] += smooth / (size - 2) if size > 2 else 0.0
        exact = max(evidence.agreements[a] - explained, 0.01 * evidence.agreements[a], 0.5)
        firm = _FIRM_PAIRS[comparison.group in DECISIVE]
        found.append(_with_exact(counts, exact, KINDS[comparison.kind].chance, firm))
    return tuple(found)


def _with_exact(counts: Floats, exact: float, chance: float, firm: float) -> Floats:
    """Shares of the levels, where so many pairs agree exactly by chance.

    In few records most agreement is of duplicates: there, what is expected of the kind of value counts for more.
    """
    share = min((exact + chance * firm) / (max(float(counts.sum()), 1.0) + firm), 0.999)
    u = counts / max(float(counts[2:].sum()), _LEAST) * (1 - share)
    u[0], u[1] = 0.0, share
    return np.asarray(u)


def _sums(levels: Levels, weights: Floats, size: int) -> Floats:
    """Weight of each level."""
    return np.bincount(levels, weights, size).astype(np.float64)


def _padded(levels: tuple[float, ...]) -> Floats:
    return np.array((0.0, *levels))


def _change(before: Parameters, after: Parameters) -> float:
    prior = abs(before.prior - after.prior) / after.prior
    m = max((float(np.abs(a - b).max()) for a, b in zip(before.matched, after.matched, strict=True)), default=0.0)
    return max(prior, m)
