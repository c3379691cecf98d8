"""Chooses blocking rules by what they bring: expected new matches for their pairs, measured on a sample.

Every atom and every pair of atoms of different attributes is tried on a random sample of records. The pairs found are
thinned alike for all rules (by a hash of the pair), compared and given a first match probability. Then rules are bought
one by one, the most new matches for the new pairs first (greedy maximum coverage; Michelson & Knoblock 2006 and
Bilenko, Kamath & Mooney 2006 learn blocking schemes in this form), until the budget is spent or the best rule left
would bring next to nothing.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations, product
from typing import Final

import numpy as np

from matching.arrays import Bools, Codes, Floats, Integers, Keys
from matching.atoms import Atom
from matching.block import Mixed, Rule, blocks_of, combined, mixed
from matching.cores import on_cores

__all__ = ["Budget", "Trial", "choose_rules", "try_rules", "usual_rules"]

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
_CAPS: Final = (12, 40, 150)
_UNIVERSE: Final = 200_000
_UNIT_BITS: Final = 14
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_RAW: Final = 10  # pairs for each record at most that one rule may bring
_CHEAP: Final = 0.3  # pairs for each record that are not worth narrowing down
_MEAGRE: Final = 0.1  # new matches for each new pair below which a rule is narrowed down by a third atom
_NARROWED: Final = 60  # rules at most that this is tried with
_NAMES: Final = frozenset({"given_name", "family_name"})
_TASK: Final = 8  # rules tried in one go on a core


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the rules found on the sample.

    Args:
        rules: The rules tried; one combination of atoms with several caps counts as several rules.
        found: For each rule, the pairs it finds, as positions in ``left`` and ``right``.
        left: (U,) positions of records, each less than its right.
        right: (U,) likewise.
        weights: (U,) pairs of the whole data that each pair stands for.
        shared: For each atom, (U,) which pairs share it.
    """

    rules: tuple[Rule, ...]
    found: tuple[Integers, ...]
    left: Codes
    right: Codes
    weights: Floats
    shared: Mapping[str, Bools] = field(default_factory=dict)


def try_rules(atoms: Mapping[str, Atom], rows: Codes, size: int) -> Trial:
    """Runs every rule on the sampled records.

    Pairs that many rules find are likely matches and are all looked at; of the others a share, weighted up.

    Args:
        atoms: By name, of the sampled records alone.
        rows: Positions of the sampled records among all, ascending.
        size: Records in all.
    """
    share, sampled = len(rows) / size, len(rows)
    units: list[Rule] = []
    entries: list[Integers] = []
    for names, tried in _try_all(atoms, sampled, share):
        for place, limit in enumerate(_CAPS):
            inside = tried.cap == place
            if inside.any():
                entries.append((tried.key[inside] << _UNIT_BITS) | len(units))
                units.append(Rule(atoms=names, cap=limit))
    if not entries:
        return Trial(rules=(), found=(), left=rows[:0], right=rows[:0], weights=np.empty(0))
    every = np.sort(np.concatenate(entries))
    pair = every >> _UNIT_BITS
    first = np.flatnonzero(np.append(True, pair[1:] != pair[:-1]))
    counts = np.diff(np.append(first, len(pair)))
    keep, weights = _worth_looking_at(pair[first], counts)
    entry = np.repeat(keep, counts)
    position = np.repeat(np.cumsum(keep) - 1, counts)[entry]
    unit = every[entry] & ((1 << _UNIT_BITS) - 1)
    order = np.argsort(unit, kind="stable")
    found = np.split(position[order], np.searchsorted(unit[order], np.arange(1, len(units))))
    chosen = pair[first][keep]
    return Trial(
        rules=tuple(units),
        found=_cumulative(units, found),
        left=rows[chosen // sampled],
        right=rows[chosen % sampled],
        weights=weights[keep] / share**2,
        shared=_shared(atoms, chosen // sampled, chosen % sampled),
    )


def _shared(atoms: Mapping[str, Atom], left: Integers, right: Integers) -> dict[str, Bools]:
    """For each atom, which pairs of sampled records share it."""

    def of(atom: Atom) -> Bools:
        found = np.zeros(len(left), dtype=np.bool_)
        for one, two in product(atom.codes(), repeat=2):
            found |= (one[left] == two[right]) & (one[left] >= 0)
        return found

    return dict(zip(atoms, on_cores(of, atoms.values()), strict=True))


@dataclass(frozen=True, slots=True)
class _Tried:
    """The pairs that some atoms find on the sample.

    Args:
        key: ``left * sampled + right`` of each pair, once.
        cap: The place of the cap that lets it in.
        whole: Whether these are all pairs that share the atoms: no block is too big.
    """

    key: Integers
    cap: Integers
    whole: bool


def _try_all(atoms: Mapping[str, Atom], sampled: int, share: float) -> Iterator[tuple[tuple[str, ...], _Tried]]:
    """Tries single atoms, then pairs of atoms; one that finds few pairs alone is not narrowed down by another."""
    read = dict(zip(atoms, on_cores(mixed, atoms.values()), strict=True))

    def run(some: Sequence[tuple[str, ...]]) -> list[_Tried]:
        return [_try([read[name] for name in names], sampled, share) for names in some]

    def each(wanted: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], _Tried]]:
        tasks = [wanted[start : start + _TASK] for start in range(0, len(wanted), _TASK)]
        return zip(wanted, chain.from_iterable(on_cores(run, tasks)), strict=True)

    singles, pairs = _candidates(atoms, sampled)
    cheap: set[str] = set()
    for names, tried in each(singles):
        if tried.whole and len(tried.key) <= _CHEAP * sampled * share:
            cheap.update(names)
        yield names, tried
    yield from each([names for names in pairs if cheap.isdisjoint(names)])


