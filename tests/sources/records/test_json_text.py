import json

import pyarrow as pa
from hypothesis import given
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


@given(values=st.lists(TEXT, max_size=6))
def test_quoting_is_that_of_the_standard_library(values):
    found = quoted(pa.chunked_array([values], pa.string())).to_pylist()
    assert [json.loads(text) for text in found] == values


def test_only_what_is_in_a_slice_matters():
    values = pa.chunked_array([pa.array(["a\nb", "c", None])]).slice(1)
    assert json_objects({"x": values}, 2).to_pylist() == ['{"x": "c"}', None]
