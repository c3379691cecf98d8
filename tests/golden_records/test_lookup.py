import pytest

from golden_records.lookup import history, lookup, source_pair
from golden_records.store import reading
from schemas.errors import UsageError
from schemas.records import RECORD_COLUMNS


def find(job, key_or_id, **options):
    with reading(job.engine) as connection:
        return lookup(connection, key_or_id, **options)


def test_nothing_is_found_in_an_empty_store(job):
    assert find(job, "sales:1") is None


def test_a_record_key_and_a_golden_id_find_the_same_customer(job):
    job.run()
    view = find(job, "service:a")
    assert view.values["display_name"] == "Ada Byron"
    assert [member.record_key for member in view.members] == ["sales:1", "service:a"]
    assert view.members[1].values["email"] == "ada@example.org"
    assert {(item.attribute, item.record_key, item.rule) for item in view.lineage} >= {
        ("email", "service:a", "only_value"),
        ("phone", "sales:1", "only_value"),
    }
    by_id = find(job, view.golden_id)
    assert (by_id.values, by_id.members, by_id.lineage) == (view.values, view.members, view.lineage)
    assert find(job, "sales:999") is find(job, "G0000000000000") is None


def test_aliases_resolve(job, customers):
    job.run()
    ids = job.ids()
    job.run(({**customers[0]}, {**customers[1]}, {**customers[2], "cluster": 1}))
    view = find(job, ids["sales:2"])
    assert (view.golden_id, view.aliases) == (ids["sales:1"], (ids["sales:2"],))


def test_as_of_an_earlier_publication(job, customers):
    job.run()
    ids = job.ids()
    job.run(({**customers[0], "phone": "1"}, *customers[1:]))
    assert find(job, "sales:1").values["phone"] == "1"
    view = find(job, ids["sales:1"], publication_id=1)
    assert view.values["phone"] == "020 7946 0001"
    assert view.members[0].values["phone"] == "020 7946 0001"


def test_a_retired_customer_is_shown_as_it_last_was(job, customers):
    job.run()
    ids = job.ids()
    job.run(customers[:2])
    view = find(job, ids["sales:2"])
    assert (view.retired_in, view.publication_id, view.values["company_name"]) == (2, 1, "归一科技")
    assert find(job, "sales:2") is None


def test_history_tells_what_happened(job, customers):
    job.run()
    ids = job.ids()
    job.run(({**customers[0]}, {**customers[1]}, {**customers[2], "cluster": 1}))
    with reading(job.engine) as connection:
        told = [(event.publication_id, event.event, event.records) for event in history(connection, ids["sales:2"])]
    assert told == [(1, "created", 1), (2, "merged", 1)]


def test_two_records_for_explanation(job):
    job.run()
    with reading(job.engine) as connection:
        pair = source_pair(connection, "service:a", "sales:1")
        with pytest.raises(UsageError) as caught:
            source_pair(connection, "service:a", "sales:999")
    assert list(pair.columns) == list(RECORD_COLUMNS)
    assert pair["record_key"].tolist() == ["service:a", "sales:1"]
    assert pair["line"].tolist() == [3, 2]
    assert "sales:999" in str(caught.value)
