import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from golden_records.runs import Run, record_run
from golden_records.store import open_store, writing
from schemas.golden import CUSTOMER_COLUMNS, LINEAGE_ATTRIBUTES, LINEAGE_DIGITS, RULES, SURVIVORS
from schemas.migrations.views import VIEWS
from schemas.reasons import CELL_REASONS
from schemas.records import ATTRIBUTES
from schemas.tables import METADATA
from tests.golden_records.conftest import Job

PAGE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")
GROUPS = {"*attributes*": [a.name for a in ATTRIBUTES], "*golden attributes*": list(SURVIVORS)}
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^##? |\Z)", PAGE, flags=re.DOTALL | re.MULTILINE))


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)


def documented(section):
    rows = re.findall(r"^\| (`\w+`|\*[\w ]+\*) \| (\w+) \| (.+) \|$", section, flags=re.MULTILINE)
    named = []
    for name, kind, _ in rows:
        named += [(n, "text") for n in GROUPS[name]] if name in GROUPS else [(name.strip("`"), kind)]
    return named


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A folder like `guiyi demo`'s, after a second run that found nothing new."""
    folder = tmp_path_factory.mktemp("demo")
    job = Job(folder=folder, engine=open_store(str(folder / "guiyi.db")), snapshots=True)
    job.run()
    with writing(job.engine) as connection:
        unchanged = Run(run_id="again", started_at="2026-11-30T00:00:00Z", status="unchanged")
        record_run(connection, unchanged, publication_id=1)
    return folder


@pytest.fixture(scope="module")
def columns(demo):
    store = sqlite3.connect(demo / "guiyi.db")
    tables = store.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
    types = {"TEXT": "text", "INTEGER": "integer", "FLOAT": "real", "VARCHAR(32)": "text"}
    return {
        name: [
            (row[1], types.get(row[2]) if kind == "table" else None)
            for row in store.execute(f"PRAGMA table_info({name})")
        ]
        for name, kind in tables
    }


def test_every_table_and_view_is_documented_and_no_other(columns):
    assert set(columns) == set(SECTIONS) - {"Attributes"}
    assert set(columns) == set(METADATA.tables) | set(VIEWS) | {"alembic_version"}


@pytest.mark.parametrize("table", sorted(set(SECTIONS) - {"Attributes"}))
def test_the_columns_are_those_that_exist(columns, table):
    told = documented(SECTIONS[table])
    order = list if table in VIEWS else sorted  # a column that is added to a table stands at its end
    assert order(name for name, _ in told) == order(name for name, _ in columns[table])
    kinds = dict(columns[table])
    assert not [(name, kind) for name, kind in told if kinds[name] not in {kind, None}]


def test_every_attribute_is_explained():
    assert [name for name, _ in documented(SECTIONS["Attributes"])] == GROUPS["*attributes*"]


@pytest.mark.parametrize("statement", blocks("sql"), ids=lambda text: " ".join(text.split())[:40])
def test_sql_examples_run(demo, statement):
    with sqlite3.connect(f"file:{demo}/guiyi.db?mode=ro", uri=True) as store:
        store.execute(statement).fetchall()


def test_the_accounts_of_the_current_publication_are_shown_after_an_unchanged_run(demo):
    (statement,) = [text for text in blocks("sql") if "SELECT source, rows_read" in text]
    with sqlite3.connect(f"file:{demo}/guiyi.db?mode=ro", uri=True) as store:
        assert sorted(row[0] for row in store.execute(statement)) == ["sales", "service"]


def test_customers_of_several_records_are_counted_once(demo):
    duckdb = pytest.importorskip("duckdb")
    (query,) = [found[1] for text in blocks("python") if (found := re.search('"""(.*?city.*?)"""', text, re.DOTALL))]
    found = duckdb.sql(query.replace("parquet/current", f"{demo}/parquet/current"))
    assert dict(zip(found.columns, found.fetchall()[0], strict=True)) == {"city": None, "customers": 2, "records": 3}


def test_the_parquet_files_are_those_that_the_page_names(demo):
    (named,) = re.findall(r"as Parquet files: (.*?)\.$", PAGE, flags=re.MULTILINE)
    assert {path.stem for path in (demo / "parquet" / "current").glob("*.parquet")} == set(
        re.findall(r"`(\w+)`", named)
    )


def test_every_reason_for_a_warning_is_named():
    assert set(CELL_REASONS) <= set(re.findall(r"`(\w+)`", SECTIONS["record_warning"]))


@pytest.mark.parametrize("code", blocks("python"), ids=lambda text: text.split("\n")[-2][:30])
def test_python_examples_run(demo, code):
    done = subprocess.run([sys.executable, "-c", code], cwd=demo, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("statements", blocks("duckdb"))
def test_duckdb_reads_the_store(demo, statements):
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    try:
        connection.execute("INSTALL sqlite")
    except (duckdb.IOException, duckdb.HTTPException):
        pytest.skip("DuckDB's sqlite extension cannot be downloaded here")
    here = Path.cwd()
    os.chdir(demo)
    try:
        connection.execute(statements)
    finally:
        os.chdir(here)
    assert sorted(connection.fetchall()) == [("company", 1), ("person", 1)]


def test_published_lineage_stays_readable():
    """Published rows keep their text: positions, digits and letters may only be added to."""
    assert LINEAGE_ATTRIBUTES[:8] == (
        "kind", "full_name", "salutation", "given_name", "middle_name", "family_name", "company_name", "job_title",
    )  # fmt: skip
    assert LINEAGE_ATTRIBUTES[36:44] == (
        "account_id", "parent_id", "created_at", "updated_at",
        "consent_post", "consent_post_at", "consent_fax", "consent_fax_at",
    )  # fmt: skip
    assert len(LINEAGE_ATTRIBUTES) == 54
    assert "".join(RULES.values()) == "omwtrfclseaudp"
    assert len(set(RULES.values())) == len(RULES)
    assert len(LINEAGE_DIGITS) >= len(LINEAGE_ATTRIBUTES)
    assert set(LINEAGE_ATTRIBUTES) <= set(CUSTOMER_COLUMNS)
