"""What happened to golden ids between two publications."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes, as_column, as_count
from schemas.golden import EVENT_KINDS, EVENTS

__all__ = ["events"]

_NOBODY: Final = -1
_Rows = tuple[str, Codes, Codes, Codes]  # event, ids, other ids, records


def events(
    *, before: Codes, now: Codes, absent: Codes, returned: Codes, ids: pa.Array, issued: int
) -> tuple[pd.DataFrame, tuple[Codes, Codes]]:
    """Tell what happened, id by id.

    Args:
        before: Of each record that is current now, the code of the id it held (-1: none).
        now: The code of the id it holds.
        absent: Codes of the ids held by records that are no longer current, one entry a record.
        returned: Codes of ids that came back.
        ids: Every id by code; those from ``issued`` on are new.
        issued: How many ids there were before.

    Returns:
        Events (`schemas.golden.EVENTS`), sorted by id: ``created`` and ``returned`` with the cluster's records;
        ``grown`` with the records that joined (from ``other_id``, if it lives on); ``merged`` with the records that
        ``other_id`` brought when it ended; ``split`` with the records that left for ``other_id``; ``shrunk`` with those
        that are gone from the sources; ``retired`` when all are; ``kept`` when nothing of this happened.
        And the codes of ids merged away, with those that took most of their records.
    """
    size = np.bincount(now, minlength=len(ids))
    had = before >= 0
    held = np.bincount(before[had], minlength=len(ids)) + np.bincount(absent, minlength=len(ids))
    lives, lived = size > 0, held > 0
    old, new, moved = _moves(before[had], now[had], len(ids))
    ended = ~lives[old]
    joined = np.bincount(now[~had], minlength=len(ids))
    gone = np.bincount(absent, minlength=len(ids))
    lost = np.bincount(old, weights=moved, minlength=len(ids)) > 0
    first = np.arange(len(ids)) >= issued
    stays = lives & lived
    taken = np.bincount(new, weights=moved, minlength=len(ids)) > 0
    grown = ~ended & lived[new]  # one that was created or returned is told as such
    rows: tuple[_Rows, ...] = (
        _alone("created", np.flatnonzero(lives & first), size),
        _alone("returned", returned, size),
        _alone("grown", np.flatnonzero(stays & (joined > 0)), joined),
        ("grown", new[grown], old[grown], moved[grown]),
        ("merged", new[ended], old[ended], moved[ended]),
        ("split", old[~ended], new[~ended], moved[~ended]),
        _alone("shrunk", np.flatnonzero(stays & (gone > 0)), gone),
        _alone("retired", np.flatnonzero(lived & ~lives & ~lost), held),
        _alone("kept", np.flatnonzero(stays & (joined == 0) & (gone == 0) & ~lost & ~taken), size),
    )
    return _frame(rows, ids), _heirs(old[ended], new[ended], moved[ended])


def _moves(before: Codes, now: Codes, count: int) -> tuple[Codes, Codes, Codes]:
    """From which id to which other how many records went."""
    changed = before != now
    edge, moved = np.unique(before[changed] * count + now[changed], return_counts=True)
    old, new = np.divmod(edge, max(count, 1))
    return old, new, moved


def _heirs(old: Codes, new: Codes, moved: Codes) -> tuple[Codes, Codes]:
    """Of each id that ended, the one that took most of its records (of equals, the first)."""
    order = np.lexsort((new, -moved, old))
    _, best = np.unique(old[order], return_index=True)
    return old[order[best]], new[order[best]]


def _alone(event: str, codes: Codes, records: Codes) -> _Rows:
    return event, codes, np.full(len(codes), _NOBODY), records[codes]


def _frame(rows: tuple[_Rows, ...], ids: pa.Array) -> pd.DataFrame:
    code = np.concatenate([codes for _, codes, _, _ in rows])
    other = np.concatenate([others for _, _, others, _ in rows])
    records = np.concatenate([counts for _, _, _, counts in rows])
    kind = np.concatenate([np.full(len(codes), EVENT_KINDS.index(event)) for event, codes, _, _ in rows])
    id_rank = np.argsort(pc.sort_indices(ids).to_numpy())  # codes of new ids follow the old ones: not text order
    order = np.lexsort((np.where(other >= 0, id_rank[other], _NOBODY), kind, id_rank[code]))
    others = pa.array(other[order], mask=other[order] < 0)
    frame = pd.DataFrame(
        {
            "golden_id": as_column(pc.take(ids, pa.array(code[order]))),
            "event": as_column(pc.take(pa.array(EVENT_KINDS), pa.array(kind[order]))),
            "other_id": as_column(pc.take(ids, others)),
            "records": as_count(records[order]),
        }
    )
    return EVENTS.validate(frame)
