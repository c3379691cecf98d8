import sqlite3
from contextlib import closing

from golden_records.publication import publish, staged
from golden_records.staged_tables import filled, stage_records
from golden_records.store import writing


def test_records_may_be_staged_before_the_rest(job, customers):
    job.run(customers[:2])
    new = job.prepare()
    path = job.folder / "records.db"
    stage_records(new.records, path, compared=True)
    with staged(job.engine, new, path) as ready, writing(job.engine, ready.files) as connection:
        assert ready.files[0] == path
        assert publish(connection, publication=ready).records == len(customers)
    assert path.exists()  # whoever wrote it removes it
    assert len(job.ids()) == len(customers)


def test_records_are_staged_sorted_and_without_empty_columns(job):
    records = job.prepare().records
    path = job.folder / "records.db"
    stage_records(records, path, compared=False)
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(staged_source_record)")]
        keys = [key for (key,) in connection.execute("SELECT record_key FROM staged_source_record ORDER BY rowid")]
    assert tuple(columns) == filled(records, tuple(records.columns))
    assert keys == sorted(records["record_key"])
