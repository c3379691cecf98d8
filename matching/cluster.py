"""Clusters from scored pairs: components of strong links, then average link within each.

A chain of good links is no proof: in ``a – b – c`` nothing says that a and c are one customer. Within a component every
pair of records counts: two groups join when at least one link between them is strong and the mean over all pairs
between them is not against it (average linkage, Sokal & Michener 1958). Average linkage is reducible, so all pairs of
groups that are each other's nearest can join at once (Bruynooghe 1977; Murtagh 1983), which makes a few passes over
arrays of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from matching.arrays import Bools, Codes, Floats, Integers

__all__ = ["NO_JUDGEMENTS", "Judgements", "Linkage", "cluster", "components", "trusted"]

_STEP: Final = 1 << 16  # weights as integers: sums do not depend on the order of adding
_CERTAIN: Final = 1 << 40
_INNER: Final = 20  # pairs inside components that are compared, for each record
_INNER_LEAST: Final = 5_000_000
_FEW: Final = 500.0  # matches that earn half of the trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkage:
    """When two groups of records join.

    Args:
        strong: Log-odds that at least one link between them must reach.
        mean: Log-odds that the mean of all links between them must reach, whatever the strongest link. Below 0: a
            component's records have been chosen for agreeing, and what one pair lacks the others make up for.
        credit: The mean may be below 0 by so much of the strongest link, down to ``mean``.
        clip: Bound of a single link's log-odds on either side, so that one pair cannot outvote many.
        largest: Records of a component at most before it is split by stronger links.
    """

    strong: float = 0.0
    mean: float = -3.0
    credit: float = 2.0
    clip: float = 12.0
    largest: int = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgements:
    """What stewards have decided about pairs of records: (J,) positions and whether they are the same."""

    left: Codes
    right: Codes
    same: Bools

    def only(self, which: Bools) -> Judgements:
        """Some of them."""
        return Judgements(left=self.left[which], right=self.right[which], same=self.same[which])


NO_JUDGEMENTS: Final = Judgements(left=np.empty(0, np.int32), right=np.empty(0, np.int32), same=np.empty(0, np.bool_))


@dataclass(frozen=True, slots=True)
class _Links:
    """Links between groups: a < b, the sum of their weights, how many, the strongest, whether they may never join."""

    a: Integers
    b: Integers
    total: Integers
    count: Integers
    top: Integers
    barred: Bools


def trusted(linkage: Linkage, matches: float) -> Linkage:
    """The linkage for weights learned from so many matches: those learned from few must speak for themselves."""
    return replace(linkage, mean=linkage.mean * matches / (matches + _FEW))


def cluster(
    size: int,
    left: Codes,
    right: Codes,
    log_odds: Floats,
    score: Callable[[Codes, Codes], Floats],
    linkage: Linkage | None = None,
    judgements: Judgements | None = None,
    apart: Callable[[Codes, Codes], Bools] | None = None,
) -> Codes:
    """The cluster of each record.

    Args:
        size: How many records there are.
        left: (P,) positions of the scored pairs.
        right: (P,) positions, each greater than its left.
        log_odds: (P,) natural log-odds of a match; ``-inf`` keeps a pair apart whatever joins around it.
        score: Log-odds of pairs that were not scored yet.
        linkage: When groups join.
        judgements: Pairs decided by stewards: these hold against any weight; where they contradict each other, apart.
        apart: Which pairs contradict each other and stay apart, whatever joins around them; asked of strong links and
            of pairs within components only. A judgement that two are the same holds against it.

    Returns:
        (size,) numbers 0..K-1 in order of first appearance.
    """
    rule = linkage or Linkage()
    ruled = judgements or NO_JUDGEMENTS
    strong = np.flatnonzero(log_odds >= rule.strong)
    if apart is not None:
        strong = strong[~apart(left[strong], right[strong])]
    group = _bounded_components(size, left[strong], right[strong], log_odds[strong], rule, ruled)
    inner = group[left] == group[right]
    a, b, weights = left[inner], right[inner], log_odds[inner]
    more_a, more_b = _missing_pairs(group, a, b, size)
    a, b = np.concatenate([a, more_a]), np.concatenate([b, more_b])
    weights = np.concatenate([weights, score(more_a, more_b)])
    if apart is not None:
        weights = np.where(apart(a, b) & ~_judged_same(a, b, ruled, size), -np.inf, weights)
    return _numbered(_join(size, _links(a, b, weights, rule, ruled, size), rule))


def components(size: int, left: Codes, right: Codes) -> Codes:
    """The connected component of each record."""
    graph = sparse.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int32)


def _bounded_components(
    size: int, left: Codes, right: Codes, log_odds: Floats, rule: Linkage, ruled: Judgements
) -> Codes:
    """Components of strong links; those over the limit are split by raising the bar until they fit.

    A link that is the best of both its records stays: copies of one record hold together however many they are.
    """
    best = np.full(size, -np.inf)
    np.maximum.at(best, left, log_odds)
    np.maximum.at(best, right, log_odds)
    nearest = log_odds >= np.maximum(best[left], best[right])
    together_left, together_right = ruled.left[ruled.same], ruled.right[ruled.same]
    bar, level = np.full(size, -np.inf), rule.strong
    for _ in range(20):
        kept = nearest | (log_odds >= np.maximum(bar[left], bar[right]))
        group = components(
            size, np.concatenate([left[kept], together_left]), np.concatenate([right[kept], together_right])
        )
        crowded = np.bincount(group)[group] > rule.largest
        if not crowded.any():
            break
        level += 1.5
        bar = np.where(crowded, level, bar)
    return group


def _missing_pairs(group: Codes, left: Codes, right: Codes, size: int) -> tuple[Codes, Codes]:
    """Pairs inside groups of three or more that are not among the pairs given.

    The smallest groups first, as far as the budget goes: a group beyond it (ten thousand copies of one record) is
    judged by the links that it has.
    """
    counts = np.bincount(group, minlength=1)
    ascending = np.sort(counts[counts >= 3])
    spent = np.cumsum(ascending * (ascending - 1) // 2)
    fits = int(np.searchsorted(spent, max(_INNER * size, _INNER_LEAST), side="right"))
    largest = int(ascending[fits - 1]) if fits else 0
    counts = np.where(counts <= largest, counts, 0)
    members = np.flatnonzero(counts[group] >= 3)
    if not len(members):
        return np.empty(0, np.int32), np.empty(0, np.int32)
    members = members[np.argsort(group[members], kind="stable")]
    sizes = counts[counts >= 3]
    ends = np.repeat(np.cumsum(sizes), sizes)
    reach = ends - np.arange(len(members)) - 1
    base = np.repeat(np.arange(len(members)), reach)
    other = base + 1 + np.arange(len(base)) - np.repeat(np.cumsum(reach) - reach, reach)
    wanted = members[base] * size + members[other]
    known = np.sort(left.astype(np.int64) * size + right)
    if len(known):
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        wanted = wanted[known[at] != wanted]
    return (wanted // size).astype(np.int32), (wanted % size).astype(np.int32)


def _judged_same(left: Codes, right: Codes, ruled: Judgements, size: int) -> Bools:
    one, two = ruled.left[ruled.same].astype(np.int64), ruled.right[ruled.same].astype(np.int64)
    if not len(one):
        return np.zeros(len(left), dtype=np.bool_)
    return np.isin(left.astype(np.int64) * size + right, np.minimum(one, two) * size + np.maximum(one, two))


def _links(left: Codes, right: Codes, weights: Floats, rule: Linkage, ruled: Judgements, size: int) -> _Links:
    """Links between single records, with the judgements written over them."""
    barred = np.isneginf(weights)
    clipped = np.clip(np.where(barred, -rule.clip, weights), -rule.clip, rule.clip)
    total = np.round(clipped * _STEP).astype(np.int64)
    a = np.concatenate([left, np.minimum(ruled.left, ruled.right)]).astype(np.int64)
    b = np.concatenate([right, np.maximum(ruled.left, ruled.right)]).astype(np.int64)
    judged = np.where(ruled.same, _CERTAIN, 0)
    total = np.concatenate([total, judged])
    barred = np.concatenate([barred, ~ruled.same])
    links = _Links(a, b, total, np.ones(len(a), np.int64), total, barred)
    return _merged(links, np.arange(size, dtype=np.int64), size)


def _merged(links: _Links, label: Integers, size: int) -> _Links:
    """The links after relabelling groups, those between the same two groups taken together."""
    a, b = label[links.a], label[links.b]
    low, high = np.minimum(a, b), np.maximum(a, b)
    outer = low != high
    key = low[outer] * size + high[outer]
    order = np.argsort(key)  # not stable: sums, maxima and disjunctions know no order
    key = key[order]
    first = np.flatnonzero(np.append(True, key[1:] != key[:-1])) if len(key) else np.empty(0, np.int64)
    if not len(first):
        none = np.empty(0, np.int64)
        return _Links(none, none, none, none, none, np.empty(0, np.bool_))

    def fold(values: Integers, by: np.ufunc) -> Integers:
        return np.asarray(by.reduceat(values[outer][order], first))

    return _Links(
        key[first] // size,
        key[first] % size,
        fold(links.total, np.add),
        fold(links.count, np.add),
        fold(links.top, np.maximum),
        np.asarray(np.logical_or.reduceat(links.barred[outer][order], first)),
    )


def _join(size: int, links: _Links, rule: Linkage) -> Integers:
    """Joins groups that are each other's nearest, round by round, until no two may."""
    label = np.arange(size, dtype=np.int64)
    degree = np.bincount(links.a, minlength=size) + np.bincount(links.b, minlength=size)
    lone = (degree[links.a] == 1) & (degree[links.b] == 1)  # two records and no third: nothing to be weighed up
    joined = lone & _open(links, rule)
    label[links.b[joined]] = links.a[joined]
    rest = _of(links, ~lone)
    members = np.flatnonzero(degree > 0)
    place = np.zeros(size, dtype=np.int64)
    place[members] = np.arange(len(members))
    inner = _nearest_first(len(members), replace(rest, a=place[rest.a], b=place[rest.b]), rule)
    moved = np.flatnonzero(inner != np.arange(len(members)))
    label[members[moved]] = members[inner[moved]]
    return label


