"""Values that far more records share than matches explain: a shop's phone on 500 records, ``info@``, ``13800000000``.

A phone, an email or an identifier belongs to one customer, or nearly so. One that is on very many records belongs to a
shop, a switchboard, or to whoever had to fill the field: it is no evidence. Weighing it by its frequency would do for
itself; but the pairs that it makes, whose number grows with the square of its records, would teach the model that
phones agree by chance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Integers
from matching.attributes import StandardAttribute
from matching.frequency import count_values
from matching.prepare import Prepared

__all__ = ["Hub", "find_hubs", "hub_values", "silence"]

_OF_ONE: Final = frozenset({"phone", "email", "identifier"})
"""Roles whose values belong to one customer, or nearly so."""
_MANY: Final = 50  # records at least that make a value a hub, whatever is usual
_TIMES: Final = 10.0  # and so many times what all but a twentieth of the values have
_USUAL: Final = 0.95
_CUSTOMERS: Final = 10  # who share a value that is worth telling of
_REPORTED: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """A value that many customers share.

    Args:
        attribute: Whose value it is.
        value: The standard value: for the report alone, never for a log.
        records: Records that have it.
        customers: Customers that these records are, by the clusters found.
        silent: Whether it is so common that it counted as missing.
    """

    attribute: str
    value: str
    records: int
    customers: int
    silent: bool

    @property
    def code(self) -> str:
        """What names the value where values must not be shown."""
        return hashlib.sha256(f"{self.attribute}\x1f{self.value}".encode()).hexdigest()[:8]


def hub_values(attributes: Mapping[str, StandardAttribute]) -> dict[str, tuple[str, ...]]:
    """The values of each attribute that are on far too many records to tell customers apart, in order."""
    found = {}
    for name, attribute in attributes.items():
        if attribute.role in _OF_ONE and len(attribute.values):
            counts = count_values(attribute)
            many = np.flatnonzero(counts >= max(_MANY, _TIMES * float(np.quantile(counts, _USUAL))))
            if len(many):
                found[name] = tuple(sorted(attribute.values.take(pa.array(many)).to_pylist()))
    return found


def silence(prepared: Prepared, hubs: Mapping[str, tuple[str, ...]]) -> Prepared:
    """The records as if nobody had said these values.

    Args:
        prepared: The records.
        hubs: Attribute → values, as `hub_values` found them when the model was trained.
    """
    attributes = {
        name: _without(attribute, hubs[name]) if name in hubs else attribute
        for name, attribute in prepared.attributes.items()
    }
    return replace(prepared, attributes=attributes)


def find_hubs(
    attributes: Mapping[str, StandardAttribute], clusters: Codes, silent: Mapping[str, tuple[str, ...]]
) -> tuple[Hub, ...]:
    """The values that ten customers or more share, greatest first; a hundred at most.

    Args:
        attributes: The records' values, none of them silenced.
        clusters: (N,) the cluster of each record, in the same order.
        silent: Which values counted as missing.
    """
    found = [hub for a in attributes.values() if a.role in _OF_ONE for hub in _hubs(a, clusters, silent)]
    return tuple(sorted(found, key=lambda hub: (-hub.customers, hub.attribute, hub.value))[:_REPORTED])


def _hubs(attribute: StandardAttribute, clusters: Codes, silent: Mapping[str, tuple[str, ...]]) -> list[Hub]:
    counts = count_values(attribute)
    many = np.flatnonzero(counts >= _CUSTOMERS)
    if not len(many):
        return []
    customers = _customers(attribute, clusters, many)
    told = np.flatnonzero(customers >= _CUSTOMERS)
    values = attribute.values.take(pa.array(many[told])).to_pylist()
    quiet = frozenset(silent.get(attribute.name, ()))
    return [
        Hub(
            attribute=attribute.name,
            value=value,
            records=int(counts[many[at]]),
            customers=int(customers[at]),
            silent=value in quiet,
        )
        for at, value in zip(told, values, strict=True)
    ]


def _customers(attribute: StandardAttribute, clusters: Codes, codes: Integers) -> Integers:
    """How many clusters hold each of some values."""
    place = np.full(len(attribute.values) + 1, -1, dtype=np.int64)
    place[codes] = np.arange(len(codes))
    width = int(clusters.max(initial=0)) + 1
    keys = []
    for slot in attribute.slots:
        at = place[slot]
        held = at >= 0
        keys.append(at[held] * width + clusters[held])
    distinct = np.unique(np.concatenate(keys))
    return np.bincount(distinct // width, minlength=len(codes))


def _without(attribute: StandardAttribute, values: tuple[str, ...]) -> StandardAttribute:
    quiet = pc.is_in(attribute.values, value_set=pa.array(values, pa.string())).to_numpy(zero_copy_only=False)
    quiet = np.append(quiet, np.False_)  # −1 is missing, and stays so
    if not quiet.any():
        return attribute
    slots = tuple(np.where(quiet[slot], np.int32(-1), slot) for slot in attribute.slots)
    return replace(attribute, slots=slots)
