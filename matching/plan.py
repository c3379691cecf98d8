"""Chooses blocking rules by what they bring: expected new matches for their pairs, measured on a sample.

Every atom and every pair of atoms of different attributes is tried on a random sample of records. The pairs found are
thinned alike for all rules (by a hash of the pair), compared and given a first match probability. Then rules are bought
one by one, the most new matches for the new pairs first (greedy maximum coverage; Michelson & Knoblock 2006 and
Bilenko, Kamath & Mooney 2006 learn blocking schemes in this form), until the budget is spent or the best rule left
would bring next to nothing. Rules that bring few matches for their pairs are also tried with a third atom.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from matching.arrays import Floats, Integers
from matching.block import Rule
from matching.trial import CAPS, Trial

__all__ = ["Budget", "choose_rules", "usual_rules"]

_IDENTIFYING: Final = (
    "phone.ending", "email.exact", "email.local_part", "full_name.exact", "company_name.exact", "company_name.rarest",
)  # fmt: skip
_NAMING: Final = (
    "either_name.exact",
    "either_name.sound",
    "full_name.sound",
    "full_name.rarest",
    "company_name.rarest",
)
_PLACING: Final = (
    "birth_date.exact", "birth_date.month_and_day", "city.exact", "postcode.exact", "street.number_and_word",
)  # fmt: skip
_MEAGRE: Final = 0.1  # new matches for each new pair below which a rule is narrowed down by a third atom
_NARROWED: Final = 60  # rules at most that this is tried with
_NAMES: Final = frozenset({"given_name", "family_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What blocking may cost.

    Args:
        pairs_per_record: Candidate pairs at most, for each record.
        least_gain: Expected new matches for each new pair below which no rule is bought, from 100,000 records to a
            million; less where there are fewer, more where there are more.
        sample: Records that rules are tried on.
        rule_cost: What running a rule costs, as pairs for each record.
    """

    pairs_per_record: float = 30.0
    least_gain: float = 0.01
    sample: int = 50_000
    rule_cost: float = 0.05


def choose_rules(trial: Trial, probabilities: Floats, size: int, budget: Budget) -> tuple[Rule, ...]:
    """The rules worth their pairs, in the order they are bought.

    Args:
        trial: What the rules found.
        probabilities: (U,) a first match probability of each of the trial's pairs.
        size: Records in all.
        budget: What blocking may cost.
    """
    fixed = budget.rule_cost * size
    # Where there are few records time is short whatever is bought, and every match counts; where there are many
    # millions, pairs that bring next to nothing are hours.
    least = budget.least_gain * float(np.clip(size / 100_000, 0.05, 1.0)) * max(1.0, size / 1_000_000) ** 0.5
    worth = probabilities * trial.weights
    left = trial.weights.copy()  # 0 once a pair is covered
    spent, chosen = 0.0, []
    gains = [_gain(found, worth, left, fixed) for found in trial.found]
    trial = _narrowed(trial, gains, least)
    gains += [_gain(found, worth, left, fixed) for found in trial.found[len(gains) :]]
    queue = sorted(((gain, i) for i, gain in enumerate(gains)), reverse=True)
    # Gains only shrink as pairs are covered, so a stale gain is an upper bound (lazy greedy; Minoux 1978).
    while queue and queue[0][0] >= least:
        _, i = queue.pop(0)
        gain = _gain(trial.found[i], worth, left, fixed)
        if queue and gain < queue[0][0]:
            insort(queue, (gain, i), key=lambda entry: (-entry[0], -entry[1]))
            continue
        cost = float(left[trial.found[i]].sum())
        if gain < least or spent + cost > budget.pairs_per_record * size:
            continue
        spent += cost
        left[trial.found[i]] = 0.0
        chosen.append(trial.rules[i])
    return _widest(chosen)


def _narrowed(trial: Trial, gains: Sequence[float], least: float) -> Trial:
    """The trial, with a third atom beside the two of rules that bring some matches, but few for their pairs."""
    promising = [
        i
        for i, (rule, gain) in enumerate(zip(trial.rules, gains, strict=True))
        if len(rule.atoms) > 1 and least / 4 <= gain < _MEAGRE
    ]
    promising.sort(key=lambda i: (-gains[i], i))
    rules: dict[tuple[tuple[str, ...], int], Integers] = {}
    for i in promising[:_NARROWED]:
        rule, found = trial.rules[i], trial.found[i]
        for name, shared in trial.shared.items():
            if not any(_of_one_attribute(name, other) for other in rule.atoms):
                key = (tuple(sorted((*rule.atoms, name))), rule.cap)
                rules.setdefault(key, found[shared[found]])
    return replace(
        trial,
        rules=(*trial.rules, *(Rule(atoms=names, cap=cap) for names, cap in rules)),
        found=(*trial.found, *rules.values()),
    )


def _of_one_attribute(one: str, two: str) -> bool:
    """Whether two atoms read the same attribute; either name is the given and the family name."""
    first, second = one.partition(".")[0], two.partition(".")[0]
    return first == second or ("either_name" in (first, second) and {first, second} & _NAMES != set())


def usual_rules(atoms: Iterable[str], identifiers: Iterable[str]) -> tuple[Rule, ...]:
    """Rules for a model trained on too few records to measure any: what identifies, and names with a date or place.

    Args:
        atoms: Names of the atoms there are.
        identifiers: Names of the attributes that are identifiers.
    """
    decisive = tuple(f"{name}.exact" for name in identifiers)
    known = list(atoms)
    alone = [(name,) for name in known if name in decisive or name.endswith(_IDENTIFYING)]
    names = [name for name in known if name.endswith(_NAMING)]
    others = [name for name in known if name.endswith(_PLACING)]
    both = [(a, b) for a in names for b in others if a.split(".")[0] != b.split(".")[0]]
    return tuple(Rule(atoms=atoms, cap=CAPS[1]) for atoms in (*alone, *both))


def _gain(found: Integers, worth: Floats, left: Floats, fixed: float) -> float:
    """Expected new matches for each new pair, a rule itself costing ``fixed`` pairs."""
    fresh = left[found]
    return float((worth[found] * (fresh > 0)).sum() / (fresh.sum() + fixed))


def _widest(rules: list[Rule]) -> tuple[Rule, ...]:
    """Each combination of atoms once, at the greatest cap bought, where it was first bought."""
    caps: dict[tuple[str, ...], int] = {}
    for rule in rules:
        caps[rule.atoms] = max(rule.cap, caps.get(rule.atoms, 0))
    return tuple(Rule(atoms=names, cap=cap) for names, cap in caps.items())
