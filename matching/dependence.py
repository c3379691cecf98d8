"""Attributes of a place that imply one another: who agrees on the city agrees on the state, and is no likelier a match.

Fellegi & Sunter (1969) add up weights as if attributes were independent. Those of an address are not: they form a tree
(Chow & Liu 1968), in which each attribute's m and u depend on the level of the one above it. What that changes is kept
as a table for each edge of the tree, which is added to the child's weight.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from matching.arrays import Floats, Levels
from matching.comparison import Comparison
from matching.parameters import Dependence

__all__ = ["joint_counts", "learn_dependence", "plan_tree"]

_GROUP: Final = "place"
_TELLING: Final = 5e-4  # nats of mutual information below which two attributes count as independent
_FIRM: Final = 100.0  # pairs, or matches, behind independence at each level of the parent
_LEAST: Final = 1e-9


def plan_tree(
    comparisons: tuple[Comparison, ...], levels: Levels, weights: Floats, unmatched: tuple[Floats, ...]
) -> tuple[tuple[int, int], ...]:
    """The edges (parent, child) of the tree of greatest mutual information over the attributes of a place.

    Args:
        comparisons: The A comparisons.
        levels: (K, A) levels of pairs that stand for all pairs.
        weights: (K,) pairs that each stands for.
        unmatched: u of each comparison: the one that agrees by chance most seldom is the root.
    """
    places = [a for a, c in enumerate(comparisons) if c.group == _GROUP]
    edges = sorted(
        (
            (-_information(levels[:, a], levels[:, b], weights), a, b)
            for at, a in enumerate(places)
            for b in places[at + 1 :]
        )
    )
    tree: list[tuple[int, int]] = []
    group = {a: a for a in places}
    for information, a, b in edges:
        if -information >= _TELLING and group[a] != group[b]:
            tree.append((a, b))
            merged = group[b]
            group = {one: group[a] if root == merged else root for one, root in group.items()}
    return _rooted(tree, sorted(places, key=lambda a: float(unmatched[a][1])))


def _rooted(tree: list[tuple[int, int]], roots: list[int]) -> tuple[tuple[int, int], ...]:
    """The edges pointed away from the first of the roots in each part of the tree."""
    found: list[tuple[int, int]] = []
    seen: set[int] = set()
    for root in roots:
        waiting = [] if root in seen else [root]
        seen.add(root)
        while waiting:
            parent = waiting.pop(0)
            for edge in tree:
                child = sum(edge) - parent
                if parent in edge and child not in seen:
                    found.append((parent, child))
                    seen.add(child)
                    waiting.append(child)
    return tuple(found)


def _information(one: Levels, two: Levels, weights: Floats) -> float:
    """Mutual information of two comparisons among the pairs that have both, in nats."""
    joint = _joint(one, two, weights, int(one.max(initial=0)) + 1, int(two.max(initial=0)) + 1)[1:, 1:]
    total = joint.sum()
    if total <= 0:
        return 0.0
    share = joint / total
    apart = share.sum(axis=1, keepdims=True) * share.sum(axis=0, keepdims=True)
    seen = share > 0
    return float((share[seen] * np.log(share[seen] / apart[seen])).sum())


def learn_dependence(
    edge: tuple[int, int],
    matched: tuple[Floats, ...],
    unmatched: tuple[Floats, ...],
    of_matches: Floats,
    of_others: Floats,
    firm: float,
) -> Dependence:
    """What the parent's level changes in the child's weight.

    Args:
        edge: Parent and child.
        matched: m of each comparison.
        unmatched: u of each comparison.
        of_matches: (L, M) matches by the levels of parent and child.
        of_others: (L, M) pairs that agree by chance, likewise.
        firm: Pairs that one sampled pair stands for.
    """
    parent, child = edge
    m = _given(of_matches, matched[child], _FIRM)
    u = _given(of_others, unmatched[child], _FIRM * firm)
    shift = np.log(m / np.maximum(matched[child], _LEAST)) - np.log(u / np.maximum(unmatched[child], _LEAST))
    shift[0], shift[:, 0] = 0.0, 0.0
    exact = np.log(max(matched[child][1], _LEAST)) - np.log(max(unmatched[child][1], _LEAST))
    shift[1, 1] = max(shift[1, 1], -max(exact, 0.0))  # agreeing on what is implied says nothing, and nothing against
    return Dependence(parent=parent, child=child, shift=shift)


def joint_counts(edge: tuple[int, int], levels: Levels, weights: Floats, sizes: tuple[int, int]) -> Floats:
    """Weights by the levels of parent and child."""
    return _joint(levels[:, edge[0]], levels[:, edge[1]], weights, *sizes)


def _joint(one: Levels, two: Levels, weights: Floats, first: int, second: int) -> Floats:
    place = one.astype(np.int64) * second + two
    return np.bincount(place, weights, first * second).astype(np.float64).reshape(first, second)


def _given(counts: Floats, marginal: Floats, firm: float) -> Floats:
    """Shares of the child's levels at each level of the parent, drawn to the shares at large where there is little."""
    seen = counts.copy()
    seen[:, 0] = 0.0
    shares: Floats = (seen + firm * marginal) / (seen.sum(axis=1, keepdims=True) + firm)
    return np.maximum(shares, _LEAST)
