"""A model that looks at itself: whether what it took for matches can be matches, and whether its odds can be trusted.

Plain EM is fine on most data and then collapses: its class of matches becomes the people of one area, or everybody. The
model here is built against that (`matching.kinship`); these checks say so where it happens all the same, or where the
data cannot carry a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from matching.arrays import Bools, Floats, Levels
from matching.classify import probability
from matching.comparison import Comparison
from matching.kinship import NAMES
from matching.reliability import reliability

__all__ = ["ModelWarning", "Seen", "check_model"]

_PERSONAL: Final = NAMES | {"birth", "identifier"}
"""Groups that tell people of one household or area apart."""
_THINGS: Final[dict[str, str]] = {
    "given": "name", "family": "name", "full_name": "name", "company": "company", "birth": "birth", "phone": "phone",
    "email": "email", "identifier": "identifier", "web": "web",
}  # fmt: skip
"""Group → the one thing that it tells of a customer; of a place only street and postcode tell anything."""
_TELLING_PLACES: Final = frozenset({"street", "postcode"})

_MATCHES: Final = 20.0  # to be expected before a share of them says anything
_KNOWN: Final = 0.1  # of the matches know a group that counts
_NEIGHBOURS: Final = 0.5  # of the matches that agree on the best of the personal groups; real ones agree far oftener
_PER_RECORD: Final = 25.0  # matches for each record: customers of fifty records on average
_CEILING: Final = 0.499  # the prior's bound is a half
_FEWEST_THINGS: Final = 2
_FILLED: Final = 0.2  # of the records at least, or a column tells of too few
_TOLD: Final = 1.5  # things that a record tells on average
_ERRORS: Final = 0.25  # expected wrong decisions for each expected match
_GAP: Final = 0.075  # of a bin's match probability to the pairs that clusters join: three quarters of what truth shows
_PAIRS: Final = 200  # in a bin, or it says nothing
_SHARE: Final = 0.02  # of all pairs, or it matters little


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWarning:
    """What is wrong with a model.

    Args:
        code: A key of the catalogue's area ``warnings``, whose sentence says what to do.
        facts: What fills the sentence; no customer's values.
    """

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a model is judged by.

    Args:
        comparisons: What is compared.
        filled: For each comparison, the share of records that have a value.
        records: How many there are.
        prior: The share of all pairs that match.
        matches: How many pairs that is.
        converged: Whether the estimation came to rest.
        levels: (K, A) levels of the pairs that are likely enough to be kept.
        odds: (K,) their natural log-odds.
        together: (K,) whether the two records are in one cluster.
    """

    comparisons: tuple[Comparison, ...]
    filled: Mapping[str, float]
    records: int
    prior: float
    matches: float
    converged: bool
    levels: Levels
    odds: Floats
    together: Bools


def check_model(seen: Seen) -> tuple[ModelWarning, ...]:
    """What is wrong with a model, gravest first; nothing where all is well."""
    checks = (_neighbourhood, _too_many, _few_attributes, _mostly_missing, _not_converged, _unsure)
    return tuple(found for check in checks for found in check(seen))


def _neighbourhood(seen: Seen) -> list[ModelWarning]:
    """The pairs taken for matches agree on where they live, and hardly on who they are."""
    chances = probability(seen.odds)
    total = float(chances.sum())
    if total < _MATCHES:
        return []
    shares = []
    for group in sorted({c.group for c in seen.comparisons} & _PERSONAL):
        known, agreed = _of_group(seen, group)
        if chances[known].sum() >= _KNOWN * total:
            shares.append(float(chances[agreed].sum() / chances[known].sum()))
    if not shares or max(shares) >= _NEIGHBOURS:
        return []
    return [ModelWarning(code="neighbourhood", facts={"share": f"{max(shares):.0%}"})]


def _of_group(seen: Seen, group: str) -> tuple[Bools, Bools]:
    """Which pairs know any comparison of a group, and which agree on one: by the upper half of its levels."""
    known = np.zeros(len(seen.levels), dtype=np.bool_)
    agreed = np.zeros(len(seen.levels), dtype=np.bool_)
    for a, comparison in enumerate(seen.comparisons):
        if comparison.group == group:
            level = seen.levels[:, a]
            known |= level > 0
            agreed |= (level > 0) & (level <= (len(comparison.levels) - 1) // 2)
    return known, agreed


def _too_many(seen: Seen) -> list[ModelWarning]:
    """More matches than the records could reasonably have, or as many as the estimation allows."""
    if seen.records < 2 or (seen.prior < _CEILING and seen.matches <= _PER_RECORD * seen.records):
        return []
    per_record = seen.matches / seen.records
    return [ModelWarning(code="too_many", facts={"per_record": f"{per_record:.1f}"})]


def _few_attributes(seen: Seen) -> list[ModelWarning]:
    things = [thing for thing, share in _things(seen).items() if share >= _FILLED]
    if len(things) >= _FEWEST_THINGS or seen.records < 2:
        return []
    return [ModelWarning(code="few_attributes", facts={"count": str(len(things))})]


def _mostly_missing(seen: Seen) -> list[ModelWarning]:
    things = _things(seen)
    told = sum(things.values())
    if len(things) <= _FEWEST_THINGS or told >= _TOLD or seen.records < 2:
        return []
    return [ModelWarning(code="mostly_missing", facts={"told": f"{told:.1f}", "things": str(len(things))})]


def _things(seen: Seen) -> dict[str, float]:
    """What tells customers apart, and the share of records that say it."""
    found: dict[str, float] = {}
    for comparison in seen.comparisons:
        place = "place" if comparison.role in _TELLING_PLACES else None
        thing = _THINGS.get(comparison.group, place)
        if thing:
            found[thing] = max(found.get(thing, 0.0), seen.filled[comparison.name])
    return found


def _not_converged(seen: Seen) -> list[ModelWarning]:
    return [] if seen.converged else [ModelWarning(code="not_converged")]


def _unsure(seen: Seen) -> list[ModelWarning]:
    """Too many pairs are neither likely nor unlikely, or whole clusters say something else than their pairs."""
    chances = probability(seen.odds)
    total = float(chances.sum())
    if total < _MATCHES:
        return []
    errors = float(np.minimum(chances, 1.0 - chances).sum())
    gap = reliability(chances, seen.together).worst(max(_PAIRS, round(_SHARE * len(chances))))
    if errors <= _ERRORS * total and gap <= _GAP:
        return []
    return [ModelWarning(code="unsure", facts={"errors": f"{errors:,.0f}", "matches": f"{total:,.0f}"})]
