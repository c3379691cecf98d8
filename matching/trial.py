"""Tries blocking rules on a sample of the records: which pairs each would find.

Single atoms are tried first, then pairs of atoms of different attributes. The pairs found are thinned alike for all
rules, by a hash of the pair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, product
from typing import Final

import numpy as np

from matching.arrays import Bools, Codes, Floats, Integers, Keys
from matching.atoms import Atom
from matching.block import Mixed, Rule, blocks_of, combined, mixed
from matching.cores import on_cores

__all__ = ["CAPS", "Trial", "try_rules"]

CAPS: Final = (12, 40, 150)
_UNIVERSE: Final = 200_000
_UNIT_BITS: Final = 14
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_RAW: Final = 10  # pairs for each record at most that one rule may bring
_CHEAP: Final = 0.3  # pairs for each record that are not worth narrowing down
_TASK: Final = 8  # rules tried in one go on a core


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
    telling: list[Integers] = [np.empty(0, dtype=np.int64)]
    for names, tried in _try_all(atoms, sampled, share):
        if len(names) == 1 and tried.tells(sampled, share):
            telling.append(tried.key)
        for place, limit in enumerate(CAPS):
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
    keep, weights = _worth_looking_at(pair[first], counts, np.isin(pair[first], np.concatenate(telling)))
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

    def tells(self, sampled: int, share: float) -> bool:
        """Whether so few pairs are found that there is no need to narrow them down."""
        return self.whole and len(self.key) <= _CHEAP * sampled * share


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
        if tried.tells(sampled, share):
            cheap.update(names)
        yield names, tried
    yield from each([names for names in pairs if cheap.isdisjoint(names)])


def _try(read: Sequence[tuple[Mixed, ...]], sampled: int, share: float) -> _Tried:
    """The pairs of a rule on the sample, each once, and which cap lets it in; caps that let in too many are out."""
    blocks = blocks_of(*combined(read), sampled, max(int((max(CAPS) - 1) * share) + 1, 2))
    # A block of b sampled records has about 1 + (b - 1) / share records in all; one of two any size up to that.
    estimated = 1 + (blocks.sizes - 1) / share
    cap = np.searchsorted(np.array(CAPS) * 1.01 + (1 / share if share < 1 else 0), estimated)
    most = _RAW * sampled * share
    fits = np.flatnonzero(np.cumsum(np.bincount(cap, minlength=len(CAPS))) <= most)
    inside = cap <= (fits[-1] if len(fits) else -1)
    key = blocks.left[inside].astype(np.int64) * sampled + blocks.right[inside]
    entry = np.sort((key << 3) | cap[inside])
    fresh = np.append(True, (entry[1:] >> 3) != (entry[:-1] >> 3)) if len(entry) else np.empty(0, np.bool_)
    return _Tried(entry[fresh] >> 3, entry[fresh] & 7, not blocks.capped and bool(inside.all()))


def _worth_looking_at(pair: Integers, counts: Integers, telling: Bools) -> tuple[Bools, Floats]:
    """Which pairs are looked at, and how many each stands for: likely matches all, of the others a share.

    Likely are those that many rules find, or one that finds few pairs at all, with which no others are tried.
    """
    tally = np.cumsum(np.bincount(counts)[::-1])[::-1]  # pairs that at least so many rules find
    many = int(np.searchsorted(-tally, -(_UNIVERSE // 2)))
    often = (counts >= many) | telling
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
