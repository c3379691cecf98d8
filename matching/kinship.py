"""Pairs that agree on much without being the same: neighbours, households, twins, namesakes, shared premises.

In the model of Fellegi & Sunter (1969) a pair is either a match or agrees by chance alone. Real populations hold other
pairs too: two people of one household agree on surname, address and phone at once. Fitted with two classes, EM takes
such a crowd for the matches. Here each crowd is a class of its own: its pairs agree on the groups named as matches do,
and by chance on the rest.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from matching.arrays import Floats
from matching.comparison import Comparison

__all__ = ["CROWDS", "crowds"]

CROWDS: Final[dict[str, frozenset[str]]] = {
    "neighbours": frozenset({"place"}),
    "household": frozenset({"place", "family", "phone"}),
    "twins": frozenset({"place", "family", "phone", "birth"}),
    "father_and_son": frozenset({"place", "given", "family", "full_name", "phone"}),
    "namesakes": frozenset({"given", "middle", "family", "full_name", "trait"}),
    "premises": frozenset({"place", "phone", "web"}),
    "chain": frozenset({"company", "web", "email"}),
    "colleagues": frozenset({"company", "web", "place", "phone"}),
}


def crowds(comparisons: tuple[Comparison, ...]) -> tuple[tuple[str, ...], Floats]:
    """The crowds that these comparisons can tell apart from matches.

    Returns:
        Their names, and a (C, A) array of 0/1: which comparisons the pairs of a crowd share. A crowd that shares all or
        none of the comparisons, or the same ones as an earlier crowd, is left out.
    """
    names: list[str] = []
    rows: list[tuple[bool, ...]] = []
    for name, groups in CROWDS.items():
        row = tuple(c.group in groups for c in comparisons)
        # Traits such as gender cannot alone tell a twin from a match.
        rest = {c.group for c, shared in zip(comparisons, row, strict=True) if not shared} - {"trait", "middle"}
        core = {c.group for c, shared in zip(comparisons, row, strict=True) if shared} - {"trait", "middle"}
        if core and rest and row not in rows:
            names.append(name)
            rows.append(row)
    return tuple(names), np.array(rows, dtype=np.float64).reshape(len(rows), len(comparisons))
