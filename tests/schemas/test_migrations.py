import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from golden_records.lookup import lookup
from golden_records.store import open_store, reading, writing
from schemas.errors import StoreError
from schemas.migrations import head, migrate, revision
from schemas.migrations.views import VIEWS, view_sql
from schemas.tables import METADATA
from tests.golden_records.conftest import CUSTOMERS, Job

OLD = Path(__file__).with_name("store_0001.sql")  # two publications, as revision 0001 wrote them


def views(engine):
    with reading(engine) as connection:
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'view'")
        return {name for (name,) in found}


def test_revisions_make_the_tables_of_today(tmp_path):
    engine = open_store(str(tmp_path / "guiyi.db"))
    with reading(engine) as connection:
        assert revision(connection) == head()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_narrow_tables_are_their_own_index(tmp_path):
    open_store(str(tmp_path / "guiyi.db"))
    store = sqlite3.connect(tmp_path / "guiyi.db")
    found = store.execute(
        "SELECT name FROM pragma_table_list WHERE wr = 1 AND schema = 'main' AND name NOT LIKE 'sqlite%'"
    )
    declared = {t.name for t in METADATA.sorted_tables if t.dialect_options["sqlite"]["with_rowid"] is False}
    assert {name for (name,) in found} == declared


def test_migrating_again_changes_nothing(tmp_path):
    engine = open_store(str(tmp_path / "guiyi.db"))
    with writing(engine) as connection:
        migrate(connection)
    assert views(engine) == set(VIEWS)


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path):
    engine = open_store(str(tmp_path / "guiyi.db"))

    def break_off():
        with writing(engine) as connection:
            connection.exec_driver_sql("DELETE FROM alembic_version")  # as if nothing were there; the tables are
            migrate(connection)

    with pytest.raises(StoreError):
        break_off()
    assert views(engine) == set(VIEWS)
    with reading(engine) as connection:
        assert revision(connection) == head()


def test_every_view_has_a_select_for_postgresql_too():
    for name in VIEWS:
        sql = view_sql(name, "postgresql")
        assert "json_each" not in sql
        assert "json_extract" not in sql
        assert "instr(" not in sql


@pytest.fixture
def old(tmp_path):
    """A store of revision 0001, and its rows before anything of today touched it."""
    store = sqlite3.connect(tmp_path / "guiyi.db")
    store.executescript(OLD.read_text(encoding="utf-8"))
    names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    store.row_factory = sqlite3.Row
    before = {name: [dict(row) for row in store.execute(f"SELECT * FROM {name}")] for name in names}
    store.close()
    return tmp_path, before


def rows_of(engine, name):
    with reading(engine) as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}").mappings()]


def test_an_old_store_loses_nothing(old):
    folder, before = old
    engine = open_store(str(folder / "guiyi.db"))
    moved = {"file", "format", "encoding", "delimiter", "content_hash"}
    for name in before.keys() - {"alembic_version"}:
        now = rows_of(engine, name)
        assert len(now) == len(before[name])
        for was, row in zip(before[name], now, strict=True):
            kept = {key: value for key, value in was.items() if name != "run_source" or key not in moved}
            kept |= {"lineage": row["lineage"]} if "lineage" in was else {}
            assert {key: row[key] for key in kept} == kept
    assert [(row["absent"], row["carried"]) for row in rows_of(engine, "run_source")] == [(0, 0)] * 4
    files = [
        {key: row[key] for key in (*moved, "run_id", "source", "rows_read")} for row in rows_of(engine, "run_file")
    ]
    assert files == [{key: row[key] for key in files[0]} for row in before["run_source"]]


def test_an_old_store_s_lineage_is_still_read(old):
    folder, before = old
    engine = open_store(str(folder / "guiyi.db"))
    assert rows_of(engine, "lineage") == before["lineage"]
    with reading(engine) as connection:
        found = lookup(connection, "service:a")
    told = {(item.attribute, item.value, item.record_key, item.rule) for item in found.lineage}
    assert told == {
        (row["attribute"], row["value"], row["record_key"], row["rule"])
        for row in before["lineage"]
        if row["golden_id"] == found.golden_id
    }
    assert [(row["channel"], row["status"], row["source"]) for row in rows_of(engine, "customer_consent")] == [
        ("email", "denied", "service")
    ]


def test_customers_of_an_old_store_that_did_not_change_keep_their_version(old):
    folder, _ = old
    engine = open_store(str(folder / "guiyi.db"))
    job = Job(folder=folder, engine=engine, runs=2)
    first = {"consent_email": "granted", "consent_email_at": "2026-01-01T00:00:00Z", "account_id": "2"}
    rows = (
        {**CUSTOMERS[0], **first, "extra": '{"Tag": "a"}', "file": "exports/sales.csv"},
        {**CUSTOMERS[1], "consent_email": "denied", "updated_at": "2026-02-01T00:00:00Z"},
        {**CUSTOMERS[2], "email": "office@example.cn"},
    )
    assert job.run(rows).changed is False
    published = job.run((rows[0], rows[1], {**rows[2], "parent_key": "sales:1", "consent_sharing": "denied"}))
    assert {name: count for name, count in published.changes.items() if count} == {
        "source_record": 2,
        "customer_version": 2,
    }
    assert len(rows_of(engine, "customer_relation")) == 1
