import json
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.accuracy import FROZEN, GENERATED, SETS, freeze, measure, needs_no_data, shuffled


def test_truth_moves_with_its_records():
    records = pd.DataFrame({"name": [f"n{i // 2}" for i in range(20)]})
    moved, truth = shuffled(records, records["name"])
    assert moved["name"].tolist() != records["name"].tolist()
    assert [f"n{t}" for t in truth] == moved["name"].tolist()


def test_each_set_aims_higher_than_its_floor_and_its_peers():
    for data_set in SETS:
        assert data_set.floor < data_set.goal
        assert data_set.floor > max(data_set.splink or 0, data_set.goldenmatch or 0)


def test_every_frozen_set_is_known_and_every_set_is_frozen():
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))
    assert list(frozen) == [s.name for s in (*SETS, *GENERATED)]


@pytest.mark.parametrize("data_set", [s for s in (*SETS, *GENERATED) if needs_no_data(s)], ids=lambda s: s.name)
def test_figures_are_those_frozen(data_set):
    """They change on purpose only: ``python -m benchmarks.accuracy --data DIR --freeze`` writes what they are now."""
    frozen = json.loads(FROZEN.read_text(encoding="utf-8"))[data_set.name]
    found = measure(data_set, Path()).figures()
    assert found["records"] == frozen["records"]
    assert found["candidate_pairs"] == pytest.approx(frozen["candidate_pairs"], rel=0.01)
    for figure in ("precision", "recall", "f1"):  # another processor may round the last digits differently
        assert found[figure] == pytest.approx(frozen[figure], abs=0.0005), figure


def test_freezing_keeps_what_was_not_measured(tmp_path):
    path = tmp_path / "accuracy.json"
    path.write_text('{"fake1000": {"f1": 0.5}, "no longer there": {"f1": 0.1}}', encoding="utf-8")
    generated = GENERATED[0]
    freeze({generated.name: measure(generated, Path())}, path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert list(found) == ["fake1000", generated.name]
    assert found["fake1000"] == {"f1": 0.5}
    assert set(found[generated.name]) == {"records", "candidate_pairs", "precision", "recall", "f1"}
