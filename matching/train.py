"""Learns a model from records nobody has labelled: reads top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa

from matching.arrays import Codes, Floats
from matching.atoms import make_atoms
from matching.attributes import StandardAttribute
from matching.block import Part, Rule
from matching.candidates import Candidates
from matching.classifiers import Examples, learn
from matching.classify import log_odds, probability
from matching.closure import learn_from_clusters, sample_pairs
from matching.cluster import Judgements, trusted
from matching.estimate import JudgedLevels, estimate
from matching.evidence import Gatherer, all_pairs, told
from matching.given_rules import check_rules
from matching.ground import Ground, lay_ground, pair_comparer
from matching.guards import plan_vetoes
from matching.join import Joiner, logit
from matching.judged import recalibrated
from matching.model import Model
from matching.pairs import ComparedPairs, PairComparer
from matching.parameters import Parameters
from matching.plan import choose_rules, usual_rules
from matching.prepare import Prepared
from matching.recalibration import enough
from matching.roles import ColumnRole
from matching.settings import MatchSettings
from matching.trial import Trial, try_rules
from schemas.errors import UsageError

__all__ = ["ComparedParts", "Trained", "compared_parts", "train"]

_LEARN: Final = 4_000_000
"""Candidate pairs from which a model is learned; where there are more, those of the first records, a fair sample."""

_MANY: Final = 1_000_000
"""Records from which the sample for planning grows with their root: of few records in many, few have their match."""

_ROUGH: Final = 1e-3
"""Tolerance of the first estimation, which only tells good blocking rules from bad ones."""

ComparedParts = Iterator[tuple[Part, ComparedPairs]]
Progress = Callable[[str, float], None]
S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A model, and what is at hand from training it.

    Args:
        model: The model.
        comparer: Compares pairs of the records it was trained on.
        candidates: Their candidate pairs.
        parts: All candidates, compared; those that training has looked at come first.
    """

    model: Model
    comparer: PairComparer
    candidates: Candidates
    parts: ComparedParts


def train(
    prepared: Prepared,
    roles: tuple[ColumnRole, ...],
    settings: MatchSettings,
    judged: Judgements,
    tell: Progress,
) -> Trained:
    """Learns a model.

    Args:
        prepared: The records.
        roles: What their columns mean.
        settings: How to match.
        judged: Pairs that people have decided, to learn from.
        tell: Told of each step: its name and the share done, 0..1.

    Raises:
        UsageError: There is nothing to compare, or a blocking rule is of nothing known.
    """
    ground = lay_ground(prepared.attributes)
    if not ground.comparisons and prepared.size > 1:
        raise UsageError("matching.nothing_to_compare", columns=", ".join(r.column for r in roles))
    check_rules(settings.rules, prepared.attributes.values())
    comparer = pair_comparer(ground.comparisons, prepared.attributes, ground.frequencies, ground.rarities)
    everything = prepared.size <= settings.all_pairs_below
    gatherer, tried = _at_once(
        lambda: Gatherer.over(prepared, comparer, settings, everything=everything),
        lambda: None if everything else _try_rules(prepared, ground, comparer, settings),
    )
    rules, start = ((), None) if tried is None else _choose_rules(prepared, tried, gatherer, settings)
    rules = settings.rules or rules or _usual_rules(prepared, ground)
    candidates = Candidates(prepared, rules, ground.rarities, everything=everything)
    tell("compare", 0.4)
    parts = compared_parts(candidates, comparer)
    held = _first(parts)
    tell("estimate", 0.6)
    model = Model(
        roles=roles,
        comparisons=ground.comparisons,
        parameters=_estimate(prepared, gatherer, held, comparer, judged, settings, start),
        frequencies=ground.frequencies,
        rarities=ground.rarities,
        rules=rules,
        all_pairs_below=settings.all_pairs_below,
        merge_at=settings.merge_at,
        review_at=settings.review_at,
        linkage=settings.linkage,
        classifier=settings.classifier,
        records=prepared.size,
    )
    model = _guarded(model, prepared, settings)
    if settings.classifier == "fellegi_sunter":
        model = _taught(model, prepared, gatherer, held, comparer, judged, settings)
    found = comparer.compare(judged.left, judged.right)
    model = replace(model, parameters=recalibrated(model.parameters, model.comparisons, found, judged.same))
    return Trained(model=model, comparer=comparer, candidates=candidates, parts=_again(held, parts))


def compared_parts(candidates: Candidates, comparer: PairComparer) -> ComparedParts:
    """All candidates, compared part by part."""
    for part in candidates.parts():
        yield part, comparer.compare(part.left, part.right)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """The pairs that a model is learned from: those whose left is among the first records.

    Args:
        parts: As they came.
        left: (P,) positions of records.
        right: (P,) positions.
        compared: The P pairs.
        reached: Which share of the records the first are.
    """

    parts: list[tuple[Part, ComparedPairs]]
    left: Codes
    right: Codes
    compared: ComparedPairs
    reached: float

    @property
    def share(self) -> float:
        """Of all candidates: of all pairs, those of a share of the records with any other are nearly twice that."""
        return 1.0 - (1.0 - self.reached) ** 2


