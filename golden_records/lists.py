"""Lists that survive beside the best value: all phones, all emails, all sources of a customer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes

__all__ = ["contacts", "distinct_lists", "joined", "quoted"]

_TELLING_DIGITS: Final = 10  # what two spellings of one number share: prefixes of countries and lines differ
_NEEDS_ESCAPE: Final = r'[\x00-\x1f"\\]'


def contacts(slots: Sequence[pa.Array], customer: Codes, everyone: Codes, count: int, *, kind: str) -> pa.Array:
    """Each customer's distinct values: those of the first column from the most telling record on, then the next's.

    Args:
        slots: Columns of the kind (phone, mobile …), one value or null a record.
        customer: Number of each record's customer.
        everyone: All records, each customer's most telling first.
        count: How many customers there are.
        kind: ``phone`` or ``email``: two spellings of one phone or email are one.

    Returns:
        A JSON array of text for each customer, null where it has none.
    """
    place = np.empty(len(everyone), dtype=np.int64)
    place[everyone] = np.arange(len(everyone))
    filled = [np.flatnonzero(slot.is_valid().to_numpy(zero_copy_only=False)) for slot in slots]
    rank = [(customer[rows] * len(slots) + slot) * len(place) + place[rows] for slot, rows in enumerate(filled)]
    order = np.argsort(np.concatenate(rank))
    owner = np.concatenate([customer[rows] for rows in filled])[order]
    values = pa.concat_arrays([pc.take(slot, pa.array(rows)) for slot, rows in zip(slots, filled, strict=True)])
    values = pc.take(values, pa.array(order))
    distinct = _distinct(values, owner, np.bincount(owner, minlength=count), kind)
    owner, values = owner[distinct], pc.take(values, pa.array(distinct))
    texts = joined(quoted(values), np.bincount(owner, minlength=count))
    return pc.binary_join_element_wise("[", texts, "]", "")


def distinct_lists(names: pa.Array, customer: Codes, count: int) -> pa.Array:
    """Each customer's distinct names (few in all), sorted, with commas between."""
    encoded = names.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    has = np.zeros((count, len(order)), dtype=np.bool_)
    has[customer, rank[encoded.indices.to_numpy()]] = True
    owner, name = np.nonzero(has)
    return joined(pc.take(encoded.dictionary, pa.array(order[name])), np.bincount(owner, minlength=count))


def _distinct(values: pa.Array, owner: Codes, size: Codes, kind: str) -> Codes:
    """Places of values that do not repeat one before them of the same customer."""
    several = np.flatnonzero(size[owner] > 1)
    spelt = _comparable(pc.take(values, pa.array(several)), kind).dictionary_encode()
    pairs = owner[several] * max(len(spelt.dictionary), 1) + spelt.indices.to_numpy()
    repeats = np.ones(len(several), dtype=np.bool_)
    repeats[np.unique(pairs, return_index=True)[1]] = False
    return np.delete(np.arange(len(values)), several[repeats])


def _comparable(values: pa.Array, kind: str) -> pa.Array:
    plain = pc.utf8_normalize(values, form="NFKC")  # full-width digits and signs
    if kind == "email":
        return pc.utf8_lower(plain)
    digits = pc.utf8_slice_codeunits(pc.replace_substring_regex(plain, r"[^0-9]", ""), -_TELLING_DIGITS, None)
    return pc.if_else(pc.equal(digits, ""), values, digits)


def quoted(values: pa.Array) -> pa.Array:
    """Values as JSON strings."""
    plain = pc.binary_join_element_wise('"', values, '"', "")
    odd = np.flatnonzero(pc.match_substring_regex(values, _NEEDS_ESCAPE).to_numpy(zero_copy_only=False))
    if not len(odd):
        return plain
    escaped = [json.dumps(value, ensure_ascii=False) for value in pc.take(values, pa.array(odd)).to_pylist()]
    mask = np.zeros(len(values), dtype=np.bool_)
    mask[odd] = True
    return pc.replace_with_mask(plain, pa.array(mask), pa.array(escaped, pa.string()))


def joined(values: pa.Array, size: Codes) -> pa.Array:
    """Values, grouped by customer, joined with commas; null for a customer that has none."""
    offsets = np.append(0, np.cumsum(size)).astype(np.int32)
    texts = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), values), ",")
    return pc.if_else(pa.array(size > 0), texts, pa.scalar(None, pa.string()))
