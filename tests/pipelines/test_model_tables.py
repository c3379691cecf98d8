import json
import re

import numpy as np
import pandas as pd
import pytest

from pipelines.dedupe import dedupe_command
from schemas.messages import use_locale


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Two thousand people, a quarter of them twice, and a column of which only the first row is filled."""
    rng = np.random.default_rng(5)
    given = rng.choice(["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna"], 2_000)
    family = [f"{one}{two}{three}" for one, two, three in rng.choice(["ko", "lam", "mir", "nes", "pol"], (2_000, 3))]
    phone = rng.integers(2_000_000, 9_999_999, 2_000).astype(str)
    frame = pd.DataFrame({"First name": given, "Surname": family, "Phone": phone, "[bold]": ""}, dtype=str)
    path = tmp_path_factory.mktemp("export") / "people.csv"
    pd.concat([frame, frame.iloc[:500]], ignore_index=True).to_csv(path, index=False)
    return path


@pytest.fixture(autouse=True)
def _english_and_wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    use_locale("en")
    yield
    use_locale(None)


def dedupe(export, **options):
    given = {"model": None, "ignore": (), "threshold": None, "pairs": None, "as_json": False}
    dedupe_command([str(export)], out=export.with_name("out.csv"), **{**given, **options})


def test_roles_and_rules_are_told_beside_the_result(export, capsys):
    dedupe(export)
    said = capsys.readouterr()
    assert "Family name" in said.err
    assert "pairs of records were compared" in said.err
    assert "New matches expected" in said.err
    assert re.search(r"(phone|(given|family|either)_name)\.\w+", said.err)
    assert "[bold]" not in said.err  # nobody fills it
    assert "New matches" not in said.out
    assert "2,000" in said.out or "2000" in said.out


def test_json_holds_them(export, capsys):
    dedupe(export, as_json=True)
    said = capsys.readouterr()
    diagnosis = json.loads(said.out)["diagnosis"]
    assert [(c["column"], c["filled"]) for c in diagnosis["columns"]][-1] == ("[bold]", 0)
    assert sum(rule["new_matches"] for rule in diagnosis["rules"]) == pytest.approx(500, rel=0.1)
    assert diagnosis["self_links"]["unlinkable"] == 0


def test_where_every_pair_is_compared_there_are_no_rules_to_tell(export, tmp_path, capsys):
    few = tmp_path / "few.csv"
    pd.read_csv(export, dtype=str).iloc[:200].to_csv(few, index=False)
    dedupe(few)
    assert "New matches expected" not in capsys.readouterr().err
