"""The matching of a table of records, from columns to clusters: reads top to bottom."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Floats, Integers, distinct
from matching.atoms import make_atoms
from matching.block import Rule, RuleYield, block
from matching.classifiers import learn
from matching.classify import log_odds, probability
from matching.cluster import NO_JUDGEMENTS, Judgements, Linkage, cluster, trusted
from matching.comparison import Comparison
from matching.guards import Guards
from matching.model import Model
from matching.pairs import ComparedPairs, PairComparer
from matching.patterns import Patterns, group_patterns
from matching.plan import usual_rules
from matching.prepare import Prepared, prepare
from matching.rarity import Rarity
from matching.roles import ColumnRole, infer_roles
from matching.settings import MatchSettings
from matching.train import Ground, all_pairs, every_pair, fit, lay_ground, pair_comparer, plan_rules, split
from schemas.errors import UsageError
from schemas.linkage import PAIRS, PATTERNS

__all__ = ["BlockingReport", "MatchSettings", "Matched", "match"]

_BATCH: Final = 2_000_000

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockingReport:
    """What blocking did.

    Args:
        candidates: Candidate pairs in all.
        rules: What each rule brought, in order; empty where every pair was compared.
    """

    candidates: int
    rules: tuple[RuleYield, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What matching found.

    Args:
        pairs: `schemas.linkage.PAIRS`: every pair from ``review_at`` on, sorted by left and right.
        patterns: `schemas.linkage.PATTERNS`.
        clusters: (N,) cluster of each record, 0..K-1 in order of first appearance.
        model: The model that decided.
        roles: What each column was taken for.
        blocking: What blocking did.
    """

    pairs: pa.Table
    patterns: pa.Table
    clusters: Codes
    model: Model
    roles: tuple[ColumnRole, ...]
    blocking: BlockingReport


