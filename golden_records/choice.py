"""Choosing one value among a customer's records by a chain of rules, for all customers at once.

A chain is a process of elimination: each rule keeps the candidates that are best by it, until those left agree on the
value. The rule after which they agree is the one that decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes, moments
from schemas.golden import RULES

__all__ = ["CHAIN_RULES", "LAST_RESORT", "Choice", "Members", "choose"]

LAST_RESORT: Final = "smallest"  # always leaves one value
_RULE_CODES: Final = {name: code for code, name in enumerate(RULES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Records of customers that have several, sorted by customer, then from the most telling to the least.

    Args:
        row: Place of each member in the frame of records.
        group: Its customer, ascending from 0.
        trust: Rank of its source, 1 the most trusted.
        recency: 0 for the record changed last; the more, the older; greatest where the record does not say.
        completeness: How many attributes it fills.
    """

    row: Codes
    group: Codes
    trust: Codes
    recency: Codes
    completeness: Codes

    @property
    def groups(self) -> int:
        """How many customers."""
        return int(self.group[-1]) + 1 if len(self.group) else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Of each customer the member that supplies the value (-1: none has one), and the code of the rule that decided."""

    member: npt.NDArray[np.int32]
    rule: npt.NDArray[np.uint8]

    def where(self, filled: npt.NDArray[np.bool_]) -> Choice:
        """The same choice for one part of a whole, absent where the chosen member lacks that part."""
        return Choice(member=np.where(np.append(filled, False)[self.member], self.member, np.int32(-1)), rule=self.rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """Candidates still in the running: their members, customers and codes of values."""

    member: Codes
    group: Codes
    value: Codes

    def only(self, keep: npt.NDArray[np.bool_]) -> _Field:
        return _Field(member=self.member[keep], group=self.group[keep], value=self.value[keep])


def choose(
    values: pa.Array,
    candidates: Codes,
    members: Members,
    chain: Sequence[str],
    keys: Mapping[str, Codes] | None = None,
) -> Choice:
    """Choose a value for every customer.

    Args:
        values: The value of each member (text, null where it has none).
        candidates: Members that have one, grouped by customer; of equals the first is named as the origin.
        members: The members.
        chain: Names of rules, in order; `LAST_RESORT` follows of itself.
        keys: Further rules: for each member a number, the smallest the best.

    Returns:
        A choice for each customer.
    """
    member = np.full(members.groups, -1, dtype=np.int32)
    rule = np.zeros(members.groups, dtype=np.uint8)
    group = members.group[candidates]
    starts = _starts(group)
    member[group[starts]] = candidates[starts]
    rule[group[starts]] = _RULE_CODES["only_value"]
    open_rows = _disagreeing(values, candidates, starts)
    if not len(open_rows):
        return Choice(member=member, rule=rule)
    contest = _contest(values, candidates[open_rows], members, keys or {})
    field = contest.all
    for name in (*chain, LAST_RESORT):
        field = _best(field, contest.key(name, field))
        starts = _starts(field.group)
        settled = np.minimum.reduceat(field.value, starts) == np.maximum.reduceat(field.value, starts)
        winners = starts[settled]
        member[field.group[winners]] = field.member[winners]
        rule[field.group[winners]] = _RULE_CODES[name]
        field = field.only(~np.repeat(settled, np.diff(starts, append=len(field.group))))
        if not len(field.group):
            break
    return Choice(member=member, rule=rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contest:
    """Candidates of the customers whose records disagree, and the distinct values behind their codes."""

    all: _Field
    members: Members
    values: pa.Array
    keys: Mapping[str, Codes]

    def key(self, rule: str, field: _Field) -> Codes:
        """For each candidate a number, the smallest the best."""
        if rule in self.keys:
            return self.keys[rule][field.member]
        return _KEYS[rule](self, field)


def _contest(values: pa.Array, member: Codes, members: Members, keys: Mapping[str, Codes]) -> _Contest:
    encoded = pc.take(values, pa.array(member)).dictionary_encode()
    field = _Field(member=member, group=members.group[member], value=encoded.indices.to_numpy().astype(np.int64))
    return _Contest(all=field, members=members, values=encoded.dictionary, keys=keys)


def _length(contest: _Contest, field: _Field) -> Codes:
    lengths: Codes = pc.utf8_length(pc.take(contest.values, pa.array(field.value))).to_numpy().astype(np.int64)
    return lengths


def _rank(contest: _Contest, field: _Field) -> Codes:
    """The place of each candidate's value in text order, among those still in the running."""
    codes, inverse = np.unique(field.value, return_inverse=True)
    order = pc.sort_indices(pc.take(contest.values, pa.array(codes))).to_numpy()
    rank = np.empty(len(codes), dtype=np.int64)
    rank[order] = np.arange(len(codes))
    return rank[inverse]


def _frequency(contest: _Contest, field: _Field) -> Codes:
    """How many of the customer's records have the candidate's value, those that were eliminated included."""
    values = len(contest.values)
    pairs, counts = np.unique(contest.all.group * values + contest.all.value, return_counts=True)
    frequency: Codes = counts[np.searchsorted(pairs, field.group * values + field.value)]
    return frequency


_KEYS: Final[Mapping[str, Callable[[_Contest, _Field], Codes]]] = {
    "source_trust": lambda contest, field: contest.members.trust[field.member],
    "recency": lambda contest, field: contest.members.recency[field.member],
    "frequency": lambda contest, field: -_frequency(contest, field),
    "completeness": lambda contest, field: -contest.members.completeness[field.member],
    "longest": lambda contest, field: -_length(contest, field),
    "smallest": _rank,
    "earliest": lambda contest, field: moments(pc.take(contest.values, pa.array(field.value))),
    "latest": lambda contest, field: -moments(pc.take(contest.values, pa.array(field.value))),
}
CHAIN_RULES: Final = frozenset(_KEYS)


def _best(field: _Field, key: Codes) -> _Field:
    starts = _starts(field.group)
    least = np.repeat(np.minimum.reduceat(key, starts), np.diff(starts, append=len(key)))
    return field.only(key == least)


def _disagreeing(values: pa.Array, candidates: Codes, starts: Codes) -> Codes:
    """Places of the candidates of those customers whose candidates have more than one value."""
    counts = np.diff(starts, append=len(candidates))
    several = np.repeat(counts > 1, counts)
    rows = np.flatnonzero(several)
    if not len(rows):
        return rows
    firsts = np.repeat(candidates[starts], counts)
    own = pc.take(values, pa.array(candidates[rows]))
    differs = pc.not_equal(own, pc.take(values, pa.array(firsts[rows]))).to_numpy(zero_copy_only=False)
    customer = np.repeat(np.arange(len(starts)), counts)
    open_customers = np.zeros(len(starts), dtype=np.bool_)
    open_customers[customer[rows[differs]]] = True
    return np.flatnonzero(open_customers[customer])


def _starts(group: Codes) -> Codes:
    """Where each customer's run begins."""
    if not len(group):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.append(True, group[1:] != group[:-1]))
