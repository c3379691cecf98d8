"""The golden table as narrow tables: one row a phone or email, a consent, a relation, a golden value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes
from schemas.golden import LINEAGE_ATTRIBUTES, LINEAGE_DIGITS, ONLY_MEMBER, RULES
from schemas.records import CONSENT_KINDS, CONSENTS, RELATIONS

__all__ = ["consents_table", "contacts_table", "lineage_table", "relations_table"]

_NO_DIGIT: Final = 255
_RELATIONS: Final = pa.schema(
    [(name, pa.string()) for name in ("golden_id", "relation", "related_id", "record_key", "related_key")]
)


def contacts_table(customers: pa.Table) -> pa.Table:
    """golden_id, channel (phone or email), value, rank (1 the best), from ``phones`` and ``emails``."""
    parts = [_contacts(customers, channel) for channel in ("phone", "email")]
    return pa.concat_tables(parts).sort_by(
        [("golden_id", "ascending"), ("channel", "descending"), ("rank", "ascending")]
    )


def lineage_table(customers: pa.Table) -> pa.Table:
    """golden_id, attribute, record_key, rule, one row a golden value, sorted by id; text columns as dictionaries."""
    values = _values(customers, LINEAGE_ATTRIBUTES)
    return pa.table(
        {
            "golden_id": _dictionary(values.customer, customers.column("golden_id").combine_chunks()),
            "attribute": _dictionary(values.attribute.astype(np.int8), pa.array(LINEAGE_ATTRIBUTES)),
            "record_key": _dictionary(values.record, values.keys),
            "rule": _dictionary(values.rule, pa.array(RULES)),
        }
    )


def consents_table(customers: pa.Table) -> pa.Table:
    """golden_id, channel, purpose, status, chosen_at, record_key, one row a known consent, sorted by id."""
    asked = [customers.column(name).is_valid().to_numpy() for name in CONSENTS]
    some = customers.take(pa.array(np.flatnonzero(np.logical_or.reduce(asked))))
    values = _values(some, CONSENTS)
    customer, kind = pa.array(values.customer), values.attribute
    chosen, dates = ([some.column(f"{name}{end}") for name in CONSENTS] for end in ("", "_at"))
    places = pa.array(kind * np.int64(some.num_rows) + values.customer)  # in all columns, one after the other
    channels, purposes = zip(*CONSENT_KINDS.values(), strict=True)
    return pa.table(
        {
            "golden_id": some.column("golden_id").take(customer),
            "channel": pa.array(channels).take(pa.array(kind)),
            "purpose": pa.array(purposes).take(pa.array(kind)),
            "status": pa.chunked_array([chunk for column in chosen for chunk in column.chunks]).take(places),
            "chosen_at": pa.chunked_array([chunk for column in dates for chunk in column.chunks]).take(places),
            "record_key": values.keys.take(values.record),
        }
    )


def relations_table(records: pa.Table, crosswalk: pa.Table) -> pa.Table:
    """golden_id, relation, related_id, record_key, related_key, one row a record that names another customer's.

    Args:
        records: ``record_key`` and the attributes that hold keys (`schemas.records.RELATIONS`).
        crosswalk: record_key, golden_id.
    """
    parts = [_RELATIONS.empty_table()]
    for name, key in RELATIONS.items():
        named = records.filter(pc.is_valid(records.column(key)))
        if not named.num_rows:
            continue
        own, related = (_golden(crosswalk, named.column(column)) for column in ("record_key", key))
        columns = (
            own,
            pa.repeat(name.removesuffix("_id"), named.num_rows),
            related,
            named.column("record_key"),
            named.column(key),
        )
        parts.append(pa.table(dict(zip(_RELATIONS.names, columns, strict=True))).filter(pc.not_equal(own, related)))
    order = [(name, "ascending") for name in ("golden_id", "relation", "record_key")]
    return pa.concat_tables([part.cast(_RELATIONS) for part in parts]).sort_by(order)


def _golden(crosswalk: pa.Table, keys: pa.ChunkedArray) -> pa.ChunkedArray:
    """The customers of records, null where there is no such record."""
    return crosswalk.column("golden_id").take(pc.index_in(keys, value_set=crosswalk.column("record_key")))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Values:
    """Golden values, by customer: the numbers of customer, attribute, record among ``keys`` (null: a steward), rule."""

    customer: npt.NDArray[np.int32]
    attribute: npt.NDArray[np.int32]
    record: pa.Array
    rule: npt.NDArray[np.int8]
    keys: pa.Array


def _values(customers: pa.Table, names: Sequence[str]) -> _Values:
    owner, keys = _listed(customers.column("lineage_records"))
    first_key = np.searchsorted(owner, np.arange(customers.num_rows))
    held = [place for place, name in enumerate(names) if customers.column(name).null_count < customers.num_rows]
    digits, letters = _codes(customers.column("lineage").combine_chunks(), [names[place] for place in held])
    columns = [customers.column(names[place]).is_valid().to_numpy() for place in held]
    filled = np.stack(columns, axis=1) if held else np.empty((customers.num_rows, 0), dtype=np.bool_)
    customer, column = (part.astype(np.int32) for part in np.nonzero(filled))
    digit = digits[customer, column]
    record = pa.array((first_key[customer] + digit).astype(np.int32), mask=digit == _NO_DIGIT)
    attribute = np.array(held, dtype=np.int32)[column]
    return _Values(customer=customer, attribute=attribute, record=record, rule=letters[customer, column], keys=keys)


def _contacts(customers: pa.Table, channel: str) -> pa.Table:
    owner, values = _listed(customers.column(f"{channel}s"))
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner) + 1
    return pa.table(
        {
            "golden_id": pc.take(customers.column("golden_id").combine_chunks(), pa.array(owner)),
            "channel": pa.array([channel]).take(pa.array(np.zeros(len(owner), dtype=np.int8))),
            "value": values,
            "rank": pa.array(rank, pa.int64()),
        }
    )


def _listed(texts: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Take JSON arrays of text apart: for each element its row, and the elements.

    Between two elements stands ``","``, which no JSON string can contain.
    """
    inner = pc.utf8_slice_codeunits(texts.combine_chunks(), 2, -2)
    lists = pc.split_pattern(inner, '","')
    rows = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
    values = pc.list_flatten(lists)
    odd = pc.match_substring(values, "\\")
    if pc.any(odd).as_py():
        plain = [json.loads(f'"{value}"') for value in values.filter(odd).to_pylist()]
        values = pc.replace_with_mask(values, odd, pa.array(plain, pa.string()))
    return rows, values


