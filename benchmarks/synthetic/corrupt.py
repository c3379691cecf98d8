"""What happens to a customer's data on its way into three systems, one labelled corruption after the other.

A corruption touches the rows that chance picks among those it fits. Those of one group exclude one another, so that a
name is not mistyped, abbreviated and translated at once. All but `HARD` of the entities have an anchor, an email, a
telephone or a tax number that every one of their records keeps: with the name it makes the two pieces of evidence
without which no matcher, and no person either, could tell.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.synthetic.names import Objects, objects

__all__ = ["HARD", "Corruption", "corrupt", "each"]

HARD = 0.01

_FIRST_RECORD = 0.15  # how much rarer corruptions are in an entity's first record

Mask = npt.NDArray[np.bool_]
Cells = dict[str, npt.NDArray[np.generic] | Objects]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corruption:
    """One thing that goes wrong.

    Args:
        label: What ``truth.csv`` calls it.
        group: Only one corruption of a group hits a row; ``format`` has no limit. A group that the row's anchors
            name spares the row.
        rate: The share of the fitting rows that it hits, among records after an entity's first.
        change: From the source of chance and the rows hit to new values by column.
        when: Which rows it fits; all where absent.
        everywhere: Hits first records as often as later ones.
    """

    label: str
    group: str
    rate: float
    change: Callable[[np.random.Generator, pd.DataFrame], Cells]
    when: Callable[[pd.DataFrame], Mask] | None = None
    everywhere: bool = False


def corrupt(
    rng: np.random.Generator, rows: pd.DataFrame, corruptions: Sequence[Corruption]
) -> tuple[pd.DataFrame, Objects]:
    """The rows as the systems hold them.

    Args:
        rng: The source of chance.
        rows: N clean rows with ``ordinal`` (0 for an entity's first record), ``anchor`` and the columns that the
            corruptions speak of.
        corruptions: Applied in order; 63 at most.

    Returns:
        The corrupted rows, and (N,) their labels joined by spaces.
    """
    columns: Cells = {str(name): rows[name].to_numpy() for name in rows}
    applied = np.zeros(len(rows), dtype=np.int64)
    chance = np.where(rows["ordinal"].to_numpy() > 0, 1.0, _FIRST_RECORD)
    anchors, anchor = np.unique(columns["anchor"].astype(str), return_inverse=True)
    groups: dict[str, int] = {}
    for bit, corruption in enumerate(corruptions):
        hit = rng.random(len(rows)) < corruption.rate * (1.0 if corruption.everywhere else chance)
        kept = np.array([corruption.group in names.split() for names in anchors.tolist()])
        hit &= ~kept[anchor] & (applied & groups.get(corruption.group, 0) == 0)
        places = np.flatnonzero(hit)
        current = pd.DataFrame({name: values[places] for name, values in columns.items()})
        if corruption.when is not None:
            fits = corruption.when(current)
            places, current = places[fits], current[fits]
        changed = np.zeros(len(places), dtype=bool)
        for name, values in corruption.change(rng, current).items():
            changed |= columns[name][places] != values
            columns[name] = columns[name].copy()
            columns[name][places] = values
        applied[places[changed]] |= 1 << bit
        if corruption.group != "format":
            groups[corruption.group] = groups.get(corruption.group, 0) | 1 << bit
    return pd.DataFrame(columns, index=rows.index), _labels(applied, [corruption.label for corruption in corruptions])


def _labels(applied: npt.NDArray[np.int64], names: Sequence[str]) -> Objects:
    """Bit masks spelt out, each distinct one once."""
    distinct, inverse = np.unique(applied, return_inverse=True)
    spelt = objects(" ".join(name for bit, name in enumerate(names) if mask >> bit & 1) for mask in distinct.tolist())
    labels: Objects = spelt[inverse]
    return labels


def each(change: Callable[[str], str], column: str) -> Callable[[np.random.Generator, pd.DataFrame], Cells]:
    """A corruption that maps each value of a column by itself."""
    return lambda _rng, rows: {column: objects(change(value) for value in rows[column])}
