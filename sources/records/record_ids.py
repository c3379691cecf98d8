"""The ids of records, of every form that exports write them in; personal ones only as keyed hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import RELATIONS
from sources.records.cells import NULL, Cells, Column
from sources.records.preset import Preset
from sources.records.text_bytes import has_byte, has_empty
from sources.source import Source

__all__ = ["plain_ids", "relation_keys", "source_ids", "without_prefixes"]

_BETWEEN: Final = "\x1f"
_AT: Final = ord("@")
_SHORT: Final = 15
_SHORT_FORM: Final = r"^[A-Za-z0-9]{15}$"
_SUFFIXES: Final = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", np.uint8)


def source_ids(cells: Cells, columns: Mapping[str, Column], preset: Preset, key: bytes) -> Column | None:
    """The id of each record: from the column of ids, else a keyed hash of what identifies it.

    Args:
        cells: Of the export.
        columns: Canonical columns that the export has.
        preset: Its ``id``, ``natural_key`` and ``natural_columns``, in this order.
        key: Secret of the keyed hash.

    Returns:
        Nothing if the export has none of these columns.
    """
    if names := cells.present(preset.id):
        placed = cells.is_placed(names[0])
        ids = plain_ids(cells.first_filled(names[0]), preset)
        if not placed and has_byte(ids, _AT):
            cells.leave(names[0], pc.match_substring(ids, "@"))
        return _without_emails(ids, key)
    keys = [_natural_key(cells, preset), _natural_columns(columns, preset.natural_columns)]
    found = [_hashed(each, key) for each in keys if each is not None]
    return (found[0] if len(found) == 1 else pc.coalesce(*found)) if found else None


def plain_ids(ids: Column, preset: Preset) -> Column:
    """Ids without what exports put before them, and of one form."""
    ids = without_prefixes(ids, (*preset.text_marks, *preset.id_prefixes))
    return _in_long_form(ids) if preset.id_form == "salesforce" else ids


def relation_keys(columns: Mapping[str, Column], source: Source, key: bytes) -> dict[str, Column]:
    """The keys of the records that a record's relations name.

    Args:
        columns: Canonical columns; ids in plain form.
        source: Its ``relations`` tell whose records they are. Parents are of the same source if it does not tell.
        key: Secret of the keyed hash of ids that are emails.
    """
    related = {"parent_id": source.name, **source.relations}
    return {
        RELATIONS[name]: pc.binary_join_element_wise(related[name], _without_emails(columns[name], key), ":")
        for name in RELATIONS
        if name in columns and name in related
    }


def without_prefixes(values: Column, prefixes: Sequence[str]) -> Column:
    """Values without what stands before them, one prefix after the other."""
    for prefix in prefixes:
        starts = pc.starts_with(values, prefix)
        if pc.any(starts).as_py():
            rest = pc.binary_replace_slice(values, 0, len(prefix.encode()), "")
            values = rest if pc.all(starts).as_py() else pc.if_else(starts, rest, values)
    return pc.if_else(pc.equal(values, ""), NULL, values) if has_empty(values) else values


def _natural_key(cells: Cells, preset: Preset) -> Column | None:
    """The first filled of the headers that identify a record; the cells stay where else they belong."""
    return cells.first_filled(preset.natural_key, wholly=False)


def _natural_columns(columns: Mapping[str, Column], names: Sequence[str]) -> Column | None:
    """Columns that identify a record together; one that the export lacks is as if it were empty."""
    if not any(name in columns for name in names):
        return None
    texts = [pc.fill_null(columns[name], "") if name in columns else "" for name in names]
    joined = pc.binary_join_element_wise(*texts, _BETWEEN)
    return pc.if_else(pc.equal(joined, _BETWEEN * (len(names) - 1)), NULL, joined)


def _in_long_form(ids: Column) -> Column:
    """Salesforce ids of 18 characters: those of 15, as its reports have them, tell apart by case alone.

    The three characters more say which of each five are capitals (Salesforce, Field Types, ID Field Type).
    """
    is_short = pc.and_(pc.equal(pc.binary_length(ids), _SHORT), pc.match_substring_regex(ids, _SHORT_FORM))
    short = pc.fill_null(is_short, fill_value=False)
    plain = ids.filter(short).combine_chunks()
    if not len(plain):
        return ids
    text = np.frombuffer("".join(plain.to_pylist()).encode("ascii"), np.uint8).reshape(-1, 3, 5)
    capitals = (text >= ord("A")) & (text <= ord("Z"))
    suffixes = _SUFFIXES[capitals @ np.array([1, 2, 4, 8, 16])]
    long = np.concatenate([text.reshape(-1, _SHORT), suffixes], axis=1)
    written = pa.array(np.ascontiguousarray(long).view(f"S{long.shape[1]}").ravel().astype(str).tolist(), pa.string())
    return pa.chunked_array([pc.replace_with_mask(ids.combine_chunks(), short.combine_chunks(), written)])


def _without_emails(ids: Column, key: bytes) -> Column:
    """Ids with those that are emails hashed, each by itself, so that no other row can change a record's key."""
    if not has_byte(ids, _AT):
        return ids
    emails = pc.match_substring(ids, "@")
    return pc.coalesce(_hashed(pc.if_else(emails, ids, NULL), key), ids)


def _hashed(values: Column, key: bytes) -> Column:
    """Keyed BLAKE2b (RFC 7693), 12 bytes as hexadecimal digits, of each value in lower case."""
    lowered = pc.utf8_lower(values).to_pylist()
    keyed = hashlib.blake2b(key=hashlib.sha256(key).digest(), digest_size=12)

    def digest(value: str) -> str:
        each = keyed.copy()
        each.update(value.encode())
        return each.hexdigest()

    return pa.chunked_array([pa.array([None if v is None else digest(v) for v in lowered], pa.string())])
