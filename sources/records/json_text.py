"""Rows as JSON objects of their filled cells, a column at a time (RFC 8259)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.records.cells import NULL
from sources.records.text_bytes import has_empty

__all__ = ["json_objects", "quoted"]

_QUOTE, _BACKSLASH, _FIRST_PRINTABLE = 0x22, 0x5C, 0x20
_SEPARATOR: Final = ", "
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def json_objects(columns: Mapping[str, pa.ChunkedArray], rows: int) -> pa.ChunkedArray:
    r"""One JSON object a row, with the cells that are neither null nor empty; null where there are none.

    Args:
        columns: Name → text of each row.
        rows: How many there are.

    Example:
        >>> json_objects({"a": pa.chunked_array([["x", None]]), "b c": pa.chunked_array([['"', ""]])}, 2).to_pylist()
        ['{"a": "x", "b c": "\\""}', None]
    """
    filled = {name: values for name, values in columns.items() if len(values) > values.null_count}
    members = [part for name, values in filled.items() for part in _members(name, values)]
    if not members:
        return pa.chunked_array([pa.nulls(rows, pa.string())])
    joined = pc.binary_join_element_wise(*members, "}", "", null_handling="replace", null_replacement="")
    objects = pc.binary_replace_slice(joined, 0, len(_SEPARATOR), "{")
    some = pc.greater(pc.binary_length(joined), 1)
    return objects if pc.all(some).as_py() else pc.if_else(some, objects, NULL)


def quoted(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text as JSON strings."""
    return pc.binary_join_element_wise('"', _escaped(values), '"', "")


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
