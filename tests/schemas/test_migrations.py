import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from golden_records.store import open_store, reading, writing
from schemas.errors import StoreError
from schemas.migrations import head, migrate, revision
from schemas.migrations.views import VIEWS, view_sql
from schemas.tables import METADATA


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