def _first(parts: ComparedParts) -> _Held:
    held, reached = [], 1.0
    for part, compared in parts:
        held.append((part, compared))
        reached = part.reached
        if sum(len(part.left) for part, _ in held) >= _LEARN:
            break
    return _Held(
        parts=held,
        left=np.concatenate([part.left for part, _ in held]),
        right=np.concatenate([part.right for part, _ in held]),
        compared=ComparedPairs(
            levels=np.concatenate([compared.levels for _, compared in held]),
            shares=np.concatenate([compared.shares for _, compared in held]),
            alike=np.concatenate([compared.alike for _, compared in held]),
        ),
        reached=reached,
    )


def _again(held: _Held, rest: ComparedParts) -> ComparedParts:
    """The parts that were held, each let go of once it is used, then the rest."""
    while held.parts:
        yield held.parts.pop(0)
    yield from rest


def _at_once(one: Callable[[], S], other: Callable[[], T]) -> tuple[S, T]:
    """Does two things side by side: either leaves a core idle now and then."""
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(one)
        found = other()
        return started.result(), found


def _try_rules(
    prepared: Prepared, ground: Ground, comparer: PairComparer, settings: MatchSettings
) -> tuple[Trial, ComparedPairs]:
    """Tries blocking rules on a sample of the records, and compares the pairs that they find."""
    rng = np.random.default_rng(settings.seed)
    size = prepared.size
    count = min(size, int(settings.budget.sample * max(1.0, size / _MANY) ** 0.5))
    rows = np.sort(rng.choice(size, count, replace=False)).astype(np.int32)
    sample = [_of_rows(attribute, rows) for attribute in prepared.attributes.values()]
    trial = try_rules(make_atoms(sample, ground.rarities), rows, size)
    return trial, comparer.compare(trial.left, trial.right)


def _choose_rules(
    prepared: Prepared, tried: tuple[Trial, ComparedPairs], gatherer: Gatherer, settings: MatchSettings
) -> tuple[tuple[Rule, ...], Parameters]:
    """Chooses among them, unless rules are given, and tells what EM learned on the way."""
    trial, compared = tried
    comparisons = gatherer.comparisons
    inside = prepared.comparable(trial.left, trial.right)
    patterns = gatherer.patterns(compared.part(np.flatnonzero(inside)), trial.weights[inside])
    parameters = estimate(comparisons, gatherer.evidence(patterns), tolerance=_ROUGH)
    probabilities: Floats = probability(log_odds(compared, comparisons, parameters)) * inside
    return settings.rules or choose_rules(trial, probabilities, prepared.size, settings.budget), parameters


def _usual_rules(prepared: Prepared, ground: Ground) -> tuple[Rule, ...]:
    atoms = make_atoms(prepared.attributes.values(), ground.rarities)
    return usual_rules(atoms, [c.name for c in ground.comparisons if c.role == "identifier"])


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


def _estimate(
    prepared: Prepared,
    gatherer: Gatherer,
    held: _Held,
    comparer: PairComparer,
    judged: Judgements,
    settings: MatchSettings,
    start: Parameters | None,
) -> Parameters:
    """m, u and the priors from pairs alone; and the weights of another classifier, where one is asked for."""
    comparisons, of_judged = gatherer.comparisons, comparer.compare(judged.left, judged.right)
    patterns = gatherer.patterns(held.compared).grown(1 / held.share)
    seen = replace(gatherer.evidence(patterns), judged=_judged_levels(judged, of_judged))
    found = replace(estimate(comparisons, seen, start), told=told(prepared, comparisons))
    if settings.classifier == "fellegi_sunter":
        return found
    pairs = Examples(levels=held.compared.levels, odds=log_odds(held.compared, comparisons, found))
    known = JudgedLevels(levels=of_judged.levels, same=judged.same)
    return replace(found, linear=learn(settings.classifier, comparisons, pairs, known, seed=settings.seed))


def _judged_levels(judged: Judgements, compared: ComparedPairs) -> JudgedLevels | None:
    return JudgedLevels(levels=compared.levels, same=judged.same) if enough(judged.same) else None


def _guarded(model: Model, prepared: Prepared, settings: MatchSettings) -> Model:
    """The model with what follows from its parameters: how far links are trusted, and which attributes veto."""
    parameters = model.parameters
    others = {c.name: float(m[-1]) for c, m in zip(model.comparisons, parameters.matched, strict=True)}
    return replace(
        model,
        linkage=trusted(settings.linkage, parameters.prior * all_pairs(prepared.size)),
        vetoes=plan_vetoes(model.comparisons, prepared.attributes, others),
    )


def _taught(
    model: Model,
    prepared: Prepared,
    gatherer: Gatherer,
    held: _Held,
    comparer: PairComparer,
    judged: Judgements,
    settings: MatchSettings,
) -> Model:
    """The model after its own clusters have taught it."""
    odds = log_odds(held.compared, model.comparisons, model.parameters)
    sample = sample_pairs(held.left, held.right, held.compared, odds, prepared.size, held.reached)
    strong = logit(settings.merge_at)

    def join(left: Codes, right: Codes, odds: Floats, parameters: Parameters, trust: float) -> Codes:
        joiner = Joiner(prepared, replace(model, parameters=parameters), comparer, sample.records)
        linkage = replace(model.linkage, strong=strong, mean=model.linkage.mean * trust)
        return joiner.clusters(left, right, odds, linkage)

    levels = _judged_levels(judged, comparer.compare(judged.left, judged.right))
    parameters = learn_from_clusters(sample, gatherer, join, model.parameters, levels)
    return _guarded(replace(model, parameters=parameters), prepared, settings)
