"""Pairs of records that share a blocking key, by sorting integers: each pair once, left < right.

Pairs come in parts: all those of a range of left records, so that no array ever holds all of them. Records are in an
order that depends on a hash of what they say (`matching.prepare`), so that the first parts are a fair sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final, TypeAlias

import numpy as np

from matching.arrays import Bools, Codes, Integers, Keys
from matching.atoms import Atom
from matching.cores import on_cores

__all__ = ["Blocking", "Blocks", "Part", "Rule", "RuleYield", "block", "blocks_of", "combined", "mixed", "rule_entries"]

_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_SECOND: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_HIGH: Final = np.uint64(29)
_RULE_BITS: Final = 10
_PART: Final = 2_000_000

Mixed: TypeAlias = tuple[Keys, Bools]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A blocking rule: records that share every atom, in blocks of at most ``cap`` records.

    Args:
        atoms: Names of one to three atoms of different attributes.
        cap: Records in a block; greater blocks are left to narrower rules and reported.
    """

    atoms: tuple[str, ...]
    cap: int

    @property
    def name(self) -> str:
        """How the rule is called in reports."""
        return " & ".join(self.atoms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """What one rule found.

    Args:
        left: (P,) positions of records.
        right: (P,) positions, each greater than its left.
        sizes: (P,) records in the block that the pair is from.
        capped: Sizes of the blocks that were too big, greatest first.
    """

    left: Codes
    right: Codes
    sizes: Codes
    capped: tuple[int, ...]


def rule_entries(rule: Rule, atoms: Mapping[str, Atom]) -> tuple[Codes, Keys]:
    """The keys of a rule: (E,) position of a record and (E,) hash of what it shares.

    A record with several values (two phones) has a key for each combination; one with a missing atom has none.
    """
    return combined([mixed(atoms[name]) for name in rule.atoms])


def mixed(atom: Atom) -> tuple[Mixed, ...]:
    """A hash of what is read of each record, and whether there is anything, slot by slot."""
    found = []
    for codes in atom.codes():
        key = (codes.astype(np.uint64) + np.uint64(1)) * _SPREAD
        key ^= key >> _HIGH
        found.append((key * _SECOND, codes >= 0))
    return tuple(found)


def combined(read: Sequence[tuple[Mixed, ...]]) -> tuple[Codes, Keys]:
    """The keys of records that have all that is read, for each combination of their slots."""
    records, keys = [], []
    for combination in product(*read):
        key, present = combination[0]
        for _, known in combination[1:]:
            present = present & known
        found = np.flatnonzero(present).astype(np.int32)
        key = key[found]
        for other, _ in combination[1:]:
            key = (key ^ (key >> _HIGH)) * _SPREAD ^ other[found]  # equal codes of two atoms must not cancel out
        records.append(found)
        keys.append(key)
    return (records[0], keys[0]) if len(records) == 1 else (np.concatenate(records), np.concatenate(keys))


def blocks_of(records: Codes, keys: Keys, size: int, cap: int) -> Blocks:
    """The pairs of records with equal keys.

    Args:
        records: (E,) positions below ``size``.
        keys: (E,) hashes; only their upper bits are used (44 of them for a million records), and a collision costs no
            more than a needless candidate.
        size: How many records there are.
        cap: Records in a block at most.
    """
    record, edges, lengths = _grouped(records, keys, size)
    kept = (lengths >= 2) & (lengths <= cap)
    left, right, sizes = _expand(record, edges[kept], lengths[kept])
    return Blocks(left=left, right=right, sizes=sizes, capped=_over(lengths, cap))


def _grouped(records: Codes, keys: Keys, size: int) -> tuple[Codes, Integers, Integers]:
    """The records block by block, ascending in each; where each block starts; how many records it has."""
    bits = np.uint64(max(int(size - 1).bit_length(), 1))
    packed = np.sort(((keys >> bits) << bits) | records.astype(np.uint64))
    if len(packed):
        packed = packed[np.append(True, packed[1:] != packed[:-1])]
    group = packed >> bits
    record = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    edges = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.empty(0, np.int64)
    return record, edges, np.diff(np.append(edges, len(group)))


def _over(lengths: Integers, cap: int) -> tuple[int, ...]:
    return tuple(np.sort(lengths[lengths > cap])[::-1].tolist())


def _expand(record: Codes, starts: Integers, lengths: Integers) -> tuple[Codes, Codes, Codes]:
    """All pairs within runs of records, which ascend inside each run."""
    lefts, rights, sizes = [], [], []
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    for first in range(int(lengths[0]) - 1 if len(lengths) else 0):
        alive = int(np.searchsorted(-lengths, -(first + 1), side="left"))
        reach = lengths[:alive] - 1 - first
        total = int(reach.sum())
        offset = np.arange(total) - np.repeat(np.cumsum(reach) - reach, reach)
        base = np.repeat(starts[:alive] + first, reach)
        lefts.append(record[base])
        rights.append(record[base + 1 + offset])
        sizes.append(np.repeat(lengths[:alive], reach).astype(np.int32))
    if not lefts:
        empty = np.empty(0, dtype=np.int32)
        return empty, empty, empty
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleYield:
    """What a rule brought.

    Args:
        rule: The rule.
        pairs: Pairs of its blocks.
        new_pairs: Those that no earlier rule had.
        capped: Sizes of its greatest blocks over the cap, at most 20.
        capped_blocks: How many were over the cap.
    """

    rule: Rule
    pairs: int
    new_pairs: int
    capped: tuple[int, ...]
    capped_blocks: int


@dataclass(frozen=True, slots=True)
class _Members:
    """The records of a rule's blocks.

    Args:
        record: (M,) block by block, ascending in each.
        reach: (M,) how many members of its block follow each.
        capped: Sizes of the blocks that were too big, greatest first.
    """

    record: Codes
    reach: Codes
    capped: tuple[int, ...]

    def pairs(self, low: int, high: int) -> tuple[Codes, Codes]:
        """The pairs whose left record is one from ``low`` up to ``high``."""
        rows = np.flatnonzero((self.record >= low) & (self.record < high) & (self.reach > 0))
        reach = self.reach[rows]
        base = np.repeat(rows, reach)
        after = np.arange(len(base)) - np.repeat(np.cumsum(reach) - reach, reach)
        return self.record[base], self.record[base + 1 + after]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Candidate pairs of a range of left records, sorted.

    Args:
        left: (P,) positions of records.
        right: (P,) positions, each greater than its left.
        rule: (P,) the first rule that found each pair; -1 for links between copies.
        reached: Records of the range and all before it, of all there are.
    """

    left: Codes
    right: Codes
    rule: Codes
    reached: float


class Blocking:
    """The candidate pairs of all rules.

    Args:
        rules: The rules, in the order in which pairs are counted for them.
        atoms: Their atoms by name.
        size: How many records there are.
        copies: Positions of records that are copies of the record before them. Ten thousand copies of one record are in
            no block, being too many; a chain holds them together.
    """

    def __init__(
        self, rules: tuple[Rule, ...], atoms: Mapping[str, Atom], size: int, copies: Codes | None = None
    ) -> None:
        self._rules = rules
        self._size = size
        self._members = on_cores(lambda rule: _members(rule, atoms, size), rules)  # sorting lets go of the interpreter
        self._copies = np.empty(0, np.int32) if copies is None else copies
        self._pairs = np.zeros(len(rules) + 1, dtype=np.int64)
        self._new = np.zeros(len(rules) + 1, dtype=np.int64)

    def parts(self, most: int = _PART) -> Iterator[Part]:
        """All pairs, each once, in parts of about ``most`` pairs at most; counts what each rule brings."""
        self._pairs[:] = self._new[:] = 0
        reach = np.zeros(self._size, dtype=np.int64)
        for members in self._members:
            reach += np.bincount(members.record, members.reach, minlength=self._size).astype(np.int64)
        total = np.cumsum(reach)
        steps = int(total[-1]) // most + 1 if self._size else 0
        cuts = np.searchsorted(total, np.arange(1, steps) * most)
        edges = [0, *np.unique(cuts[(cuts > 0) & (cuts < self._size)]).tolist(), self._size]
        for low, high in pairwise(edges):  # one empty part where there are no records
            yield self._part(low, high)

    def _part(self, low: int, high: int) -> Part:
        def run(place: int) -> Integers:
            left, right = self._members[place].pairs(low, high)
            return ((left.astype(np.int64) * self._size + right) << _RULE_BITS) | place

        copies = self._copies[(self._copies > low) & (self._copies <= high)].astype(np.int64)
        chain = (((copies - 1) * self._size + copies) << _RULE_BITS) | len(self._rules)
        every = np.sort(np.concatenate([*on_cores(run, range(len(self._rules))), chain]))
        every = every[np.append(True, every[1:] != every[:-1])] if len(every) else every
        key, rule = every >> _RULE_BITS, (every & ((1 << _RULE_BITS) - 1)).astype(np.int32)
        fresh = np.append(True, key[1:] != key[:-1]) if len(key) else np.empty(0, np.bool_)
        self._pairs += np.bincount(rule, minlength=len(self._pairs))
        key, rule = key[fresh], rule[fresh]
        self._new += np.bincount(rule, minlength=len(self._new))
        left = key // self._size
        return Part(
            left=left.astype(np.int32),
            right=(key - left * self._size).astype(np.int32),
            rule=np.where(rule < len(self._rules), rule, -1).astype(np.int32),
            reached=1.0 if high >= self._size else high / self._size,
        )

    @property
    def yields(self) -> tuple[RuleYield, ...]:
        """What each rule brought, in the parts so far."""
        return tuple(
            RuleYield(
                rule=rule,
                pairs=int(self._pairs[place]),
                new_pairs=int(self._new[place]),
                capped=self._members[place].capped[:20],
                capped_blocks=len(self._members[place].capped),
            )
            for place, rule in enumerate(self._rules)
        )


def _members(rule: Rule, atoms: Mapping[str, Atom], size: int) -> _Members:
    record, _, lengths = _grouped(*rule_entries(rule, atoms), size)
    kept = (lengths >= 2) & (lengths <= rule.cap)
    inside = np.repeat(kept, lengths)
    last = np.cumsum(lengths[kept])
    reach = np.repeat(last, lengths[kept]) - 1 - np.arange(int(lengths[kept].sum()))
    return _Members(record[inside], reach.astype(np.int32), _over(lengths, rule.cap))


def block(rules: tuple[Rule, ...], atoms: Mapping[str, Atom], size: int) -> tuple[Integers, tuple[RuleYield, ...]]:
    """The candidate pairs of all rules at once.

    Returns:
        Sorted ``left * size + right``, each pair once; and what each rule brought.
    """
    blocking = Blocking(rules, atoms, size)
    found = [part.left.astype(np.int64) * size + part.right for part in blocking.parts()]
    return np.concatenate([np.empty(0, np.int64), *found]), blocking.yields
