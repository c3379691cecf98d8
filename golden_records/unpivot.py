"""The golden table's lists and lineage as narrow tables: one row a phone or email, one row a golden value."""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes
from schemas.golden import LINEAGE_ATTRIBUTES, LINEAGE_DIGITS, ONLY_MEMBER, RULES

__all__ = ["contacts_table", "lineage_table"]

_NO_DIGIT: Final = 255


def contacts_table(customers: pa.Table) -> pa.Table:
    """golden_id, channel (phone or email), value, rank (1 the best), from ``phones`` and ``emails``."""
    parts = [_contacts(customers, channel) for channel in ("phone", "email")]
    return pa.concat_tables(parts).sort_by(
        [("golden_id", "ascending"), ("channel", "descending"), ("rank", "ascending")]
    )


def lineage_table(customers: pa.Table) -> pa.Table:
    """golden_id, attribute, record_key, rule, one row a golden value, sorted by id; text columns as dictionaries."""
    owner, keys = _listed(customers.column("lineage_records"))
    first_key = np.searchsorted(owner, np.arange(customers.num_rows))
    digits, letters = _codes(customers.column("lineage").combine_chunks())
    filled = np.stack([customers.column(name).is_valid().to_numpy() for name in LINEAGE_ATTRIBUTES], axis=1)
    customer, attribute = (part.astype(np.int32) for part in np.nonzero(filled))
    digit = digits[customer, attribute]
    record = pa.array((first_key[customer] + digit).astype(np.int32), mask=digit == _NO_DIGIT)
    return pa.table(
        {
            "golden_id": _dictionary(customer, customers.column("golden_id").combine_chunks()),
            "attribute": _dictionary(attribute.astype(np.int8), pa.array(LINEAGE_ATTRIBUTES)),
            "record_key": _dictionary(record, keys),
            "rule": _dictionary(letters[customer, attribute], pa.array(RULES)),
        }
    )


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


def _codes(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int8]]:
    """For each customer and attribute the place of the record among those named, and the place of the rule."""
    count, width = len(texts), 2 * len(LINEAGE_ATTRIBUTES)
    digits = np.zeros((count, len(LINEAGE_ATTRIBUTES)), dtype=np.uint8)
    letters = np.full(digits.shape, list(RULES).index("only_value"), dtype=np.int8)
    several = np.flatnonzero(pc.not_equal(texts, ONLY_MEMBER).to_numpy(zero_copy_only=False))
    joined = "".join(pc.take(texts, pa.array(several)).to_pylist()).encode("ascii")
    pairs = np.frombuffer(joined, dtype=np.uint8).reshape(len(several), width)
    digits[several] = _inverse(LINEAGE_DIGITS, np.dtype(np.uint8), _NO_DIGIT)[pairs[:, 0::2]]
    letters[several] = _inverse("".join(RULES.values()), np.dtype(np.int8), 0)[pairs[:, 1::2]]
    return digits, letters


def _inverse(symbols: str, kind: np.dtype[np.generic], absent: int) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
    table = np.full(256, absent, dtype=kind)
    table[np.frombuffer(symbols.encode("ascii"), dtype=np.uint8)] = np.arange(len(symbols))
    return table


def _dictionary(codes: npt.ArrayLike | pa.Array, values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(codes if isinstance(codes, pa.Array) else pa.array(codes), values)
