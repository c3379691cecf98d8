"""JSON lines all of one plain shape, in bulk: what `sources.formats.json_lines` would read, many times faster.

Arrow's reader infers types and rounds fractions, so it is only used where a sample of the objects holds nothing but
text, whole numbers, truth values, nulls and lists of text, and where all that it returns is of these types. Wherever it
cannot be sure to return what stands there it gives up, and the objects are read one by one.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pajson

from sources.formats.encoding import is_utf8
from sources.records.json_text import quoted

__all__ = ["plain_schema", "read_plain"]

_TEXTS: Final = pa.list_(pa.string())
_PLAIN: Final = {pa.string(), pa.int64(), pa.bool_(), pa.null(), _TEXTS, pa.list_(pa.null())}


def plain_schema(sample: list[dict[str, Any]], known: pa.Schema | None = None) -> pa.Schema | None:
    """The Arrow types of objects whose values are all plain, keys in order of first appearance; nothing otherwise.

    Args:
        sample: Some of the objects of a block.
        known: Of the blocks before it: types of what the sample does not have.
    """
    kinds: dict[str, set[type]] = {}
    for each in sample:
        for name, value in each.items():
            kinds.setdefault(name, set()).add(_kind(value))
    types = {str: pa.string(), int: pa.int64(), bool: pa.bool_(), list: _TEXTS}
    before = {} if known is None else dict(zip(known.names, known.types, strict=True))
    fields: dict[str, pa.DataType] = {}
    for name, found in kinds.items():
        filled = found - {type(None)}
        if len(filled) > 1 or not filled <= types.keys():
            return None
        fields[name] = types[filled.pop()] if filled else before.get(name, pa.string())
    return pa.schema(list({**fields, **{name: kind for name, kind in before.items() if name not in fields}}.items()))


def read_plain(data: bytes, schema: pa.Schema, rows: int) -> pa.Table | None:
    """The objects as columns of text, or nothing if they are not all plain.

    Args:
        data: One object a line.
        schema: As `plain_schema` found it in a sample.
        rows: How many objects there are.
    """
    escaped = b"\\u" in data and any(mark in data for mark in (b"\\u0000", b"\\ud", b"\\uD"))
    if escaped or b"\0" in data or not is_utf8(data):
        return None
    try:
        table = pajson.read_json(
            pa.BufferReader(data),
            pajson.ReadOptions(block_size=16 << 20),
            pajson.ParseOptions(explicit_schema=schema, newlines_in_values=False, unexpected_field_behavior="error"),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != rows or not set(table.schema.types) <= _PLAIN:
        return None
    return pa.table([_text(column) for column in table.columns], names=table.column_names)


def _kind(value: Any) -> type:
    if isinstance(value, list) and not all(isinstance(each, str) for each in value):
        return object
    return type(value)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_list(column.type):
        return pa.chunked_array([_lists(chunk) for chunk in column.chunks], pa.string())
    return column.cast(pa.string())


def _lists(chunk: pa.ListArray) -> pa.Array:
    """Each list as the JSON text of an array, empty ones null."""
    texts = pc.coalesce(quoted(pa.chunked_array([chunk.flatten()])), "null").combine_chunks()
    lengths = pc.fill_null(pc.list_value_length(chunk), 0)
    offsets = pa.array([0], pa.int32())
    offsets = pa.concat_arrays([offsets, pc.cumulative_sum(lengths).cast(pa.int32())])
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, texts), ", ")
    arrays = pc.binary_join_element_wise("[", joined, "]", "")
    return pc.if_else(pc.greater(lengths, 0), arrays, pa.scalar(None, pa.string()))
