import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden_records import bulk_read
from golden_records.current import carry_forward, read_keys, read_records, read_warnings
from golden_records.runs import SourceCount
from golden_records.store import reading, writing
from schemas.contracts import RECORDS, held
from schemas.records import RECORD_COLUMNS, conform


def frame(*rows):
    """Canonical records from pairs of an id and when it was changed."""
    whole = pd.DataFrame(
        {
            "record_key": [f"crm:{row[0]}" for row in rows],
            "source": "crm",
            "source_id": [str(row[0]) for row in rows],
            "line": range(2, 2 + len(rows)),
            "kind": "person",
            "updated_at": [row[1] if len(row) > 1 else None for row in rows],
        }
    )
    return conform(whole.astype({name: "string[pyarrow]" for name in whole.columns if name != "line"}))


def keys(*ids):
    return [f"crm:{number}" for number in ids]


def kept(before, accepted, mode, deleted=(), refused=()):
    found = carry_forward(before, accepted, mode=mode, deleted=keys(*deleted), refused=keys(*refused))
    assert list(found.records.columns) == list(RECORD_COLUMNS)
    assert list(found.records.index) == list(range(len(found.records)))
    return found.records["record_key"].tolist(), found.replaced.to_pylist(), found.absent


BEFORE = frame((1,), (2,), (3,), (4,), (5,))


def test_a_delta_keeps_what_it_does_not_name():
    assert kept(BEFORE, frame((1,), (9,)), "delta", deleted=(2, 8), refused=(3, 7)) == (keys(3, 4, 5), [], 0)


def test_a_full_export_keeps_only_what_it_could_not_read():
    assert kept(BEFORE, frame((1,), (9,)), "full", deleted=(2, 8), refused=(3, 7)) == (keys(3), [], 2)


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_a_record_that_is_accepted_is_not_carried_whatever_else_is_said_of_it(mode):
    assert kept(BEFORE, frame((1,), (2,), (3,), (4,), (5,)), mode, deleted=(1,), refused=(2,)) == ([], [], 0)


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_the_first_run_carries_nothing(mode):
    assert kept(frame(), frame((1,)), mode, deleted=(2,), refused=(3,)) == ([], [], 0)


def test_an_export_without_rows():
    assert kept(BEFORE, frame(), "full") == ([], [], 5)
    assert kept(BEFORE, frame(), "delta") == (keys(1, 2, 3, 4, 5), [], 0)


@pytest.mark.parametrize(
    ("stored", "read", "is_older"),
    [
        ("2026-11-02T09:30:00Z", "2026-11-02T09:29:59Z", True),
        ("2026-11-02T09:30:00Z", "2026-11-02T09:30:00Z", False),
        ("2026-11-02T09:30:00Z", "2026-11-03T00:00:00Z", False),
        ("2026-11-02T09:30:00Z", None, False),
        (None, "2020-01-01T00:00:00Z", False),
        ("2026-11-02", "2026-11-01T23:00:00Z", True),
        ("2026-11-02T09:30:00Z", "2026-11-02", False),  # the same day: nobody knows
        ("yesterday", "2020-01-01T00:00:00Z", False),
    ],
)
def test_an_older_version_does_not_replace_a_newer_in_a_delta(stored, read, is_older):
    before, accepted = frame((1, stored)), frame((1, read))
    expected = keys(1) if is_older else []
    assert kept(before, accepted, "delta") == (expected, expected, 0)
    assert kept(before, accepted, "full") == ([], [], 0)


def test_keys_may_come_as_any_column():
    for named in (
        pa.array(keys(1)),
        pa.chunked_array([keys(1)]),
        pd.Series(keys(1), dtype="string[pyarrow]"),
        set(keys(1)),
    ):
        found = carry_forward(BEFORE, frame(), mode="full", deleted=pa.array([], pa.string()), refused=named)
        assert found.records["record_key"].tolist() == keys(1)


numbers = st.sets(st.integers(0, 8))
dated = st.dictionaries(st.integers(0, 8), st.sampled_from([None, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]))


