"""Cells that hold a list or an object, as JSON lines and Parquet have them: mapped by path, spread over their slots."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import ADDRESS
from sources.records.cells import NULL, Column
from sources.records.headers import normalise

__all__ = ["spread_lists", "with_paths"]

_SLOTS: Final = {  # where a list overflows to, in order
    "phone": ("other_phone", "mobile"),
    "mobile": ("other_phone", "phone"),
    "email": ("other_email",),
}
_BETWEEN: Final = "; "


def with_paths(table: pa.Table, headers: Iterable[str]) -> pa.Table:
    """The table with a column more for each header such as ``profile.name`` that leads into the objects of a column.

    Args:
        table: Columns of text; objects are JSON.
        headers: That are asked for. Those that are columns already, or lead nowhere, add nothing.
    """
    names = {normalise(name): name for name in table.column_names}
    for header in headers:
        first, *path = header.split(".")
        if path and normalise(header) not in names and normalise(first) in names:
            column = _of_distinct(table[names[normalise(first)]], "{", partial(_descend, path=path))
            names[normalise(header)] = header
            table = table.append_column(header, column)
    return table


def spread_lists(columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns without JSON lists of plain values.

    Of phones and emails the first stays where it is, the others go to the row's free columns of their kind, the last
    ones together to ``other_phone`` or ``other_email``; other lists are joined, with commas in addresses. Matching
    parts what semicolons join.

    Args:
        columns: Canonical column → text of each row.

    Example:
        >>> columns = spread_lists({"phone": pa.chunked_array([['["1", "2", "3", "4"]', "5"]])})
        >>> {name: column.to_pylist() for name, column in columns.items()}
        {'phone': ['1', '5'], 'other_phone': ['2; 4', None], 'mobile': ['3', None]}
    """
    spread = dict(columns)
    listed = [name for name, column in columns.items() if pc.any(pc.starts_with(column, "[")).as_py()]
    for name in sorted(listed, key=lambda name: name in _SLOTS):  # what others overflow into is plain before
        if name in _SLOTS:
            spread |= _over_slots(spread, name)
        else:
            between = ", " if name in ADDRESS else _BETWEEN
            spread[name] = _replaced(columns[name], partial(_joined, between=between))
    return spread


def _over_slots(columns: Mapping[str, Column], name: str) -> dict[str, Column]:
    """The columns that the lists of one column go to."""
    column, slots = columns[name], _SLOTS[name]
    empty = pa.chunked_array([pa.nulls(len(column), pa.string())])
    filled = {name: _replaced(column, partial(_joined, count=1))}
    for place in range(1, len(slots) + 1):
        value = _filled(_of_distinct(column, "[", partial(_joined, first=place, count=1)))
        for slot in slots:
            before = filled.get(slot, columns.get(slot, empty))
            filled[slot] = pc.coalesce(before, value)
            value = pc.if_else(pc.is_null(before), NULL, value)
        filled[slots[0]] = _appended(filled[slots[0]], value)
    others = _filled(_of_distinct(column, "[", partial(_joined, first=len(slots) + 1)))
    return filled | {slots[0]: _appended(filled[slots[0]], others)}


def _appended(column: Column, others: Column) -> Column:
    return pc.coalesce(pc.binary_join_element_wise(column, others, _BETWEEN), column, others)


def _replaced(column: Column, read: Callable[[str], str | None]) -> Column:
    """The column with its lists read; null where they hold nothing."""
    return _filled(pc.coalesce(_of_distinct(column, "[", read), column))


def _filled(column: Column) -> Column:
    return pc.if_else(pc.equal(column, ""), NULL, column)


def _of_distinct(column: Column, start: str, read: Callable[[str], str | None]) -> Column:
    """What a function makes of each distinct cell that starts like JSON; null elsewhere."""
    distinct = pc.unique(column.filter(pc.starts_with(column, start)))
    readings = pa.array([read(text) for text in distinct.to_pylist()], pa.string())
    return pa.chunked_array([readings.take(chunk) for chunk in pc.index_in(column, distinct).chunks], pa.string())


def _loaded(text: str) -> Any:
    """JSON with every number as the digits it is written with; nothing where it is no JSON."""
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except ValueError:
        return None


def _joined(text: str, *, between: str = _BETWEEN, first: int = 0, count: int | None = None) -> str | None:
    """Some of the filled values of a JSON list, empty if it has none; nothing where it is no list of plain values."""
    values = _loaded(text)
    if not isinstance(values, list) or any(isinstance(value, list | dict) for value in values):
        return None
    filled = [plain for value in values if (plain := (_plain(value) or "").strip())]
    return between.join(filled[first:][:count])


def _descend(text: str, path: Sequence[str]) -> str | None:
    """The value that a path of keys leads to."""
    value = _loaded(text)
    for step in path:
        if not isinstance(value, dict):
            return None
        value = next((value[key] for key in value if normalise(key) == normalise(step)), None)
    return _plain(value)


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
