"""The command line as a person meets it: a process, its output, its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from schemas.golden import EVENT_KINDS, RULES
from schemas.messages import catalogue

HOUSE = Path(__file__).parents[2]
GUIYI = Path(sys.executable).parent / "guiyi"
EXPORTS = HOUSE / "examples"


def guiyi(*args, cwd=None, **environment):
    env = {**os.environ, "GUIYI_LOCALE": "en", "COLUMNS": "200", **environment}
    env.pop("PREFECT_API_URL", None)
    return subprocess.run([GUIYI, *map(str, args)], cwd=cwd, env=env, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newcomer") / "guiyi-demo"
    done = guiyi("demo", "--dir", folder)
    assert done.returncode == 0, done.stderr
    return folder, done


def keys(folder: Path) -> tuple[str, list[str]]:
    """A customer of several records, and their keys."""
    snapshot = max((folder / "parquet").iterdir())
    crosswalk = pd.read_parquet(snapshot / "crosswalk.parquet")
    golden_id = crosswalk["golden_id"].value_counts().index[0]
    return golden_id, sorted(crosswalk.loc[crosswalk["golden_id"] == golden_id, "record_key"])


def test_the_demo_says_where_everything_lies(demo):
    folder, done = demo
    for name in ("guiyi.yaml", "guiyi.db", "report.html", "parquet"):
        assert (folder / name).exists()
    for name in ("guiyi.db", "report.html"):
        assert str(folder / name) in done.stdout
    assert "quarantined" in done.stdout
    assert "Matching" in done.stderr


def test_a_second_demo_is_safe(demo):
    folder, _ = demo
    done = guiyi("demo", "--dir", folder)
    assert done.returncode == 0
    assert "Nothing has changed" in done.stdout


def test_a_run_as_json(demo):
    folder, _ = demo
    done = guiyi("run", folder / "guiyi.yaml", "--no-prefect", "--json")
    assert json.loads(done.stdout)["status"] == "unchanged"


def test_lookup_by_id_by_record_and_as_of(demo):
    folder, _ = demo
    golden_id, members = keys(folder)
    by_id = json.loads(guiyi("lookup", golden_id, "--json", cwd=folder).stdout)
    by_record = json.loads(guiyi("lookup", members[0], "--json", cwd=folder).stdout)
    assert by_id["golden_id"] == by_record["golden_id"] == golden_id
    assert [member["record_key"] for member in by_id["members"]] == members
    assert {origin["record_key"] for origin in by_id["lineage"]} <= set(members)
    shown = guiyi("lookup", members[0], cwd=folder).stdout
    assert golden_id in shown
    assert guiyi("lookup", golden_id, "--as-of", "2999-01-01", cwd=folder).returncode == 0
    early = guiyi("lookup", golden_id, "--as-of", "1999-01-01", cwd=folder)
    assert (early.returncode, "1999-01-01" in early.stderr) == (2, True)


def test_explain_adds_up(demo):
    folder, _ = demo
    _, members = keys(folder)
    found = json.loads(guiyi("explain", *members[:2], "--json", cwd=folder).stdout)
    parts = found["prior"] + found["crowds"] + sum(part["match_weight"] for part in found["attributes"])
    assert found["same_customer"]
    assert parts == pytest.approx(found["match_weight"], abs=1e-6)
    assert "one customer" in guiyi("explain", *members[:2], cwd=folder).stdout


def test_history(demo):
    folder, _ = demo
    golden_id, _ = keys(folder)
    (event,) = json.loads(guiyi("history", golden_id, "--json", cwd=folder).stdout)
    assert event["event"] == "created"
    assert guiyi("history", golden_id, cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["run", "nowhere.yaml"], 2, "nowhere.yaml"),
        (["run"], 2, "CONFIG"),
        (["rum"], 2, "rum"),
        (["lookup", "G0000000000000"], 2, "G0000000000000"),
        (["lookup", "nobody:1"], 2, "nobody:1"),
        (["explain", "nobody:1", "nobody:2"], 2, "nobody:1"),
        (["explain", "nobody:1", "nobody:1"], 2, "one record"),
        (["history", "G0000000000000"], 2, "G0000000000000"),
        (["lookup", "x", "--as-of", "yesterday"], 2, "yesterday"),
        (["dedupe", "nowhere.csv", "--out", "o.csv"], 1, "nowhere.csv"),
        (["dedupe", "exports/marketing_mailchimp.csv", "--out", "o.docx"], 2, ".parquet"),
        (["dedupe", "exports/marketing_mailchimp.csv", "--out", "o.csv", "--ignore", "Nonesuch"], 2, "Nonesuch"),
        (["evaluate", "nowhere.csv", "--truth", "t.csv", "--truth-column", "c"], 1, "nowhere.csv"),
    ],
)
def test_wrong_usage_gets_one_clear_answer(demo, args, code, says):
    folder, _ = demo
    done = guiyi(*args, cwd=folder)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_question_makes_no_store(tmp_path):
    (tmp_path / "guiyi.yaml").write_text("sources:\n  - {name: a, path: a.csv}\n", encoding="utf-8")
    done = guiyi("lookup", "a:1", cwd=tmp_path)
    assert (done.returncode, "guiyi run" in done.stderr) == (2, True)
    assert not (tmp_path / "guiyi.db").exists()


def test_errors_in_chinese(tmp_path):
    done = guiyi("run", tmp_path / "nowhere.yaml", GUIYI_LOCALE="zh_CN")
    assert "找不到配置文件" in done.stderr
    assert "找不到配置文件" in guiyi("--locale", "zh_CN", "run", tmp_path / "nowhere.yaml").stderr


def test_the_model_can_be_seen(demo):
    folder, _ = demo
    assert json.loads(guiyi("model", "show", "--json", cwd=folder).stdout)["roles"]
    assert "email" in guiyi("model", "show", cwd=folder).stdout


def test_dedupe_does_not_write_over_what_it_reads(tmp_path):
    path = tmp_path / "ten.csv"
    path.write_text("name,email\nAnna Leclerc,anna@example.fr\n", encoding="utf-8")
    done = guiyi("dedupe", path, "--out", path)
    assert (done.returncode, str(path) in done.stderr) == (2, True)
    assert path.read_text(encoding="utf-8").startswith("name,email")


def test_the_schema_is_json():
    schema = json.loads(guiyi("schema").stdout)
    assert "sources" in schema["properties"]


def test_dedupe_and_evaluate(tmp_path):
    truth = pd.read_csv(EXPORTS / "truth.csv", dtype=str)
    out, pairs, model = tmp_path / "clusters.csv", tmp_path / "pairs.parquet", tmp_path / "model.json"
    files = [EXPORTS / "sales_zoho_contacts.csv", EXPORTS / "marketing_mailchimp.csv"]
    done = guiyi("dedupe", *files, "--out", out, "--pairs", pairs, "--model", model, "--ignore", "TAGS", "--json")
    assert done.returncode == 0, done.stderr
    clusters = pd.read_csv(out)
    assert list(clusters.columns) == ["file", "row", "cluster_id"]
    assert clusters["row"].tolist() == list(range(len(clusters)))
    assert clusters["file"].unique().tolist() == [str(file) for file in files]
    rows = truth[truth["source"].isin(["sales", "marketing"])]
    assert len(clusters) == len(rows)
    scored = pd.read_parquet(pairs)
    assert (scored["left_row"] < scored["right_row"]).all()
    ordered = pd.concat([rows[rows["source"] == source] for source in ("sales", "marketing")])
    ordered.to_csv(tmp_path / "truth.csv", index=False)
    done = guiyi("evaluate", out, "--truth", tmp_path / "truth.csv", "--truth-column", "entity", "--json")
    assert json.loads(done.stdout)["pairwise"]["f1"] > 0.9
    again = tmp_path / "again.csv"
    assert guiyi("dedupe", *files, "--out", again, "--model", model, "--ignore", "TAGS").returncode == 0
    assert again.read_text() == out.read_text()
    (tmp_path / "model.json").write_text("{}")
    assert guiyi("dedupe", *files, "--out", again, "--model", model).returncode == 2


def test_every_rule_and_event_has_its_words():
    for rule in RULES:
        assert f"ask.rule_{rule}" in catalogue("en")
    for event in EVENT_KINDS:
        assert f"run.{event}" in catalogue("en")