def _codes(texts: pa.Array, names: Sequence[str]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]:
    """For each customer and attribute the place of the record among those named, and the place of the rule."""
    count, width = len(texts), 2 * len(LINEAGE_ATTRIBUTES)
    digits = np.zeros((count, len(names)), dtype=np.uint8)
    letters = np.full(digits.shape, list(RULES).index("only_value"), dtype=np.int8)
    several = np.flatnonzero(pc.not_equal(texts, ONLY_MEMBER).to_numpy(zero_copy_only=False))
    joined = "".join(pc.take(texts, pa.array(several)).to_pylist()).encode("ascii")
    pairs = np.frombuffer(joined, dtype=np.uint8).reshape(len(several), width)
    at = 2 * np.array([LINEAGE_ATTRIBUTES.index(name) for name in names], dtype=np.int64)
    digits[several] = _inverse(LINEAGE_DIGITS, np.dtype(np.uint8), _NO_DIGIT)[pairs[:, at]]
    letters[several] = _inverse("".join(RULES.values()), np.dtype(np.int8), 0)[pairs[:, at + 1]]
    return digits, letters


def _inverse(symbols: str, kind: np.dtype[np.generic], absent: int) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    table = np.full(256, absent, dtype=kind)
    table[np.frombuffer(symbols.encode("ascii"), dtype=np.uint8)] = np.arange(len(symbols))
    return table


def _dictionary(codes: npt.ArrayLike | pa.Array, values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(codes if isinstance(codes, pa.Array) else pa.array(codes), values)
