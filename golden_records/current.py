"""What the store holds of a source now, and what of it stays when the source brings only some of its records again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from golden_records.arrow import Codes, as_text, places
from golden_records.bulk_read import read_columns, read_stretches
from schemas.records import RECORD_COLUMNS, conform

__all__ = ["Carried", "carry_forward", "read_keys", "read_records", "read_warnings"]

Keys: TypeAlias = pa.Array | pa.ChunkedArray | pd.Series | Collection[str]

_WARNING: Final = ("record_key", "attribute", "reason")
_DAY, _SECOND = 10, 19  # characters of 2026-11-02, and of 2026-11-02T09:30:00
_MOMENT: Final = r"^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d|$)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a source keeps from earlier runs.

    Args:
        records: Canonical records that stay current, in the order of the store's.
        outdated: Keys of rows that call a record deleted, and are older than what the store has of it.
        replaced: Keys of accepted rows that are older than what the store has of them: the stored ones are among
            ``records``, the rows count as superseded.
        absent: How many records a full export no longer holds.
    """

    records: pd.DataFrame
    replaced: pa.Array
    absent: int
    outdated: pa.Array = field(default_factory=lambda: pa.array([], pa.string()))


def read_records(connection: Connection, source: str) -> pd.DataFrame:
    """The records of a source that are current.

    Args:
        connection: A reader's or a writer's.
        source: The source's name.

    Returns:
        N canonical records (`schemas.records.RECORD_COLUMNS`).
    """
    stretches = read_stretches(
        connection, "source_record", "valid_to IS NULL AND source = :name", RECORD_COLUMNS, ("line",), source
    )
    frames = [conform(frame) for frame in stretches]
    return pd.concat(frames, ignore_index=True) if frames else conform(pd.DataFrame(index=pd.RangeIndex(0)))


def read_warnings(connection: Connection, source: str) -> pd.DataFrame:
    """The warnings of a source's records that are current: record_key, attribute, reason.

    Args:
        connection: A reader's or a writer's.
        source: The source's name.
    """
    return read_columns(
        connection,
        "FROM warning_version WHERE record_key >= :first AND record_key < :last AND valid_to IS NULL",
        {name: name for name in _WARNING},
        frozenset(),
        {"first": f"{source}:", "last": f"{source};"},  # the character after the colon: all that begins with source:
    )


def read_keys(connection: Connection, source: str) -> pa.Array:
    """The keys of a source's current records; many times faster than the records.

    Args:
        connection: A reader's or a writer's.
        source: The source's name.
    """
    found = read_columns(
        connection,
        "FROM crosswalk_version WHERE record_key >= :first AND record_key < :last AND valid_to IS NULL",
        {"record_key": "record_key"},
        frozenset(),
        {"first": f"{source}:", "last": f"{source};"},
    )
    return as_text(found["record_key"])


def carry_forward(
    before: pd.DataFrame,
    accepted: pd.DataFrame,
    *,
    mode: Literal["full", "delta"],
    deleted: Keys | pd.DataFrame,
    refused: Keys,
) -> Carried:
    """Decide which of a source's current records stay, given what was read now.

    A record whose new row went to quarantine keeps its last good version. Besides, of a delta stays what it does not
    name, and what it names in an older version than the store's; a full export is the truth.

    Args:
        before: The source's current records (`read_records`).
        accepted: Those that were read now and are valid; each key once.
        mode: ``full``: what is not in the export is no record any more; ``delta``: the export brings what changed.
        deleted: Keys of records that the export calls deleted; one that is accepted as well is not. As a frame with
            ``updated_at``, an older deletion of a delta is none.
        refused: Keys of rows that were quarantined.

    Example:
        >>> stored = conform(pd.DataFrame({"record_key": ["s:1", "s:2", "s:3"], "line": [2, 3, 4]}))
        >>> read = conform(pd.DataFrame({"record_key": ["s:1"], "line": [2]}))
        >>> found = carry_forward(stored, read, mode="full", deleted=[], refused=["s:2"])
        >>> found.records["record_key"].tolist(), found.absent
        (['s:2'], 1)
        >>> found = carry_forward(stored, read, mode="delta", deleted=["s:3"], refused=[])
        >>> found.records["record_key"].tolist(), found.absent
        (['s:2'], 0)
    """
    keys, now = as_text(before["record_key"]), as_text(accepted["record_key"])
    place = places(keys, now)
    outdated = np.zeros(len(keys), dtype=np.bool_)
    if isinstance(deleted, pd.DataFrame):
        if mode == "delta":
            outdated = _newer(before, deleted, places(keys, as_text(deleted["record_key"])))
        deleted = as_text(deleted["record_key"])
    unread = (place < 0) & (outdated | ~_among(keys, deleted))
    if mode == "delta":
        newer = _newer(before, accepted, place)
        stays, gone = unread | newer, 0
    else:
        newer = np.zeros(len(keys), dtype=np.bool_)
        stays = unread & _among(keys, refused)
        gone = int(np.count_nonzero(unread & ~stays))
    kept = before.take(np.flatnonzero(stays)).reset_index(drop=True)
    return Carried(
        records=kept,
        replaced=keys.filter(pa.array(newer)),
        absent=gone,
        outdated=keys.filter(pa.array(outdated & (place < 0))),
    )


def _among(keys: pa.Array, others: Keys) -> npt.NDArray[np.bool_]:
    if isinstance(others, pd.Series):
        others = as_text(others)
    if not isinstance(others, pa.Array | pa.ChunkedArray):
        others = pa.array(others if isinstance(others, Sequence) else list(others), pa.string())
    found: npt.NDArray[np.bool_] = pc.is_in(keys, value_set=others, skip_nulls=True).to_numpy(zero_copy_only=False)
    return found


def _newer(before: pd.DataFrame, accepted: pd.DataFrame, place: Codes) -> npt.NDArray[np.bool_]:
    """Where a stored record changed after the row that was read now; as far as both say when."""
    newer = np.zeros(len(place), dtype=np.bool_)
    both = np.flatnonzero(place >= 0)
    stored = pc.take(as_text(before["updated_at"]), pa.array(both))
    read = pc.take(as_text(accepted["updated_at"]), pa.array(place[both]))
    known = pc.and_(pc.match_substring_regex(stored, _MOMENT), pc.match_substring_regex(read, _MOMENT))
    days = pc.min_element_wise(pc.utf8_length(stored), pc.utf8_length(read))
    later = pc.if_else(
        pc.less(days, _SECOND),  # one says the day alone
        pc.greater(pc.utf8_slice_codeunits(stored, 0, _DAY), pc.utf8_slice_codeunits(read, 0, _DAY)),
        pc.greater(pc.utf8_slice_codeunits(stored, 0, _SECOND), pc.utf8_slice_codeunits(read, 0, _SECOND)),
    )
    newer[both] = pc.fill_null(pc.and_(known, later), fill_value=False).to_numpy(zero_copy_only=False)
    return newer
