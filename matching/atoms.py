"""Atoms of blocking keys: what two records of one customer are likely to share of one attribute.

A blocking rule is one atom or a pair of atoms of different attributes. Exact values, sounds, beginnings and endings,
parts of dates, rare words: the fuzzier the atom, the more true pairs it keeps and the more others it lets in; which
rules are worth their pairs is measured by `matching.plan`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes, Integers, Keys
from matching.attributes import StandardAttribute
from matching.cores import on_cores
from matching.phonetics import phonetic, romanised
from matching.rarity import Rarity, grams, words
from matching.spans import Bytes, Spans, hash_spans, hash_values

__all__ = ["Atom", "make_atoms", "readings_of"]

_CJK_WORD: Final = r"[\p{Han}]"
_PIECE: Final = 200_000

Read: TypeAlias = Callable[[pa.StringArray], Codes]
"""(N,) codes of what is read of each value: 31 bits of a hash, -1 where there is nothing. A collision costs no more
than a needless candidate."""


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
    return {atom.name: atom for atom in on_cores(lambda make: make(), made)}


def _read(attribute: StandardAttribute, name: str, read: Read) -> Atom:
    return _atom(attribute, name, _codes(read, attribute.values))


def _read_rare_word(attribute: StandardAttribute, name: str, rarity: Rarity, rank: int) -> Atom:
    return _atom(attribute, name, _codes(lambda values: _rare_word(values, rarity, rank), attribute.values))


def _is_wanted(name: str, wanted: Container[str] | None) -> bool:
    return wanted is None or name in wanted


def _atom(attribute: StandardAttribute, name: str, codes: Codes) -> Atom:
    return Atom(
        name=f"{attribute.name}.{name}",
        attribute=attribute.name,
        slots=attribute.slots,
        readings=(codes,) * len(attribute.slots),
    )


def _either_name(given: StandardAttribute, family: StandardAttribute, name: str, read: Read) -> Atom:
    """Given and family name read as one attribute: finds records whose names are swapped or half missing."""
    return Atom(
        name=f"either_name.{name}",
        attribute="either_name",
        slots=given.slots + family.slots,
        readings=(_codes(read, given.values),) * len(given.slots) + (_codes(read, family.values),) * len(family.slots),
    )


def _codes(read: Read, values: pa.StringArray) -> Codes:
    """What is read of each value, a piece at a time on each core; -1 appended for missing values."""
    found = on_cores(lambda start: read(values.slice(start, _PIECE)), range(0, len(values), _PIECE))
    return np.concatenate([*found, np.array([-1], dtype=np.int32)])


def _hashed(hashes: Keys, present: Bools) -> Codes:
    return np.where(present, (hashes & np.uint64(0x7FFFFFFF)).astype(np.int32), np.int32(-1))


def _by_text(read: Callable[[pa.StringArray], pa.StringArray]) -> Read:
    """A reading that makes a text of each value; null and empty read as missing."""

    def codes(values: pa.StringArray) -> Codes:
        texts = read(values)
        return _hashed(hash_values(texts), np.asarray(pc.fill_null(pc.greater(pc.binary_length(texts), 0), False)))

    return codes


def _by_bytes(cut: Callable[[Bytes], Spans], otherwise: Read | None = None) -> Read:
    """A reading that is a piece of each value; ``otherwise`` reads values that are not plain ASCII."""

    def codes(values: pa.StringArray) -> Codes:
        text = Bytes.of(values)
        spans = cut(text)
        found = _hashed(hash_spans(text, spans), spans.sizes > 0)
        odd = np.flatnonzero(~text.plain) if otherwise is not None else ()
        if otherwise is not None and len(odd):
            found[odd] = otherwise(values.take(pa.array(odd)))
        return found

    return codes


def _rare_word(values: pa.StringArray, rarity: Rarity, rank: int) -> Codes:
    """Hash of the rarest (rank 0) or next rarest word of each value; of a Chinese value, pair of characters."""
    odd = np.flatnonzero(~Bytes.of(values).plain)
    chinese = np.zeros(len(values), dtype=np.bool_)
    chinese[odd] = np.asarray(pc.match_substring_regex(values.take(pa.array(odd)), _CJK_WORD), dtype=np.bool_)
    found = np.full(len(values), -1, dtype=np.int32)
    for of, read, mask in (("words", words, ~chinese), ("grams", grams, chinese)):
        places = np.flatnonzero(mask)
        if not len(places):
            continue
        tokens = read(values.take(pa.array(places)))
        order = np.lexsort((tokens.hashes, -rarity.weigh(tokens.hashes, of=of), tokens.rows))
        rows, hashes = tokens.rows[order], (tokens.hashes[order] & np.uint32(0x7FFFFFFF)).astype(np.int32)
        at = np.arange(len(rows)) - _starts(rows) == rank
        found[places[rows[at]]] = hashes[at]
    return found


def _starts(rows: Integers) -> Integers:
    """Where the run of equal rows that each element is in begins."""
    fresh = np.append(True, rows[1:] != rows[:-1]) if len(rows) else np.zeros(0, np.bool_)
    return np.maximum.accumulate(np.where(fresh, np.arange(len(rows)), 0)) if len(rows) else rows


def _beginning(size: int) -> Read:
    def read(values: pa.StringArray) -> pa.StringArray:
        roman = romanised(values)
        return pc.if_else(pc.greater_equal(pc.utf8_length(roman), size), pc.utf8_slice_codeunits(roman, 0, size), None)

    return _by_bytes(lambda text: text.slice(0, size), _by_text(read))


def _ending(size: int) -> Read:
    def read(values: pa.StringArray) -> pa.StringArray:
        roman = romanised(values)
        return pc.if_else(
            pc.greater_equal(pc.utf8_length(roman), size), pc.utf8_slice_codeunits(roman, -size, None), None
        )

    return _by_bytes(lambda text: text.last(size), _by_text(read))


def _part(start: int, stop: int) -> Read:
    return _by_bytes(lambda text: text.slice(start, stop))


def _year_and_day(values: pa.StringArray) -> Codes:
    text = Bytes.of(values)
    year, day = (hash_spans(text, text.slice(*places)) for places in ((0, 4), (8, 10)))
    return _hashed(_mixed(year, day), text.ends - text.starts == len("yyyy-mm-dd"))


def _local_part(text: Bytes) -> Spans:
    return text.until(ord("@"))


def _number_and_word(values: pa.StringArray) -> Codes:
    """The first number and the first word of three letters or more after or before it."""
    text = Bytes.of(values)
    number, word = text.first_run(_DIGITS), text.first_run(_LETTERS, 3)
    found = _hashed(_mixed(hash_spans(text, number), hash_spans(text, word)), (number.sizes > 0) & (word.sizes > 0))
    odd = np.flatnonzero(~text.plain)
    if len(odd):
        found[odd] = _odd_number_and_word(values.take(pa.array(odd)))
    return found


def _odd_number_and_word(values: pa.StringArray) -> Codes:
    number = pc.struct_field(pc.extract_regex(values, r"(?P<n>\d+)"), "n")
    word = pc.struct_field(pc.extract_regex(values, r"(?P<w>\p{L}{3,}|\p{Han}{2})"), "w")
    return _hashed(
        _mixed(hash_values(number), hash_values(word)), np.asarray(pc.and_(number.is_valid(), word.is_valid()))
    )


def _mixed(one: Keys, two: Keys) -> Keys:
    return one * _SPREAD ^ two


def _without_numbers(values: pa.StringArray) -> pa.StringArray:
    return pc.utf8_trim(pc.replace_substring_regex(values, r"\d+", ""), " ")


def _area(values: pa.StringArray) -> pa.StringArray:
    numeric = pc.match_substring_regex(values, "^[0-9]+$")
    return pc.if_else(numeric, pc.utf8_slice_codeunits(values, 0, 3), pc.utf8_slice_codeunits(values, 0, -3))


_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_DIGITS: Final = np.array([chr(byte).isdigit() and byte < 0x80 for byte in range(256)])
_LETTERS: Final = np.array([chr(byte).isalpha() and byte < 0x80 for byte in range(256)])
_SAME: Final = _by_text(lambda values: values)
_SOUND: Final = _by_text(phonetic)
_EITHER_NAME: Final[dict[str, Read]] = {"exact": _SAME, "sound": _SOUND}
_WORDED: Final = frozenset({"company_name", "street", "full_name"})
_NAME: Final = {"exact": _SAME, "sound": _SOUND, "beginning": _beginning(3), "ending": _ending(3)}
_PLACE: Final = {"exact": _SAME, "beginning": _beginning(4)}
_READINGS: Final[dict[str, dict[str, Read]]] = {
    "given_name": _NAME,
    "family_name": _NAME,
    "middle_name": {"exact": _SAME},
    "full_name": {"exact": _SAME, "beginning": _beginning(5), "ending": _ending(5), "sound": _SOUND},
    "company_name": {"exact": _SAME, "beginning": _beginning(6)},
    "birth_date": {
        "exact": _SAME,
        "month_and_day": _part(5, 10),
        "year_and_month": _part(0, 7),
        "year_and_day": _year_and_day,
        "year": _part(0, 4),
    },
    "phone": {"ending": _ending(7), "last_four": _ending(4)},
    "email": {"exact": _SAME, "local_part": _by_bytes(_local_part)},
    "street": {"exact": _SAME, "number_and_word": _number_and_word, "name": _by_text(_without_numbers)},
    "district": {"exact": _SAME},
    "city": _PLACE,
    "state": {"exact": _SAME},
    "postcode": {"exact": _SAME, "area": _by_text(_area)},
    "country": {"exact": _SAME},
    "identifier": {"exact": _SAME, "ending": _ending(5)},
    "category": {"exact": _SAME},
    "website": {"exact": _SAME},
}


def readings_of(role: str) -> tuple[str, ...]:
    """What atoms read of an attribute of a role; of ``either_name``, what they read of both names as one."""
    if role == "either_name":
        return tuple(_EITHER_NAME)
    return (*_READINGS.get(role, ()), *(("rarest", "next_rarest") if role in _WORDED else ()))
