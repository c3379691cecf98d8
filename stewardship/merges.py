"""Which merges a person should look at first, and why.

Three lists are kept apart, because one figure for "risk" would be invented: merges whose weakest link is the lightest;
merges whose records contradict each other where a person or a company has one value only; and the largest. The report
takes from them in turn, so that none crowds out the others, and shows each merge once with all its reasons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stewardship.facts import Contribution, Explain, Thresholds
from stewardship.grouping import Grouping, Links, column, group, weakest_links
from stewardship.members import Member, members_at
from stewardship.waiting import Waiting, closest

__all__ = ["LARGE", "NEAR", "ONE_VALUED", "Merge", "MergeReview", "Reason", "riskiest"]

NEAR: Final = 3.0  # match weight above `merge_at`, log2: odds within a factor of eight of the threshold
LARGE: Final = 8  # records in one golden record that are worth a look
ONE_VALUED: Final = ("birth_date", "national_id", "tax_id", "registration_number")
SHOWN: Final = 8  # members of one merge that the report shows
_FULL_DATE = 10
_ROUNDING = 1e-5  # of weights kept as float32

ReasonCode = Literal["weak_link", "no_link", "contradiction", "large"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a merge is worth a look; ``attributes`` names those that contradict."""

    code: ReasonCode
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A golden record made of two records or more.

    Args:
        golden_id: Its id.
        kind: ``person``, ``company`` or None.
        size: Records in it.
        members: At most `SHOWN` of them; the first two are the ends of the weakest link.
        weight: Match weight of the weakest link; None where pairs alone do not hold the records together.
        probability: The same as a match probability.
        contributions: What each comparison adds to the weight of the first two members.
        reasons: Why it is worth a look, the gravest first; empty where it is only the weakest of the strong.
        held: Whether the weakest link lies below ``merge_at``, so that something else holds the records together.
    """

    golden_id: str
    kind: str | None
    size: int
    members: tuple[Member, ...]
    weight: float | None
    probability: float | None
    contributions: tuple[Contribution, ...]
    reasons: tuple[Reason, ...]
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeReview:
    """The merges to look at first, the pairs closest to merging, and how many merges there are of each kind in all."""

    merges: tuple[Merge, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    merged: int = 0
    weak_links: int = 0
    no_links: int = 0
    contradictions: int = 0
    large: int = 0


def riskiest(
    records: pd.DataFrame,
    crosswalk: pd.DataFrame,
    pairs: pa.Table,
    *,
    thresholds: Thresholds,
    explain: Explain,
    limit: int = 30,
    waiting: int = 10,
) -> MergeReview:
    """The merges to look at first.

    Args:
        records: N canonical records (`schemas.records.RECORD_COLUMNS`).
        crosswalk: ``record_key``, ``golden_id`` of the same records, in any order.
        pairs: `schemas.linkage.PAIRS` with positions into `records`, all at or above ``review_at``.
        thresholds: ``merge_at`` and ``review_at``.
        explain: Gives the contributions of pairs of positions; called once for the merges, once for the pairs shown.
        limit: Merges to show.
        waiting: Pairs that wait for a person to show.
    """
    found = _look(records, group(records, crosswalk), pairs, thresholds)
    weights, sizes, clashes = found.links.weights, found.sizes, found.clashes
    chosen = _in_turn(
        (
            _smallest(weights, ~found.loose, limit, found),
            _smallest(-clashes, clashes > 0, limit, found),
            _smallest(-sizes, sizes >= LARGE, limit, found),
            _smallest(-sizes, found.loose, limit, found),
        ),
        limit,
    )
    return MergeReview(
        merges=_merges(records, found, chosen, explain),
        waiting=closest(records, pairs, found.grouping, thresholds=thresholds, explain=explain, limit=waiting),
        merged=len(sizes),
        weak_links=int(found.near.sum()),
        no_links=int(found.loose.sum()),
        contradictions=int((clashes > 0).sum()),
        large=int((sizes >= LARGE).sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is known of the K merges, in the order of ``links.groups``.

    Args:
        grouping: All records by golden record.
        links: The weakest link of each merge.
        sizes: (K,) float, records.
        near: (K,) whether the weakest link lies close to the threshold.
        loose: (K,) whether pairs alone do not hold it together.
        held: (K,) whether the weakest link is below ``merge_at``.
        clashes: (K,) float, attributes that contradict.
        contradicting: Golden records (of all G) that contradict, by attribute.
    """

    grouping: Grouping
    links: Links
    sizes: np.ndarray
    near: np.ndarray
    loose: np.ndarray
    held: np.ndarray
    clashes: np.ndarray
    contradicting: Mapping[str, np.ndarray]


def _look(records: pd.DataFrame, grouping: Grouping, pairs: pa.Table, thresholds: Thresholds) -> _Found:
    links = weakest_links(pairs, grouping)
    contradicting = _contradictions(records, grouping)
    clashes = np.zeros(len(grouping.sizes))
    for groups in contradicting.values():
        clashes[groups] += 1
    return _Found(
        grouping=grouping,
        links=links,
        sizes=grouping.sizes[links.groups].astype(np.float64),
        near=links.weights < thresholds.merge_weight + NEAR,
        loose=np.isnan(links.weights),
        held=links.weights < thresholds.merge_weight - _ROUNDING,
        clashes=clashes[links.groups],
        contradicting=contradicting,
    )


