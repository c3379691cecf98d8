"""Rows as JSON objects of their filled cells, a column at a time (RFC 8259).

Where neighbouring columns say few things, such as an owner, a status, a language, what they say together is written
once, and then only taken.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sources.records.cells import NULL
from sources.records.text_bytes import has_empty

__all__ = ["json_objects", "quoted"]

_QUOTE, _BACKSLASH, _FIRST_PRINTABLE = 0x22, 0x5C, 0x20
_SEPARATOR: Final = ", "
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SAMPLE: Final = 256
_TIMES: Final = 4  # that a thing is said on average, above which its column is looked into
_CODES: Final = 1 << 18  # of which a table stays small

Columns: TypeAlias = Mapping[str, pa.ChunkedArray]
Places: TypeAlias = npt.NDArray[np.integer]


class _Group(NamedTuple):
    """Neighbouring columns.

    Args:
        columns: Name → text: of each row, or of each different row.
        places: (N,) which of the different rows each row is.
    """

    columns: Columns
    places: Places | None


def json_objects(columns: Columns, rows: int) -> pa.ChunkedArray:
    r"""One JSON object a row, with the cells that are neither null nor empty; null where there are none.

    Args:
        columns: Name → text of each row.
        rows: How many there are.

    Example:
        >>> json_objects({"a": pa.chunked_array([["x", None]]), "b c": pa.chunked_array([['"', ""]])}, 2).to_pylist()
        ['{"a": "x", "b c": "\\""}', None]
    """
    groups = _groups({name: values for name, values in columns.items() if len(values) > values.null_count})
    if not groups:
        return pa.chunked_array([pa.nulls(rows, pa.string())])
    if len(groups) == 1 and groups[0].places is not None:
        return _objects(list(_parts(groups[0].columns))).take(pa.array(groups[0].places))
    return _objects([part for group in groups for part in _of_each_row(group)])


def _objects(parts: list[str | pa.ChunkedArray]) -> pa.ChunkedArray:
    """What joined is ``, "name": "value", "name": "value"`` as objects, null where it is nothing."""
    joined = _joined([*parts, "}"])
    objects = pc.binary_replace_slice(joined, 0, len(_SEPARATOR), "{")
    some = pc.greater(pc.binary_length(joined), 1)
    return objects if pc.all(some).as_py() else pc.if_else(some, objects, NULL)


def _joined(parts: list[str | pa.ChunkedArray]) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def _of_each_row(group: _Group) -> Iterator[str | pa.ChunkedArray]:
    if group.places is None:
        yield from _parts(group.columns)
    else:
        yield _joined(list(_parts(group.columns))).take(pa.array(group.places))


def _groups(columns: Columns) -> list[_Group]:
    """Columns as they are, and those that say few things as what they say together."""
    found: list[_Group] = []
    for name, values in columns.items():
        alone = _few(name, values)
        together = found and _together(found[-1], alone)
        found = [*found[:-1], together] if together else [*found, alone]
    return found


def _few(name: str, values: pa.ChunkedArray) -> _Group:
    """A column, as the different things that it says if they are few."""
    sample = values.slice(0, _SAMPLE)
    if len(sample) == _SAMPLE and len(pc.unique(sample)) * _TIMES < _SAMPLE:
        array = values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
        encoded = pc.dictionary_encode(array, null_encoding="encode")
        if len(encoded.dictionary) * _TIMES < len(array):
            return _Group({name: pa.chunked_array([encoded.dictionary])}, encoded.indices.to_numpy())
    return _Group({name: values}, None)


def _together(left: _Group, right: _Group) -> _Group | None:
    """Two groups as one, if what they say together is of few kinds, or neither is of few."""
    if left.places is None or right.places is None:
        alike = left.places is right.places
        return _Group({**left.columns, **right.columns}, None) if alike else None
    kinds, others = (len(next(iter(group.columns.values()))) for group in (left, right))
    if kinds * others > _CODES:
        return None
    codes = left.places * others + right.places
    occurs = np.zeros(kinds * others, np.bool_)
    occurs[codes] = True
    different = np.flatnonzero(occurs)
    if len(different) * _TIMES > len(codes):
        return None
    first, second = (pa.array(each) for each in np.divmod(different, others))
    columns = {name: values.take(first) for name, values in left.columns.items()}
    columns |= {name: values.take(second) for name, values in right.columns.items()}
    return _Group(columns, (np.cumsum(occurs, dtype=np.int64) - 1)[codes])


def quoted(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text as JSON strings."""
    return pc.binary_join_element_wise('"', _escaped(values), '"', "")


def _parts(columns: Columns) -> Iterator[str | pa.ChunkedArray]:
    for name, values in columns.items():
        yield from _members(name, values)


def _members(name: str, values: pa.ChunkedArray) -> tuple[str | pa.ChunkedArray, ...]:
    """What joined is ``, "name": "value"`` for each filled cell, else null."""
    prefix = _SEPARATOR + json.dumps(name, ensure_ascii=False) + ': "'
    empty = has_empty(values)
    if not empty and not values.null_count:
        return prefix, _escaped(values), '"'
    members = pc.binary_join_element_wise(prefix, _escaped(values), '"', "")
    return (pc.if_else(pc.equal(values, ""), NULL, members) if empty else members,)


def _escaped(values: pa.ChunkedArray) -> pa.ChunkedArray:
    characters = _to_escape(values)
    for character in sorted(characters, key=lambda c: c != "\\"):  # backslashes first: the others add some
        escape = _SHORT.get(character) or (f"\\{character}" if character in '"\\' else f"\\u{ord(character):04x}")
        values = pc.replace_substring(values, character, escape)
    return values


def _to_escape(values: pa.ChunkedArray) -> set[str]:
    """The characters of a column that JSON does not take as they are."""
    found: set[str] = set()
    for chunk in values.chunks:
        content = chunk.buffers()[2]
        if content is None:
            continue
        codes = np.frombuffer(content, np.uint8)
        found |= {chr(code) for code in (_QUOTE, _BACKSLASH) if (codes == code).any()}
        if len(codes) and codes.min() < _FIRST_PRINTABLE:
            found |= {chr(code) for code in np.unique(codes[codes < _FIRST_PRINTABLE])}
    return found
