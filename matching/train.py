"""Trains a model on records nobody has labelled: blocking rules, frequencies, m, u and the priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from matching.arrays import Codes, Integers
from matching.atoms import make_atoms
from matching.attributes import StandardAttribute
from matching.block import Rule
from matching.classify import TELLING, log_odds, probability
from matching.comparison import WORDED, Comparison, plan_comparisons
from matching.estimate import Evidence, Parameters, estimate
from matching.frequency import Frequencies, agreement, frequencies, present
from matching.kinship import DECISIVE
from matching.pairs import ComparedPairs, PairComparer
from matching.patterns import Patterns, group_patterns
from matching.plan import choose_rules, try_rules
from matching.prepare import Prepared
from matching.rarity import Rarity, rarity
from matching.settings import MatchSettings

__all__ = ["Ground", "fit", "lay_ground", "plan_rules"]


# Records thought of beside those seen when values are counted: for most attributes, for identifiers.
_FIRM: Final = (10.0, 1_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of the attributes before any pair is seen."""

    comparisons: tuple[Comparison, ...]
    frequencies: Mapping[str, Frequencies]
    rarities: Mapping[str, Rarity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What planning leaves for the estimation: first parameters, and patterns of random pairs of the whole space."""

    parameters: Parameters
    random: Patterns


def lay_ground(attributes: Mapping[str, StandardAttribute]) -> Ground:
    """Plans comparisons and counts how common values, words and grams are."""
    comparisons = plan_comparisons(attributes.values())
    return Ground(
        comparisons=comparisons,
        frequencies={c.name: frequencies(attributes[c.name], _FIRM[c.group in DECISIVE]) for c in comparisons},
        rarities={c.name: rarity(attributes[c.name].values) for c in comparisons if c.kind in WORDED},
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
) -> tuple[tuple[Rule, ...], Start]:
    """Chooses blocking rules on a sample, and what EM learned on the way."""
    rng = np.random.default_rng(settings.seed)
    size = prepared.size
    count = min(size, settings.budget.sample)
    rows = np.sort(rng.choice(size, count, replace=False)).astype(np.int32)
    sample = [_of_rows(attribute, rows) for attribute in prepared.attributes.values()]
    trial = try_rules(make_atoms(sample, ground.rarities), rows, size)
    compared = comparer.compare(trial.left, trial.right)
    inside = prepared.comparable(trial.left, trial.right)
    patterns = group_patterns(compared.levels[inside], trial.weights[inside])[0]
    random = random_patterns(prepared, comparer, settings)
    parameters = estimate(ground.comparisons, evidence(prepared, ground.comparisons, patterns, random, settings))
    probabilities = probability(log_odds(compared, ground.comparisons, parameters)) * inside
    return choose_rules(trial, probabilities, size, settings.budget), Start(parameters=parameters, random=random)


def _of_rows(attribute: StandardAttribute, rows: Codes) -> StandardAttribute:
    """An attribute of some of the records, with only the values that these have."""
    slots = [slot[rows] for slot in attribute.slots]
    used = np.zeros(len(attribute.values) + 1, dtype=np.bool_)
    for slot in slots:
        used[slot] = True
    used[-1] = False
    code = np.where(used, np.cumsum(used) - 1, -1).astype(np.int32)
    values = attribute.values.take(pa.array(np.flatnonzero(used)))
    return replace(attribute, slots=tuple(code[slot] for slot in slots), values=values)


def random_patterns(prepared: Prepared, comparer: PairComparer, settings: MatchSettings) -> Patterns:
    """Patterns of random pairs, weighted up to all pairs that may match."""
    rng = np.random.default_rng(settings.seed + 1)
    left = rng.integers(0, prepared.size, settings.random_pairs)
    right = rng.integers(0, prepared.size - 1, settings.random_pairs)
    right += right >= left
    one, two = np.minimum(left, right).astype(np.int32), np.maximum(left, right).astype(np.int32)
    inside = prepared.comparable(one, two)
    found = group_patterns(comparer.compare(one[inside], two[inside]).levels)[0]
    return Patterns(
        levels=found.levels, weights=found.weights * all_pairs(prepared.size) / max(settings.random_pairs, 1)
    )


def evidence(
    prepared: Prepared,
    comparisons: tuple[Comparison, ...],
    candidates: Patterns,
    random: Patterns | None,
    settings: MatchSettings,
) -> Evidence:
    """What EM learns from; ``random`` stands for all pairs and is weighed down to those that are no candidates."""
    space = paired = float(candidates.weights.sum())
    others = None
    if random is not None:
        space = max(float(random.weights.sum()), paired)
        others = Patterns(levels=random.levels, weights=random.weights * (space - paired) / space)
    share = space / max(all_pairs(prepared.size), 1.0)
    counted = [prepared.attributes[c.name] for c in comparisons]
    return Evidence(
        candidates=candidates,
        others=others,
        sampled=settings.random_pairs,
        space=max(space, 1.0),
        agreements=np.array([agreement(a) * all_pairs(present(a)) * share for a in counted]),
        records=prepared.size,
    )


def fit(
    prepared: Prepared,
    comparisons: tuple[Comparison, ...],
    compared: ComparedPairs,
    settings: MatchSettings,
    start: Start | None,
) -> Parameters:
    """m, u and priors from the compared candidate pairs (every pair there is, where there is no ``start``)."""
    patterns = group_patterns(compared.levels)[0]
    random, parameters = (start.random, start.parameters) if start else (None, None)
    found = estimate(comparisons, evidence(prepared, comparisons, patterns, random, settings), parameters)
    return replace(found, told=_told(prepared, comparisons))


def _told(prepared: Prepared, comparisons: tuple[Comparison, ...]) -> float:
    """How many groups of attributes a record fills on average; of persons and companies the more."""
    filled = np.zeros(prepared.size, dtype=np.int64)
    for group in {c.group for c in comparisons} & TELLING:
        slots = [s for c in comparisons if c.group == group for s in prepared.attributes[c.name].slots]
        filled += np.logical_or.reduce([slot >= 0 for slot in slots])
    means = [float(filled[prepared.kinds == kind].mean()) for kind in np.unique(prepared.kinds)]
    return max(means, default=np.inf)


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