def _contradictions(records: pd.DataFrame, grouping: Grouping) -> dict[str, np.ndarray]:
    """Golden records with two values or more of an attribute that has one, by attribute."""
    several = grouping.sizes[grouping.codes] > 1
    found: dict[str, np.ndarray] = {}
    for name in ("kind", *ONE_VALUED):
        values = column(records, name).combine_chunks().dictionary_encode()
        plain = pc.replace_substring_regex(pc.utf8_upper(values.dictionary), r"[\W_]+", "")
        whole = pc.equal(pc.utf8_length(values.dictionary), _FULL_DATE) if name.endswith("_date") else None
        plain = (plain if whole is None else pc.if_else(whole, plain, None)).dictionary_encode()
        lookup = np.append(plain.indices.fill_null(-1).to_numpy(zero_copy_only=False), -1)
        codes = lookup[values.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)]
        kept = several & (codes >= 0)
        groups = np.unique((grouping.codes[kept].astype(np.int64) << 32) | codes[kept]) >> 32
        found[name] = np.unique(groups[1:][np.diff(groups) == 0]) if len(groups) else groups
    return found


def _smallest(figures: np.ndarray, among: np.ndarray, limit: int, found: _Found) -> list[int]:
    """Places of the smallest figures; ties by weakest link, then by golden id, so that row order never tells."""
    places = np.flatnonzero(among)
    if len(places) > limit:
        places = places[figures[places] <= np.partition(figures[places], limit - 1)[limit - 1]]
    weights = np.nan_to_num(found.links.weights[places], nan=np.inf)
    if len(places) > limit:
        order = np.lexsort((weights, figures[places]))
        last = order[limit - 1]
        tied = (figures[places] < figures[places][last]) | (weights <= weights[last])
        places, weights = places[tied], weights[tied]
    ids = found.grouping.golden_ids.take(pa.array(found.links.groups[places])).to_numpy(zero_copy_only=False)
    ids = ids.astype(str)
    return [int(place) for place in places[np.lexsort((ids, weights, figures[places]))][:limit]]


def _in_turn(lists: tuple[list[int], ...], limit: int) -> list[int]:
    """The first of each list, then the second of each, …, each place once."""
    longest = max(map(len, lists), default=0)
    dealt = [places[turn] for turn in range(longest) for places in lists if turn < len(places)]
    return list(dict.fromkeys(dealt))[:limit]


def _reasons(found: _Found, at: int) -> tuple[Reason, ...]:
    group_code = found.links.groups[at]
    clashes = tuple(name for name, groups in found.contradicting.items() if group_code in groups)
    reasons = (
        (bool(clashes), Reason(code="contradiction", attributes=clashes)),
        (found.near[at], Reason(code="weak_link")),
        (found.loose[at], Reason(code="no_link")),
        (found.sizes[at] >= LARGE, Reason(code="large")),
    )
    return tuple(reason for holds, reason in reasons if holds)


def _merges(records: pd.DataFrame, found: _Found, chosen: list[int], explain: Explain) -> tuple[Merge, ...]:
    codes, links = found.grouping.codes, found.links
    wanted = np.zeros(len(found.grouping.sizes), dtype=bool)
    wanted[links.groups[chosen]] = True
    positions = np.flatnonzero(wanted[codes])
    positions = positions[np.argsort(codes[positions], kind="stable")]
    codes = codes[positions]
    shown = []
    for at in chosen:
        code = links.groups[at]
        inside = positions[np.searchsorted(codes, code) : np.searchsorted(codes, code, side="right")]
        ends = np.array([links.left[at], links.right[at]]) if links.left[at] >= 0 else inside[:2]
        shown.append(np.concatenate([ends, inside[~np.isin(inside, ends)][: SHOWN - 2]]))
    explained = explain([(int(places[:2].min()), int(places[:2].max())) for places in shown])
    return tuple(
        _merge(found, at, members, contributions)
        for at, members, contributions in zip(chosen, members_at(records, shown), explained, strict=True)
    )


def _merge(found: _Found, at: int, members: tuple[Member, ...], contributions: tuple[Contribution, ...]) -> Merge:
    code, weight = int(found.links.groups[at]), float(found.links.weights[at])
    kinds = {member.cells["kind"] for member in members if "kind" in member.cells}
    return Merge(
        golden_id=found.grouping.golden_ids[code].as_py(),
        kind=kinds.pop() if len(kinds) == 1 else None,
        size=int(found.grouping.sizes[code]),
        members=members,
        weight=None if math.isnan(weight) else weight,
        probability=None if math.isnan(weight) else 1 / (1 + 2.0**-weight),
        contributions=contributions,
        reasons=_reasons(found, at),
        held=bool(found.held[at]),
    )
