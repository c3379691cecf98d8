# ruff: noqa: E501  a case a line
"""Where exports lie: paths, archives, databases, servers."""

import bz2
import gzip
import io
import lzma
import os
import sqlite3
import zipfile

from tests.hostile.case import CANARY, GOOD, HEADER, read, refused

TEXT = (HEADER + GOOD).encode()
PACKED = gzip.compress(TEXT)


def zipped(*members, **kinds):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def locked():
    """A zip archive whose member says that it is encrypted."""
    data = bytearray(zipped(("export.csv", TEXT)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def several(path):
    for name, content in (("b-2.csv", f"{HEADER}1,New Name,n@example.com\n"), ("a-1.csv", HEADER + GOOD)):
        (path.parent / name).write_text(content, encoding="utf-8")
    (path.parent / "~$a-1.csv").write_bytes(b"\0")
    (path.parent / ".c.csv").write_bytes(b"\0")
    (path.parent / "d.csv.part").write_bytes(b"\0")


def with_an_empty_one(path):
    several(path)
    (path.parent / "c-3.csv").write_bytes(b"")


def pipe(path):
    os.mkfifo(path)


def folder(path):
    path.mkdir()
    (path / "a.csv").write_bytes(TEXT)


def nothing(path):
    pass


def dangling(path):
    path.symlink_to(path.with_name("nowhere.csv"))


def circular(path):
    path.symlink_to(path)


def database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customer (id INTEGER, name TEXT, email TEXT, photo BLOB)")
        connection.execute("INSERT INTO customer VALUES (1, ?, 'ann@example.com', NULL)", [CANARY])
        connection.execute("INSERT INTO customer VALUES (2, 'Bob Ray', NULL, x'00ff')")
    connection.close()


def bomb(path):
    with gzip.open(path, "wb") as stream:
        stream.write(TEXT)
        for _ in range(100):
            stream.write(bytes(1 << 20))


def zip_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("export.csv", "w") as stream:
        for _ in range(100):
            stream.write(bytes(1 << 20))


PATHS = (
    refused("no such file", nothing, "sources.missing_file"),
    refused("no such folder", nothing, "sources.missing_file", path="FOLDER/nowhere/export.csv"),
    refused("a link to nowhere", dangling, "sources.missing_file"),
    refused("a link to itself", circular, "sources.unreadable_file"),
    refused("a folder", folder, "sources.is_a_folder"),
    refused("a pipe that nobody writes to", pipe, "sources.no_plain_file"),
    refused("a device that never ends", nothing, "sources.no_plain_file", path="/dev/zero", format="csv"),
    refused("a device that holds nothing", nothing, "sources.no_plain_file", path="/dev/null", format="csv"),
    refused("an ending that tells nothing", TEXT, "sources.unknown_format", file="export.dat"),
    read("an ending in capitals", TEXT, 1, file="EXPORT.CSV"),
    read("a name with spaces, brackets and Chinese", TEXT, 1, file="客户 导出 (1)[2].csv"),
    read("several files, the newest of each record", several, 1, superseded=1, path="FOLDER/*.csv"),
    read("only the newest by its name", several, 1, path="FOLDER/?-*.csv", files="newest", newest_by="name"),
    refused("several files of which the last is empty", with_an_empty_one, "sources.empty_file", path="FOLDER/*.csv"),
    refused("a pattern that nothing is called like", TEXT, "sources.no_match", path="FOLDER/*.tsv"),
    refused("no place for a protocol", nothing, "sources.unknown_protocol", path="gopher://host/export.csv"),
    refused("a server that is not there", nothing, "sources.no_connection", path="http://127.0.0.1:9/export.csv", timeout=5),
    refused("a server that is not there, and a password", nothing, "sources.no_connection", path=f"http://user:{CANARY}@127.0.0.1:9/export.csv?token={CANARY}", timeout=5),
)  # fmt: skip

ARCHIVES = (
    read("gzip", PACKED, 1, file="export.csv.gz"),
    read("gzip without the ending", PACKED, 1),
    read("gzip of gzip", gzip.compress(PACKED), 1, file="export.csv.gz.gz"),
    read("two gzips, one after the other", PACKED + gzip.compress(b"2,Bob Ray,b@example.com\n"), 2, file="export.csv.gz"),
    read("bzip2", bz2.compress(TEXT), 1, file="export.csv.bz2"),
    read("xz", lzma.compress(TEXT), 1, file="export.csv.xz"),
    read("zip", zipped(("export.csv", TEXT)), 1, file="export.zip"),
    read("zip of two exports and what a Mac adds", zipped(("a.csv", TEXT), ("b.csv", HEADER + "2,Bob Ray,b@example.com\n"), ("__MACOSX/._a.csv", b"\0\5\x16\7")), 2, file="export.zip"),
    read("one member of a zip", zipped(("a.csv", TEXT), ("b.csv", b"\0")), 1, file="export.zip", member="a.*"),
    refused("gzip cut off", PACKED[:-12], "sources.damaged_archive", file="export.csv.gz"),
    refused("gzip with a wrong sum", PACKED[:-8] + bytes(8), "sources.damaged_archive", file="export.csv.gz"),
    refused("gzip of nothing", gzip.compress(b""), "sources.empty_file", file="export.csv.gz"),
    read("no gzip though called so", TEXT, 1, file="export.csv.gz"),
    refused("zip cut off", zipped(("export.csv", TEXT))[:-30], "sources.damaged_archive", file="export.zip"),
    refused("zip of nothing", zipped(), "sources.no_member", file="export.zip"),
    refused("zip without an export", zipped(("readme.md", b"x"), ("a/b.doc", b"y")), "sources.no_member", file="export.zip"),
    refused("zip without the wanted member", zipped(("a.csv", TEXT)), "sources.unmatched_member", file="export.zip", member="b*"),
    refused("zip with a password", locked(), "sources.locked_archive", file="export.zip"),
    refused("zip that leads out of its folder", zipped(("../../../tmp/export.csv", TEXT)), "sources.unsafe_member", file="export.zip"),
    refused("archives in archives in archives", gzip.compress(gzip.compress(gzip.compress(gzip.compress(PACKED)))), "sources.nested_archive", file="export.csv.gz"),
    refused("a gzip that unpacks to gigabytes", bomb, "sources.bomb", file="export.csv.gz", heavy=True),
    refused("a zip that unpacks to gigabytes", zip_bomb, "sources.bomb", file="export.zip", heavy=True),
)  # fmt: skip


def sql(name, query, accepted=1, bad=None):
    return read(name, database, accepted, bad, file="shop.db", path="sqlite:///FOLDER/shop.db", query=query)


def no_sql(name, query, key, path="sqlite:///FOLDER/shop.db", **source):
    return refused(name, database, key, file="shop.db", path=path, query=query, **source)


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS id FROM n"
MIDWAY = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
    "SELECT i AS id, 'x' AS name, CASE i WHEN 150000 THEN abs(-9223372036854775807 - 1) END AS n FROM n"
)

DATABASES = (
    sql("a query", "SELECT id, name, email FROM customer", 2),
    sql("a query of no rows", "SELECT id, name FROM customer WHERE id > 9", 0),
    sql("bytes in a database", "SELECT * FROM customer", 2),
    no_sql("no such table", f"SELECT '{CANARY}' AS id FROM client", "sources.sql_query"),
    no_sql("no SQL", f"SELEKT '{CANARY}'", "sources.sql_query"),
    no_sql("a query that deletes", "DELETE FROM customer", "sources.sql_query"),
    no_sql("a query that answers with nothing", "PRAGMA user_version = 7", "sources.sql_query"),
    no_sql("a name twice in the answer", "SELECT id, name, name FROM customer", "sources.sql_columns"),
    no_sql("a database that fails midway", MIDWAY, "sources.sql_broken"),
    no_sql("a database that does not answer", ENDLESS, "sources.silent", timeout=1),
    no_sql("no such database", "SELECT 1 AS id", "sources.missing_file", path="sqlite:///FOLDER/nowhere.db"),
    no_sql("an address that is none", "SELECT 1 AS id", "sources.sql_address", path="shop.db"),
    no_sql("an unknown kind of database", "SELECT 1 AS id", "sources.sql_address", path="oracel://host/x"),
    no_sql("a database server that is not there", "SELECT 1 AS id", "sources.sql_connection", path=f"postgresql://user:{CANARY}@127.0.0.1:9/shop", timeout=5),
    refused("a database without a query", database, "sources.no_query", file="shop.db", path="sqlite:///FOLDER/shop.db", format="sql"),
    refused("no database at all", f"{HEADER}{GOOD}", "sources.sql_query", file="shop.db", path="sqlite:///FOLDER/shop.db", query="SELECT * FROM customer"),
)  # fmt: skip

CASES = (*PATHS, *ARCHIVES, *DATABASES)
