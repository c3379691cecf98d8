"""From columns to attributes: what the records say, in standard form, as integer codes.

Each column is dictionary-encoded once; only its distinct values are standardised. Columns that tell of the same thing
(phone, mobile, other phone; the two numbers in one cell) become slots of one attribute; what is written together (a
full name, a whole address) is taken apart and fills the attributes that have nothing of their own.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.roles import ColumnRole
from matching.standardise import standardise
from matching.standardise.addresses import contract, split_addresses
from matching.standardise.categories import standardise_genders, standardise_kinds
from matching.standardise.columns import Column, encode
from matching.standardise.companies import LEGAL_FORM
from matching.standardise.emails import split_emails
from matching.standardise.names import split_full_names
from matching.standardise.phones import split_phones
from matching.standardise.readings import Reading, read
from matching.standardise.text import drop_blank, matches

__all__ = ["StandardAttribute", "standardise_records"]

_WORKERS: Final = 2
_PERSONAL: Final = ("given_name", "middle_name", "family_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardAttribute:
    """One thing that records say about the customer.

    Args:
        name: What it is, such as ``given_name``, ``phone`` or ``passport``; unique.
        role: One of `matching.roles.ROLES`: how its values are compared.
        slots: One int32 array (N,) for each column, or each place in a cell, that feeds it: codes into ``values``, −1
            where a record says nothing.
        values: The distinct standard values.
    """

    name: str
    role: str
    slots: tuple[np.ndarray, ...]
    values: pa.StringArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slot:
    """What one column gives to one attribute; its values are standard, some may be missing or alike.

    ``fills`` says that it was taken out of a whole (a full name, an address) and gives way to a column of its own.
    """

    attribute: str
    role: str
    column: Column
    fills: bool = False


def standardise_records(frame: pd.DataFrame, roles: tuple[ColumnRole, ...]) -> tuple[StandardAttribute, ...]:
    """The attributes of all records.

    Args:
        frame: N records.
        roles: What each column means, as `matching.roles.infer_roles` or a person says; columns that the frame lacks
            are passed over.

    Returns:
        Attributes in the order of their first column. One that no record fills is absent: a frozen model takes an
        attribute it does not find for missing in every record.
    """
    readings = read(frame, roles)
    with ThreadPoolExecutor(_WORKERS) as pool:
        slots = [slot for found in pool.map(_slots, readings) for slot in found]
        groups = [
            [slot for slot in slots if slot.attribute == name] for name in dict.fromkeys(s.attribute for s in slots)
        ]
        attributes = tuple(pool.map(_attribute, groups))
    attributes = _without_own_names(attributes)
    return tuple(attribute for attribute in attributes if attribute.slots)


def _slots(reading: Reading) -> list[_Slot]:
    """What a column gives: to its own attribute, and to others where its values hold several things."""
    column = encode(reading.text)
    if reading.role == "full_name":
        return _from_full_names(column)
    if reading.attribute == "street":
        return _from_addresses(column)
    if reading.role == "phone":
        several = [standardise("phone", part, reading.convention) for part in split_phones(column.distinct)]
    elif reading.role == "email":
        several = [standardise("email", part) for part in split_emails(column.distinct)]
    elif reading.attribute == "gender":
        several = [standardise_genders(column.distinct)]
    elif reading.attribute == "kind":
        several = [standardise_kinds(column.distinct)]
    else:
        several = [standardise(reading.role, column.distinct, reading.convention)]
    return [
        _Slot(attribute=reading.attribute, role=reading.role, column=Column(codes=column.codes, distinct=values))
        for values in several
    ]


def _from_full_names(column: Column) -> list[_Slot]:
    """Given, middle and family name of people; the whole of what is plainly a company's name."""
    raw = drop_blank(column.distinct)
    company = matches(raw, LEGAL_FORM)
    none = pa.scalar(None, pa.string())
    parts = split_full_names(pc.if_else(company, none, raw))
    found = {"given_name": parts.given, "middle_name": parts.middle, "family_name": parts.family}
    found["company_name"] = pc.if_else(company, raw, none)
    return [_filling(name, column, values) for name, values in found.items() if values.null_count < len(values)]


