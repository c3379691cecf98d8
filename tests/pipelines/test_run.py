"""The main job, from exports on disk to the published table."""

import json
import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from matching.evaluate import evaluate
from pipelines.run import run_pipeline
from schemas.errors import GateError, SourceError, StoreError

HOUSE = Path(__file__).parents[2]


def ask(store: Path, sql: str):
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo's exports, published once; tests only read it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(HOUSE / "examples", folder / "exports")
    config = folder / "guiyi.yaml"
    shutil.copyfile(HOUSE / "configs" / "demo.yaml", config)
    outcome = run_pipeline(config)
    return folder, config, outcome


def test_it_leaves_what_it_promises(demo):
    folder, _, outcome = demo
    assert outcome.status == "published"
    for name in ("guiyi.db", "report.html", "parquet"):
        assert (folder / name).exists()
    snapshot = Path(outcome.facts["snapshot"])
    assert len(pd.read_parquet(snapshot / "customer.parquet")) == outcome.facts["customers"]


def test_every_row_is_accounted_for(demo):
    folder, _, _ = demo
    rows = ask(
        folder / "guiyi.db",
        """SELECT source, rows_read, accepted + quarantined + superseded + deleted + erased FROM run_source""",
    )
    assert len(rows) == 4
    assert all(read == kept for _, read, kept in rows)
    read = {source: read for source, read, _ in rows}
    truth = pd.read_csv(HOUSE / "examples" / "truth.csv", dtype=str)
    assert read == truth["source"].value_counts().to_dict()


def test_every_current_record_is_in_one_golden_record(demo):
    folder, _, outcome = demo
    ((records, members, distinct, counted),) = ask(
        folder / "guiyi.db",
        """SELECT (SELECT COUNT(*) FROM record), (SELECT COUNT(*) FROM crosswalk),
            (SELECT COUNT(DISTINCT record_key) FROM crosswalk), (SELECT SUM(record_count) FROM customer)""",
    )
    assert records == members == distinct == counted == outcome.facts["records"]
    assert not ask(
        folder / "guiyi.db", "SELECT 1 FROM crosswalk WHERE golden_id NOT IN (SELECT golden_id FROM customer)"
    )


def test_every_golden_value_has_its_lineage(demo):
    folder, _, _ = demo
    lineage = {
        (golden_id, attribute): (value, record)
        for golden_id, attribute, value, record in ask(
            folder / "guiyi.db", "SELECT golden_id, attribute, value, record_key FROM lineage"
        )
    }
    with sqlite3.connect(folder / "guiyi.db") as connection:
        customers = pd.read_sql("SELECT * FROM customer", connection).set_index("golden_id")
        records = pd.read_sql("SELECT * FROM record", connection).set_index("record_key")
    attributes = [name for name in records.columns if name in customers.columns]
    values = {(golden_id, name): value for name in attributes for golden_id, value in customers[name].dropna().items()}
    assert values.keys() == lineage.keys()
    for (golden_id, name), value in values.items():
        recorded, record = lineage[golden_id, name]
        assert recorded == value == records.loc[record, name]


def test_the_customers_are_the_true_ones(demo):
    folder, _, _ = demo
    truth = pd.read_csv(HOUSE / "examples" / "truth.csv", dtype=str).drop_duplicates(["source", "line"])
    rows = ask(
        folder / "guiyi.db",
        "SELECT r.source, CAST(r.line AS TEXT), c.golden_id FROM record r JOIN crosswalk c USING (record_key)",
    )
    found = pd.DataFrame(rows, columns=["source", "line", "golden_id"]).merge(truth, on=["source", "line"])
    assert len(found) == len(rows)
    agreement = evaluate(pd.factorize(found["golden_id"])[0], pd.factorize(found["entity"])[0])
    assert agreement.f1 >= 0.95


def codes(reasons):
    return [reason.partition(":")[0] for reason in reasons.split()]


