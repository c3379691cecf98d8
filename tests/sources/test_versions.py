import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.versions import Versions

TIMES = [None, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "yesterday"]
ROWS = st.lists(st.tuples(st.sampled_from(["s:1", "s:2", "s:12", "s:", "s:é"]), st.sampled_from(TIMES), st.booleans()))


def table(rows):
    keys, times, places = zip(*rows, strict=True) if rows else ([], [], [])
    columns = {"record_key": pa.array(keys, pa.string()), "updated_at": pa.array(times, pa.string())}
    return pa.table({**columns, "row": pa.array(places, pa.int64())})


def settled(batches):
    versions = Versions()
    for rows in batches:
        numbered = [(key, time, place, deleted) for place, (key, time, deleted) in enumerate(rows)]
        accepted = [(key, time, place) for key, time, place, deleted in numbered if not deleted]
        gone = [(key, time, place) for key, time, place, deleted in numbered if deleted]
        versions.add(table(accepted), table(gone), len(rows))
    return versions.settle()


@given(batches=st.lists(ROWS, max_size=4))
def test_the_newest_row_of_each_id_stands(batches):
    rows = [row for batch in batches for row in batch]
    newest = {}
    for place, (key, time, _) in enumerate(rows):
        age = (time if time in TIMES[1:3] else "", place)
        if key not in newest or age > newest[key][0]:
            newest[key] = (age, place)
    stands = np.zeros(len(rows), bool)
    stands[[place for _, place in newest.values()]] = True
    deleted = np.array([row[2] for row in rows], bool)
    found = settled(batches)
    assert (~found.superseded).tolist() == stands[~deleted].tolist()
    assert found.deleted.tolist() == stands[deleted].tolist()


@pytest.mark.parametrize(
    ("rows", "superseded", "deleted"),
    [
        pytest.param([("s:1", None, False), ("s:1", None, False)], [True, False], [], id="the last of undated ones"),
        pytest.param(
            [("s:1", TIMES[2], False), ("s:1", TIMES[1], False)], [False, True], [], id="the latest, wherever it stands"
        ),
        pytest.param([("s:1", TIMES[1], False), ("s:1", TIMES[2], True)], [True], [True], id="deleted afterwards"),
        pytest.param([("s:1", TIMES[1], True), ("s:1", TIMES[2], False)], [False], [False], id="restored afterwards"),
    ],
)
def test_cases(rows, superseded, deleted):
    found = settled([rows])
    assert (found.superseded.tolist(), found.deleted.tolist()) == (superseded, deleted)


def test_many_ids_that_look_alike_stay_apart():
    keys = [f"crm:{number:07d}" for number in range(300_000)]
    versions = Versions()
    versions.add(table([(key, None, place) for place, key in enumerate(keys)]), table([]), len(keys))
    assert not versions.settle().superseded.any()


def test_an_id_is_the_same_whatever_stands_beside_it():
    versions = Versions()
    for others in ([], ["crm:1000"], ["crm:" + "x" * 300], ["crm:é", ""]):
        rows = [(key, None, place) for place, key in enumerate(["crm:7", *others])]
        versions.add(table(rows), table([]), len(rows))
    assert versions.settle().superseded.sum() == 3
