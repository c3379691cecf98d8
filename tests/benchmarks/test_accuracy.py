import pandas as pd

from benchmarks.accuracy import SETS, shuffled


def test_truth_moves_with_its_records():
    records = pd.DataFrame({"name": [f"n{i // 2}" for i in range(20)]})
    moved, truth = shuffled(records, records["name"])
    assert moved["name"].tolist() != records["name"].tolist()
    assert [f"n{t}" for t in truth] == moved["name"].tolist()


def test_each_set_aims_higher_than_its_floor_and_its_peers():
    for data_set in SETS:
        assert data_set.floor < data_set.goal
        assert data_set.floor > max(data_set.splink or 0, data_set.goldenmatch)
