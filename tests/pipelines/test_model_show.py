import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from matching.checks import ModelWarning
from matching.match import match
from pipelines.model_show import matching_section, model_command
from pipelines.parameters import match_settings
from pipelines.settings import MatchingSettings
from schemas.errors import StoreError, UsageError
from schemas.messages import LOCALES, use_locale


@pytest.fixture(scope="module")
def people():
    """Canonical columns: two thousand people, a quarter of them twice."""
    rng = np.random.default_rng(5)
    given = rng.choice(["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna"], 2_000)
    family = [f"{one}{two}{three}" for one, two, three in rng.choice(["ko", "lam", "mir", "nes", "pol"], (2_000, 3))]
    phone = rng.integers(2_000_000, 9_999_999, 2_000).astype(str)
    frame = pd.DataFrame({"given_name": given, "family_name": family, "phone": phone, "kind": "person"}, dtype=str)
    return pd.concat([frame, frame.iloc[:500]], ignore_index=True)


@pytest.fixture(scope="module")
def matched(people):
    return match(people, match_settings(MatchingSettings()))


@pytest.fixture
def file(matched, tmp_path):
    path = tmp_path / "model.json"
    path.write_text(matched.model.to_json(), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _english_and_wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    use_locale("en")
    yield
    use_locale(None)


def show(file, **options):
    given = {"as_json": False, "as_yaml": False, "chart": None, "config": file, "file": file}
    model_command(**{**given, **options})


def test_what_was_chosen_can_be_pasted_and_gives_the_same_clusters(people, matched, file, capsys):
    show(file, as_yaml=True)
    pasted = MatchingSettings.model_validate(yaml.safe_load(capsys.readouterr().out)["matching"])
    again = match(people, match_settings(pasted))
    np.testing.assert_array_equal(again.clusters, matched.clusters)
    assert again.model.rules == matched.model.rules
    assert {role.reason for role in again.roles} == {"override"}


def test_what_else_the_section_sets_stays(matched):
    settings = MatchingSettings(merge_at=0.9, ignore=("phone",), roles={"given_name": "ignore"})
    section = matching_section(matched.model, settings)["matching"]
    assert section["merge_at"] == 0.9
    assert "review_at" not in section
    assert section["roles"]["phone"] == "ignore"
    assert section["roles"]["given_name"] == "given_name"  # what the model was trained with
    assert "ignore" not in section


def test_the_tables_say_what_was_chosen_and_what_it_brought(matched, file, capsys):
    show(file)
    shown = capsys.readouterr().out
    assert f"{matched.model.model_id}, trained on 2,500 records" in shown
    first = matched.diagnosis.rules[0]
    (line,) = (line for line in shown.splitlines() if line.strip().startswith(f"{first.rule}  "))
    assert f"{first.new_pairs:,}" in line.split()
    assert "Expected precision" in shown
    assert "its name says so" in shown


def test_what_the_model_said_of_itself_comes_first(matched, tmp_path, capsys):
    warned = replace(matched.model, warnings=(ModelWarning(code="few_attributes", facts={"count": "1"}),))
    path = tmp_path / "warned.json"
    path.write_text(warned.to_json(), encoding="utf-8")
    show(path)
    assert "! Only 1 column(s) tell customers apart" in capsys.readouterr().out.splitlines()[1]
    show(path, chart=tmp_path / "warned.html")
    assert "Only 1 column(s) tell" in (tmp_path / "warned.html").read_text(encoding="utf-8")


def test_a_file_has_thresholds_of_its_own(matched, tmp_path, capsys):
    path = tmp_path / "strict.json"
    path.write_text(replace(matched.model, merge_at=0.97, review_at=0.5).to_json(), encoding="utf-8")
    show(path, chart=tmp_path / "strict.html")
    assert "merge from 97%" in (tmp_path / "strict.html").read_text(encoding="utf-8")


def test_json_is_the_model_itself(matched, file, capsys):
    show(file, as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown["roles"][0]["column"] == "given_name"
    assert shown["training"]["candidates"] == matched.diagnosis.candidates


@pytest.mark.parametrize("locale", LOCALES)
def test_a_page_of_charts(file, tmp_path, locale, capsys):
    use_locale(locale)
    page = tmp_path / "pages" / "model.html"
    show(file, chart=page)
    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") > 10
    assert "<script" not in html
    assert "nan" not in html.lower().split("<body>")[1]
    assert f'lang="{"zh-CN" if locale == "zh_CN" else "en"}"' in html
    said = capsys.readouterr()
    assert said.out == ""
    assert str(page) in said.err


def test_a_page_that_cannot_be_written(file, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(StoreError, match="taken"):
        show(file, chart=tmp_path / "taken")


def test_what_is_no_model_is_refused(tmp_path):
    path = tmp_path / "model.json"
    for content in (b"\xff\xfe", b"{}"):
        path.write_bytes(content)
        with pytest.raises(UsageError):
            show(path)
    with pytest.raises(UsageError):
        show(tmp_path / "missing.json")
