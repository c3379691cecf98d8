"""Of several rows of one record id, which is the record: exports overlap, are joined, and log every change.

The newest row wins: the one with the latest time of change, then the one that was read last. The others are
*superseded*. Where the newest row says that the record is deleted, it is.

Only 32 bytes a row are kept. Ids are compared by 128 bits of multilinear hashing (Lemire & Kaser, "Strongly universal
string hashing is fast", 2014): among 100 million ids, two that differ are taken for one with a chance below 1e-22.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Settled", "Versions"]

_CANONICAL_TIME: Final = r"^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"
_SEED: Final = 0x9E3779B97F4A7C15
_LONGEST: Final = 1 << 12  # bytes of an id at most, which has 200 characters; beyond, weights repeat
_UNKNOWN: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Which rows stand.

    Args:
        superseded: (N,) whether each accepted row is an older version, or its record is deleted by a newer one.
        deleted: (D,) whether each deleted row is the newest of its record; the others are superseded as well.
    """

    superseded: npt.NDArray[np.bool_]
    deleted: npt.NDArray[np.bool_]


class Versions:
    """The rows of a source, as far as it takes to tell which of them stand."""

    def __init__(self) -> None:
        self._accepted: list[npt.NDArray[np.int64]] = []
        self._deleted: list[npt.NDArray[np.int64]] = []
        self._rows = 0

    def add(self, accepted: pa.Table, deleted: pa.Table, rows: int) -> None:
        """Take note of a batch; batches come in the order in which later rows win.

        Args:
            accepted: ``record_key``, ``updated_at`` (canonical) and ``row`` (its place in the batch).
            deleted: The same, of the rows which say that their record is deleted.
            rows: How many rows the batch has.
        """
        self._accepted.append(_noted(accepted, self._rows))
        self._deleted.append(_noted(deleted, self._rows))
        self._rows += rows

    def settle(self) -> Settled:
        """Which of all rows stand."""
        batches = [*self._accepted, *self._deleted]
        accepted = sum(len(each) for each in self._accepted)
        several = _several(np.concatenate([np.zeros(0, np.int64), *(each[:, 0] for each in batches)]))
        first = np.cumsum([0, *(len(each) for each in batches)])
        loses = np.zeros(first[-1], np.bool_)
        if len(several):
            batch = np.searchsorted(first, several, side="right") - 1
            among = np.concatenate([batches[b][several[batch == b] - first[b]] for b in np.unique(batch)])
            order = np.lexsort((among[:, 3], among[:, 2], among[:, 1], among[:, 0]))
            ids = among[order][:, :2]
            loses[several[order[:-1][(ids[1:] == ids[:-1]).all(axis=1)]]] = True
        return Settled(superseded=loses[:accepted], deleted=~loses[accepted:])


def _several(hashes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The places of the values that occur more than once."""
    ordered = np.sort(hashes)
    again = ordered[1:] == ordered[:-1]
    repeated = np.unique(ordered[1:][again])
    if not len(repeated):
        return np.zeros(0, np.int64)
    likely = np.zeros(1 << 16, np.bool_)  # by their last 16 bits, which tells nearly all others apart
    likely[repeated & 0xFFFF] = True
    places = np.flatnonzero(likely[hashes & 0xFFFF])
    return places[np.isin(hashes[places], repeated)]


def _noted(table: pa.Table, first: int) -> npt.NDArray[np.int64]:
    """Two hashes of the id, the time of change in seconds, and the place among all rows."""
    noted = np.empty((table.num_rows, 4), np.int64)
    if table.num_rows:
        noted[:, :2] = _hashes(table["record_key"])
        noted[:, 2] = _seconds(table["updated_at"])
        noted[:, 3] = table["row"].to_numpy() + first
    return noted


def _seconds(times: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    if times.null_count == len(times):
        return np.full(len(times), _UNKNOWN)
    kind = pa.timestamp("s", "UTC")
    try:
        moments = times.cast(kind)
    except pa.ArrowInvalid:
        canonical = pc.match_substring_regex(times, _CANONICAL_TIME)
        moments = pc.if_else(canonical, times, pa.scalar(None, pa.string())).cast(kind)
    seconds: npt.NDArray[np.int64] = pc.fill_null(moments.cast(pa.int64()), _UNKNOWN).to_numpy()
    return seconds


@cache
def _weights() -> npt.NDArray[np.uint64]:
    """Of each place in a text, for each of the two hashes; those of place 0 are of the length."""
    return np.random.default_rng(_SEED).integers(1, 1 << 63, (2, _LONGEST), dtype=np.uint64)


def _hashes(texts: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Two independent 64-bit hashes of each text."""
    array = texts.cast(pa.large_string()).combine_chunks()
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    content = np.frombuffer(array.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    starts = (offsets - offsets[0])[:-1]
    lengths = np.diff(offsets)
    weights = _weights()
    hashes = np.empty((len(array), 2), np.uint64)
    filled = np.flatnonzero(lengths)
    if len(filled) and (lengths == lengths[0]).all() and lengths[0] < _LONGEST:  # as ids often are
        hashes[:] = _hashed_alike(content.reshape(len(array), -1), weights[:, 1 : lengths[0] + 1])
    elif len(filled):
        values = content.astype(np.uint64)
        place = (np.arange(1, len(content) + 1) - np.repeat(starts, lengths)) % _LONGEST
        hashes[filled] = np.column_stack(
            [np.add.reduceat(values * weight[place], starts[filled]) for weight in weights]
        )
    hashes[lengths == 0] = 0
    hashes += lengths.astype(np.uint64)[:, None] * weights[:, 0]
    return hashes.view(np.int64)


def _hashed_alike(texts: npt.NDArray[np.uint8], weights: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The weighted sums of texts of one length; what all of them share is summed once."""
    shared = (texts == texts[0]).all(axis=0)
    summed: npt.NDArray[np.uint64] = texts[:, ~shared].astype(np.uint64) @ weights[:, ~shared].T
    summed += texts[0, shared].astype(np.uint64) @ weights[:, shared].T
    return summed
