"""Records by golden record, and the weakest link that holds each merge together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree

__all__ = ["Grouping", "Links", "column", "group", "weakest_links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Records by golden record.

    Args:
        codes: (N,) int32, the golden record of each record, numbered 0..G-1.
        golden_ids: (G,) the golden id of each number.
        sizes: (G,) int64, records in each golden record.
    """

    codes: np.ndarray
    golden_ids: pa.Array
    sizes: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The weakest link of each golden record of two records or more.

    The weakest link is the greatest match weight at which the golden record would still hold together by its pairs: the
    lightest edge of its heaviest spanning tree (Gower & Ross 1969, single linkage and minimum spanning trees).

    Args:
        groups: (K,) int, number of the golden record, ascending.
        weights: (K,) float64 match weights; NaN where pairs alone do not hold the records together (a steward's
            judgement, or an earlier run, did).
        left: (K,) int, position of a record at the weakest link; -1 where there is none.
        right: (K,) int, position of the other.
    """

    groups: np.ndarray
    weights: np.ndarray
    left: np.ndarray
    right: np.ndarray


def column(frame: pd.DataFrame, name: str) -> pa.ChunkedArray:
    """A column as Arrow text, whatever its pandas dtype."""
    return pa.Table.from_pandas(frame[[name]], preserve_index=False).column(0).cast(pa.string())


def group(records: pd.DataFrame, crosswalk: pd.DataFrame) -> Grouping:
    """The golden record of each record.

    Args:
        records: N canonical records with ``record_key``.
        crosswalk: ``record_key`` and ``golden_id`` of the same records, in any order.

    Raises:
        ValueError: A record has no golden record.
    """
    keys, known = column(records, "record_key"), column(crosswalk, "record_key")
    golden = column(crosswalk, "golden_id")
    if not keys.equals(known):
        golden = golden.take(pc.index_in(keys, value_set=known.combine_chunks()))
    if golden.null_count:
        raise ValueError(f"{golden.null_count} records are not in the crosswalk")
    encoded = golden.combine_chunks().dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    ids = encoded.dictionary
    return Grouping(codes=codes, golden_ids=ids, sizes=np.bincount(codes, minlength=len(ids)))


def weakest_links(pairs: pa.Table, grouping: Grouping) -> Links:
    """The weakest link of each merge.

    Args:
        pairs: `schemas.linkage.PAIRS`, positions into the frame that `grouping` was made of.
        grouping: The records by golden record.
    """
    left, right = pairs.column("left").to_numpy(), pairs.column("right").to_numpy()
    weights = pairs.column("match_weight").to_numpy().astype(np.float64)
    codes = grouping.codes
    inside = codes[left] == codes[right]
    left, right, weights = left[inside], right[inside], weights[inside]
    small = grouping.sizes[codes[left]] == 2
    tree = _heaviest_tree(left[~small], right[~small], weights[~small])
    left, right, weights = (np.concatenate([a[small], b]) for a, b in zip((left, right, weights), tree, strict=True))
    return _lightest(left, right, weights, grouping)


def _heaviest_tree(left: np.ndarray, right: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """The edges of the heaviest spanning forest."""
    if not len(left):
        return left, right, weights
    nodes, ends = np.unique(np.concatenate([left, right]), return_inverse=True)
    rows, columns = ends[: len(left)], ends[len(left) :]
    top = weights.max() + 1.0  # costs stay above zero: a sparse matrix drops zeros
    tree = minimum_spanning_tree(csr_matrix((top - weights, (rows, columns)), shape=(len(nodes), len(nodes)))).tocoo()
    a, b = nodes[tree.row], nodes[tree.col]
    return np.minimum(a, b), np.maximum(a, b), top - tree.data


def _lightest(left: np.ndarray, right: np.ndarray, weights: np.ndarray, grouping: Grouping) -> Links:
    groups = grouping.codes[left]
    order = np.lexsort((right, left, weights, groups))
    first = np.flatnonzero(np.diff(groups[order], prepend=-1))
    merged = np.flatnonzero(grouping.sizes > 1)
    place = np.full(len(grouping.sizes), -1)
    place[groups[order[first]]] = order[first]
    edges = np.bincount(groups, minlength=len(grouping.sizes))
    whole = (edges >= grouping.sizes - 1)[merged]
    at = place[merged]
    found = at >= 0
    return Links(
        groups=merged,
        weights=np.where(found & whole, _taken(weights, at, found, np.nan), np.nan),
        left=_taken(left, at, found, -1),
        right=_taken(right, at, found, -1),
    )


def _taken(values: np.ndarray, at: np.ndarray, found: np.ndarray, missing: float) -> np.ndarray:
    result = np.full(len(at), missing, dtype=values.dtype)
    result[found] = values[at[found]]
    return result
