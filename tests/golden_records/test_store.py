import multiprocessing
import os
import signal
import sqlite3
import time

import pytest

from golden_records.store import open_store, reading, running, writing
from schemas.errors import LockedError, StoreError
from tests.golden_records.conftest import Job

SPAWN = multiprocessing.get_context("spawn")


def publish_and_hang(folder, rows, ready):
    """Publish, but never come to the COMMIT."""

    def hang():
        ready.set()
        time.sleep(60)

    job = Job(folder=folder, engine=open_store(str(folder / "guiyi.db")), runs=7, stop=[hang])
    job.run(rows)


def hold(path, ready, done):
    with running(open_store(path)):
        ready.set()
        done.wait(60)


def test_opening_makes_the_folder_and_the_tables(tmp_path):
    path = tmp_path / "new" / "guiyi.db"
    open_store(f"sqlite:///{path}")
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)
    open_store(str(path))


def test_a_file_that_is_no_store(tmp_path):
    path = tmp_path / "guiyi.db"
    path.write_text("this is no database, and long enough to be looked at by anything that reads headers")
    with pytest.raises(StoreError) as caught:
        open_store(str(path))
    assert str(path) in str(caught.value)


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        open_store(str(tmp_path / "file" / "guiyi.db"))


def test_a_backend_of_another_kind(tmp_path):
    with pytest.raises(StoreError) as caught:
        open_store("mysql://host/base")
    assert "mysql" in str(caught.value)


def test_a_second_writer_is_locked_out(job):
    with writing(job.engine), pytest.raises(LockedError) as caught, writing(job.engine):
        pass
    assert caught.value.exit_code == 3


def test_errors_of_the_driver_carry_no_values(job):
    def write():
        with writing(job.engine) as connection:
            connection.exec_driver_sql("INSERT INTO pointer VALUES (1, 1)")
            connection.exec_driver_sql("INSERT INTO nowhere VALUES ('secret')")

    with pytest.raises(StoreError) as caught:
        write()
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert job.rows("SELECT * FROM pointer") == []


def test_readers_see_the_old_version_during_a_publication(job, customers):
    job.run()
    before, seen = job.table(), []
    job.stop.append(lambda: seen.append(job.table()))
    job.run(customers[:2])
    assert seen == [before]
    assert len(job.table()) == 1


def test_a_reader_keeps_its_version_after_a_publication(job, customers):
    job.run()
    with reading(job.engine) as connection:
        count = "SELECT COUNT(*) FROM customer"
        assert connection.exec_driver_sql(count).scalar() == 2
        job.run(customers[:2])
        assert connection.exec_driver_sql(count).scalar() == 2


@pytest.mark.parametrize("first", [False, True])
def test_killed_before_commit_leaves_the_old_version(job, customers, first):
    if not first:
        job.run()
    before = job.table()
    ready = SPAWN.Event()
    child = SPAWN.Process(target=publish_and_hang, args=(job.folder, customers[:2], ready))
    child.start()
    assert ready.wait(30)
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert [path.name for path in job.folder.glob(".stage-*")] == [f".stage-{child.pid}"]
    assert job.table() == before
    assert job.run(customers[:2]).publication_id == 1 + (not first)
    assert not list(job.folder.glob(".stage-*"))


def test_the_first_publication_leaves_a_store_with_a_log(job, customers):
    job.run()
    assert job.rows("PRAGMA journal_mode") == [("wal",)]


def test_the_first_publication_of_a_store_that_somebody_reads(job, customers):
    with reading(job.engine) as connection:
        count = "SELECT COUNT(*) FROM customer"
        assert connection.exec_driver_sql(count).scalar() == 0
        job.run(customers)
        assert connection.exec_driver_sql(count).scalar() == 0
    assert len(job.table()) == 2


def test_one_run_at_a_time_and_the_lock_dies_with_its_holder(tmp_path):
    path = str(tmp_path / "guiyi.db")
    engine = open_store(path)
    ready, done = SPAWN.Event(), SPAWN.Event()
    child = SPAWN.Process(target=hold, args=(path, ready, done))
    child.start()
    assert ready.wait(30)
    with pytest.raises(LockedError), running(engine):
        pass
    with reading(engine):
        pass
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    with running(engine):
        pass


def open_behind(path, barrier, outcome):
    barrier.wait(60)
    with reading(open_store(path)) as connection:
        outcome.put(connection.exec_driver_sql("SELECT COUNT(*) FROM customer").scalar())


def test_a_new_store_may_be_opened_by_many_at_once(tmp_path):
    barrier, outcome = SPAWN.Barrier(4), SPAWN.Queue()
    path = str(tmp_path / "guiyi.db")
    children = [SPAWN.Process(target=open_behind, args=(path, barrier, outcome)) for _ in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * 4


def test_a_snapshot_that_cannot_be_written_stops_the_publication(job, customers):
    job.snapshots = True
    job.run()
    before = job.table()
    (job.folder / "parquet" / "publication-000002").write_text("in the way")
    (job.folder / "parquet" / ".partial-000002").write_text("in the way")
    job.run(customers[:2])  # orphans of a dead run are swept
    assert job.table() != before
    before = job.table()
    job.folder.joinpath("parquet").rename(job.folder / "elsewhere")
    job.folder.joinpath("parquet").write_text("in the way")
    with pytest.raises(StoreError):
        job.run()
    assert job.table() == before
