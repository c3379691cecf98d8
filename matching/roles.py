"""What each column of a table means, from its header and from its values.

A header in one of several languages is read first; the values may overrule it (a column called ``Website`` that holds
yes and no is none), and decide alone where the header says nothing. Whatever names only this copy of the record, or how
it is handled, is no evidence of who the customer is, and is ignored. In a table whose headers say little (c0, c1, …, an
unknown language, none at all) values are believed sooner than in one whose other columns are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import pandas as pd
import pyarrow.compute as pc

from matching.contents import Contents, is_birth, likely, surely
from matching.standardise import CONVENTIONS
from matching.standardise.columns import header_words, texts
from matching.standardise.companies import COMPANY_WORDS
from matching.standardise.familiar import FAMILY_CHARACTERS
from matching.standardise.headers import role_of_header
from matching.standardise.samples import sample_columns

__all__ = ["ROLES", "ColumnRole", "infer_roles"]

ROLES: Final = (
    "full_name", "given_name", "middle_name", "family_name", "company_name", "birth_date", "phone", "email", "street",
    "district", "city", "state", "postcode", "country", "identifier", "category", "website", "date", "free_text",
    "ignore",
)  # fmt: skip

_NOTHING: Final = MappingProxyType[str, str]({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRole:
    """What one column means.

    Args:
        column: Its name.
        role: One of `ROLES`.
        reason: Why, as a key of the message catalogue's area ``roles``: ``override``, ``header``, ``values``,
            ``nearly_empty``, ``constant``, ``row_id``, ``long_text``, ``unknown``.
        convention: How the column writes dates or phone numbers (`matching.standardise.CONVENTIONS`), so that a frozen
            model reads a small export as it read the large one; absent, each frame's column is asked.
    """

    column: str
    role: str
    reason: str
    convention: str | None = field(default=None, compare=False)


_SHAPES: Final = MappingProxyType({  # role → what at least half of the values must look like
    "email": r"@",
    "website": r"(?i)^\s*(?:https?://|www\.)|^\s*[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?\s*$",
    "phone": r"(?:[\d*]\D{0,3}){5}",
    "birth_date": r"\d",
    "date": r"\d",
    "postcode": r"\d",
    "identifier": r"\d",
    "full_name": r"\p{L}",
    "given_name": r"\p{L}",
    "family_name": r"\p{L}",
    "company_name": r"\p{L}",
    "city": r"\p{L}\p{L}|\p{Han}",
    "street": r"\p{L}|^\s*\d+\s*$",
})  # fmt: skip
_WEAK_SHAPES: Final = (  # what shows a role where a good part of the values looks like it
    ("full_name", rf"^[{FAMILY_CHARACTERS}]\p{{Han}}{{1,2}}$", 0.7),
    ("company_name", COMPANY_WORDS, 0.3),
)
_WORDS: Final = frozenset({"full_name", "given_name", "middle_name", "family_name", "company_name", "city", "category"})
_NAMES: Final = frozenset({"full_name", "given_name", "family_name", "company_name"})


@dataclass(frozen=True, slots=True)
class _Found:
    """What a column was taken for, and why."""

    role: str
    reason: str


def infer_roles(frame: pd.DataFrame, overrides: Mapping[str, str] = _NOTHING) -> tuple[ColumnRole, ...]:
    """The role of each column; the order of rows or of columns does not matter.

    Args:
        frame: N records, each column text (other types are read as text).
        overrides: Column name → role, where a person has decided.

    Returns:
        One `ColumnRole` for each column, in their order.

    Example:
        >>> frame = pd.DataFrame({"imie": ["Anna", "Jan"], "contact": ["a@b.pl", "j@b.pl"]})
        >>> [(found.role, found.reason) for found in infer_roles(frame)]
        [('given_name', 'header'), ('email', 'values')]
    """
    names = [str(name) for name in frame.columns]
    columns = {place: texts(frame.iloc[:, place]) for place in range(len(names))}
    samples = sample_columns(columns)
    contents = [Contents(sample=samples[place], text=columns[place]) for place in range(len(names))]
    told = [_told(name, column) for name, column in zip(names, contents, strict=True)]
    decided = [
        _Found(overrides[name], "override") if name in overrides else found
        for name, found in zip(names, told, strict=True)
    ]
    silent = _is_silent(decided)
    found = [
        _by_values(column, silent=silent) if one is None else one for one, column in zip(decided, contents, strict=True)
    ]
    found = _settled(found, contents)
    return tuple(_finished(name, one, column) for name, one, column in zip(names, found, contents, strict=True))


def _told(name: str, column: Contents) -> _Found | None:
    """What the header says, if the values do not speak against it; else None."""
    role = role_of_header(header_words(name))
    if role == "own_number":
        return _own_number(column)
    if (role is None or role in _WORDS) and (sure := surely(column)):
        return _Found("birth_date" if sure == "date" and role is None and is_birth(column) else sure, "values")
    if role is None or (role in _SHAPES and column.share(_SHAPES[role]) < 0.5):
        return None
    return _name_or_category(role, column) if role in {"full_name", "company_name"} else _Found(role, "header")


def _by_values(column: Contents, *, silent: bool) -> _Found:
    """What the values alone show; numbers without a meaning are left out, words are a category or free text."""
    if sure := surely(column):
        return _Found(sure, "values")
    role = likely(column) if silent else None
    role = role or next((role for role, shape, share in _WEAK_SHAPES if column.share(shape) >= share), None)
    if role is None:
        return _nameless(column)
    if role == "row_id":
        return _Found("ignore", "row_id")
    return _Found(role, "long_text" if role == "free_text" else "values")


def _nameless(column: Contents) -> _Found:
    distinct = column.distinct
    if (
        distinct == len(column.sample)
        and column.share(r"^\s*[\w/.#-]*\d[\w/.#-]*\s*$") >= 0.9
        and column.different() == 1.0
    ):
        return _Found("ignore", "row_id")
    if column.share(r"^\s*[-+]?[\d.,%$€¥£\s]+$|^\s*(?i:yes|no|true|false|y|n|是|否|--)\s*$") >= 0.7:
        return _Found("ignore", "unknown")
    if column.length() > 60:
        return _Found("free_text", "long_text")
    return _Found("category" if distinct <= max(len(column.sample) // 10, 2) else "free_text", "unknown")


def _own_number(column: Contents) -> _Found:
    """A number that a system gave names this row if it is unique, another table's row if it often repeats.

    In between it names a customer whom several records share.
    """
    share = column.different()
    if share > 0.999:
        return _Found("ignore", "row_id")
    return _Found("identifier", "header") if share > 0.4 else _Found("ignore", "values")


def _name_or_category(role: str, column: Contents) -> _Found:
    """A "name" with a handful of values names a programme or a product, not a customer."""
    if len(column.sample) >= 200 and column.distinct < len(column.sample) / 50:
        return _Found("category", "values")
    if role == "full_name" and column.share(COMPANY_WORDS) >= 0.5:
        return _Found("company_name", "values")
    return _Found(role, "header")


def _is_silent(decided: list[_Found | None]) -> bool:
    """Whether headers say little: they name no customer, or not even half of the columns."""
    named = any(one and one.role in _NAMES for one in decided)
    return not named or sum(one is None for one in decided) > len(decided) / 2


def _settled(found: list[_Found], contents: list[Contents]) -> list[_Found]:
    """The roles seen together: "Name" beside "Vorname" is the family name, a lone "first name" of two words a full one.

    Of several columns that look like given names, all but the fullest are middle names. A few words of many kinds
    (``words``) are the names that the table lacks, beside names they are places. A guessed name that stands beside a
    fuller column's, on few rows, is somebody else's: a director's, a contact's.
    """
    for settle in (_lone_names, _middle_names, _other_peoples_names, _unfamiliar_words):
        roles = settle(tuple(one.role for one in found), tuple(one.reason for one in found), contents)
        found = [_Found(role, one.reason) for role, one in zip(roles, found, strict=True)]
    return found


def _lone_names(roles: tuple[str, ...], _reasons: tuple[str, ...], contents: list[Contents]) -> Iterable[str]:
    if "given_name" in roles and "family_name" not in roles:
        alone = [
            role == "full_name" and column.word_count() < 1.5 for role, column in zip(roles, contents, strict=True)
        ]
        if sum(alone) == 1:
            return ("family_name" if one else role for role, one in zip(roles, alone, strict=True))
    if not {"family_name", "full_name"} & set(roles):
        whole = [
            role == "given_name" and column.word_count() >= 1.8 for role, column in zip(roles, contents, strict=True)
        ]
        return ("full_name" if one else role for role, one in zip(roles, whole, strict=True))
    return roles


def _middle_names(roles: tuple[str, ...], reasons: tuple[str, ...], contents: list[Contents]) -> Iterable[str]:
    looks = [place for place, role in enumerate(roles) if role == "given_name" and reasons[place] == "values"]
    further = sorted(looks, key=lambda place: (contents[place].text.null_count, -contents[place].distinct))[1:]
    return ("middle_name" if place in further else role for place, role in enumerate(roles))


def _other_peoples_names(roles: tuple[str, ...], reasons: tuple[str, ...], contents: list[Contents]) -> Iterable[str]:
    named = [place for place, role in enumerate(roles) if role in _NAMES]
    if not named:
        return roles
    fullest = min(named, key=lambda place: (contents[place].text.null_count, -contents[place].distinct))
    bare = pc.is_null(contents[fullest].text)
    others = {
        place
        for place in named
        if reasons[place] == "values"
        and contents[place].filled * 4 < contents[fullest].filled
        and pc.and_(pc.is_valid(contents[place].text), bare).true_count * 10 < contents[place].filled
    }
    return ("free_text" if place in others else role for place, role in enumerate(roles))


def _unfamiliar_words(roles: tuple[str, ...], _reasons: tuple[str, ...], contents: list[Contents]) -> Iterable[str]:
    """Single words: the family name if that is lacking (of most kinds), the given name, else places.

    Several words: an organisation or a person, where there is no other name; else free text.
    """
    words = [place for place, role in enumerate(roles) if role == "words"]
    words.sort(key=lambda place: (-contents[place].distinct, contents[place].text.null_count))
    several = [place for place in words if contents[place].word_count() >= 1.7]
    single = [place for place in words if place not in several]
    kinds = {**dict.fromkeys(single, "city"), **dict.fromkeys(several, "free_text")}
    if not {"full_name", "company_name"} & set(roles):
        lacking = [role for role in ("family_name", "given_name") if role not in roles]
        kinds |= dict(zip(single, lacking, strict=False))
        if not {*kinds.values(), *roles} & _NAMES:
            kinds |= dict.fromkeys(several[:1], "company_name")
    return (kinds.get(place, role) for place, role in enumerate(roles))


def _finished(name: str, found: _Found, column: Contents) -> ColumnRole:
    """The role with what the column is read for; columns that cannot help are left out."""
    role, reason = found.role, found.reason
    if reason != "override" and role not in {"ignore", "free_text"} and (empty := _says_nothing(role, column)):
        role, reason = "ignore", empty
    convention = CONVENTIONS[role](column.sample) if role in CONVENTIONS else None
    return ColumnRole(column=name, role=role, reason=reason, convention=convention)


def _says_nothing(role: str, column: Contents) -> str | None:
    """Why a column cannot help: too few values, or always the same one."""
    decisive = role in {"identifier", "email", "phone", "birth_date"}
    if len(column.sample) < 2 or (column.filled < len(column.text) / 100 and not decisive):
        return "nearly_empty"
    if len(column.sample) >= 20 and column.distinct == 1:
        return "constant"
    return None
