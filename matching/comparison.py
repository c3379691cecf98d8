"""What is compared, and the levels that each comparison can reach.

A comparison looks at one attribute of two records and says which of a few ordered levels they reach. Level 0 is always
*missing* (no evidence), level 1 *exact*, the last level *other* (no agreement).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from matching.attributes import StandardAttribute

__all__ = ["KINDS", "WORDED", "Comparison", "Kind", "plan_comparisons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way of comparing: its levels and what is expected of them before any data is seen.

    Args:
        levels: Names of the levels, from 1 (exact) on.
        matched: m, the expected share of each level among true matches; sums to 1. A weak prior of the estimation.
        chance: The expected share of pairs of two customers that agree exactly; it counts where there are few records.
    """

    levels: tuple[str, ...]
    matched: tuple[float, ...]
    chance: float


KINDS: Final[dict[str, Kind]] = {
    "name": Kind(
        levels=("exact", "one_edit", "similar", "initial", "loosely_similar", "swapped", "crossed", "other"),
        matched=(0.68, 0.10, 0.07, 0.02, 0.03, 0.02, 0.02, 0.06),
        chance=0.005,
    ),
    "full_name": Kind(
        levels=("exact", "same_words", "near", "contained", "similar", "related", "other"),
        matched=(0.64, 0.08, 0.10, 0.05, 0.04, 0.03, 0.06),
        chance=3e-4,
    ),
    "date": Kind(
        levels=("exact", "one_edit", "two_parts", "same_year", "near_year", "other"),
        matched=(0.82, 0.08, 0.03, 0.02, 0.01, 0.04),
        chance=1e-4,
    ),
    "phone": Kind(levels=("exact", "same_ending", "one_edit", "other"), matched=(0.76, 0.04, 0.06, 0.14), chance=1e-4),
    "email": Kind(
        levels=("exact", "one_edit", "same_local_part", "other"), matched=(0.76, 0.07, 0.04, 0.13), chance=1e-4
    ),
    "text": Kind(
        levels=("exact", "same_words", "near", "contained", "similar", "other_number", "related", "other"),
        matched=(0.52, 0.08, 0.12, 0.06, 0.05, 0.02, 0.04, 0.11),
        chance=1e-4,
    ),
    "company": Kind(
        levels=("exact", "same_words", "near", "contained", "similar", "related", "other"),
        matched=(0.52, 0.08, 0.12, 0.06, 0.05, 0.04, 0.13),
        chance=1e-4,
    ),
    "place": Kind(levels=("exact", "near", "contained", "other"), matched=(0.76, 0.07, 0.03, 0.14), chance=0.03),
    "postcode": Kind(
        levels=("exact", "one_edit", "same_area", "other"), matched=(0.70, 0.08, 0.07, 0.15), chance=0.003
    ),
    "identifier": Kind(levels=("exact", "one_edit", "other"), matched=(0.90, 0.05, 0.05), chance=1e-4),
    "category": Kind(levels=("exact", "other"), matched=(0.90, 0.10), chance=0.3),
}

WORDED: Final = frozenset({"text", "company", "full_name"})
"""Kinds of comparisons that need to know how rare words are."""

# role -> (kind, group). The group says what the attribute shares with others: people of one area, of one family, ...
_ROLES: Final[dict[str, tuple[str, str]]] = {
    "full_name": ("full_name", "full_name"),
    "given_name": ("name", "given"),
    "middle_name": ("name", "middle"),
    "family_name": ("name", "family"),
    "company_name": ("company", "company"),
    "birth_date": ("date", "birth"),
    "phone": ("phone", "phone"),
    "email": ("email", "email"),
    "street": ("text", "place"),
    "district": ("place", "place"),
    "city": ("place", "place"),
    "state": ("place", "place"),
    "postcode": ("postcode", "place"),
    "country": ("place", "place"),
    "identifier": ("identifier", "identifier"),
    "category": ("category", "trait"),
    "website": ("category", "web"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One attribute, how it is compared, and what it tells of.

    Args:
        name: The attribute's name.
        kind: A key of `KINDS`.
        role: The attribute's role.
        group: What it tells of: given, family, birth, place, phone, company, …; see `matching.kinship`.
    """

    name: str
    kind: str
    role: str
    group: str

    @property
    def levels(self) -> tuple[str, ...]:
        """Names of all levels, *missing* first."""
        return ("missing", *KINDS[self.kind].levels)


def plan_comparisons(attributes: Iterable[StandardAttribute]) -> tuple[Comparison, ...]:
    """One comparison for each attribute whose role says something about identity, in the order given."""
    return tuple(
        Comparison(name=a.name, kind=_ROLES[a.role][0], role=a.role, group=_ROLES[a.role][1])
        for a in attributes
        if a.role in _ROLES
    )
