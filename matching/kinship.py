"""Pairs that agree on much without being the same: neighbours, households, twins, namesakes, shared premises.

In the model of Fellegi & Sunter (1969) a pair is either a match or agrees by chance alone. Real populations hold other
pairs too: two people of one household agree on surname, address and phone at once. Fitted with two classes, EM takes
such a crowd for the matches. Here each crowd is a class of its own: its pairs agree on the groups named as matches do,
and by chance on the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from matching.arrays import Floats
from matching.comparison import Comparison

__all__ = ["CROWDS", "DECISIVE", "Crowd", "Crowds", "crowds"]

# Groups whose values belong to one customer, or nearly so.
DECISIVE: Final = frozenset({"identifier", "phone", "email"})
NAMES: Final = frozenset({"given", "full_name", "company"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """One kind of pairs that agree without matching.

    Args:
        shares: Groups of comparisons that its pairs agree on as matches do.
        differs: What tells its pairs from matches: without one of these groups there is no such crowd.
        most: How many there can be for each match. Twins are rare: where EM sees many, they are matches with one wrong
            name.
        least: How many there are for each match where matches are few: in a small table none may show.
        needs: Groups without which there is no such crowd.
    """

    shares: frozenset[str]
    differs: frozenset[str]
    most: float = np.inf
    least: float = 0.0
    needs: frozenset[str] = frozenset()


CROWDS: Final[dict[str, Crowd]] = {
    "neighbours": Crowd(shares=frozenset({"place"}), differs=NAMES | {"birth"}),
    "household": Crowd(
        shares=frozenset({"place", "family", "phone"}), differs=frozenset({"given", "full_name", "birth"})
    ),
    "twins": Crowd(shares=frozenset({"place", "family", "phone", "birth"}), differs=frozenset({"given"}), most=0.03),
    "father_and_son": Crowd(
        shares=frozenset({"place", "given", "family", "full_name", "phone"}), differs=frozenset({"birth"}), most=0.05
    ),
    "namesakes": Crowd(
        shares=frozenset({"given", "middle", "family", "full_name", "trait"}),
        differs=frozenset({"birth", "place", "phone", "email"}),
        most=0.2,
    ),
    "premises": Crowd(shares=frozenset({"place", "phone", "web"}), differs=NAMES),
    "chain": Crowd(
        shares=frozenset({"company", "web"}),
        differs=frozenset({"place", "phone", "email"}),
        needs=frozenset({"company"}),
    ),
    "branches": Crowd(
        shares=frozenset({"company", "web", "email", "phone"}),
        differs=frozenset({"place"}),
        most=0.2,
        needs=frozenset({"company"}),
    ),
    "colleagues": Crowd(
        shares=frozenset({"company", "web", "place", "phone"}), differs=frozenset({"given", "full_name"})
    ),
    "family_mailbox": Crowd(
        shares=frozenset({"place", "family", "phone", "email"}),
        differs=frozenset({"given", "full_name", "birth"}),
        most=0.1,
        least=0.1,
    ),
    "office_mailbox": Crowd(
        shares=frozenset({"company", "web", "place", "phone", "email"}),
        differs=frozenset({"given", "full_name"}),
        most=0.1,
        least=0.1,
    ),
    "firms_of_one_office": Crowd(
        shares=frozenset({"place", "phone", "web", "email"}), differs=frozenset({"company"}), most=0.1, least=0.1
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowds:
    """The C crowds that some comparisons can tell from matches.

    Args:
        names: Their names.
        shared: (C, A) 0/1: which comparisons the pairs of a crowd share.
        most: (C,) how many pairs there can be for each match.
        least: (C,) how many there are for each match where matches are few.
        place: (A,) 0/1: which comparisons tell of a place that a customer may have moved from.
    """

    names: tuple[str, ...]
    shared: Floats
    most: Floats
    least: Floats
    place: Floats


@cache
def crowds(comparisons: tuple[Comparison, ...]) -> Crowds:
    """The crowds that these comparisons can tell from matches; of two that share the same comparisons the first."""
    rows: dict[tuple[bool, ...], str] = {}
    groups = {c.group for c in comparisons}
    for name, crowd in CROWDS.items():
        row = tuple(c.group in crowd.shares for c in comparisons)
        core = groups & crowd.shares - {"trait", "middle"}
        if core and groups & crowd.differs and crowd.needs <= groups and row not in rows:
            rows[row] = name
    return Crowds(
        names=tuple(rows.values()),
        shared=np.array(list(rows), dtype=np.float64).reshape(len(rows), len(comparisons)),
        most=np.array([CROWDS[name].most for name in rows.values()]),
        least=np.array([CROWDS[name].least for name in rows.values()]),
        place=np.array([float(c.group == "place" and bool(groups & {"given", "full_name"})) for c in comparisons]),
    )