def _nearest_first(size: int, links: _Links, rule: Linkage) -> Integers:
    """The first record of each record's group, after all rounds of joining."""
    label = np.arange(size, dtype=np.int64)
    while len(links.a):
        chosen = np.flatnonzero(_open(links, rule))
        if not len(chosen):
            break
        average = links.total[chosen] / links.count[chosen]
        order = chosen[np.lexsort((links.b[chosen], links.a[chosen], -links.top[chosen], -average))]
        rank = np.arange(len(order))
        best = np.full(size, len(order))
        np.minimum.at(best, links.a[order], rank)
        np.minimum.at(best, links.b[order], rank)
        mutual = order[(best[links.a[order]] == rank) & (best[links.b[order]] == rank)]
        step = np.arange(size, dtype=np.int64)
        step[links.b[mutual]] = links.a[mutual]
        label = step[label]
        links = _merged(links, step, size)
    return label


def _open(links: _Links, rule: Linkage) -> Bools:
    """Which links may join their groups."""
    strong, mean = round(rule.strong * _STEP), round(rule.mean * _STEP)
    average = links.total / links.count
    against = np.minimum(-mean, rule.credit * links.top)  # the stronger the best link, the more it may outweigh
    return np.asarray(~links.barred & (links.top >= strong) & (average >= -against))


def _of(links: _Links, which: Bools) -> _Links:
    return _Links(
        links.a[which],
        links.b[which],
        links.total[which],
        links.count[which],
        links.top[which],
        links.barred[which],
    )


def _numbered(label: Integers) -> Codes:
    """Numbers 0..K-1 in order of first appearance, of groups called by their first record."""
    first = label == np.arange(len(label))
    return (np.cumsum(first) - 1)[label].astype(np.int32)
