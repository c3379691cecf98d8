"""The figures of the merge report, counted from its frames. Whole columns at a time; a million records in a second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import ATTRIBUTES
from stewardship.facts import Thresholds
from stewardship.grouping import Grouping, column

__all__ = [
    "AttributeQuality",
    "Bin",
    "Combination",
    "PairCounts",
    "ReasonCount",
    "SizeCount",
    "WarningCount",
    "cluster_sizes",
    "overlap",
    "pair_counts",
    "quality",
    "quarantine_counts",
    "warning_counts",
    "weight_bins",
]

_COUNTED: Final = tuple(a.name for a in ATTRIBUTES if a.survives)
_TIMES: Final = frozenset(a.name for a in ATTRIBUTES if a.group == "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeQuality:
    """One attribute over the records (before) and over the golden records (after): counts.

    Distinct values are None for times, where they say nothing and would cost the most to count.
    """

    attribute: str
    records: int
    filled_before: int
    invalid_before: int
    distinct_before: int | None
    customers: int
    filled_after: int
    invalid_after: int
    distinct_after: int | None

    @property
    def fill_before(self) -> float:
        """Share of records that have a value."""
        return self.filled_before / self.records if self.records else 0.0

    @property
    def fill_after(self) -> float:
        """Share of golden records that have a value."""
        return self.filled_after / self.customers if self.customers else 0.0

    @property
    def valid_before(self) -> float | None:
        """Share of the records' values that no warning stands against."""
        return 1 - self.invalid_before / self.filled_before if self.filled_before else None

    @property
    def valid_after(self) -> float | None:
        """Share of the golden values that no warning stands against."""
        return 1 - self.invalid_after / self.filled_after if self.filled_after else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Golden records whose records come from exactly these sources."""

    sources: tuple[str, ...]
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeCount:
    """Golden records of ``low`` to ``high`` records; ``high`` is None for the last, open class."""

    low: int
    high: int | None
    customers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """Rows quarantined for one reason, and how many of each source; a row with two reasons counts under both."""

    reason: str
    rows: int
    sources: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningCount:
    """Records with one warning on one attribute."""

    attribute: str
    reason: str
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """Pairs at or above ``review_at``: in one golden record; waiting for a person; kept apart above ``merge_at``.

    ``held`` are those of ``together`` that lie below ``merge_at``: other records hold them together.
    """

    together: int
    waiting: int
    apart: int
    held: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Pairs with ``low`` <= match weight < ``high``."""

    low: float
    high: float
    counts: PairCounts


def overlap(records: pd.DataFrame, grouping: Grouping) -> tuple[Combination, ...]:
    """Golden records by the exact set of sources that know them, the most frequent first."""
    source = column(records, "source").combine_chunks().dictionary_encode()
    names = source.dictionary.to_pylist()
    codes = source.indices.to_numpy(zero_copy_only=False)
    member = np.zeros((len(grouping.sizes), len(names)), dtype=bool)
    member[grouping.codes, codes] = True
    packed = np.packbits(member, axis=1)
    whole = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, counts = np.unique(whole, return_index=True, return_counts=True)
    combinations = (
        Combination(sources=tuple(sorted(n for n, here in zip(names, row, strict=True) if here)), customers=int(count))
        for row, count in zip(member[first], counts, strict=True)
    )
    return tuple(sorted(combinations, key=lambda c: (-c.customers, len(c.sources), c.sources)))


def cluster_sizes(grouping: Grouping) -> tuple[SizeCount, ...]:
    """Golden records by their number of records, ascending; sizes from 10 on in classes."""
    edges = (*range(1, 11), 20, 50, 100, 1000, 2**62)
    counts, _ = np.histogram(grouping.sizes, bins=np.array(edges))
    return tuple(
        SizeCount(low=low, high=None if high == edges[-1] else high - 1, customers=int(count))
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
        if count
    )


def quality(
    records: pd.DataFrame, customers: pd.DataFrame, warnings: pd.DataFrame, grouping: Grouping
) -> tuple[AttributeQuality, ...]:
    """Each attribute that has a value anywhere, before and after, in the order of the canonical record."""
    names = [name for name in _COUNTED if name in records.columns or name in customers.columns]
    warned = _warned_positions(records, warnings)
    golden = column(customers, "golden_id").combine_chunks()

    def one(name: str) -> AttributeQuality:
        before, after = _attribute(records, name), _attribute(customers, name)
        bad = warned.get(name, np.empty(0, dtype=np.int64))
        bad = bad[before.take(pa.array(bad)).is_valid().to_numpy()] if len(bad) else bad
        return AttributeQuality(
            attribute=name,
            records=len(before),
            filled_before=len(before) - before.null_count,
            invalid_before=len(bad),
            distinct_before=None if name in _TIMES else _distinct(before),
            customers=len(after),
            filled_after=len(after) - after.null_count,
            invalid_after=_surviving(before, after, bad, golden, grouping),
            distinct_after=None if name in _TIMES else _distinct(after),
        )

    with ThreadPoolExecutor() as pool:  # Arrow's kernels release the lock
        measured = tuple(pool.map(one, names))
    return tuple(a for a in measured if a.filled_before or a.filled_after)


