"""The views and the Parquet files of consents and relations: both say the same."""

import duckdb
import pytest

from golden_records.snapshot import CURRENT
from schemas.records import CONSENT_KINDS

ROWS = (
    {"key": "crm:c1", "cluster": 1, "given_name": "Ada", "account_id": "a1", "account_key": "erp:a1"},
    {"key": "crm:c2", "cluster": 1, "given_name": "Ada", "account_id": "a2", "account_key": "erp:a2"},
    {"key": "crm:c3", "cluster": 2, "given_name": "Bob", "account_id": "a1", "account_key": "erp:a1"},
    {"key": "crm:c4", "cluster": 3, "given_name": "Cy", "account_id": "a9", "account_key": "erp:a9"},  # nobody's
    {"key": "erp:a1", "cluster": 4, "company_name": "归一科技", "parent_id": "a3", "parent_key": "erp:a3"},
    {"key": "erp:a2", "cluster": 5, "company_name": "归一", "parent_id": "a3", "parent_key": "erp:a3"},
    {"key": "erp:a3", "cluster": 6, "company_name": "Holding", "parent_id": "a3", "parent_key": "erp:a3"},  # its own
)


def parquet(job, name):
    found = duckdb.sql(f"SELECT * FROM '{job.folder}/parquet/{CURRENT}/{name}.parquet'")
    return sorted([list(zip(found.columns, row, strict=True)) for row in found.fetchall()], key=str)


def view(job, name, without=()):
    with job.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM {name}").mappings()
        return sorted([[pair for pair in row.items() if pair[0] not in without] for row in rows], key=str)


def relations(job):
    return set(
        job.rows(
            """SELECT r.relation, c.display_name, a.display_name, r.record_key, r.related_key FROM customer_relation r
            JOIN customer c USING (golden_id) JOIN customer a ON a.golden_id = r.related_id"""
        )
    )


@pytest.fixture
def kept(job):
    job.snapshots = True
    return job


def test_relations_lead_from_customer_to_customer(kept):
    kept.run(ROWS)
    assert relations(kept) == {
        ("account", "Ada", "归一科技", "crm:c1", "erp:a1"),
        ("account", "Ada", "归一", "crm:c2", "erp:a2"),
        ("account", "Bob", "归一科技", "crm:c3", "erp:a1"),
        ("parent", "归一科技", "Holding", "erp:a1", "erp:a3"),
        ("parent", "归一", "Holding", "erp:a2", "erp:a3"),
    }
    assert parquet(kept, "customer_relation") == view(kept, "customer_relation")


def test_relations_follow_records_that_are_merged(kept):
    kept.run(ROWS)
    merged = tuple({**row, "cluster": 4} if row["key"] in {"erp:a1", "erp:a2", "erp:a3"} else row for row in ROWS)
    kept.run(merged)
    assert {row[3:] for row in relations(kept)} == {("crm:c1", "erp:a1"), ("crm:c2", "erp:a2"), ("crm:c3", "erp:a1")}
    assert {related for (related,) in kept.rows("SELECT related_id FROM customer_relation")} == {kept.ids()["erp:a3"]}
    assert parquet(kept, "customer_relation") == view(kept, "customer_relation")


def test_no_relations_and_no_consents(kept, customers):
    kept.run(customers)
    assert parquet(kept, "customer_relation") == view(kept, "customer_relation") == []
    assert parquet(kept, "customer_consent") == view(kept, "customer_consent") == []


def test_consents_by_channel_and_purpose(kept):
    kept.run(
        (
            {"key": "crm:1", "cluster": 1, "consent_email": "granted", "consent_email_at": "2026-01-01T00:00:00Z"},
            {"key": "shop:1", "cluster": 1, "consent_email": "denied", "consent_email_at": "2026-02-01T00:00:00Z"},
            {"key": "mail:1", "cluster": 1, "consent_messaging": "granted", "consent_sharing": "denied"},
            {"key": "crm:2", "cluster": 2, "consent_processing": "granted"},
            {"key": "crm:3", "cluster": 3, "email": "ada@example.org"},
        )
    )
    rows = kept.rows("SELECT channel, purpose, status, chosen_at, record_key, source FROM customer_consent")
    assert sorted(rows, key=str) == [
        ("any", "processing", "granted", None, "crm:2", "crm"),
        ("any", "sharing", "denied", None, "mail:1", "mail"),
        ("email", "marketing", "denied", "2026-02-01T00:00:00Z", "shop:1", "shop"),
        ("messaging", "marketing", "granted", None, "mail:1", "mail"),
    ]
    assert parquet(kept, "customer_consent") == view(kept, "customer_consent", without={"source"})


def test_every_kind_of_consent_is_shown(kept):
    kept.run(({"key": "crm:1", "cluster": 1, **dict.fromkeys(CONSENT_KINDS, "granted")},))
    assert set(kept.rows("SELECT channel, purpose FROM customer_consent")) == set(CONSENT_KINDS.values())
    assert parquet(kept, "customer_consent") == view(kept, "customer_consent", without={"source"})
