import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden_records import identity
from golden_records.identity import Known, derive_ids, identify
from schemas.golden import COUNT
from schemas.records import TEXT


class Memory:
    """What a store remembers of ids, kept in dictionaries: the same tables that `read_known` reads."""

    def __init__(self):
        self.publication = 0
        self.rows = []  # record_key, golden_id, valid_from, valid_to
        self.issued = {}  # golden_id -> [issued_in, alias_of, retired_in]

    def known(self):
        now = [row for row in self.rows if row[3] is None]
        first = {}
        for key, golden_id, since, _ in self.rows:
            first.setdefault((key, golden_id), since)
        ended = [row for row in self.rows if row[3] is not None and row[3] == self.issued[row[1]][2]]
        return Known(
            crosswalk=frame(
                record_key=[r[0] for r in now], golden_id=[r[1] for r in now], since=[first[r[0], r[1]] for r in now]
            ),
            earlier=frame(
                record_key=[r[0] for r in ended], golden_id=[r[1] for r in ended], until=[r[3] for r in ended]
            ),
            issued=frame(
                golden_id=list(self.issued),
                issued_in=[v[0] for v in self.issued.values()],
                alias_of=[v[1] for v in self.issued.values()],
            ),
        )

    def publish(self, clusters):
        """One run: cluster name -> record keys."""
        found = identify(members(clusters), self.known())
        self.publication += 1
        now = dict(zip(found.crosswalk["record_key"], found.crosswalk["golden_id"], strict=True))
        for row in self.rows:
            if row[3] is None and now.get(row[0]) != row[1]:
                row[3] = self.publication
        held = {row[0] for row in self.rows if row[3] is None}
        self.rows += [[key, golden_id, self.publication, None] for key, golden_id in now.items() if key not in held]
        for golden_id in set(now.values()):
            self.issued.setdefault(golden_id, [self.publication, None, None])[1:] = [None, None]
        aliases = dict(zip(found.aliases["alias_id"], found.aliases["golden_id"], strict=True))
        for golden_id, entry in self.issued.items():
            if golden_id not in now.values():
                entry[1], entry[2] = aliases.get(golden_id), entry[2] or self.publication
        return {name: now[min(keys)] for name, keys in clusters.items()}, found


def frame(**columns):
    kinds = {"since": COUNT, "until": COUNT, "issued_in": COUNT}
    return pd.DataFrame({n: pd.Series(pd.array(v, dtype=kinds.get(n, TEXT))) for n, v in columns.items()})


def members(clusters):
    rows = [(key, number) for number, keys in enumerate(clusters.values()) for key in keys]
    return pd.DataFrame({"record_key": [key for key, _ in rows], "cluster": [number for _, number in rows]})


def happened(found, *names):
    rows = found.events[found.events["event"].isin(names)]
    return [tuple(row) for row in rows[["event", "golden_id", "other_id", "records"]].itertuples(index=False)]


def partitions(keys="abcdefgh"):
    """Some of the records, in clusters."""
    return st.lists(st.integers(-1, 4), min_size=len(keys), max_size=len(keys)).map(
        lambda places: {
            place: [key for key, at in zip(keys, places, strict=True) if at == place] for place in set(places) - {-1}
        }
    )


def by_record(found):
    return dict(zip(found.crosswalk["record_key"], found.crosswalk["golden_id"], strict=True))


def test_an_id_is_a_letter_and_thirteen_symbols_and_never_changes():
    assert derive_ids(pa.array(["sales:1", "销售:二"])).to_pylist() == ["GD874SG4NTQ2R0", "GD0XGC7YS9PCCM"]


def test_new_clusters_are_created_from_their_smallest_key():
    ids, found = Memory().publish({"x": ["s:2", "s:1"], "y": ["s:3"]})
    assert ids == {"x": derive_ids(pa.array(["s:1"]))[0].as_py(), "y": derive_ids(pa.array(["s:3"]))[0].as_py()}
    assert found.counts == {"created": 2}


def test_what_does_not_change_is_kept():
    memory = Memory()
    first, _ = memory.publish({"x": ["a", "b"], "y": ["c"]})
    second, found = memory.publish({"y": ["c"], "x": ["b", "a"]})
    assert first == second
    assert found.counts == {"kept": 2}


def test_a_merge_keeps_the_larger_part_and_the_other_becomes_its_alias():
    memory = Memory()
    first, _ = memory.publish({"x": ["a"], "y": ["b", "c"]})
    second, found = memory.publish({"z": ["a", "b", "c", "d"]})
    assert second["z"] == first["y"]
    assert happened(found, "merged") == [("merged", first["y"], first["x"], 1)]
    assert [tuple(row)[:2] + tuple(row)[3:] for row in happened(found, "grown")] == [("grown", first["y"], 1)]
    assert found.aliases.to_numpy().tolist() == [[first["x"], first["y"]]]


def test_of_equal_parts_the_older_id_stays():
    memory = Memory()
    memory.publish({"y": ["b"]})
    first, _ = memory.publish({"y": ["b"], "x": ["a"]})
    second, _ = memory.publish({"z": ["a", "b"]})
    assert second["z"] == first["y"]


def test_a_split_leaves_the_id_with_the_larger_part():
    memory = Memory()
    first, _ = memory.publish({"x": ["a", "b", "c"]})
    second, found = memory.publish({"p": ["a"], "q": ["b", "c"]})
    assert second["q"] == first["x"]
    assert happened(found, "split") == [("split", first["x"], second["p"], 1)]
    assert happened(found, "created")[0][1] == second["p"]


