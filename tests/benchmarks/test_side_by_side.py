import json

import pyarrow.parquet as pq
import pytest

from benchmarks.side_by_side import main, measure
from benchmarks.synthetic.population import population


def test_guiyi_is_measured_as_a_process_of_its_own(tmp_path, capsys):
    facts = tmp_path / "facts.json"
    main(["--people", "600", "--rounds", "1", "--json", str(facts)])
    found = json.loads(facts.read_text(encoding="utf-8"))
    assert found["rows"] == 600
    assert found["rounds"] == 1
    ours = found["tools"]["guiyi"]
    assert ours["seconds"] > 0
    assert ours["peak_gib"] > 0.05
    assert ours["f1"] > 0.97
    assert "guiyi" in capsys.readouterr().out


def test_what_fails_is_no_measurement(tmp_path):
    people = tmp_path / "people.parquet"
    pq.write_table(population(20), people)
    with pytest.raises(RuntimeError):
        measure(people, 1, splink_python="/bin/false")
