"""How common each value is: two Smiths agreeing say less than two Featherstonehaughs.

Term-frequency adjustment of Winkler (2000), "Frequency-based matching in Fellegi–Sunter model of record linkage".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Floats, Integers
from matching.attributes import StandardAttribute

__all__ = ["Frequencies", "agreement", "count_values", "frequencies"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """The common values of an attribute, and how common a value is that is not among them.

    Args:
        shares: Value -> share of the records that have one; the most common values only.
        rest: The mean share of every other value.
    """

    shares: Mapping[str, float]
    rest: float

    def of(self, values: pa.StringArray) -> Floats:
        """The share of each value."""
        known = pa.array(list(self.shares), pa.string())
        shares = np.array([*self.shares.values(), self.rest])
        return shares[np.asarray(pc.index_in(values, known).fill_null(len(known)), dtype=np.int64)]


def count_values(attribute: StandardAttribute) -> Integers:
    """How many records have each value, in any of its slots."""
    counts = np.zeros(len(attribute.values) + 1, dtype=np.int64)
    for slot in attribute.slots:
        counts += np.bincount(np.where(slot < 0, len(attribute.values), slot), minlength=len(counts))
    return counts[:-1]


def present(attribute: StandardAttribute) -> int:
    """How many records have at least one value."""
    has = np.zeros(len(attribute.slots[0]), dtype=np.bool_)
    for slot in attribute.slots:
        has |= slot >= 0
    return int(has.sum())


def agreement(attribute: StandardAttribute) -> float:
    """The chance that two random records that both have a value share it."""
    counts, records = count_values(attribute).astype(np.float64), present(attribute)
    return float((counts * (counts - 1)).sum() / max(records * (records - 1), 1))


def frequencies(attribute: StandardAttribute, firm: float, limit: int = 2_000) -> Frequencies:
    """The shares of the ``limit`` most common values (more than one record each) and the mean of the rest.

    A share counts the other records that have the value: two that agree on it are no evidence that it is common.

    Args:
        attribute: The attribute.
        firm: Records without the value that are thought of beside those seen, so that a handful of records does not
            make each of its values common.
        limit: Values that are kept.
    """
    counts, records = count_values(attribute), max(present(attribute), 1)
    keys = _commonest(attribute.values, counts, limit)
    rest = counts.sum() - counts[keys].sum()
    others = max(len(counts) - len(keys), 1)
    names = attribute.values.take(pa.array(keys)).to_pylist()
    shares = {name: round(float((n - 1.5) / (records + firm)), 9) for name, n in zip(names, counts[keys], strict=True)}
    return Frequencies(shares=shares, rest=max(float(rest / others) - 1.5, 0.5) / (records + firm))


def _commonest(values: pa.StringArray, counts: Integers, limit: int) -> Integers:
    """Codes of the values that most records have, more than one each; ties by the value itself, not by its place."""
    common = np.flatnonzero(counts > 1)
    if len(common) > limit:
        edge = -np.partition(-counts[common], limit - 1)[limit - 1]
        sure, tied = common[counts[common] > edge], common[counts[common] == edge]
        first = pc.select_k_unstable(
            values.take(pa.array(tied)), k=limit - len(sure), sort_keys=[("value", "ascending")]
        )
        common = np.concatenate([sure, tied[np.asarray(first)]])
    ranks = np.asarray(pc.rank(values.take(pa.array(common))), dtype=np.int64)
    return np.asarray(common[np.lexsort((ranks, -counts[common]))], dtype=np.int64)