def test_records_that_are_gone_shrink_or_retire_their_customer():
    memory = Memory()
    first, _ = memory.publish({"x": ["a", "b"], "y": ["c"]})
    _, found = memory.publish({"x": ["a"]})
    assert [event[:2] for event in happened(found, "shrunk", "retired")] == sorted(
        [("shrunk", first["x"]), ("retired", first["y"])], key=lambda event: event[1]
    )


def test_a_customer_missing_for_one_night_comes_back_under_its_own_id():
    memory = Memory()
    first, _ = memory.publish({"x": ["a", "b"], "y": ["c"]})
    memory.publish({"y": ["c"]})
    third, found = memory.publish({"x": ["a", "b"], "y": ["c"]})
    assert third == first
    assert happened(found, "returned") == [("returned", first["x"], pd.NA, 2)]


def test_what_is_merged_and_taken_apart_again_has_its_own_ids_and_no_alias():
    memory = Memory()
    first, _ = memory.publish({"x": ["b"], "y": ["a"]})
    memory.publish({"z": ["a", "b"]})
    third, found = memory.publish({"x": ["b"], "y": ["a"]})
    assert third == first
    assert not len(found.aliases)


def test_when_the_middle_of_a_chain_returns_its_own_aliases_lead_to_it():
    memory = Memory()
    first, _ = memory.publish({"x": ["a"], "y": ["b", "c"], "z": ["d", "e", "f", "g"]})
    memory.publish({"y": ["a", "b", "c"], "z": ["d", "e", "f", "g"]})
    memory.publish({"z": list("abcdefg")})
    _, found = memory.publish({"y": ["a", "b", "c"], "z": ["d", "e", "f", "g"]})
    assert found.aliases.to_numpy().tolist() == [[first["x"], first["y"]]]


def test_the_case_of_the_decision_record():
    memory = Memory()
    memory.publish({"old": ["e"]})
    first, _ = memory.publish({"x": list("abcd"), "old": ["e"]})
    memory.publish({"p": ["a", "b"], "q": ["c", "d", "e"]})
    third, _ = memory.publish({"x": list("abcd"), "old": ["e"]})
    assert third == first


def test_an_id_that_was_ever_someones_is_not_issued_again(monkeypatch):
    derive = identity.derive_ids
    memory = Memory()
    monkeypatch.setattr(identity, "derive_ids", lambda keys, counter=0: derive(pa.array(["one"] * len(keys)), counter))
    first, _ = memory.publish({"x": ["a"]})
    second, _ = memory.publish({"x": ["a"], "y": ["b"]})
    assert second["x"] == first["x"] != second["y"]


def test_nothing_in_nothing_out():
    assert not len(Memory().publish({})[1].crosswalk)


@settings(deadline=None, max_examples=50)
@given(partitions(), partitions(), st.randoms())
def test_row_order_does_not_matter(before, after, random):
    memory = Memory()
    memory.publish(before)
    known = memory.known()
    rows = members(after)
    order = list(range(len(rows)))
    random.shuffle(order)
    numbers = {old: new for new, old in enumerate(random.sample(range(10), 10))}
    shuffled = rows.iloc[order].assign(cluster=lambda part: part["cluster"].map(numbers))
    straight, other = identify(rows, known), identify(shuffled, known)
    assert by_record(straight) == by_record(other)
    pd.testing.assert_frame_equal(straight.events, other.events)


@settings(deadline=None, max_examples=50)
@given(partitions(), partitions())
def test_there_and_back_again(first, second):
    memory = Memory()
    ids, _ = memory.publish(first)
    memory.publish(second)
    assert memory.publish(first)[0] == ids


@settings(deadline=None, max_examples=50)
@given(st.lists(partitions(), min_size=2, max_size=6))
def test_an_id_is_never_current_twice_and_every_id_resolves(states):
    memory, ever = Memory(), set()
    for state in states:
        ids, found = memory.publish(state)
        assert len(set(ids.values())) == len(ids)
        fresh = {event[1] for event in happened(found, "created")}
        assert not fresh & ever
        ever |= set(ids.values())
        assert ever == set(memory.issued)
        for golden_id in ever:
            steps = 0
            while memory.issued[golden_id][1] is not None:
                golden_id, steps = memory.issued[golden_id][1], steps + 1  # noqa: PLW2901
                assert steps < len(ever)


@settings(deadline=None, max_examples=50)
@given(partitions(), partitions())
def test_events_account_for_every_record(before, after):
    memory = Memory()
    memory.publish(before)
    held = memory.known().crosswalk.groupby("golden_id").size()
    ids, found = memory.publish(after)
    size = {ids[name]: len(keys) for name, keys in after.items()}
    sums = found.events.groupby(["golden_id", "event"])["records"].sum()
    for golden_id, count in size.items():
        own = sums.get(golden_id, pd.Series(dtype="int64")) if golden_id in sums.index else {}
        if "created" in own or "returned" in own:
            assert own.get("created", 0) + own.get("returned", 0) == count
        else:
            joined = own.get("grown", 0) + own.get("merged", 0)
            assert held[golden_id] + joined - own.get("split", 0) - own.get("shrunk", 0) == count


@pytest.mark.parametrize("cluster_type", ["int32", "int64"])
def test_any_integer_may_name_a_cluster(cluster_type):
    rows = members({"x": ["a"], "y": ["b"]}).astype({"cluster": cluster_type})
    assert identify(rows, Known.nothing()).crosswalk["golden_id"].nunique() == 2
