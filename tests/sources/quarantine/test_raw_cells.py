import json

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.quarantine.raw_cells import cells_of, guarded, unguarded
from sources.records.json_text import json_objects

HEADER = ["id", "姓名", "note"]
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
ANY = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


def column(values):
    return pa.chunked_array([values], pa.string())


@given(rows=st.lists(st.tuples(st.none() | TEXT, st.none() | TEXT, st.none() | TEXT), max_size=5))
def test_the_cells_of_a_row_that_was_read(rows):
    columns = {name: column([row[i] for row in rows]) for i, name in enumerate(HEADER)}
    raws = json_objects(columns, len(rows)).fill_null("{}")
    found = cells_of(raws, HEADER, delimiter=",")
    assert found.table.to_pylist() == [dict(zip(HEADER, [c or None for c in row], strict=True)) for row in rows]
    assert not found.is_text.any()


@settings(deadline=None)
@given(raws=st.lists(st.none() | ANY | ANY.map(lambda t: "{" + t) | st.just('{"id": "1"}'), max_size=5))
def test_any_raw_text_has_cells(raws):
    for delimiter in (",", None):
        found = cells_of(column(raws), HEADER, delimiter=delimiter)
        assert found.table.num_rows == len(found.is_text) == len(raws)
        assert found.table.column_names == HEADER
        one_by_one = [cells_of(column([raw]), HEADER, delimiter=delimiter).table.to_pylist()[0] for raw in raws]
        assert found.table.to_pylist() == one_by_one


@pytest.mark.parametrize(
    ("raw", "cells"),
    [
        ("1,Ann", ["1", "Ann", None]),
        ('1,"A, nn",x', ["1", "A, nn", "x"]),
        ("1,Ann,x,y,z", ["1", "Ann", "x"]),
        ('1,"Ann,x', ["1", "Ann", "x"]),
        ('1,Ann,"x', ["1", "Ann", "x"]),
        (r"1,\xff\xfe,x", ["1", r"\xff\xfe", "x"]),
        ("1,A\0nn,x", ["1", r"A\x00nn", "x"]),
        ('{"id": "1", "id": "2"}', ["2", None, None]),
        (r'{"id": 1, "note": "\u0000"}', ["1", None, r"\x00"]),
        (r'{"id": "\xff", "note": 1.50}', [r"\xff", None, "1.5"]),
        ('{"id": "1", "unknown": "2"}', ["1", None, None]),
        ('{"id": "1"', [None, None, None]),
    ],
)
def test_text_is_laid_out_as_far_as_it_goes(raw, cells):
    found = cells_of(column([raw]), HEADER, delimiter=",")
    assert list(found.table.to_pylist()[0].values()) == cells
    assert found.is_text.tolist() == [True]


def test_lines_are_laid_out_under_the_columns_they_had():
    raws = column(["1,2,3", json.dumps({"late": "x"})])
    found = cells_of(raws, ["a", "b", "late"], delimiter=",", width=2)
    assert found.table.to_pylist() == [{"a": "1", "b": "2", "late": None}, {"a": None, "b": None, "late": "x"}]


@given(cells=st.lists(st.none() | ANY | st.from_regex(r"'{0,3}[=+\-@\t\r\n＝＋－＠]?.?", fullmatch=True)))
def test_a_guard_is_taken_away_exactly(cells):
    safe = guarded(column(cells))
    assert unguarded(safe).to_pylist() == cells
    assert not any(cell and cell[0] in "=+-@\t\r\n＝＋－＠" for cell in safe.to_pylist())
