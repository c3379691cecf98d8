from dataclasses import replace

import pytest

from golden_records.publication import current, read_known
from golden_records.runs import Run, SourceCount, SourceFile, record_run
from golden_records.store import reading, writing
from schemas.errors import InvariantError, LockedError


def changed(rows, key, **values):
    return tuple({**row, **values} if row["key"] == key else row for row in rows)


def test_an_empty_store_has_no_publication(job):
    with reading(job.engine) as connection:
        assert current(connection) is None
        known = read_known(connection)
    assert len(known.crosswalk) == len(known.earlier) == len(known.issued) == 0


def test_the_first_publication(job):
    published = job.run(quarantined=1)
    assert (published.publication_id, published.changed, published.records, published.customers) == (1, True, 3, 2)
    with reading(job.engine) as connection:
        now = current(connection)
    assert (now.publication_id, now.run_id, now.model_id) == (1, "run-1", "model-1")
    assert job.rows("SELECT display_name, record_count, sources FROM customer ORDER BY display_name") == [
        ("Ada Byron", 2, "sales,service"),
        ("归一科技", 1, "sales"),
    ]
    assert job.rows("SELECT run_id, source, line, reasons FROM quarantine") == [("run-1", "sales", 9, "missing_id")]
    assert job.rows("SELECT left_key, right_key, levels FROM match_evidence") == [
        ("sales:1", "service:a", '{"given_name": "exact"}')
    ]
    assert job.rows("SELECT status, publication_id FROM run") == [("published", 1)]
    assert job.rows("SELECT created, records, customers FROM publication") == [(2, 3, 2)]


def test_the_same_again_publishes_nothing(job):
    job.run()
    before = job.table()
    published = job.run()
    assert (published.publication_id, published.changed) == (1, False)
    assert job.table() == before
    assert job.rows("SELECT run_id, status, publication_id FROM run ORDER BY run_id") == [
        ("run-1", "published", 1),
        ("run-2", "unchanged", 1),
    ]


def test_where_a_record_stands_makes_no_version_of_it(job, customers):
    job.run(tuple({**row, "file": "2026-11-01.csv"} for row in customers))
    moved = ({"key": "sales:0", "cluster": 7, "company_name": "Zeta"}, *customers)
    published = job.run(tuple({**row, "file": "2026-11-02.csv"} for row in moved))
    assert published.changes["source_record"] == 1
    assert job.rows("SELECT record_key, file, line FROM record ORDER BY record_key") == [
        ("sales:0", "2026-11-02.csv", 2),
        ("sales:1", "2026-11-01.csv", 2),
        ("sales:2", "2026-11-01.csv", 4),
        ("service:a", "2026-11-01.csv", 3),
    ]
    assert job.run(tuple({**row, "file": "2026-11-03.csv"} for row in moved)).changed is False


def test_the_files_of_a_run_are_written_down(job):
    new = job.prepare(quarantined=1)
    files = [
        SourceFile(source="sales", file="a.csv", rows_read=3, format="csv", size=120, modified="2026-11-01T00:00:00Z"),
        SourceFile(source="sales", file="b.zip: c.csv", rows_read=0, format="csv"),
    ]
    job.publish(replace(new, files=files, quarantine=new.quarantine.assign(file="a.csv")))
    assert job.rows("SELECT run_id, source, file, rows_read, size FROM run_file ORDER BY file") == [
        ("run-1", "sales", "a.csv", 3, 120),
        ("run-1", "sales", "b.zip: c.csv", 0, None),
    ]
    assert job.rows("SELECT file, line FROM quarantine") == [("a.csv", 9)]


def test_a_publication_writes_only_what_differs(job, customers):
    job.run()
    published = job.run(changed(customers, "sales:2", email="office@example.cn"))
    assert published.changes == {
        "source_record": 2,
        "crosswalk_version": 0,
        "customer_version": 2,
        "warning_version": 0,
        "evidence_version": 0,
    }
    assert job.rows("SELECT valid_from, valid_to, email FROM customer_version WHERE kind = 'company' ORDER BY 1") == [
        (1, 2, "info@example.cn"),
        (2, None, "office@example.cn"),
    ]
    assert job.rows("SELECT change, COUNT(*) FROM customer_changes WHERE publication_id = 2 GROUP BY 1") == [
        ("changed", 1)
    ]
    assert job.rows("SELECT email FROM customer_as_of WHERE publication_id = 1 AND kind = 'company'") == [
        ("info@example.cn",)
    ]


def test_a_column_that_loses_its_last_value_or_wins_its_first(job, customers):
    job.run()
    job.run(changed(customers, "sales:1", phone=None, industry="mathematics"))
    assert job.rows("SELECT phone, phones, industry FROM customer WHERE kind = 'person'") == [
        (None, None, "mathematics")
    ]
    job.run()
    assert job.rows("SELECT phone, industry FROM customer WHERE kind = 'person'") == [("020 7946 0001", None)]


