"""Chooses blocking rules by what they bring: expected new matches for their pairs, measured on a sample.

Every atom and every pair of atoms of different attributes is tried on a random sample of records. The pairs found are
thinned alike for all rules (by a hash of the pair), compared and given a first match probability. Then rules are bought
one by one, the most new matches for the new pairs first (greedy maximum coverage; Michelson & Knoblock 2006 and
Bilenko, Kamath & Mooney 2006 learn blocking schemes in this form), until the budget is spent or the best rule left
would bring next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from matching.arrays import Bools, Codes, Floats, Integers, Keys, distinct
from matching.atoms import Atom
from matching.block import Blocks, Rule, blocks_of, rule_entries

__all__ = ["Budget", "Trial", "choose_rules", "try_rules"]

_CAPS: Final = (12, 40, 120, 400)
_UNIVERSE: Final = 300_000
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_RAW: Final = 60  # pairs a sampled record at most for one rule to be tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What blocking may cost.

    Args:
        pairs_per_record: Candidate pairs at most, for each record.
        least_gain: Expected new matches for each new pair below which no rule is bought.
        sample: Records that rules are tried on.
        rule_cost: What running a rule costs, as pairs for each record.
    """

    pairs_per_record: float = 30.0
    least_gain: float = 0.0005
    sample: int = 60_000
    rule_cost: float = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the rules found on the sample.

    Args:
        rules: The rules tried, each with its smallest cap; greater caps follow as further rules.
        found: For each rule, the thinned pairs it finds, as positions in ``left`` and ``right``.
        left: (U,) positions of records, thinned pairs of all rules.
        right: (U,) likewise.
        scale: Pairs of the whole data that each thinned pair stands for.
    """

    rules: tuple[Rule, ...]
    found: tuple[Integers, ...]
    left: Codes
    right: Codes
    scale: float


def try_rules(atoms: Mapping[str, Atom], rows: Codes, size: int) -> Trial:
    """Runs every rule on the sampled records.

    Args:
        atoms: By name.
        rows: Positions of the sampled records, ascending.
        size: Records in all.
    """
    share = len(rows) / size
    kept: list[tuple[Rule, Integers]] = []
    sampled = len(rows)
    thinning = 1.0
    for names in _candidates(atoms, rows):
        wide = Rule(atoms=names, cap=max(_CAPS))
        limit = max(int((max(_CAPS) - 1) * share) + 1, 2)
        blocks = blocks_of(*rule_entries(wide, atoms, rows), sampled, limit)
        if not len(blocks.left):
            continue
        key, sizes = _thinned(blocks, sampled, thinning)
        estimated = 1 + (sizes - 1) / share
        before = -1
        for cap in _CAPS:
            # A block of two sampled records may be of any size up to two in the share sampled.
            unit = key[estimated <= cap * 1.01 + 1 / share * (share < 1)]
            if len(unit) <= _RAW * sampled * thinning and len(unit) > max(before, 0):
                kept.append((Rule(atoms=names, cap=cap), unit))
            before = len(unit)
        total = sum(len(u) for _, u in kept)
        while total > _UNIVERSE * 30:
            thinning /= 2
            kept = [(r, u[_thin(u, thinning)]) for r, u in kept]
            total = sum(len(u) for _, u in kept)
    universe = distinct(np.concatenate([u for _, u in kept])) if kept else np.empty(0, np.int64)
    while len(universe) > _UNIVERSE:
        thinning /= 2
        kept = [(r, u[_thin(u, thinning)]) for r, u in kept]
        universe = universe[_thin(universe, thinning)]
    return Trial(
        rules=tuple(r for r, _ in kept),
        found=tuple(np.searchsorted(universe, u) for _, u in kept),
        left=rows[(universe // sampled).astype(np.int64)],
        right=rows[(universe % sampled).astype(np.int64)],
        scale=1.0 / (thinning * share * share),
    )


def choose_rules(trial: Trial, probabilities: Floats, size: int, budget: Budget) -> tuple[Rule, ...]:
    """The rules worth their pairs, in the order they are bought.

    Args:
        trial: What the rules found.
        probabilities: (U,) a first match probability of each of the trial's pairs.
        size: Records in all.
        budget: What blocking may cost.
    """
    fixed = budget.rule_cost * size / trial.scale
    open_ = np.ones(len(trial.left), dtype=np.bool_)
    spent, chosen = 0.0, []
    gains = [(_gain(found, probabilities, open_, fixed), i) for i, found in enumerate(trial.found)]
    queue = sorted(((g, i) for g, i in gains), reverse=True)
    # Gains only shrink as pairs are covered, so a stale gain is an upper bound (lazy greedy; Minoux 1978).
    while queue:
        stale, i = queue.pop(0)
        gain = _gain(trial.found[i], probabilities, open_, fixed)
        if gain < budget.least_gain:
            if stale < budget.least_gain:
                break
            continue
        if queue and gain < queue[0][0]:
            _insert(queue, (gain, i))
            continue
        new = int(open_[trial.found[i]].sum())
        cost = new * trial.scale
        if spent + cost > budget.pairs_per_record * size:
            continue
        spent += cost
        open_[trial.found[i]] = False
        chosen.append(trial.rules[i])
    return _widest(chosen)


def _thinned(blocks: Blocks, size: int, share: float) -> tuple[Integers, Codes]:
    """The share of a rule's pairs that is looked at, each once and ascending, and the smallest block of each."""
    key = blocks.left.astype(np.int64) * size + blocks.right
    keep = _thin(key, share)
    key, sizes = key[keep], blocks.sizes[keep]
    order = np.argsort(key, kind="stable")
    key, sizes = key[order], sizes[order]
    first = np.append(True, key[1:] != key[:-1]) if len(key) else np.empty(0, np.bool_)
    return key[first], sizes[first]


