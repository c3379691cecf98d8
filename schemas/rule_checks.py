"""Finds the rows that break a rule of `schemas.rules`. Empty cells keep every rule but `Required`."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import UsageError
from schemas.quantities import date_bounds, numbers, span_of
from schemas.records import RECORD_COLUMNS
from schemas.rules import Allowed, Compared, Pattern, Range, Required, Rule, Unique, When

__all__ = ["Cells", "breaking", "is_pattern", "repeated", "unique_values"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Column: TypeAlias = pa.ChunkedArray

_CANONICAL: Final = tuple(name for name in RECORD_COLUMNS if name != "line")
_REQUIRED: Final = re.compile(r"[*＊]+$|[(（]\s*(?:必填|required)\s*[)）]$", re.IGNORECASE)
_APART: Final = re.compile(r"[\s_\-\u200b\ufeff]+")


class Cells:
    """The cells of one batch as rules name them: by canonical column, or by header of the export.

    Args:
        records: Canonical columns that hold any value.
        raw: The export's own columns, row by row the same; None where rules name none of them.
        rows: How many there are.
    """

    def __init__(self, records: Mapping[str, Column], raw: pa.Table | None, rows: int) -> None:
        self.rows = rows
        self._source = records["source"][0].as_py() if "source" in records else "?"
        self._records = records
        self._raw = raw
        header = raw.column_names if raw is not None else []
        self._headers = {_plain(name): name for name in reversed(header)}

    def of(self, name: str, rule: Rule) -> Column:
        """The cells of a column; blank ones are null.

        Raises:
            UsageError: There is no such column; names the rule and the nearest columns.
        """
        if name in _CANONICAL:
            return self._records.get(name, pa.chunked_array([pa.nulls(self.rows, pa.string())]))
        header = self._headers.get(_plain(name))
        if header is None or self._raw is None:
            raise self._unknown(name, rule)
        trimmed = pc.utf8_trim_whitespace(self._raw[header])
        return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)

    def _unknown(self, name: str, rule: Rule) -> UsageError:
        known = {_plain(column): column for column in _CANONICAL} | self._headers
        near = [known[plain] for plain in difflib.get_close_matches(_plain(name), known, n=3)]
        key = "rules.unknown_column_near" if near else "rules.unknown_column"
        return UsageError(key, source=self._source, rule=rule.reason, column=name, hint=", ".join(near))


def breaking(rule: Rule, cells: Cells, *, today: dt.date) -> Mask:
    """The rows that break a rule; none for `Unique`, which no single batch can decide.

    Args:
        rule: Any of `schemas.rules`.
        cells: The batch.
        today: What a bound ``today`` means.

    Raises:
        UsageError: The rule names a column that is not there.
    """
    columns = [cells.of(name, rule) for name in rule.columns]
    return _broken(rule, columns, today) & _applies(rule, cells)


def unique_values(rule: Unique, cells: Cells) -> Column:
    """The values that must not repeat; null in the rows that the rule is not about."""
    column = cells.of(rule.column, rule)
    if rule.ignore_case:
        column = pc.utf8_lower(column)
    return pc.if_else(pa.array(_applies(rule, cells)), column, pa.scalar(None, pa.string())) if rule.when else column


def repeated(values: Column) -> Mask:
    """Where a value has occurred before; a null never has.

    Args:
        values: Text in the order in which the first is the one that keeps its place.

    Example:
        >>> repeated(pa.chunked_array([["a", None, "b"], ["a", None, "a"]])).tolist()
        [False, False, False, True, False, True]
    """
    encoded = pc.dictionary_encode(values.cast(pa.large_string()).combine_chunks())
    codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
    highest = np.maximum.accumulate(np.concatenate([[-1], codes]))[:-1]  # codes count up in order of first appearance
    mask: Mask = (codes >= 0) & (codes <= highest)
    return mask


def is_pattern(text: str) -> bool:
    r"""Whether a text is a regular expression.

    Example:
        >>> is_pattern(r"\d{6}"), is_pattern("(")
        (True, False)
    """
    try:
        pc.match_substring_regex(pa.array([""]), text)
    except pa.ArrowInvalid:
        return False
    return True


def _broken(rule: Rule, columns: Sequence[Column], today: dt.date) -> Mask:
    broken = np.zeros(len(columns[0]), np.bool_)
    match rule:
        case Required():
            broken = ~np.logical_or.reduce([_mask(pc.is_valid(column)) for column in columns])
        case Pattern():
            whole = rf"\A(?:{rule.pattern})\z"
            broken = _mask(pc.invert(pc.match_substring_regex(columns[0], whole, ignore_case=rule.ignore_case)))
        case Allowed():
            known = _is_one_of(columns[0], rule.values, ignore_case=rule.ignore_case)
            broken = _mask(pc.is_valid(columns[0])) & ~known
        case Range():
            broken = _outside(columns[0], rule, today)
        case Compared(relation="order"):
            broken = _out_of_order(*columns)
        case Compared():
            left, right = (pc.utf8_lower(column) for column in columns) if rule.ignore_case else columns
            broken = _mask((pc.not_equal if rule.relation == "equal" else pc.equal)(left, right))
    return broken


def _outside(column: Column, rule: Range, today: dt.date) -> Mask:
    low, high = (today.isoformat() if bound == "today" else bound for bound in (rule.low, rule.high))
    filled = _mask(pc.is_valid(column))
    dated = span_of(low or high or "") is not None
    if not dated:
        values = numbers(column)
        inside = np.isfinite(values)
        inside &= values >= float(low) if low else inside
        inside &= values <= float(high) if high else inside
        return filled & ~inside
    first, last = date_bounds(column)
    inside = _mask(pc.is_valid(first))
    if low and (span := span_of(low)):
        inside &= _mask(pc.greater_equal(last, span[0]))
    if high and (span := span_of(high)):
        inside &= _mask(pc.less_equal(first, span[1]))
    return filled & ~inside


def _out_of_order(left: Column, right: Column) -> Mask:
    """Where both are filled, and the left is not shown to be at most the right: as dates, else as numbers."""
    unsure = _mask(pc.and_(pc.is_valid(left), pc.is_valid(right)))
    first, last = date_bounds(left)[0], date_bounds(right)[1]
    dated = _mask(pc.and_(pc.is_valid(first), pc.is_valid(last)))
    unsure &= ~_mask(pc.less_equal(first, last))
    places = np.flatnonzero(unsure & ~dated)
    if len(places):
        values = (numbers(column.take(pa.array(places))) for column in (left, right))
        unsure[places] = ~np.less_equal(*values)
    return unsure


def _applies(rule: Rule, cells: Cells) -> Mask:
    mask = np.ones(cells.rows, np.bool_)
    for when in rule.when:
        mask &= _holds(when, cells.of(when.column, rule))
    return mask


def _holds(when: When, column: Column) -> Mask:
    has = _is_one_of(column, when.values, ignore_case=True) if when.values else _mask(pc.is_valid(column))
    return has if when.filled else ~has


def _is_one_of(column: Column, values: Sequence[str], *, ignore_case: bool) -> Mask:
    if not ignore_case:
        return _mask(pc.is_in(column, value_set=pa.array(values, pa.string())))
    return _mask(pc.is_in(pc.utf8_lower(column), value_set=pc.utf8_lower(pa.array(values, pa.string()))))


def _mask(condition: Column | pa.Array) -> Mask:
    mask: Mask = pc.fill_null(condition, fill_value=False).to_numpy(zero_copy_only=False).astype(np.bool_, copy=True)
    return mask


def _plain(header: str) -> str:
    """A header without what differs between exports of the same system, as ``sources.records.headers`` has it."""
    text = unicodedata.normalize("NFKC", header).strip()
    return _APART.sub("", _REQUIRED.sub("", text).strip() or text).casefold()
