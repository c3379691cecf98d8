"""Records made ready: standard attributes in an order that depends on their content alone.

Row order must not decide anything: not which records are sampled, not how ties break. So records are put in the order
of a hash of their standard values before any choice is made, and results are put back at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from matching.arrays import Bools, Codes, Keys
from matching.attributes import StandardAttribute, standardise_records
from matching.comparison import Comparison
from matching.rarity import hash_values
from matching.roles import ColumnRole
from schemas.records import KINDS

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """N records ready to be matched.

    Args:
        attributes: By name, in canonical order of the records.
        order: (N,) the original position of each record in canonical order.
        kinds: (N,) 0 person, 1 company, -1 unknown; in canonical order.
        repeats: Positions of records that say exactly what the record before them says.
    """

    attributes: Mapping[str, StandardAttribute]
    order: Codes
    kinds: Codes
    repeats: Codes

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self.order)

    def comparable(self, left: Codes, right: Codes) -> Bools:
        """Whether the records of each pair are of one kind, as far as is known."""
        one, two = self.kinds[left], self.kinds[right]
        return np.asarray((one == two) | (one < 0) | (two < 0))


def prepare(
    records: pd.DataFrame,
    roles: tuple[ColumnRole, ...],
    kind_column: str | None,
    expected: Iterable[Comparison] = (),
) -> Prepared:
    """Standardises the records and orders them by content; an attribute that a model expects may be empty."""
    attributes = standardise_records(records, roles)
    found = {a.name for a in attributes}
    attributes += tuple(_empty(c, len(records)) for c in expected if c.name not in found)
    kinds = _kinds(records, kind_column)
    order, repeats = _ordered(_content(attributes, kinds))
    ordered = {a.name: replace(a, slots=tuple(s[order] for s in a.slots)) for a in attributes}
    return Prepared(attributes=ordered, order=order, kinds=kinds[order], repeats=repeats)


def _empty(comparison: Comparison, size: int) -> StandardAttribute:
    missing = np.full(size, -1, dtype=np.int32)
    return StandardAttribute(
        name=comparison.name, role=comparison.role, slots=(missing,), values=pa.array([""], pa.string())
    )


def _kinds(records: pd.DataFrame, column: str | None) -> Codes:
    if column is None or column not in records.columns:
        return np.full(len(records), -1, dtype=np.int32)
    text = pa.array(records[column], pa.string())
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    return np.asarray(pa.compute.index_in(text, pa.array(KINDS)).fill_null(-1), dtype=np.int32)


def _ordered(content: Keys) -> tuple[Codes, Codes]:
    """Positions in the order of the hashes, those of equal hashes ascending; and where a hash is the one before it."""
    order = np.argsort(content).astype(np.int32)  # not stable, which would take three times as long
    ordered = content[order]
    again = ordered[1:] == ordered[:-1]
    equal = np.flatnonzero(np.append(again, False) | np.append(False, again)) if len(content) else np.empty(0, np.int64)
    order[equal] = order[equal][np.lexsort((order[equal], ordered[equal]))]
    return order, (np.flatnonzero(again) + 1).astype(np.int32)


def _content(attributes: tuple[StandardAttribute, ...], kinds: Codes) -> Keys:
    """A hash of each record's standard values."""
    content = kinds.astype(np.uint64)
    for place, attribute in enumerate(attributes):
        hashes = np.append(hash_values(attribute.values), np.uint64(0))
        for slot in attribute.slots:
            content = (content ^ (hashes[slot] + np.uint64(place))) * np.uint64(0x9E3779B97F4A7C15)
            content ^= content >> np.uint64(29)
    return content
