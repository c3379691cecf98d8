import json

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.records.json_text import json_objects, quoted

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@given(
    rows=st.lists(st.tuples(st.none() | TEXT, st.none() | TEXT), max_size=6),
    names=st.lists(TEXT, min_size=2, max_size=2, unique=True),
)
def test_objects_hold_the_filled_cells(rows, names):
    columns = {name: pa.chunked_array([[row[i] for row in rows]], pa.string()) for i, name in enumerate(names)}
    expected = [{name: cell for name, cell in zip(names, row, strict=True) if cell} for row in rows]
    found = json_objects(columns, len(rows)).to_pylist()
    assert [json.loads(text) if text else {} for text in found] == expected


KINDS = {
    "owner": ["Li", "Ann", "", None],
    "note": ["\n", None, '"', "\\"],
    "number": None,  # another in each row
    "open": ["yes", "no"],
    "empty": [None],
    "stage": [f"stage {n}" for n in range(40)],
    "sparse": [None] * 400 + ["x"],
}


@given(order=st.permutations(list(KINDS)), seed=st.integers(0, 99), count=st.integers(1, 4))
@settings(max_examples=30)
def test_what_columns_often_say_together_is_in_its_row(order, seed, count):
    rng = np.random.default_rng(seed)
    kinds = [[KINDS[name] or [str(n)] for name in order[:count]] for n in range(600)]
    rows = [[each[rng.integers(len(each))] for each in row] for row in kinds]
    columns = {
        name: pa.chunked_array([[row[i] for row in part] for part in (rows[:250], rows[250:])], pa.string())
        for i, name in enumerate(order[:count])
    }
    expected = [{name: cell for name, cell in zip(order, row, strict=False) if cell} for row in rows]
    found = [json.loads(text) if text else {} for text in json_objects(columns, 600).to_pylist()]
    assert [list(each.items()) for each in found] == [list(each.items()) for each in expected]


@given(values=st.lists(TEXT, max_size=6))
def test_quoting_is_that_of_the_standard_library(values):
    found = quoted(pa.chunked_array([values], pa.string())).to_pylist()
    assert [json.loads(text) for text in found] == values


def test_only_what_is_in_a_slice_matters():
    values = pa.chunked_array([pa.array(["a\nb", "c", None])]).slice(1)
    assert json_objects({"x": values}, 2).to_pylist() == ['{"x": "c"}', None]
