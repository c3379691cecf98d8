import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.generate import Request, generate

HOUSE = Path(__file__).parents[2]
EXAMPLES = HOUSE / "examples"


def truth_of(files):
    return pd.read_csv(files["truth"], dtype=str, keep_default_na=False)


def test_examples_are_what_the_generator_makes(exports_600):
    for path in exports_600.values():
        kept = EXAMPLES / path.name
        if path.suffix == ".xlsx":  # how well a zip is packed depends on the machine's zlib
            with zipfile.ZipFile(path) as new, zipfile.ZipFile(kept) as old:
                assert new.namelist() == old.namelist()
                assert all(new.read(name) == old.read(name) for name in new.namelist())
        else:
            assert path.read_bytes() == kept.read_bytes(), path.name


def test_examples_are_small():
    assert sum(path.stat().st_size for path in EXAMPLES.iterdir()) <= 300_000


def test_the_seed_decides_everything(tmp_path):
    one = generate(Request(rows=300, seed=4), tmp_path / "one")
    two = generate(Request(rows=300, seed=4), tmp_path / "two")
    other = generate(Request(rows=300, seed=5), tmp_path / "other")
    assert [path.read_bytes() for path in one.values()] == [path.read_bytes() for path in two.values()]
    assert one["sales"].read_bytes() != other["sales"].read_bytes()


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    return generate(Request(rows=20_000, seed=2), tmp_path_factory.mktemp("larger"))


def test_truth_has_every_record_once(larger):
    truth = truth_of(larger)
    assert len(truth) == 20_000
    assert not truth.duplicated(["source", "line"]).any()
    assert set(truth["source"]) == {"sales", "service", "marketing", "accounts"}


def test_lines_and_ids_of_the_truth_are_those_of_the_file(larger):
    sales = truth_of(larger).query("source == 'sales'")
    lines = larger["sales"].read_text(encoding="utf-8").split("\n")
    for _, record in sales.iterrows():
        assert lines[int(record["line"]) - 1].startswith(f"zcrm_{record['source_id']},") or not record["source_id"]


def test_good_ids_are_unique(larger):
    truth = truth_of(larger)
    good = truth[~truth["corruptions"].str.startswith("quarantine:")]
    assert not good.duplicated(["source", "source_id"]).any()


def test_six_records_in_ten_are_distinct_and_some_entities_are_in_three_systems(larger):
    truth = truth_of(larger)
    assert 0.55 < truth["entity"].nunique() / len(truth) < 0.68
    systems = truth[truth["source"] != "accounts"].groupby("entity")["source"].nunique()
    assert set(systems) == {1, 2, 3}


def test_every_reason_of_quarantine_occurs_in_the_examples(exports_600):
    labels = truth_of(exports_600)["corruptions"]
    reasons = set(labels[labels.str.startswith("quarantine:")].str.removeprefix("quarantine:"))
    assert reasons == {
        "missing_id",
        "duplicate_id",
        "field_too_long",
        "wrong_column_count",
        "impossible_date",
        "nothing_to_match_on",
    }


def test_corruptions_are_labelled(larger):
    labels = set(truth_of(larger)["corruptions"].str.split().explode().dropna())
    wanted = {"nickname", "initial", "swapped_names", "moved", "changed_phone", "changed_email", "phone_format", "case"}
    wanted |= {"whitespace", "fullwidth", "traditional", "pinyin", "homophone", "abbreviation:street", "married_name"}
    wanted |= {"short_name", "legal_form", "date_format", "missing:email", "typo:family_name:ocr"}
    assert wanted <= labels


@pytest.mark.parametrize(
    ("language", "kind", "files"),
    [
        ("en", "person", {"sales", "service", "marketing"}),
        ("zh", "person", {"sales", "service", "marketing"}),
        ("en", "company", {"accounts"}),
        ("zh", "company", {"accounts"}),
    ],
)
def test_language_and_kind_are_choices(tmp_path, language, kind, files):
    made = generate(Request(rows=400, language=language, kind=kind), tmp_path)
    assert set(made) == files | {"truth"}
    if kind == "person":
        names = made["service"].read_text(encoding="utf-8")
        assert ("中" in names or "伟" in names) == (language == "zh")


def test_many_companies_are_a_csv_in_gb18030(tmp_path):
    made = generate(Request(rows=5_500, kind="company"), tmp_path)
    assert made["accounts"].suffix == ".csv"
    assert made["accounts"].read_bytes().decode("gb18030").startswith("客户名称,客户编号")


def test_the_command_writes_the_files(tmp_path):
    command = [sys.executable, "-m", "benchmarks.generate", "--rows", "50", "--out", str(tmp_path), "--seed", "9"]
    subprocess.run(command, check=True, cwd=HOUSE, capture_output=True)
    assert (tmp_path / "truth.csv").read_text(encoding="utf-8").count("\n") == 51
