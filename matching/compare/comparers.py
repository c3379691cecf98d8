"""The comparer of each kind of attribute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

import pyarrow as pa

from matching.arrays import Codes, Levels
from matching.compare.codes import CategoryComparer, IdentifierComparer, PlaceComparer, PostcodeComparer
from matching.compare.companies import CompanyComparer
from matching.compare.contacts import EmailComparer, PhoneComparer
from matching.compare.dates import DateComparer
from matching.compare.names import NameComparer
from matching.compare.texts import FullNameComparer, TextComparer
from matching.rarity import Rarity

__all__ = ["Comparer", "comparer"]


class Comparer(Protocol):
    """Knows the level of each pair of different, present values of one attribute."""

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of codes."""
        ...


def comparer(kind: str, values: pa.StringArray, rarity: Rarity | None) -> Comparer:
    """The comparer for an attribute's distinct values; texts and whole names need their rarity."""
    if kind == "text" and rarity is not None:
        return TextComparer(values, rarity)
    if kind == "company" and rarity is not None:
        return CompanyComparer(values, rarity)
    if kind == "full_name" and rarity is not None:
        return FullNameComparer(values, rarity)
    return _PLAIN[kind](values)


_PLAIN: Final[dict[str, Callable[[pa.StringArray], Comparer]]] = {
    "name": NameComparer,
    "date": DateComparer,
    "phone": PhoneComparer,
    "email": EmailComparer,
    "place": PlaceComparer,
    "postcode": PostcodeComparer,
    "identifier": IdentifierComparer,
    "category": CategoryComparer,
}
