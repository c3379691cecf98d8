"""The candidate pairs of prepared records, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.atoms import make_atoms
from matching.block import Blocking, Part, Rule, RuleYield
from matching.prepare import Prepared
from matching.rarity import Rarity

__all__ = ["BlockingReport", "Candidates"]

_PART: Final = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockingReport:
    """What blocking did.

    Args:
        candidates: Candidate pairs in all.
        rules: What each rule brought, in order; empty where every pair was compared.
    """

    candidates: int
    rules: tuple[RuleYield, ...]


class Candidates:
    """Pairs of records that may be one customer.

    Args:
        prepared: The records.
        rules: Blocking rules.
        rarities: Of the attributes that rules read words of.
        everything: Whether every pair is a candidate, whatever the rules.
    """

    def __init__(
        self, prepared: Prepared, rules: tuple[Rule, ...], rarities: Mapping[str, Rarity], *, everything: bool
    ) -> None:
        self._prepared = prepared
        self._blocking: Blocking | None = None
        self._count = 0
        if not everything:
            wanted = frozenset(name for rule in rules for name in rule.atoms)
            atoms = make_atoms(prepared.attributes.values(), rarities, wanted)
            self._blocking = Blocking(rules, atoms, prepared.size, prepared.repeats)

    def parts(self) -> Iterator[Part]:
        """All candidates, each pair once, in parts that fit memory; only records of kinds that may be one."""
        self._count = 0
        for part in _every_pair(self._prepared.size) if self._blocking is None else self._blocking.parts():
            inside = self._prepared.comparable(part.left, part.right)
            some = part if inside.all() else _some(part, inside)
            self._count += len(some.left)
            yield some

    @property
    def report(self) -> BlockingReport:
        """What the parts so far held."""
        return BlockingReport(candidates=self._count, rules=self._blocking.yields if self._blocking else ())


def _some(part: Part, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Part:
    return replace(part, left=part.left[inside], right=part.right[inside], rule=part.rule[inside])


def _every_pair(size: int) -> Iterator[Part]:
    """Every pair there is, left < right, sorted."""
    step = max(_PART // max(size, 1), 1)
    for low in range(0, max(size - 1, 1), step):
        high = min(low + step, size)
        reach = size - 1 - np.arange(low, high)
        left = np.repeat(np.arange(low, high, dtype=np.int32), reach)
        right = left + 1 + (np.arange(len(left)) - np.repeat(np.cumsum(reach) - reach, reach)).astype(np.int32)
        reached = 1.0 if high >= size - 1 else high / size
        yield Part(left=left, right=right, rule=np.full(len(left), -1, dtype=np.int32), reached=reached)
