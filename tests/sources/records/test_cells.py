import pyarrow as pa
import pytest

from sources.records.cells import Cells


@pytest.fixture
def cells():
    return Cells(pa.table({"Phone*": ["1", " ", None], "手机（必填）": ["9", " 8\u3000", ""], "Note": ["x", "y", "z"]}))


def test_the_first_filled_cell_of_each_row(cells):
    assert cells.first_filled(["phone", "手机"]).to_pylist() == ["1", "8", None]
    assert cells.first_filled(["fax"]) is None


def test_only_what_is_wholly_taken_leaves_the_rest(cells):
    cells.first_filled(["phone", "手机"])
    assert list(cells.rest()) == ["手机（必填）", "Note"]
    assert cells.unknown() == ["Note"]
    cells.first_filled(["note"], wholly=False)
    assert cells.unknown() == []
    assert list(cells.rest()) == ["手机（必填）", "Note"]
    assert cells.first_filled(["Note"]).to_pylist() == ["x", "y", "z"]
    assert list(cells.rest()) == ["手机（必填）"]
