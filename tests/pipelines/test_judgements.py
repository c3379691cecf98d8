"""Judgements from a file: what is refused, what holds, what is told."""

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.dedupe import dedupe_command
from pipelines.judgements import by_key, by_row, need_enough, notes, read_judgements
from pipelines.run import run_pipeline
from schemas.errors import UsageError
from schemas.messages import LOCALES

HOUSE = Path(__file__).parents[2]
KEYS = pa.array([f"sales:{n}" for n in range(30)])


def written(folder, text, name="judgements.csv", encoding="utf-8"):
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "judgements that can be read"),
        ("left,right,verdict\n", "holds no judgements"),
        ("left,verdict\nsales:1,same\n", "no column `right`"),
        ("left,right,verdict\nsales:1,sales:2,maybe\n", "line 2"),
        ("left,right,verdict\nsales:1,sales:2,same\nsales:3,,same\n", "line 3"),
        ("left,right,verdict\nsales:1,sales:1,same\n", "same record"),
        ("left,right,verdict\nsales:1,sales:2,same\nsales:1,sales:2,same,too,much\n", "line 3"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, text, says):
    path = written(tmp_path, text)
    with pytest.raises(UsageError, match=says) as caught:
        read_judgements(path)
    assert path.name in str(caught.value)
    assert "maybe" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"none\.csv"):
        read_judgements(tmp_path / "none.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_other_columns_cases_and_encodings_are_taken(tmp_path, encoding):
    text = "Left,Right,Verdict,谁,note\nsales:1, sales:2 ,SAME,李,x\nsales:4,sales:3,different,王,\n"
    found = read_judgements(written(tmp_path, text, encoding=encoding))
    assert found["verdict"].tolist() == ["same", "different"]
    placed = by_key(found, KEYS, ["sales"], Path("j.csv"))
    assert placed.judgements.to_numpy().tolist() == [[1, 2, "same"], [3, 4, "different"]]


def frame(*rows):
    return pd.DataFrame(rows, columns=["left", "right", "verdict"]).assign(line=range(2, len(rows) + 2))


def test_records_that_are_gone_are_counted_not_fatal():
    found = frame(("sales:1", "sales:2", "same"), ("sales:1", "sales:99", "same"), ("sales:2", "sales:1", "same"))
    placed = by_key(found, KEYS, ["sales"], Path("j.csv"))
    assert (len(placed.judgements), placed.absent, placed.missing) == (1, 1, "sales:99")


@pytest.mark.parametrize("key", ["shop:1", "17", "sales"])
def test_a_key_of_no_source_is_a_mistake(key):
    with pytest.raises(UsageError, match="line 2"):
        by_key(frame((key, "sales:1", "same")), KEYS, ["sales", "service"], Path("j.csv"))


@pytest.mark.parametrize("row", ["4", "-1", "1.5", "x", ""])
def test_a_row_that_is_not_there_is_a_mistake(row):
    with pytest.raises(UsageError, match="0 to 3"):
        by_row(frame((row, "0", "same")), np.arange(4), Path("j.csv"))


def test_rows_that_could_not_be_read_are_left_out():
    placed = by_row(frame(("0", "1", "same"), ("0", "2", "same")), np.array([0, -1, 1, 2]), Path("j.csv"))
    assert (placed.judgements.to_numpy().tolist(), placed.absent) == ([[0, 1, "same"]], 1)


def test_too_few_to_train_on_says_how_many():
    placed = by_key(frame(*[("sales:1", f"sales:{n}", "same") for n in range(2, 30)]), KEYS, ["sales"], Path("j.csv"))
    with pytest.raises(UsageError, match="28 judgements"):
        need_enough(placed, Path("j.csv"))


def test_contradictions_are_named():
    found = frame(("sales:1", "sales:2", "same"), ("sales:2", "sales:3", "same"), ("sales:3", "sales:1", "different"))
    facts = by_key(found, KEYS, ["sales"], Path("j.csv")).facts(30)
    assert (facts["contradicted"], facts["enough"]) == (1, False)
    for locale in LOCALES:
        told = " ".join(notes(facts, locale))
        assert "sales:3" in told
        assert "20" in told
    assert notes(None) == []


@pytest.fixture
def demo(tmp_path):
    shutil.copytree(HOUSE / "examples", tmp_path / "exports")
    shutil.copyfile(HOUSE / "configs" / "demo.yaml", tmp_path / "guiyi.yaml")
    return tmp_path


def test_a_run_holds_learns_and_knows_when_nothing_changed(demo):
    config = demo / "guiyi.yaml"
    run_pipeline(config)
    with sqlite3.connect(demo / "guiyi.db") as connection:
        evidence = connection.execute(
            "SELECT left_key, right_key, match_probability FROM match_evidence ORDER BY match_probability"
        ).fetchall()
        golden = dict(connection.execute("SELECT record_key, golden_id FROM crosswalk").fetchall())
    joined = [(one, two) for one, two, chance in evidence if chance > 0.9 and golden[one] == golden[two]]
    judged = [(*pair, "different") for pair in joined[:10]] + [(*pair, "same") for pair in joined[-15:]]
    lines = ["left,right,verdict,who", *(",".join((*each, "li")) for each in judged)]
    path = written(demo, "\n".join(lines) + "\n")
    config.write_text(f"matching:\n  judgements: {path.name}\n" + config.read_text(encoding="utf-8"), encoding="utf-8")
    held = run_pipeline(config)
    assert held.status == "published"
    assert held.facts["judgements"]["held"] == 25
    with sqlite3.connect(demo / "guiyi.db") as connection:
        golden = dict(connection.execute("SELECT record_key, golden_id FROM crosswalk").fetchall())
    assert all((golden[one] == golden[two]) == (verdict == "same") for one, two, verdict in judged)
    assert run_pipeline(config).status == "unchanged"
    taught = run_pipeline(config, retrain=True, judgements=path)
    assert taught.status in {"published", "same"}
    with pytest.raises(UsageError, match="1 judgements"):
        run_pipeline(config, retrain=True, judgements=written(demo, "\n".join(lines[:2]) + "\n", "few.csv"))


def test_dedupe_takes_row_numbers(tmp_path, capsys):
    table = "name,phone,city\n" + "".join(f"Anna Klein{n},555000{n:04d},Bonn\n" for n in range(12))
    path = written(tmp_path, table, "people.csv")
    judged = written(tmp_path, "left,right,verdict\n3,7,same\n")
    out = tmp_path / "out.csv"
    dedupe_command(
        [str(path)],
        out=out,
        model=None,
        ignore=(),
        threshold=None,
        pairs=None,
        as_json=False,
        judgements=judged,
    )
    clusters = pd.read_csv(out).set_index("row")["cluster_id"]
    assert clusters[3] == clusters[7]
    assert clusters.nunique() == 11
    assert "1 judgements hold" in capsys.readouterr().err