def test_what_had_to_be_set_aside_was(demo):
    folder, _, _ = demo
    truth = pd.read_csv(HOUSE / "examples" / "truth.csv", dtype=str).fillna("")
    bad = truth[truth["corruptions"].str.startswith("quarantine:")]
    doubled = bad["corruptions"] == "quarantine:duplicate_id"
    assert ask(folder / "guiyi.db", "SELECT SUM(superseded) FROM run_source") == [(doubled.sum(),)]
    bad = bad[~doubled]
    rows = ask(folder / "guiyi.db", "SELECT source, line, reasons FROM quarantine")
    found = {(source, str(line)): codes(reasons) for source, line, reasons in rows}
    assert found.keys() == set(zip(bad["source"], bad["line"], strict=True))
    for source, line, label in zip(bad["source"], bad["line"], bad["corruptions"], strict=True):
        assert label.removeprefix("quarantine:").split()[0] in found[source, line]


def test_the_same_inputs_publish_nothing(demo):
    folder, config, _ = demo
    before = ask(folder / "guiyi.db", "SELECT * FROM crosswalk ORDER BY record_key")
    outcome = run_pipeline(config)
    assert outcome.status == "unchanged"
    assert ask(folder / "guiyi.db", "SELECT COUNT(*) FROM publication") == [(1,)]
    assert ask(folder / "guiyi.db", "SELECT * FROM crosswalk ORDER BY record_key") == before
    again = run_pipeline(config, full=True)
    assert again.status == "same"
    assert ask(folder / "guiyi.db", "SELECT * FROM crosswalk ORDER BY record_key") == before


def test_no_customer_is_left_lying_about(demo):
    folder, _, _ = demo
    assert not list((folder / ".guiyi").glob("*"))


CONFIG = """
sources:
  - name: crm
    path: crm.csv
    kind: person
    id: id
    columns: {full_name: name, email: mail, city: town}
"""
A = [
    ("1", "Robert Hammersmith", "rob.hammersmith@example.com", "Leeds"),
    ("2", "Robert Hammersmith", "rob.hammersmith@example.com", "Leeds"),
    ("3", "王小芳", "xiaofang.wang@example.cn", "上海"),
    ("4", "Anna Leclerc", "anna.leclerc@example.fr", "Lyon"),
]
B = [A[0], ("3", "王小芳", "wang.xiaofang@example.cn", "杭州"), ("5", "Ada Quist", "ada.quist@example.se", "Malmö")]