def _candidates(atoms: Mapping[str, Atom], rows: Codes) -> list[tuple[str, ...]]:
    """Single atoms and pairs of atoms of different attributes that can tell records apart at all."""
    distinct = {name: _spread(atom.codes(rows)) for name, atom in atoms.items()}
    useful = [name for name, (share, _) in distinct.items() if share >= 0.005 or share * len(rows) >= 200]
    singles = [(name,) for name in useful if distinct[name][1] * 400 >= len(rows)]
    pairs = []
    for a, b in combinations(useful, 2):
        if atoms[a].attribute == atoms[b].attribute:
            continue
        if {atoms[a].attribute, atoms[b].attribute} & {"either_name"} and any(
            atoms[n].attribute.endswith(("given_name", "family_name")) for n in (a, b)
        ):
            continue
        if distinct[a][1] * distinct[b][1] * 400 >= len(rows):
            pairs.append((a, b))
    return [*singles, *pairs]


def _spread(slots: tuple[Codes, ...]) -> tuple[float, float]:
    """Share of records with a reading, and how many distinct readings there are in effect (inverse Simpson index)."""
    codes = np.concatenate(slots)
    codes = codes[codes >= 0]
    if not len(codes):
        return 0.0, 0.0
    counts = np.unique(codes, return_counts=True)[1].astype(np.float64)
    return len(codes) / len(slots[0]), float(counts.sum() ** 2 / (counts**2).sum())


def _thin(key: Integers, share: float) -> Bools:
    """A share of the pairs, the same ones for every rule."""
    if share >= 1:
        return np.ones(len(key), dtype=np.bool_)
    mixed: Keys = (key.astype(np.uint64) + np.uint64(1)) * _SPREAD
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed * _SPREAD) < np.uint64(int(share * (1 << 64))))


def _gain(found: Integers, probabilities: Floats, open_: Bools, fixed: float) -> float:
    fresh = open_[found]
    return float(probabilities[found][fresh].sum() / (fresh.sum() + fixed))


def _insert(queue: list[tuple[float, int]], entry: tuple[float, int]) -> None:
    low, high = 0, len(queue)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if queue[middle] > entry else (low, middle)
    queue.insert(low, entry)


def _widest(rules: list[Rule]) -> tuple[Rule, ...]:
    """Each combination of atoms once, at the greatest cap bought, where it was first bought."""
    caps: dict[tuple[str, ...], int] = {}
    for rule in rules:
        caps[rule.atoms] = max(rule.cap, caps.get(rule.atoms, 0))
    return tuple(Rule(atoms=names, cap=cap) for names, cap in caps.items())
