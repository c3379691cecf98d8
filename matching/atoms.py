"""Atoms of blocking keys: what two records of one customer are likely to share of one attribute.

A blocking rule is one atom or a pair of atoms of different attributes. Exact values, sounds, beginnings and endings,
parts of dates, rare words: the fuzzier the atom, the more true pairs it keeps and the more others it lets in; which
rules are worth their pairs is measured by `matching.plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Integers
from matching.attributes import StandardAttribute
from matching.phonetics import phonetic, romanised
from matching.rarity import Rarity, grams, words

__all__ = ["Atom", "make_atoms"]

_CJK_WORD: Final = r"[\p{Han}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """One way to read one attribute (or given and family name as one).

    Args:
        name: ``<attribute>.<reading>``, such as ``family_name.sound``.
        attribute: The attribute's name; atoms of one attribute are not paired.
        slots: Codes of the records, -1 = missing, as code of the value.
        readings: For each slot, code of the value -> code of what is read; one longer than the values, -1 at the end,
            so that a missing value reads as missing.
    """

    name: str
    attribute: str
    slots: tuple[Codes, ...]
    readings: tuple[Codes, ...]

    def codes(self) -> tuple[Codes, ...]:
        """What is read of each record, slot by slot."""
        return tuple(r[s] for r, s in zip(self.readings, self.slots, strict=True))


def make_atoms(
    attributes: Iterable[StandardAttribute], rarities: Mapping[str, Rarity], wanted: Container[str] | None = None
) -> dict[str, Atom]:
    """The atoms of these attributes by name; only those ``wanted``, if given."""
    made: list[Callable[[], Atom]] = []
    by_role = {a.role: a for a in attributes}
    for attribute in attributes:
        for name, read in _READINGS.get(attribute.role, {}).items():
            if _is_wanted(f"{attribute.name}.{name}", wanted):
                made.append(partial(_read, attribute, name, read))
        for rank, name in enumerate(("rarest", "next_rarest")):
            worded = attribute.name in rarities and attribute.role in _WORDED
            if worded and _is_wanted(f"{attribute.name}.{name}", wanted):
                made.append(partial(_read_rare_word, attribute, name, rarities[attribute.name], rank))
    if {"given_name", "family_name"} <= set(by_role):
        made.extend(
            partial(_either_name, by_role["given_name"], by_role["family_name"], name, read)
            for name, read in _EITHER_NAME.items()
            if _is_wanted(f"either_name.{name}", wanted)
        )
    with ThreadPoolExecutor(_WORKERS) as pool:  # Arrow lets go of the interpreter
        return {atom.name: atom for atom in pool.map(lambda make: make(), made)}


def _read(attribute: StandardAttribute, name: str, read: Callable[[pa.StringArray], pa.StringArray]) -> Atom:
    return _atom(attribute, name, _encode(read(attribute.values)))


def _read_rare_word(attribute: StandardAttribute, name: str, rarity: Rarity, rank: int) -> Atom:
    return _atom(attribute, name, _rare_word(attribute.values, rarity, rank))


def _is_wanted(name: str, wanted: Container[str] | None) -> bool:
    return wanted is None or name in wanted


def _atom(attribute: StandardAttribute, name: str, codes: Codes) -> Atom:
    return Atom(
        name=f"{attribute.name}.{name}",
        attribute=attribute.name,
        slots=attribute.slots,
        readings=(codes,) * len(attribute.slots),
    )


def _either_name(
    given: StandardAttribute, family: StandardAttribute, name: str, read: Callable[[pa.StringArray], pa.StringArray]
) -> Atom:
    """Given and family name read as one attribute: finds records whose names are swapped or half missing."""
    size = len(given.values)
    codes = _encode(read(pa.concat_arrays([given.values, family.values])))
    split = (np.append(codes[:size], np.int32(-1)), codes[size:])
    return Atom(
        name=f"either_name.{name}",
        attribute="either_name",
        slots=given.slots + family.slots,
        readings=(split[0],) * len(given.slots) + (split[1],) * len(family.slots),
    )


def _encode(values: pa.StringArray) -> Codes:
    """Codes of the distinct readings; null and empty read as missing; -1 appended."""
    empty = pc.equal(values, "")
    encoded = pc.if_else(empty, None, values).dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1), dtype=np.int32)
    return np.append(codes, np.int32(-1))


def _rare_word(values: pa.StringArray, rarity: Rarity, rank: int) -> Codes:
    """Hash of the rarest (rank 0) or next rarest word of each value; of a Chinese value, pair of characters."""
    chinese = np.asarray(pc.match_substring_regex(values, _CJK_WORD), dtype=np.bool_)
    found = np.full(len(values) + 1, -1, dtype=np.int32)
    for of, read, mask in (("words", words, ~chinese), ("grams", grams, chinese)):
        places = np.flatnonzero(mask)
        if not len(places):
            continue
        tokens = read(values.take(pa.array(places)))
        order = np.lexsort((tokens.hashes, -rarity.weigh(tokens, of=of), tokens.rows))
        rows, hashes = tokens.rows[order], (tokens.hashes[order] & np.uint32(0x7FFFFFFF)).astype(np.int32)
        at = np.arange(len(rows)) - _starts(rows) == rank
        found[places[rows[at]]] = hashes[at]
    return found


def _starts(rows: Integers) -> Integers:
    """Where the run of equal rows that each element is in begins."""
    fresh = np.append(True, rows[1:] != rows[:-1]) if len(rows) else np.zeros(0, np.bool_)
    return np.maximum.accumulate(np.where(fresh, np.arange(len(rows)), 0)) if len(rows) else rows


def _same(values: pa.StringArray) -> pa.StringArray:
    return values


def _beginning(size: int) -> Callable[[pa.StringArray], pa.StringArray]:
    def read(values: pa.StringArray) -> pa.StringArray:
        roman = romanised(values)
        return pc.if_else(pc.greater_equal(pc.utf8_length(roman), size), pc.utf8_slice_codeunits(roman, 0, size), None)

    return read


def _ending(size: int) -> Callable[[pa.StringArray], pa.StringArray]:
    def read(values: pa.StringArray) -> pa.StringArray:
        roman = romanised(values)
        return pc.if_else(
            pc.greater_equal(pc.utf8_length(roman), size), pc.utf8_slice_codeunits(roman, -size, None), None
        )

    return read


def _part(start: int, stop: int) -> Callable[[pa.StringArray], pa.StringArray]:
    def read(values: pa.StringArray) -> pa.StringArray:
        return pc.if_else(
            pc.greater_equal(pc.utf8_length(values), stop), pc.utf8_slice_codeunits(values, start, stop), None
        )

    return read


def _year_and_day(values: pa.StringArray) -> pa.StringArray:
    whole = pc.equal(pc.utf8_length(values), 10)
    text = pc.binary_join_element_wise(_part(0, 4)(values), _part(8, 10)(values), "-")
    return pc.if_else(whole, text, None)


def _local_part(values: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(values, "@.*$", "")


def _number_and_word(values: pa.StringArray) -> pa.StringArray:
    """The first number and the first word of three letters or more after or before it."""
    number = pc.struct_field(pc.extract_regex(values, r"(?P<n>\d+)"), "n")
    word = pc.struct_field(pc.extract_regex(values, r"(?P<w>\p{L}{3,}|\p{Han}{2})"), "w")
    return pc.binary_join_element_wise(number, word, " ")


def _without_numbers(values: pa.StringArray) -> pa.StringArray:
    return pc.utf8_trim(pc.replace_substring_regex(values, r"\d+", ""), " ")


def _area(values: pa.StringArray) -> pa.StringArray:
    numeric = pc.match_substring_regex(values, "^[0-9]+$")
    return pc.if_else(numeric, pc.utf8_slice_codeunits(values, 0, 3), pc.utf8_slice_codeunits(values, 0, -3))


_WORKERS: Final = 2
_EITHER_NAME: Final[dict[str, Callable[[pa.StringArray], pa.StringArray]]] = {"exact": _same, "sound": phonetic}
_WORDED: Final = frozenset({"company_name", "street", "full_name"})
_NAME: Final = {"exact": _same, "sound": phonetic, "beginning": _beginning(3), "ending": _ending(3)}
_PLACE: Final = {"exact": _same, "beginning": _beginning(4)}
_READINGS: Final[dict[str, dict[str, Callable[[pa.StringArray], pa.StringArray]]]] = {
    "given_name": _NAME,
    "family_name": _NAME,
    "middle_name": {"exact": _same},
    "full_name": {"exact": _same, "beginning": _beginning(5), "ending": _ending(5), "sound": phonetic},
    "company_name": {"exact": _same, "beginning": _beginning(6)},
    "birth_date": {
        "exact": _same,
        "month_and_day": _part(5, 10),
        "year_and_month": _part(0, 7),
        "year_and_day": _year_and_day,
        "year": _part(0, 4),
    },
    "phone": {"ending": _ending(7), "last_four": _ending(4)},
    "email": {"exact": _same, "local_part": _local_part},
    "street": {"exact": _same, "number_and_word": _number_and_word, "name": _without_numbers},
    "district": {"exact": _same},
    "city": _PLACE,
    "state": {"exact": _same},
    "postcode": {"exact": _same, "area": _area},
    "country": {"exact": _same},
    "identifier": {"exact": _same, "ending": _ending(5)},
    "category": {"exact": _same},
    "website": {"exact": _same},
}
