"""Golden ids that last: which cluster carries which id, from what the last publication knew.

Old ids are handed out once each, greedily: by overlap in records, then by how long the shared records have held the id,
then by the id's own age, then by the id. A cluster still without one takes back an earlier id that nobody holds and
whose last records it contains (`docs/decisions/0002-ids-return.md`). What remains is given a new id, derived from its
smallest record key, so that the same history always gives the same ids. Nothing depends on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from golden_records.arrow import Codes, as_column, as_text, places
from golden_records.events import events
from golden_records.greedy import greedy
from schemas.golden import COUNT, CROSSWALK
from schemas.records import TEXT

__all__ = ["Identified", "Known", "derive_ids", "identify"]

_HASH_KEY: Final = "guiyi golden id1"  # 16 bytes; ids already published depend on it
_ALPHABET: Final = np.frombuffer(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", dtype=np.uint8)  # Crockford's base 32
_SYMBOLS: Final = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of ids when a run begins.

    Args:
        crosswalk: record_key, golden_id, since (the first publication in which the record held that id): current.
        earlier: record_key, golden_id, until (publication): the last records of each id that is not current.
        issued: golden_id, issued_in (publication), alias_of (nullable): every id there ever was.
    """

    crosswalk: pd.DataFrame
    earlier: pd.DataFrame
    issued: pd.DataFrame

    @classmethod
    def nothing(cls) -> Known:
        """What an empty store knows."""
        text, number = pd.Series([], dtype=TEXT), pd.Series([], dtype=COUNT)
        return cls(
            crosswalk=pd.DataFrame({"record_key": text, "golden_id": text, "since": number}),
            earlier=pd.DataFrame({"record_key": text, "golden_id": text, "until": number}),
            issued=pd.DataFrame({"golden_id": text, "issued_in": number, "alias_of": text}),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Which golden id each record now belongs to.

    Args:
        crosswalk: record_key, golden_id, in the order of the members.
        events: golden_id, event, other_id, records (`schemas.golden.EVENTS`), sorted; unchanged clusters are ``kept``.
        aliases: alias_id, golden_id: each id that was merged away and the one it went into, itself perhaps an alias.
    """

    crosswalk: pd.DataFrame
    events: pd.DataFrame
    aliases: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many golden ids each event happened to."""
        pairs = self.events[["event", "golden_id"]].drop_duplicates()
        return {str(name): int(count) for name, count in pairs["event"].value_counts().items()}


def identify(members: pd.DataFrame, known: Known) -> Identified:
    """Give every cluster its golden id.

    Args:
        members: record_key (unique text) and cluster (integer), one row a current record, in any order.
        known: What the store knew when the run began.

    Returns:
        The crosswalk, what happened to the ids, and the aliases.

    Example:
        >>> members = pd.DataFrame({"record_key": ["sales:1", "sales:2"], "cluster": [0, 0]})
        >>> len(set(identify(members, Known.nothing()).crosswalk["golden_id"]))
        1
    """
    state = _state(members, known)
    holder = np.full(state.clusters, -1, dtype=np.int64)
    _hand_out(holder, state)
    returned = _give_back(holder, state, known.earlier)
    new = np.flatnonzero(holder < 0)
    ids = pa.concat_arrays([state.ids, _new_ids(pc.take(state.keys, pa.array(state.first[new])), state.ids)])
    holder[new] = len(state.ids) + np.arange(len(new))
    now = holder[state.cluster]
    happened, merged = events(
        before=state.before, now=now, absent=_absent(state, known), returned=returned, ids=ids, issued=len(state.ids)
    )
    crosswalk = pd.DataFrame({"record_key": as_column(state.keys), "golden_id": as_column(pc.take(ids, pa.array(now)))})
    return Identified(
        crosswalk=CROSSWALK.validate(crosswalk), events=happened, aliases=_aliases(known, ids, merged, returned)
    )


def derive_ids(keys: pa.Array, counter: int = 0) -> pa.Array:
    """New golden ids: ``G`` and 13 symbols of Crockford's base 32, from SipHash-2-4 of the record key.

    Args:
        keys: Record keys (text, no nulls).
        counter: 0, or how often the ids derived so far were already someone's.

    Example:
        >>> derive_ids(pa.array(["sales:1"])).to_pylist()
        ['GD874SG4NTQ2R0']
    """
    salted = keys if counter == 0 else pc.binary_join_element_wise(keys, f"{counter}", "\x1f")
    hashes = pd.util.hash_array(
        salted.to_numpy(zero_copy_only=False).astype(object), hash_key=_HASH_KEY, categorize=False
    )
    shifts = np.arange(_SYMBOLS - 1, -1, -1, dtype=np.uint64) * np.uint64(5)
    symbols = np.empty((len(hashes), _SYMBOLS + 1), dtype=np.uint8)
    symbols[:, 0] = ord("G")
    symbols[:, 1:] = _ALPHABET[(hashes[:, None] >> shifts) & np.uint64(31)]
    offsets = np.arange(len(hashes) + 1, dtype=np.int32) * np.int32(_SYMBOLS + 1)
    return pa.StringArray.from_buffers(len(hashes), pa.py_buffer(offsets), pa.py_buffer(symbols.tobytes()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """Members (N), clusters (C, numbered from 0) and ids ever issued (G, numbered in text order) as integers.

    Args:
        keys: Record key of each member.
        cluster: Cluster of each member.
        rank: Place of each member's key in text order: the last word in every tie.
        before: Code of the id each member held, -1 for none; since: from which publication on.
        first: Of each cluster, the member with the smallest record key.
        ids: Every id ever issued; issued_in: by which publication.
    """

    keys: pa.Array
    cluster: Codes
    rank: Codes
    before: Codes
    since: Codes
    first: Codes
    ids: pa.Array
    issued_in: Codes

    @property
    def clusters(self) -> int:
        return len(self.first)


def _state(members: pd.DataFrame, known: Known) -> _State:
    keys = as_text(members["record_key"])
    numbers, cluster = np.unique(members["cluster"].to_numpy(dtype=np.int64), return_inverse=True)
    order = pc.sort_indices(keys).to_numpy().astype(np.int64)
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys))
    first = np.empty(len(numbers), dtype=np.int64)
    first[cluster[order[::-1]]] = order[::-1]  # the last to write is the smallest
    issued = as_text(known.issued["golden_id"])
    by_text = pc.sort_indices(issued)
    ids = pc.take(issued, by_text)
    row = places(keys, as_text(known.crosswalk["record_key"]))
    holds = places(as_text(known.crosswalk["golden_id"]), ids)
    since = known.crosswalk["since"].to_numpy(dtype=np.int64)
    return _State(
        keys=keys,
        cluster=cluster,
        rank=rank,
        before=np.where(row >= 0, np.append(holds, -1)[row], -1),
        since=np.where(row >= 0, np.append(since, 0)[row], 0),
        first=first,
        ids=ids,
        issued_in=known.issued["issued_in"].to_numpy(dtype=np.int64)[by_text.to_numpy()],
    )


def _hand_out(holder: Codes, state: _State) -> None:
    """Fill in the ids that are current, once each, greedily."""
    rows = np.flatnonzero(state.before >= 0)
    edge, inverse, overlap = np.unique(
        state.cluster[rows] * len(state.ids) + state.before[rows], return_inverse=True, return_counts=True
    )
    since = _least(state.since[rows], inverse, len(edge))
    smallest = _least(state.rank[rows], inverse, len(edge))
    cluster, code = np.divmod(edge, max(len(state.ids), 1))
    order = np.lexsort((smallest, code, state.issued_in[code], since, -overlap))
    taken = greedy(cluster[order], code[order])
    holder[cluster[order[taken]]] = code[order[taken]]


def _give_back(holder: Codes, state: _State, earlier: pd.DataFrame) -> Codes:
    """Fill in ids that nobody holds, where a cluster without one contains all their last records; return them."""
    if not len(earlier):
        return np.empty(0, dtype=np.int64)
    code = places(as_text(earlier["golden_id"]), state.ids)
    row = places(as_text(earlier["record_key"]), state.keys)
    size = np.bincount(code, minlength=len(state.ids))
    until = np.zeros(len(state.ids), dtype=np.int64)
    until[code] = earlier["until"].to_numpy(dtype=np.int64)
    home = np.where(row >= 0, state.cluster[row] if len(state.cluster) else -1, -1)
    free = (home >= 0) & (holder[home] < 0 if len(holder) else False)
    edge, overlap = np.unique(home[free] * len(state.ids) + code[free], return_counts=True)
    cluster, code = np.divmod(edge, len(state.ids))
    whole = overlap == size[code]
    cluster, code, overlap = cluster[whole], code[whole], overlap[whole]
    order = np.lexsort((code, state.issued_in[code], -until[code], -overlap))
    taken = order[greedy(cluster[order], code[order])]
    holder[cluster[taken]] = code[taken]
    return np.sort(code[taken])


def _new_ids(keys: pa.Array, issued: pa.Array) -> pa.Array:
    """An id for each key (a key each, in any order) that was never issued, and none twice."""
    fresh = derive_ids(keys).to_numpy(zero_copy_only=False)
    open_rows = np.arange(len(keys))
    order = pc.sort_indices(keys).to_numpy()
    counter = 0
    while True:
        ids = pa.array(fresh, pa.string())
        seen = pd.Series(fresh[order]).duplicated().to_numpy()  # of two keys with one id, the smaller keeps it
        clash = pc.is_in(ids, value_set=issued).to_numpy(zero_copy_only=False)
        clash[order[seen]] = True
        open_rows = np.flatnonzero(clash)
        if not len(open_rows):
            return ids
        counter += 1
        fresh[open_rows] = derive_ids(pc.take(keys, pa.array(open_rows)), counter).to_numpy(zero_copy_only=False)


def _absent(state: _State, known: Known) -> Codes:
    """For each record that is no longer current, the code of the id it held."""
    held = as_text(known.crosswalk["record_key"])
    gone = places(held, state.keys) < 0
    return places(as_text(known.crosswalk["golden_id"]), state.ids)[gone]


def _aliases(known: Known, ids: pa.Array, merged: tuple[Codes, Codes], returned: Codes) -> pd.DataFrame:
    """Each id that was merged away with the one it went into: those of old that have not returned, and the new."""
    old = known.issued[known.issued["alias_of"].notna()]
    alias = as_text(old["golden_id"])
    stays = pc.invert(pc.is_in(alias, value_set=pc.take(ids, pa.array(returned))))
    alias, into = pc.filter(alias, stays), pc.filter(as_text(old["alias_of"]), stays)
    lost, survivor = merged
    return pd.DataFrame(
        {
            "alias_id": as_column(pa.concat_arrays([alias, pc.take(ids, pa.array(lost))])),
            "golden_id": as_column(pa.concat_arrays([into, pc.take(ids, pa.array(survivor))])),
        }
    )


def _least(values: Codes, group: Codes, groups: int) -> Codes:
    least = np.full(groups, np.iinfo(np.int64).max)
    np.minimum.at(least, group, values)
    return least