def quarantine_counts(quarantine: pd.DataFrame) -> tuple[ReasonCount, ...]:
    """Quarantined rows by reason, and within each by source, the most frequent first."""
    reasons = pc.split_pattern(column(quarantine, "reasons").combine_chunks(), " ")
    source = column(quarantine, "source").combine_chunks().take(pc.list_parent_indices(reasons))
    table = pa.table({"source": source, "reason": pc.list_flatten(reasons)})
    counts = (
        table.filter(pc.not_equal(table["reason"], "")).group_by(["source", "reason"]).aggregate([([], "count_all")])
    )
    by_reason: dict[str, list[tuple[str, int]]] = {}
    for row in counts.sort_by([("count_all", "descending"), ("source", "ascending")]).to_pylist():
        by_reason.setdefault(row["reason"], []).append((row["source"], row["count_all"]))
    found = (
        ReasonCount(reason=reason, rows=sum(rows for _, rows in sources), sources=tuple(sources))
        for reason, sources in by_reason.items()
    )
    return tuple(sorted(found, key=lambda r: (-r.rows, r.reason)))


def warning_counts(warnings: pd.DataFrame) -> tuple[WarningCount, ...]:
    """Warned records by attribute and reason, the most frequent first."""
    table = pa.table({name: column(warnings, name) for name in ("record_key", "attribute", "reason")})
    counts = table.group_by(["attribute", "reason"]).aggregate([("record_key", "count_distinct")])
    return tuple(
        WarningCount(attribute=row["attribute"], reason=row["reason"], records=row["record_key_count_distinct"])
        for row in counts.sort_by(
            [("record_key_count_distinct", "descending"), ("attribute", "ascending"), ("reason", "ascending")]
        ).to_pylist()
    )


def pair_counts(pairs: pa.Table, grouping: Grouping, thresholds: Thresholds) -> PairCounts:
    """All pairs at or above ``review_at`` by what became of them."""
    return _counts(*_fates(pairs, grouping, thresholds))


def weight_bins(pairs: pa.Table, grouping: Grouping, thresholds: Thresholds, *, most: int = 40) -> tuple[Bin, ...]:
    """The distribution of match weights, in bins of whole width with an edge at (near) ``merge_at``.

    Args:
        pairs: `schemas.linkage.PAIRS`.
        grouping: The records by golden record.
        thresholds: ``merge_at`` and ``review_at``.
        most: Bins at most.
    """
    if not pairs.num_rows:
        return ()
    weights = pairs.column("match_weight").to_numpy().astype(np.float64)
    together, above = _fates(pairs, grouping, thresholds)
    lowest = min(float(weights.min()), thresholds.review_weight)
    step = max(1.0, float(np.ceil((weights.max() - lowest) / (most - 2))))
    start = thresholds.merge_weight - max(np.ceil((thresholds.merge_weight - lowest) / step), 0) * step
    place = np.maximum(np.floor((weights - start) / step + 1e-6), 0).astype(np.int64)  # weights are float32
    bins = int(place.max()) + 1
    kept = np.bincount(place[together], minlength=bins)
    apart = np.bincount(place[~together & above], minlength=bins)
    waiting = np.bincount(place[~together & ~above], minlength=bins)
    return tuple(
        Bin(
            low=start + step * i,
            high=start + step * (i + 1),
            counts=PairCounts(together=int(kept[i]), waiting=int(waiting[i]), apart=int(apart[i])),
        )
        for i in range(bins)
    )


def _fates(pairs: pa.Table, grouping: Grouping, thresholds: Thresholds) -> tuple[np.ndarray, np.ndarray]:
    codes = grouping.codes
    together = codes[pairs.column("left").to_numpy()] == codes[pairs.column("right").to_numpy()]
    return together, pairs.column("match_probability").to_numpy() >= np.float32(thresholds.merge_at)


def _counts(together: np.ndarray, above: np.ndarray) -> PairCounts:
    return PairCounts(
        together=int(together.sum()),
        waiting=int((~together & ~above).sum()),
        apart=int((~together & above).sum()),
        held=int((together & ~above).sum()),
    )


def _attribute(frame: pd.DataFrame, name: str) -> pa.ChunkedArray:
    return column(frame, name) if name in frame.columns else pa.chunked_array([pa.nulls(len(frame), pa.string())])


def _distinct(values: pa.ChunkedArray) -> int:
    """Twice as fast as ``pc.count_distinct``."""
    return 0 if values.null_count == len(values) else len(pc.unique(values)) - (values.null_count > 0)


def _warned_positions(records: pd.DataFrame, warnings: pd.DataFrame) -> dict[str, np.ndarray]:
    """Positions of the warned records by attribute, each once."""
    if not len(warnings):
        return {}
    at = pc.index_in(column(warnings, "record_key"), value_set=column(records, "record_key").combine_chunks())
    places = pd.DataFrame(
        {"attribute": warnings["attribute"].to_numpy(), "at": at.to_numpy()},
    )
    places = places.dropna().drop_duplicates()
    return {str(name): part.to_numpy(dtype=np.int64) for name, part in places.groupby("attribute")["at"]}


def _surviving(
    before: pa.ChunkedArray, after: pa.ChunkedArray, bad: np.ndarray, golden: pa.Array, grouping: Grouping
) -> int:
    """Golden records whose value is one that a warning stands against in a record of theirs."""
    if not len(bad) or after.null_count == len(after):
        return 0
    ids = grouping.golden_ids.take(pa.array(grouping.codes[bad]))
    place = pc.index_in(ids, value_set=golden)
    same = pc.equal(after.take(place), before.take(pa.array(bad))).fill_null(fill_value=False)
    return len(pc.unique(ids.filter(same.combine_chunks())))