@settings(max_examples=60, deadline=None)
@given(before=dated, accepted=dated, deleted=numbers, refused=numbers, mode=st.sampled_from(["full", "delta"]))
def test_every_current_record_is_carried_replaced_deleted_or_absent(before, accepted, deleted, refused, mode):
    carried, replaced, absent = kept(
        frame(*before.items()), frame(*accepted.items()), mode, deleted=deleted, refused=refused
    )
    anew = {key for key in before if key in accepted and f"crm:{key}" not in replaced}
    gone = {key for key in before if key in deleted and key not in accepted}
    assert len(before) == len(carried) + len(anew) + len(gone) + absent
    assert set(replaced) <= set(carried) <= set(keys(*before))
    assert not {f"crm:{key}" for key in gone} & set(carried)
    assert mode == "delta" or set(carried) <= set(keys(*refused))


def test_what_is_current_is_read_back_as_it_was(job, customers, monkeypatch):
    monkeypatch.setattr(bulk_read, "_STRETCH", 2)  # rows
    odd = {
        **customers[0],
        "extra": '{"a": "逗号,引号\\"\\n"}',
        "file": "a b.csv",
        "owner": "a\x1fb",
        "parent_key": "crm:1",
    }
    job.run((odd, *customers[1:], {"key": "sales:10", "cluster": 9, "consent_fax": "denied"}))
    job.run((odd, *customers[1:]))
    new = job.prepare((odd, *customers[1:])).records
    with reading(job.engine) as connection:
        sales, service, none = (read_records(connection, name) for name in ("sales", "service", "other"))
    for found, name in ((sales, "sales"), (service, "service"), (none, "other")):
        held(RECORDS, found)
        expected = new[new["source"] == name].sort_values("record_key").reset_index(drop=True)
        pd.testing.assert_frame_equal(found.sort_values("record_key").reset_index(drop=True), expected)


def test_warnings_are_those_of_one_source_s_current_records(job):
    with writing(job.engine) as connection:
        connection.exec_driver_sql(
            """INSERT INTO warning_version (record_key, attribute, reason, valid_from, valid_to) VALUES
            ('sales:1', 'phone', 'bad_phone', 1, NULL), ('sales:2', 'email', 'bad_email', 1, 2),
            ('sales2:1', 'phone', 'bad_phone', 1, NULL), ('sale:1', 'phone', 'bad_phone', 1, NULL)"""
        )
    with reading(job.engine) as connection:
        found = read_warnings(connection, "sales")
        assert len(read_warnings(connection, "other")) == 0
    assert found.to_dict("records") == [{"record_key": "sales:1", "attribute": "phone", "reason": "bad_phone"}]


def test_keys_are_those_of_one_source_s_current_records(job, customers):
    job.run((*customers, {"key": "sales2:1", "cluster": 9, "email": "a@example.org"}))
    job.run(customers[:2])
    with reading(job.engine) as connection:
        found = {name: read_keys(connection, name).to_pylist() for name in ("sales", "service", "sales2", "sale")}
    assert found == {"sales": ["sales:1"], "service": ["service:a"], "sales2": [], "sale": []}


def test_a_delta_carried_forward_leaves_the_rest_as_it_was(job, customers):
    job.run()
    before = job.table()
    with reading(job.engine) as connection:
        stored = read_records(connection, "sales")
    fresh = job.prepare(({**customers[2], "city": "上海"},)).records
    found = carry_forward(stored, fresh, mode="delta", deleted=[], refused=[])
    assert found.records["record_key"].tolist() == ["sales:1"]
    counts = [
        SourceCount(source="sales", rows_read=1, accepted=1, quarantined=0, carried=1),
        SourceCount(source="service", rows_read=0, accepted=0, quarantined=0, carried=1),
    ]
    published = job.run((*customers[:2], {**customers[2], "city": "上海"}), counts=counts)
    assert published.changes["source_record"] == 2
    assert {row[0] for row in job.table()} == {row[0] for row in before}
    assert job.rows("SELECT source, carried FROM run_source WHERE run_id = 'run-3' ORDER BY source") == [
        ("sales", 1),
        ("service", 1),
    ]