def write(folder: Path, rows) -> Path:
    lines = ["id,name,mail,town", *(",".join(row) for row in rows)]
    (folder / "crm.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = folder / "guiyi.yaml"
    if not config.exists():
        config.write_text(CONFIG, encoding="utf-8")
    return config


def table(folder: Path):
    return ask(folder / "guiyi.db", "SELECT * FROM customer ORDER BY golden_id")


def test_there_and_back_again(tmp_path):
    run_pipeline(write(tmp_path, A))
    first = table(tmp_path)
    assert len(first) == 3
    run_pipeline(write(tmp_path, B))
    second = table(tmp_path)
    assert len(second) == 3
    assert second != first
    run_pipeline(write(tmp_path, A))
    assert table(tmp_path) == first
    assert ask(tmp_path / "guiyi.db", "SELECT COUNT(*) FROM publication") == [(3,)]


def test_a_dry_run_publishes_nothing(tmp_path):
    config = write(tmp_path, A)
    outcome = run_pipeline(config, dry_run=True)
    assert outcome.status == "dry_run"
    assert outcome.facts["customers"] == 3
    assert table(tmp_path) == []
    run_pipeline(config)
    before = table(tmp_path)
    write(tmp_path, B)
    outcome = run_pipeline(config, dry_run=True)
    assert outcome.facts["changes"]["created"] == 1
    assert table(tmp_path) == before


def test_a_gate_stops_the_publication(tmp_path):
    config = write(tmp_path, A)
    run_pipeline(config)
    before = table(tmp_path)
    config.write_text(CONFIG + "gates: {quarantined_share: 0.1}\n", encoding="utf-8")
    write(tmp_path, [*A, ("", "No Id", "no.id@example.com", "")])
    with pytest.raises(GateError, match="crm") as raised:
        run_pipeline(config)
    assert raised.value.exit_code == 4
    config.write_text(CONFIG + "gates: {retired_share: 0.1}\n", encoding="utf-8")
    write(tmp_path, A[:2])
    with pytest.raises(GateError, match=r"66\.7%"):
        run_pipeline(config)
    assert table(tmp_path) == before
    assert ask(tmp_path / "guiyi.db", "SELECT status FROM run ORDER BY run_id") == [
        ("published",), ("stopped",), ("stopped",),
    ]  # fmt: skip


def test_an_export_that_is_suddenly_empty_stops_the_run(tmp_path):
    config = write(tmp_path, A)
    run_pipeline(config)
    before = table(tmp_path)
    write(tmp_path, [])
    with pytest.raises(GateError, match="crm"):
        run_pipeline(config)
    assert table(tmp_path) == before
    config.write_text(CONFIG + "gates: {empty_source: allow}\n", encoding="utf-8")
    run_pipeline(config)
    assert table(tmp_path) == []


def test_a_report_that_could_not_be_written_comes_with_the_next_run(tmp_path):
    config = write(tmp_path, A)
    (tmp_path / "report.html").mkdir()
    with pytest.raises(StoreError, match="Publication 1 stands"):
        run_pipeline(config)
    assert len(table(tmp_path)) == 3
    (tmp_path / "report.html").rmdir()
    assert run_pipeline(config).status == "same"
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_a_dry_run_leaves_the_report_of_what_is_published(tmp_path):
    config = write(tmp_path, A)
    run_pipeline(config)
    before = (tmp_path / "report.html").read_bytes()
    write(tmp_path, B)
    run_pipeline(config, dry_run=True)
    assert (tmp_path / "report.html").read_bytes() == before
    assert (tmp_path / "report.dry-run.html").exists()


def test_a_model_of_few_records_gives_way_and_another_can_be_trained(tmp_path):
    config = write(tmp_path, A[:1])
    run_pipeline(config)
    run_pipeline(write(tmp_path, A))
    models = ask(tmp_path / "guiyi.db", "SELECT model_id FROM publication ORDER BY publication_id")
    assert models[0] != models[1]
    assert len(table(tmp_path)) == 3
    assert run_pipeline(config).status == "unchanged"
    assert run_pipeline(config, retrain=True).status in {"same", "published"}


def test_a_failed_run_is_on_record(tmp_path):
    config = write(tmp_path, A)
    (tmp_path / "crm.csv").unlink()
    with pytest.raises(SourceError, match=r"crm\.csv"):
        run_pipeline(config)
    assert ask(tmp_path / "guiyi.db", "SELECT status, error FROM run") == [("failed", "sources.missing_file")]


def test_an_export_without_an_acceptable_row_is_no_reason_to_fail(tmp_path):
    config = write(tmp_path, [("", "No Id", "no.id@example.com", "")])
    outcome = run_pipeline(config)
    assert (outcome.facts["records"], outcome.facts["customers"]) == (0, 0)
    assert ask(tmp_path / "guiyi.db", "SELECT reasons FROM quarantine") == [("missing_id",)]


def test_the_model_is_trained_once_and_kept(tmp_path):
    run_pipeline(write(tmp_path, A))
    run_pipeline(write(tmp_path, B))
    models = ask(tmp_path / "guiyi.db", "SELECT model_id, parameters FROM model")
    assert len(models) == 1
    assert json.loads(models[0][1])
    assert ask(tmp_path / "guiyi.db", "SELECT DISTINCT model_id FROM publication") == [(models[0][0],)]