def _try(read: Sequence[tuple[Mixed, ...]], sampled: int, share: float) -> _Tried:
    """The pairs of a rule on the sample, each once, and which cap lets it in; caps that let in too many are out."""
    blocks = blocks_of(*combined(read), sampled, max(int((max(_CAPS) - 1) * share) + 1, 2))
    # A block of b sampled records has about 1 + (b - 1) / share records in all; one of two any size up to that.
    estimated = 1 + (blocks.sizes - 1) / share
    cap = np.searchsorted(np.array(_CAPS) * 1.01 + (1 / share if share < 1 else 0), estimated)
    most = _RAW * sampled * share
    fits = np.flatnonzero(np.cumsum(np.bincount(cap, minlength=len(_CAPS))) <= most)
    inside = cap <= (fits[-1] if len(fits) else -1)
    key = blocks.left[inside].astype(np.int64) * sampled + blocks.right[inside]
    entry = np.sort((key << 3) | cap[inside])
    fresh = np.append(True, (entry[1:] >> 3) != (entry[:-1] >> 3)) if len(entry) else np.empty(0, np.bool_)
    return _Tried(entry[fresh] >> 3, entry[fresh] & 7, not blocks.capped and bool(inside.all()))


def _worth_looking_at(pair: Integers, counts: Integers) -> tuple[Bools, Floats]:
    """Which pairs are looked at, and how many each stands for: all that many rules find, a share of the others."""
    tally = np.cumsum(np.bincount(counts)[::-1])[::-1]  # pairs that at least so many rules find
    many = int(np.searchsorted(-tally, -(_UNIVERSE // 2)))
    often = counts >= many
    rest = int((~often).sum())
    share = min(_UNIVERSE / 2 / max(rest, 1), 1.0)
    keep = often | _thin(pair, share)
    return keep, np.where(often, 1.0, 1.0 / share)


def _cumulative(units: list[Rule], found: list[Integers]) -> tuple[Integers, ...]:
    """A greater cap also finds what the smaller caps of the same atoms do."""
    whole: list[Integers] = []
    for place, unit in enumerate(units):
        again = place > 0 and units[place - 1].atoms == unit.atoms
        whole.append(np.concatenate([whole[-1], found[place]]) if again else found[place])
    return tuple(whole)


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
    return tuple(Rule(atoms=atoms, cap=_CAPS[1]) for atoms in (*alone, *both))


def _candidates(atoms: Mapping[str, Atom], sampled: int) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Single atoms and pairs of atoms of different attributes that can tell records apart at all."""
    distinct = {name: _spread(atom.codes()) for name, atom in atoms.items()}
    useful = [name for name, (share, _) in distinct.items() if share >= 0.005 or share * sampled >= 200]
    singles: list[tuple[str, ...]] = [(name,) for name in useful if distinct[name][1] * 400 >= sampled]
    pairs: list[tuple[str, ...]] = []
    for a, b in combinations(useful, 2):
        if atoms[a].attribute == atoms[b].attribute:
            continue
        if {atoms[a].attribute, atoms[b].attribute} & {"either_name"} and any(
            atoms[n].attribute.endswith(("given_name", "family_name")) for n in (a, b)
        ):
            continue
        if distinct[a][1] * distinct[b][1] * 400 >= sampled:
            pairs.append((a, b))
    return singles, pairs


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