def _from_addresses(column: Column) -> list[_Slot]:
    """The street line, and what else a whole address holds."""
    parts = split_addresses(drop_blank(column.distinct))
    street = Column(codes=column.codes, distinct=drop_blank(contract(parts.street)))
    others = {name: getattr(parts, name) for name in ("district", "city", "state", "postcode", "country")}
    return [
        _Slot(attribute="street", role="street", column=street),
        *(_filling(name, column, values) for name, values in others.items() if values.null_count < len(values)),
    ]


def _filling(name: str, column: Column, values: pa.StringArray) -> _Slot:
    """A part taken out of a whole; parts repeat (a city in many addresses), so that their distinct values are few."""
    parts = encode(values)
    codes = _through(parts.codes, column.codes)
    return _Slot(
        attribute=name, role=name, column=Column(codes=codes, distinct=standardise(name, parts.distinct)), fills=True
    )


def _attribute(slots: list[_Slot]) -> StandardAttribute:
    """The slots of one attribute over one set of distinct values; own columns first, then what fills their gaps."""
    columns = [slot.column for slot in slots]
    distinct = encode(pa.concat_arrays([column.distinct for column in columns]))
    ends = np.cumsum([len(column.distinct) for column in columns])
    coded = [
        _through(distinct.codes[end - len(column.distinct) : end], column.codes)
        for end, column in zip(ends, columns, strict=True)
    ]
    own = [codes for codes, slot in zip(coded, slots, strict=True) if not slot.fills]
    fillers = [codes for codes, slot in zip(coded, slots, strict=True) if slot.fills]
    packed = _packed([*own, *fillers], personal=slots[0].attribute in _PERSONAL, own=len(own))
    return StandardAttribute(name=slots[0].attribute, role=slots[0].role, slots=tuple(packed), values=distinct.distinct)


def _through(distinct: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Rows → raw codes → distinct codes; −1 stays −1."""
    through: np.ndarray = np.append(distinct, np.int32(-1))[codes]
    return through


def _packed(slots: list[np.ndarray], *, personal: bool, own: int) -> list[np.ndarray]:
    """Slots without repeats in a record, filled from the first on; empty ones left out.

    Args:
        slots: int32 arrays (N,), columns of their own before what was taken out of wholes.
        personal: Whether this is a part of a person's name: another full name is another name and stays beside the
            columns' own; of an address, only what is missing is taken.
        own: How many of the slots are columns of their own.
    """
    if own and not personal:
        has_own = np.logical_or.reduce([slot >= 0 for slot in slots[:own]])
        slots = slots[:own] + [np.where(has_own, np.int32(-1), slot) for slot in slots[own:]]
    packed: list[np.ndarray] = []
    for slot in slots:
        rest = slot
        for place, taken in enumerate(packed):
            rest = np.where(rest == taken, np.int32(-1), rest)
            free = (taken < 0) & (rest >= 0)
            if free.any():
                packed[place] = np.where(free, rest, taken)
                rest = np.where(free, np.int32(-1), rest)
        if (rest >= 0).any():
            packed.append(rest)
    return packed


def _without_own_names(attributes: tuple[StandardAttribute, ...]) -> tuple[StandardAttribute, ...]:
    """Further given names that are the record's family name dropped, and the other way round.

    A full name beside its parts may have been split the other way ("Wang Jie"); that is no second name.
    """
    by_name = {attribute.name: attribute for attribute in attributes if attribute.slots}
    if not {"given_name", "family_name"} <= set(by_name):
        return attributes
    given, family = by_name["given_name"], by_name["family_name"]
    changed = {"given_name": _without(given, family), "family_name": _without(family, given)}
    return tuple(changed.get(attribute.name, attribute) for attribute in attributes)


def _without(attribute: StandardAttribute, other: StandardAttribute) -> StandardAttribute:
    if len(attribute.slots) < 2:
        return attribute
    as_other = pc.fill_null(pc.index_in(attribute.values, other.values), -2).to_numpy(zero_copy_only=False)
    as_other = np.append(as_other, -2).astype(np.int32)
    further = [np.where(as_other[slot] == other.slots[0], np.int32(-1), slot) for slot in attribute.slots[1:]]
    return replace(attribute, slots=(attribute.slots[0], *(slot for slot in further if (slot >= 0).any())))
