"""Trains a model on records nobody has labelled: blocking rules, frequencies, m, u and the priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.arrays import Codes, Integers
from matching.atoms import Atom, make_atoms
from matching.attributes import StandardAttribute
from matching.block import Rule
from matching.classify import log_odds, probability
from matching.comparison import Comparison, plan_comparisons
from matching.estimate import Evidence, Parameters, estimate
from matching.frequency import Frequencies, agreement, frequencies, present
from matching.pairs import ComparedPairs, PairComparer
from matching.patterns import Patterns, group_patterns
from matching.plan import choose_rules, try_rules
from matching.prepare import Prepared
from matching.rarity import Rarity, rarity
from matching.settings import MatchSettings

__all__ = ["Ground", "fit", "lay_ground", "plan_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of the attributes before any pair is seen."""

    comparisons: tuple[Comparison, ...]
    frequencies: Mapping[str, Frequencies]
    rarities: Mapping[str, Rarity]


def lay_ground(attributes: Mapping[str, StandardAttribute]) -> Ground:
    """Plans comparisons and counts how common values, words and grams are."""
    comparisons = plan_comparisons(attributes.values())
    return Ground(
        comparisons=comparisons,
        frequencies={c.name: frequencies(attributes[c.name]) for c in comparisons},
        rarities={c.name: rarity(attributes[c.name].values) for c in comparisons if c.kind in {"text", "full_name"}},
    )


def pair_comparer(
    comparisons: tuple[Comparison, ...],
    attributes: Mapping[str, StandardAttribute],
    shares: Mapping[str, Frequencies],
    rarities: Mapping[str, Rarity],
) -> PairComparer:
    """A comparer of pairs of these records."""
    return PairComparer(
        comparisons, attributes, {c.name: shares[c.name].of(attributes[c.name].values) for c in comparisons}, rarities
    )


def plan_rules(
    prepared: Prepared, ground: Ground, comparer: PairComparer, settings: MatchSettings
) -> tuple[tuple[Rule, ...], Parameters]:
    """Chooses blocking rules on a sample, and what EM learned on the way."""
    rng = np.random.default_rng(settings.seed)
    size = prepared.size
    count = min(size, settings.budget.sample)
    rows = np.sort(rng.choice(size, count, replace=False)).astype(np.int32)
    atoms = atoms_of(prepared.attributes, ground.rarities)
    trial = try_rules(atoms, rows, size)
    compared = comparer.compare(trial.left, trial.right)
    inside = prepared.comparable(trial.left, trial.right)
    scaled = group_patterns(compared.levels[inside], trial.weights[inside])[0]
    random = random_patterns(prepared, comparer, settings, float(scaled.weights.sum()))
    parameters = estimate(ground.comparisons, evidence(prepared, ground.comparisons, scaled, random, settings))
    probabilities = probability(log_odds(compared, ground.comparisons, parameters)) * inside
    return choose_rules(trial, probabilities, size, settings.budget), parameters


def atoms_of(attributes: Mapping[str, StandardAttribute], rarities: Mapping[str, Rarity]) -> dict[str, Atom]:
    """The atoms by name."""
    return {atom.name: atom for atom in make_atoms(tuple(attributes.values()), rarities)}


def random_patterns(prepared: Prepared, comparer: PairComparer, settings: MatchSettings, candidates: float) -> Patterns:
    """Patterns of random pairs, weighted up to all pairs that are no candidates."""
    rng = np.random.default_rng(settings.seed + 1)
    left = rng.integers(0, prepared.size, settings.random_pairs)
    right = rng.integers(0, prepared.size - 1, settings.random_pairs)
    right += right >= left
    one, two = np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32)
    inside = prepared.comparable(one, two)
    found = group_patterns(comparer.compare(one[inside], two[inside]).levels)[0]
    space = all_pairs(prepared.size) * float(inside.mean())
    return Patterns(
        levels=found.levels, weights=found.weights * max(space - candidates, 0.0) / max(found.weights.sum(), 1.0)
    )


def evidence(
    prepared: Prepared,
    comparisons: tuple[Comparison, ...],
    candidates: Patterns,
    others: Patterns | None,
    settings: MatchSettings,
) -> Evidence:
    """What EM learns from."""
    space = float(candidates.weights.sum()) + (float(others.weights.sum()) if others is not None else 0.0)
    exact: list[float] = []
    for c in comparisons:
        attribute = prepared.attributes[c.name]
        has = present(attribute)
        exact.append(agreement(attribute) * all_pairs(has) * space / max(all_pairs(prepared.size), 1.0))
    return Evidence(
        candidates=candidates,
        others=others,
        sampled=settings.random_pairs,
        space=max(space, 1.0),
        agreements=np.array(exact),
        records=prepared.size,
    )


def fit(
    prepared: Prepared,
    ground: Ground,
    comparer: PairComparer,
    compared: ComparedPairs,
    settings: MatchSettings,
    start: Parameters | None,
) -> Parameters:
    """m, u and priors from the compared candidate pairs (every pair there is, where ``start`` is None)."""
    patterns = group_patterns(compared.levels)[0]
    others = None
    if start is not None:
        others = random_patterns(prepared, comparer, settings, float(patterns.weights.sum()))
    return estimate(ground.comparisons, evidence(prepared, ground.comparisons, patterns, others, settings), start)


def all_pairs(records: int) -> float:
    """How many pairs there are among so many records."""
    return records * (records - 1) / 2.0


def every_pair(size: int) -> Integers:
    """``left * size + right`` of every pair, left < right."""
    left, right = np.triu_indices(size, 1)
    return np.asarray(left * size + right, dtype=np.int64)


def split(key: Integers, size: int) -> tuple[Codes, Codes]:
    """Left and right of ``left * size + right``."""
    return (key // size).astype(np.int32), (key % size).astype(np.int32)
