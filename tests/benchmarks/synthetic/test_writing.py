import csv
import json
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic.names import objects
from benchmarks.synthetic.writing import write_csv, write_workbook

CELLS = st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",\n'), max_size=12)
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=12)


@given(rows=TABLES)
def test_csv_comes_back_cell_for_cell_and_line_for_line(rows):
    cells = {name: objects(row[at] for row in rows) for at, name in enumerate("abc")}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        lines = write_csv(path, cells, np.zeros(len(rows), dtype=bool))
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file)
            next(reader)
            starts, found = [], []
            while True:
                starts.append(reader.line_num + 1)
                try:
                    found.append(tuple(next(reader)))
                except StopIteration:
                    break
    assert found == [tuple(row) for row in rows]
    assert starts[:-1] == lines.tolist()


def test_a_ragged_record_loses_its_last_cells(tmp_path):
    cells = {name: objects(["x", "y"]) for name in "abcdef"}
    write_csv(tmp_path / "a.csv", cells, np.array([False, True]))
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "a,b,c,d,e,f\nx,x,x,x,x,x\ny,y\n"


def test_a_workbook_is_the_same_bytes_whenever_it_is_written(tmp_path):
    cells = {"名称": objects(["甲", ""]), "编号": objects(["0012", "7"])}
    assert write_workbook(tmp_path / "a.xlsx", cells).tolist() == [2, 3]
    write_workbook(tmp_path / "b.xlsx", cells)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_json_line_is_an_object(exports_600):
    lines = exports_600["service"].read_text(encoding="utf-8").splitlines()
    users = [json.loads(line) for line in lines]
    assert all(isinstance(user["id"], int | None) for user in users)
    assert any("晓" in (user["name"] or "") for user in users)