def match(
    records: pd.DataFrame,
    settings: MatchSettings,
    *,
    model: Model | None = None,
    judgements: pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> Matched:
    """Finds which records are one customer.

    Args:
        records: N rows; any columns. Roles are inferred from names and values, or taken from the model.
        settings: See `MatchSettings`; where a model is given, only the thresholds, kind and judgements are read.
        model: A trained model; without it one is trained on these records.
        judgements: Columns ``left``, ``right`` (positions) and ``verdict`` (``same`` or ``different``).
        progress: Told of each step: its name and the share done, 0..1.
    """
    tell = progress or (lambda _step, _share: None)
    tell("standardise", 0.0)
    roles = model.roles if model else infer_roles(_considered(records, settings), settings.roles)
    prepared = prepare(records, roles, settings.kind_column, model.comparisons if model else ())
    tell("block", 0.25)
    judged = _judged(judgements, prepared) if judgements is not None else NO_JUDGEMENTS
    trained, comparer, compared, key, blocking = _compare(prepared, roles, settings, model, judged, tell)
    left, right = split(key, max(prepared.size, 1))
    tell("classify", 0.8)
    odds = log_odds(compared, trained.comparisons, trained.parameters)
    tell("cluster", 0.9)
    linkage = replace(trained.linkage, strong=_logit(settings.merge_at))
    found = _joined(prepared, trained, comparer, left, right, odds, linkage, judged)
    pairs, patterns = _tables(prepared, trained.comparisons, settings.review_at, left, right, compared, odds)
    tell("cluster", 1.0)
    return Matched(
        pairs=pairs,
        patterns=patterns,
        clusters=_original(found, prepared),
        model=trained,
        roles=roles,
        blocking=blocking,
    )


def _joined(
    prepared: Prepared,
    model: Model,
    comparer: PairComparer,
    left: Codes,
    right: Codes,
    odds: Floats,
    linkage: Linkage,
    judged: Judgements,
) -> Codes:
    """The cluster of each record in canonical order."""
    guards = Guards.over(model.comparisons, prepared.attributes, prepared.size)

    def score(one: Codes, two: Codes) -> Floats:
        found = np.empty(len(one))
        for start in range(0, len(one), _BATCH):
            part = slice(start, start + _BATCH)
            found[part] = log_odds(comparer.compare(one[part], two[part]), model.comparisons, model.parameters)
        return np.where(guards.apart(one, two) | ~prepared.comparable(one, two), -np.inf, found)

    guarded = np.where(guards.apart(left, right), -np.inf, odds)
    return cluster(prepared.size, left, right, guarded, score, linkage, judged)


def _logit(probability: float) -> float:
    return float(np.log(probability) - np.log1p(-min(probability, 1 - 1e-12)))


def _considered(records: pd.DataFrame, settings: MatchSettings) -> pd.DataFrame:
    for column in settings.roles:
        if column not in records.columns:
            known = ", ".join(map(str, records.columns))
            raise UsageError("matching.unknown_column", column=column, columns=known)
    apart = {*settings.ignore, settings.kind_column}
    return records[[c for c in records.columns if c not in apart]]


def _compare(
    prepared: Prepared,
    roles: tuple[ColumnRole, ...],
    settings: MatchSettings,
    model: Model | None,
    judged: Judgements,
    tell: Progress,
) -> tuple[Model, PairComparer, ComparedPairs, Integers, BlockingReport]:
    """Blocks and compares; trains first where there is no model."""
    if model is not None:
        comparer = pair_comparer(model.comparisons, prepared.attributes, model.frequencies, model.rarities)
        everything = prepared.size <= model.all_pairs_below
        key, blocking = _candidates(prepared, model.rules, model.rarities, everything=everything)
        tell("compare", 0.4)
        return model, comparer, comparer.compare(*split(key, max(prepared.size, 1))), key, blocking
    ground = lay_ground(prepared.attributes)
    if not ground.comparisons and prepared.size > 1:
        raise UsageError("matching.nothing_to_compare", columns=", ".join(r.column for r in roles))
    comparer = pair_comparer(ground.comparisons, prepared.attributes, ground.frequencies, ground.rarities)
    everything = prepared.size <= settings.all_pairs_below
    rules, start = ((), None) if everything else plan_rules(prepared, ground, comparer, settings)
    rules = rules or _usual_rules(prepared, ground)
    key, blocking = _candidates(prepared, rules, ground.rarities, everything=everything)
    tell("compare", 0.4)
    compared = comparer.compare(*split(key, max(prepared.size, 1)))
    tell("estimate", 0.7)
    parameters = fit(prepared, ground.comparisons, compared, settings, start)
    if settings.classifier != "fellegi_sunter":
        of_judged = comparer.compare(judged.left, judged.right).levels
        linear = learn(
            settings.classifier, ground.comparisons, compared.levels, of_judged, judged.same, seed=settings.seed
        )
        parameters = replace(parameters, linear=linear)
    trained = Model(
        roles=roles,
        comparisons=ground.comparisons,
        parameters=parameters,
        frequencies=ground.frequencies,
        rarities=ground.rarities,
        rules=rules,
        all_pairs_below=settings.all_pairs_below,
        merge_at=settings.merge_at,
        review_at=settings.review_at,
        linkage=trusted(settings.linkage, parameters.prior * all_pairs(prepared.size)),
        classifier=settings.classifier,
        records=prepared.size,
    )
    return trained, comparer, compared, key, blocking


def _usual_rules(prepared: Prepared, ground: Ground) -> tuple[Rule, ...]:
    atoms = make_atoms(prepared.attributes.values(), ground.rarities)
    return usual_rules(atoms, [c.name for c in ground.comparisons if c.role == "identifier"])


def _candidates(
    prepared: Prepared, rules: tuple[Rule, ...], rarities: Mapping[str, Rarity], *, everything: bool
) -> tuple[Integers, BlockingReport]:
    if everything:
        yields: tuple[RuleYield, ...] = ()
        key = every_pair(prepared.size)
    else:
        wanted = frozenset(name for rule in rules for name in rule.atoms)
        key, yields = block(rules, make_atoms(prepared.attributes.values(), rarities, wanted), prepared.size)
        # Ten thousand copies of one record are in no block, being too many; a chain holds them together.
        copies = prepared.repeats.astype(np.int64)
        key = distinct(np.concatenate([key, (copies - 1) * prepared.size + copies]))
    key = key[prepared.comparable(*split(key, max(prepared.size, 1)))]
    return key, BlockingReport(candidates=len(key), rules=yields)


def _judged(judgements: pd.DataFrame, prepared: Prepared) -> Judgements:
    place = np.empty(prepared.size, dtype=np.int32)
    place[prepared.order] = np.arange(prepared.size, dtype=np.int32)
    one, two = (place[judgements[side].to_numpy(dtype=np.int64)] for side in ("left", "right"))
    same = (judgements["verdict"] == "same").to_numpy(dtype=np.bool_)
    return Judgements(left=np.minimum(one, two), right=np.maximum(one, two), same=same)


def _original(found: Codes, prepared: Prepared) -> Codes:
    """Clusters by original position, numbered in order of first appearance there."""
    placed = np.empty(prepared.size, dtype=np.int64)
    placed[prepared.order] = found
    return pd.factorize(placed)[0].astype(np.int32)


def _tables(
    prepared: Prepared,
    comparisons: tuple[Comparison, ...],
    review_at: float,
    left: Codes,
    right: Codes,
    compared: ComparedPairs,
    odds: Floats,
) -> tuple[pa.Table, pa.Table]:
    """The pairs worth keeping and the patterns they show."""
    chance = probability(odds)
    kept = np.flatnonzero(chance >= review_at)
    patterns, shown = group_patterns(compared.levels[kept])
    one, two = prepared.order[left[kept]], prepared.order[right[kept]]
    low, high = np.minimum(one, two), np.maximum(one, two)
    order = np.lexsort((high, low))
    pairs = pa.table(
        {
            "left": low[order],
            "right": high[order],
            "pattern": shown[order],
            "match_weight": (odds[kept][order] / np.log(2)).astype(np.float32),
            "match_probability": chance[kept][order].astype(np.float32),
        },
        schema=PAIRS,
    )
    return pairs, _pattern_table(patterns, comparisons)


def _pattern_table(patterns: Patterns, comparisons: tuple[Comparison, ...]) -> pa.Table:
    """The patterns as JSON, a column of fragments at a time."""
    parts = [
        pa.array([json.dumps(c.name, ensure_ascii=False) + f': "{level}"' for level in c.levels]).take(
            pa.array(patterns.levels[:, a])
        )
        for a, c in enumerate(comparisons)
    ]
    size = len(patterns.levels)
    inner = pc.binary_join_element_wise(*parts, ", ") if parts else pa.array([""] * size, pa.string())
    texts = pc.binary_join_element_wise(pa.scalar("{"), inner, pa.scalar("}"), "")
    return pa.table({"pattern": np.arange(size, dtype=np.int32), "levels": texts}, schema=PATTERNS)
