"""Pairs of records that share a blocking key, by sorting integers: each pair once, left < right."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from matching.arrays import Codes, Integers, Keys, distinct
from matching.atoms import Atom

__all__ = ["Blocks", "Rule", "block", "blocks_of", "rule_entries"]

_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_SECOND: Final = np.uint64(0xC2B2AE3D27D4EB4F)
_HIGH: Final = np.uint64(29)
_RULE_BITS: Final = 10
_WORKERS: Final = 2


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
    read = [atoms[name].codes() for name in rule.atoms]
    combinations: list[tuple[Codes, ...]] = [()]
    for slots in read:
        combinations = [(*c, slot) for c in combinations for slot in slots]
    records, keys = [], []
    for combination in combinations:
        present = combination[0] >= 0
        for codes in combination[1:]:
            present = present & (codes >= 0)
        found = np.flatnonzero(present).astype(np.int32)
        key = np.zeros(len(found), dtype=np.uint64)
        for codes in combination:
            key = (key ^ (codes[found].astype(np.uint64) + np.uint64(1))) * _SPREAD
            key = (key ^ (key >> _HIGH)) * _SECOND
        records.append(found)
        keys.append(key)
    return np.concatenate(records), np.concatenate(keys)


def blocks_of(records: Codes, keys: Keys, size: int, cap: int) -> Blocks:
    """The pairs of records with equal keys.

    Args:
        records: (E,) positions below ``size``.
        keys: (E,) hashes; only their upper bits are used (44 of them for a million records), and a collision costs no
            more than a needless candidate.
        size: How many records there are.
        cap: Records in a block at most.
    """
    bits = np.uint64(max(int(size - 1).bit_length(), 1))
    packed = np.sort(((keys >> bits) << bits) | records.astype(np.uint64))
    if len(packed):
        packed = packed[np.append(True, packed[1:] != packed[:-1])]
    group = packed >> bits
    record = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    edges = np.flatnonzero(np.append(True, group[1:] != group[:-1])) if len(group) else np.empty(0, np.int64)
    lengths = np.diff(np.append(edges, len(group)))
    kept = (lengths >= 2) & (lengths <= cap)
    left, right, sizes = _expand(record, edges[kept], lengths[kept])
    return Blocks(left=left, right=right, sizes=sizes, capped=tuple(np.sort(lengths[lengths > cap])[::-1].tolist()))


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


def block(rules: tuple[Rule, ...], atoms: Mapping[str, Atom], size: int) -> tuple[Integers, tuple[RuleYield, ...]]:
    """The candidate pairs of all rules.

    Returns:
        Sorted ``left * size + right``, each pair once; and what each rule brought.
    """

    def run(rule: Rule) -> tuple[Integers, tuple[int, ...]]:
        blocks = blocks_of(*rule_entries(rule, atoms), size, rule.cap)
        return distinct(blocks.left.astype(np.int64) * size + blocks.right), blocks.capped

    with ThreadPoolExecutor(_WORKERS) as pool:  # sorting lets go of the interpreter
        found_by_rule = list(pool.map(run, rules))
    counts = [len(pairs) for pairs, _ in found_by_rule]
    capped = [sizes for _, sizes in found_by_rule]
    keys = [(pairs << _RULE_BITS) | place for place, (pairs, _) in enumerate(found_by_rule)]
    every = np.sort(np.concatenate(keys)) if keys else np.empty(0, dtype=np.int64)
    found = every >> _RULE_BITS
    fresh = np.append(True, found[1:] != found[:-1]) if len(found) else np.empty(0, np.bool_)
    new = np.bincount(every[fresh] & ((1 << _RULE_BITS) - 1), minlength=len(rules))
    yields = tuple(
        RuleYield(rule=rule, pairs=count, new_pairs=int(fresh_ones), capped=sizes[:20], capped_blocks=len(sizes))
        for rule, count, fresh_ones, sizes in zip(rules, counts, new, capped, strict=True)
    )
    return found[fresh], yields


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
