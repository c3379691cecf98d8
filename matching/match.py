"""The matching of a table of records, from columns to clusters: reads top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from matching.arrays import Bools, Codes
from matching.candidates import BlockingReport, Candidates
from matching.checks import ModelWarning, Seen, check_model
from matching.cluster import NO_JUDGEMENTS, Judgements
from matching.diagnose import profile_attributes, profile_columns, rule_figures, self_links
from matching.evidence import all_pairs
from matching.ground import pair_comparer
from matching.hubs import Hub, find_hubs, hub_values, silence
from matching.join import Joiner, logit
from matching.model import Model
from matching.prepare import Prepared, prepare
from matching.roles import ColumnRole, infer_roles
from matching.settings import MatchSettings
from matching.tables import evidence_tables
from matching.train import ComparedParts, Trained, compared_parts, train
from matching.weighed import Weighed, weigh_parts
from schemas.diagnosis import Diagnosis
from schemas.errors import UsageError

__all__ = ["BlockingReport", "MatchSettings", "Matched", "match"]

Progress = Callable[[str, float], None]


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
        diagnosis: This matching in figures; where it trained a model, the model keeps them too.
        hubs: Phones, emails and identifiers that many customers share, greatest first.
    """

    pairs: pa.Table
    patterns: pa.Table
    clusters: Codes
    model: Model
    roles: tuple[ColumnRole, ...]
    blocking: BlockingReport
    diagnosis: Diagnosis
    hubs: tuple[Hub, ...] = ()


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
        judgements: Columns ``left``, ``right`` (positions) and ``verdict`` (``same`` or ``different``); and, where some
            of them only hold and are no ground to learn from, ``teaches``.
        progress: Told of each step: its name and the share done, 0..1.
    """
    tell = progress or (lambda _step, _share: None)
    tell("standardise", 0.0)
    roles = model.roles if model else infer_roles(_considered(records, settings), settings.roles)
    whole = prepare(records, roles, settings.kind_column, model.comparisons if model else ())
    silent = model.hubs if model else hub_values(whole.attributes)
    prepared = silence(whole, silent)
    tell("block", 0.25)
    judged = _judged(judgements, prepared) if judgements is not None else NO_JUDGEMENTS
    teaching = judged.only(_teach(judgements))
    made = _frozen(prepared, model, tell) if model else train(prepared, roles, settings, teaching, tell)
    trained = made.model
    weighed = _weigh(made.parts, trained, settings, tell)
    tell("cluster", 0.9)
    linkage = replace(trained.linkage, strong=logit(settings.merge_at))
    joiner = Joiner(prepared, trained, made.comparer)
    found = joiner.clusters(weighed.left, weighed.right, weighed.odds, linkage, judged)
    pairs, patterns = evidence_tables(weighed, prepared.order, trained.comparisons, settings.review_at)
    blocking = made.candidates.report
    diagnosis = Diagnosis(
        records=prepared.size,
        candidates=blocking.candidates,
        columns=profile_columns(records, roles),
        attributes=profile_attributes(prepared.attributes.values()),
        rules=rule_figures(blocking.rules, weighed.new_matches if blocking.rules else None),
        weights=weighed.counts,
        self_links=self_links(made.comparer, trained.comparisons, trained.parameters, prepared.size, settings.merge_at),
    )
    tell("cluster", 1.0)
    return Matched(
        pairs=pairs,
        patterns=patterns,
        clusters=_original(found, prepared),
        model=trained
        if model
        else replace(trained, hubs=silent, training=diagnosis, warnings=_checked(trained, weighed, found, diagnosis)),
        roles=roles,
        blocking=blocking,
        diagnosis=diagnosis,
        hubs=find_hubs(whole.attributes, found, silent),
    )


def _checked(model: Model, weighed: Weighed, found: Codes, diagnosis: Diagnosis) -> tuple[ModelWarning, ...]:
    """What is wrong with a model that was just trained."""
    filled = {a.attribute: a.filled / max(diagnosis.records, 1) for a in diagnosis.attributes}
    seen = Seen(
        comparisons=model.comparisons,
        filled=filled,
        records=diagnosis.records,
        prior=model.parameters.prior,
        matches=model.parameters.prior * all_pairs(diagnosis.records),
        converged=model.parameters.converged,
        levels=weighed.levels,
        odds=weighed.odds,
        together=found[weighed.left] == found[weighed.right],
    )
    return check_model(seen)


def _weigh(parts: ComparedParts, model: Model, settings: MatchSettings, tell: Progress) -> Weighed:
    """Weighs all pairs, and keeps those that are evidence or links."""

    def told() -> ComparedParts:
        for part, compared in parts:
            yield part, compared
            tell("classify", 0.7 + 0.2 * part.reached)

    keep_at = min(settings.review_at, settings.merge_at)
    return weigh_parts(told(), model.comparisons, model.parameters, keep_at, len(model.rules))


def _considered(records: pd.DataFrame, settings: MatchSettings) -> pd.DataFrame:
    for column in settings.roles:
        if column not in records.columns:
            known = ", ".join(map(str, records.columns))
            raise UsageError("matching.unknown_column", column=column, columns=known)
    apart = {*settings.ignore, settings.kind_column}
    return records[[c for c in records.columns if c not in apart]]


def _frozen(prepared: Prepared, model: Model, tell: Progress) -> Trained:
    """Candidate pairs by the rules of a model, compared as it compares."""
    comparer = pair_comparer(model.comparisons, prepared.attributes, model.frequencies, model.rarities)
    everything = prepared.size <= model.all_pairs_below
    candidates = Candidates(prepared, model.rules, model.rarities, everything=everything)
    tell("compare", 0.4)
    parts = compared_parts(candidates, comparer)
    return Trained(model=model, comparer=comparer, candidates=candidates, parts=parts)


def _judged(judgements: pd.DataFrame, prepared: Prepared) -> Judgements:
    place = np.empty(prepared.size, dtype=np.int32)
    place[prepared.order] = np.arange(prepared.size, dtype=np.int32)
    one, two = (place[judgements[side].to_numpy(dtype=np.int64)] for side in ("left", "right"))
    same = (judgements["verdict"] == "same").to_numpy(dtype=np.bool_)
    return Judgements(left=np.minimum(one, two), right=np.maximum(one, two), same=same)


def _teach(judgements: pd.DataFrame | None) -> Bools:
    if judgements is None:
        return np.empty(0, dtype=np.bool_)
    if "teaches" not in judgements:
        return np.ones(len(judgements), dtype=np.bool_)
    return judgements["teaches"].to_numpy(dtype=np.bool_)


def _original(found: Codes, prepared: Prepared) -> Codes:
    """Clusters by original position, numbered in order of first appearance there."""
    placed = np.empty(prepared.size, dtype=np.int64)
    placed[prepared.order] = found
    return pd.factorize(placed)[0].astype(np.int32)
