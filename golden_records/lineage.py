"""Where every golden value comes from, in two short texts a customer (their form: `schemas.golden`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes
from golden_records.choice import Choice, Members
from golden_records.lists import joined, quoted
from schemas.golden import LINEAGE_ATTRIBUTES, LINEAGE_DIGITS, NO_VALUE, ONLY_MEMBER, RULES

__all__ = ["Origin", "lineage", "origins"]

_DIGITS: Final = np.frombuffer(LINEAGE_DIGITS.encode(), dtype=np.uint8)
_LETTERS: Final = np.frombuffer("".join(RULES.values()).encode(), dtype=np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a golden value comes from: the record that supplied it (null: a steward) and the rule that chose it."""

    attribute: str
    value: str
    record_key: str | None
    rule: str


def origins(values: Mapping[str, object], records: str, codes: str) -> tuple[Origin, ...]:
    """Read back what `lineage` wrote for one customer.

    Args:
        values: Attribute → golden value; those that are null absent.
        records: ``lineage_records``.
        codes: ``lineage``.

    Example:
        >>> origins({"kind": "person"}, '["sales:1"]', "*")
        (Origin(attribute='kind', value='person', record_key='sales:1', rule='only_value'),)
    """
    names = json.loads(records)
    rules = {letter: name for name, letter in RULES.items()}
    found = []
    for position, attribute in enumerate(LINEAGE_ATTRIBUTES):
        if attribute in values:
            pair = f"0{RULES['only_value']}" if codes == ONLY_MEMBER else codes[2 * position : 2 * position + 2]
            digit, letter = pair[0], pair[1]
            key = names[LINEAGE_DIGITS.index(digit)] if digit in LINEAGE_DIGITS else None
            found.append(Origin(attribute=attribute, value=str(values[attribute]), record_key=key, rule=rules[letter]))
    return tuple(found)


def lineage(
    choices: Mapping[str, Choice], members: Members, several: Codes, only: Codes, keys: pa.Array
) -> tuple[pa.Array, pa.Array]:
    """Write down which member supplied each value and by which rule.

    Args:
        choices: Attribute → choice of the customers that have several records.
        members: Their members.
        several: Numbers of those customers.
        only: For every customer its only record's row, -1 where it has several.
        keys: Record key of every row.

    Returns:
        For every customer the records that supplied something (JSON array), and the pairs of digit and letter.
    """
    groups = members.groups
    used = np.zeros(len(members.row), dtype=np.bool_)
    for choice in choices.values():
        used[choice.member[choice.member >= 0]] = True
    before = np.append(0, np.cumsum(used))  # of each member, how many used ones stand before it
    begins = np.searchsorted(members.group, np.arange(groups))
    pairs = np.full((groups, 2 * len(LINEAGE_ATTRIBUTES)), ord(NO_VALUE[0]), dtype=np.uint8)
    for position, name in enumerate(LINEAGE_ATTRIBUTES):
        choice = choices[name]
        has = np.flatnonzero(choice.member >= 0)
        pairs[has, 2 * position] = _DIGITS[before[choice.member[has]] - before[begins[has]]]
        pairs[has, 2 * position + 1] = _LETTERS[choice.rule[has]]
    names = joined(
        quoted(pc.take(keys, pa.array(members.row[used]))), np.bincount(members.group[used], minlength=groups)
    )
    return _records(pc.fill_null(names, ""), several, only, keys), _codes(pairs, several, only)


def _records(names: pa.Array, several: Codes, only: Codes, keys: pa.Array) -> pa.Array:
    single = only[only >= 0]
    both = pa.concat_arrays([quoted(pc.take(keys, pa.array(single))), names])
    return pc.binary_join_element_wise("[", pc.take(both, pa.array(_places(several, only))), "]", "")


def _codes(pairs: np.ndarray[tuple[int, int], np.dtype[np.uint8]], several: Codes, only: Codes) -> pa.Array:
    width = pairs.shape[1]
    offsets = np.arange(len(pairs) + 1, dtype=np.int32) * np.int32(width)
    texts = pa.StringArray.from_buffers(len(pairs), pa.py_buffer(offsets), pa.py_buffer(pairs.tobytes()))
    place = _places(several, only) - np.count_nonzero(only >= 0)
    both = pa.concat_arrays([pa.array([ONLY_MEMBER]), texts])
    return pc.take(both, pa.array(np.maximum(place + 1, 0)))


def _places(several: Codes, only: Codes) -> Codes:
    """Where each customer stands when those with one record come first and those with several after."""
    place = np.empty(len(only), dtype=np.int64)
    single = only >= 0
    place[single] = np.arange(np.count_nonzero(single))
    place[several] = np.count_nonzero(single) + np.arange(len(several))
    return place