def test_there_and_back_again(job, customers):
    job.run()
    first, ids = job.table(), job.ids()
    apart = changed(customers, "service:a", cluster=3, email="a@example.org")
    job.run((*apart[1:], {"key": "sales:9", "cluster": 9, "given_name": "New"}))
    assert job.ids() != ids
    third = job.run()
    assert third.publication_id == 3
    assert job.ids() == ids
    assert job.table() == first
    assert job.rows("SELECT publication_id FROM pointer") == [(3,)]


def test_a_merge_leaves_an_alias_and_a_split_takes_it_back(job, customers):
    job.run()
    ids = job.ids()
    job.run(changed(customers, "sales:2", cluster=1))
    together = set(job.ids().values())
    assert together == {ids["sales:1"]}
    assert job.rows("SELECT golden_id, alias_of, retired_in FROM golden_identity WHERE alias_of IS NOT NULL") == [
        (ids["sales:2"], ids["sales:1"], 2)
    ]
    job.run()
    assert job.ids() == ids
    assert job.rows("SELECT COUNT(*) FROM golden_identity WHERE alias_of IS NOT NULL OR retired_in IS NOT NULL") == [
        (0,)
    ]
    assert job.rows("SELECT publication_id, event FROM identity_event ORDER BY publication_id, event") == [
        (1, "created"),
        (1, "created"),
        (2, "merged"),
        (3, "returned"),
        (3, "split"),
    ]


def test_everything_may_go(job):
    job.run()
    published = job.run((), counts=[SourceCount(source="sales", rows_read=0, accepted=0, quarantined=0)])
    assert (published.records, published.customers) == (0, 0)
    assert job.table() == []
    assert job.run().publication_id == 3


@pytest.mark.parametrize(
    ("counts", "key"),
    [
        ([SourceCount(source="sales", rows_read=9, accepted=3, quarantined=0)], "golden.unaccounted"),
        ([SourceCount(source="sales", rows_read=5, accepted=3, quarantined=2)], "golden.quarantine_differs"),
        ([SourceCount(source="sales", rows_read=2, accepted=2, quarantined=0)], "golden.records_differ"),
        ([SourceCount(source="sales", rows_read=3, accepted=3, quarantined=0, carried=1)], "golden.records_differ"),
    ],
)
def test_rows_that_are_unaccounted_for_stop_the_publication(job, counts, key):
    with pytest.raises(InvariantError) as caught:
        job.run(counts=counts)
    assert caught.value.key == key
    assert job.table() == job.rows("SELECT * FROM run") == []


def test_a_record_without_a_customer_stops_the_publication(job):
    new = job.prepare()
    object.__setattr__(new, "customers", new.customers.iloc[:1])
    with pytest.raises(InvariantError) as caught:
        job.publish(new)
    assert caught.value.key == "golden.members_differ"


def test_a_value_without_an_origin_stops_the_publication(job):
    new = job.prepare()
    several = new.customers["record_count"] > 1
    new.customers.loc[several, "lineage"] = new.customers.loc[several, "lineage"].str.replace("0o", "..", n=1)
    with pytest.raises(InvariantError) as caught:
        job.publish(new)
    assert caught.value.key == "golden.without_lineage"
    assert job.table() == []


def test_a_run_that_another_overtook_changes_nothing(job, customers):
    slow = job.prepare()
    job.run(customers[:2])
    before = job.table()
    with pytest.raises(LockedError) as caught:
        job.publish(slow)
    assert caught.value.key == "store.moved_on"
    assert job.table() == before


def test_a_failed_run_is_written_down_by_itself(job):
    with writing(job.engine) as connection:
        record_run(
            connection,
            Run(run_id="x", started_at="2026-11-01T00:00:00Z", status="failed", error="sources.missing_file"),
        )
    assert job.rows("SELECT run_id, status, error FROM run") == [("x", "failed", "sources.missing_file")]


def test_every_golden_value_has_its_lineage(job):
    job.run()
    assert job.rows(
        """SELECT attribute, value, record_key, source, rule FROM lineage
        WHERE golden_id = (SELECT golden_id FROM customer WHERE kind = 'person') ORDER BY attribute"""
    ) == [
        ("email", "ada@example.org", "service:a", "service", "only_value"),
        ("family_name", "Byron", "sales:1", "sales", "whole"),
        ("given_name", "Ada", "sales:1", "sales", "whole"),
        ("kind", "person", "sales:1", "sales", "only_value"),
        ("phone", "020 7946 0001", "sales:1", "sales", "only_value"),
    ]
    assert job.rows("SELECT channel, value, rank FROM customer_contact ORDER BY value") == [
        ("phone", "020 7946 0001", 1),
        ("email", "ada@example.org", 1),
        ("email", "info@example.cn", 1),
    ]
