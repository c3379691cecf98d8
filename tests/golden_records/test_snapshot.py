import hashlib
import json

import duckdb
import pyarrow.parquet as pq
import pytest

from golden_records.runs import SourceCount
from golden_records.snapshot import CURRENT, snapshot_name
from schemas.errors import GuiyiError


@pytest.fixture
def kept(job):
    job.snapshots = True
    return job


def folders(job):
    return sorted(path.name for path in (job.folder / "parquet").iterdir())


def test_a_snapshot_holds_what_the_store_shows(kept):
    kept.run()
    home = kept.folder / "parquet" / snapshot_name(1)
    assert kept.rows("SELECT snapshot FROM publication") == [(str(home),)]
    for name, order in {
        "customer": "golden_id",
        "crosswalk": "record_key",
        "customer_contact": "golden_id, channel, rank",
        "lineage": "golden_id, attribute",
    }.items():
        names = pq.read_schema(home / f"{name}.parquet").names
        columns = ", ".join(names)
        found = duckdb.sql(f"SELECT {columns} FROM '{home}/{name}.parquet' ORDER BY {order}").fetchall()
        assert found == kept.rows(f"SELECT {columns} FROM {name} ORDER BY {order}")
    assert (kept.folder / "parquet" / CURRENT).resolve() == home


def test_the_manifest_tells_rows_columns_and_checksums(kept):
    kept.run()
    home = kept.folder / "parquet" / CURRENT
    manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["publication_id"] == 1
    assert set(manifest["files"]) == {path.name for path in home.glob("*.parquet")}
    for name, facts in manifest["files"].items():
        assert facts["sha256"] == hashlib.sha256((home / name).read_bytes()).hexdigest()
        assert facts["rows"] == pq.read_metadata(home / name).num_rows
        assert list(facts["columns"]) == pq.read_schema(home / name).names


def test_a_publication_that_fails_leaves_nothing_that_the_next_does_not_sweep(kept, customers):
    def stop():
        raise GuiyiError("store.locked", path="x")

    kept.run()
    kept.stop.append(stop)
    with pytest.raises(GuiyiError):
        kept.run(customers[:2])
    assert folders(kept) == [CURRENT, snapshot_name(1), snapshot_name(2)]
    (kept.folder / "parquet" / ".partial-000007").mkdir()
    (kept.folder / "parquet" / snapshot_name(9)).mkdir()
    kept.stop.clear()
    kept.run(customers[:1])
    assert folders(kept) == [CURRENT, snapshot_name(1), snapshot_name(2)]
    assert pq.read_metadata(kept.folder / "parquet" / CURRENT / "customer.parquet").num_rows == 1


def test_nothing_new_no_snapshot(kept):
    kept.run()
    kept.run()
    assert folders(kept) == [CURRENT, snapshot_name(1)]


def test_lists_come_apart_whatever_is_in_them(kept, customers):
    odd = 'a"b\\,"c\n'
    kept.run(({**customers[0], "phone": odd, "mobile": "0"},))
    found = pq.read_table(kept.folder / "parquet" / CURRENT / "customer_contact.parquet").to_pylist()
    assert [(row["value"], row["rank"]) for row in found] == [(odd, 1), ("0", 2)]


def test_no_contacts_and_no_customers(kept, customers):
    kept.run(({"key": "sales:1", "cluster": 1, "industry": "x"},))
    home = kept.folder / "parquet" / CURRENT
    assert pq.read_metadata(home / "customer_contact.parquet").num_rows == 0
    assert pq.read_table(home / "lineage.parquet").to_pylist()[0]["record_key"] == "sales:1"
    kept.run((), counts=[SourceCount(source="sales", rows_read=0, accepted=0, quarantined=0)])
    assert [pq.read_metadata(path).num_rows for path in home.glob("*.parquet")] == [0] * 6
