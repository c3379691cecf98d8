"""Blocking rules that a person has written: whether their atoms exist, and which come nearest where they do not."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from matching.atoms import readings_of
from matching.attributes import StandardAttribute
from matching.block import Rule
from matching.roles import ROLES
from schemas.errors import UsageError

__all__ = ["atom_names", "atoms_of", "check_rules", "nearest"]

_EITHER_NAME: Final = "either_name"


def atoms_of(attributes: Mapping[str, str]) -> tuple[str, ...]:
    """The atoms that attributes have.

    Args:
        attributes: Name → role.

    Example:
        >>> atoms_of({"tax_id": "identifier", "given_name": "given_name"})[:3]
        ('tax_id.exact', 'tax_id.ending', 'given_name.exact')
    """
    found = [f"{name}.{reading}" for name, role in attributes.items() for reading in readings_of(role)]
    if {"given_name", "family_name"} <= set(attributes.values()):
        found += [f"{_EITHER_NAME}.{reading}" for reading in readings_of(_EITHER_NAME)]
    return tuple(found)


def atom_names(columns: Iterable[str] = ()) -> tuple[str, ...]:
    """Every atom that there can be, where columns that no role is named after may be identifiers or categories."""
    own = {role: role for role in ROLES}
    return atoms_of({**{column: "identifier" for column in columns if column not in own}, **own})


def check_rules(rules: Iterable[Rule], attributes: Iterable[StandardAttribute]) -> None:
    """Complain of the first atom that these records do not have.

    Raises:
        UsageError: It names the atom and the nearest that there are.
    """
    known = atoms_of({a.name: a.role for a in attributes})
    for rule in rules:
        for name in rule.atoms:
            if name not in known:
                near = ", ".join(nearest(name, known))
                raise UsageError("matching.unknown_atom", atom=name, known=near)


def nearest(name: str, known: Collection[str]) -> list[str]:
    """The known atoms that come nearest to a name: those of its attribute, else by spelling; five at most."""
    attribute = name.partition(".")[0]
    of_attribute = [each for each in known if each.partition(".")[0] == attribute]
    return difflib.get_close_matches(name, of_attribute or known, n=5, cutoff=0.0)
