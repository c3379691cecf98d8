import datetime as dt
import io

import openpyxl
import pytest

from schemas.errors import SourceError
from sources.workbook import read_workbook


def workbook(rows, title="客户"):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.create_sheet("Other").append(["x"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_typed_cells_as_text():
    moment = dt.datetime(2024, 2, 29, 9, 30)  # noqa: DTZ001  workbooks know no zones
    row = [13800138000, 1.5, moment, dt.date(2024, 2, 29), dt.time(9, 30), True, "01234", "NA", None, ""]
    names = ["int", "float", "time", "date", "clock", "bool", "text", "na", "none", "empty"]
    parsed = read_workbook(workbook([names, row]), None, path="x.xlsx")
    assert parsed.table.to_pylist() == [
        {
            "int": "13800138000",
            "float": "1.5",
            "time": "2024-02-29 09:30:00",
            "date": "2024-02-29",
            "clock": "09:30:00",
            "bool": "true",
            "text": "01234",
            "na": "NA",
            "none": None,
            "empty": None,
        }
    ]


def test_rows_keep_their_numbers_and_blank_ones_are_none():
    data = workbook([[], ["编号", "名称"], ["1", "甲"], [None, None], ["2", "乙"]])
    parsed = read_workbook(data, None, path="x.xlsx")
    assert parsed.table.column_names == ["编号", "名称"]
    assert parsed.lines.tolist() == [3, 5]


def test_a_sheet_by_name():
    data = workbook([["id"], ["1"]])
    assert read_workbook(data, "Other", path="x.xlsx").table.column_names == ["x"]
    with pytest.raises(SourceError) as caught:
        read_workbook(data, "Nope", path="x.xlsx")
    assert caught.value.key == "sources.missing_sheet"
    assert "客户" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "key"), [(b"not a workbook", "not_a_workbook"), (b"", "not_a_workbook"), (workbook([]), "empty_file")]
)
def test_what_is_no_workbook(data, key):
    with pytest.raises(SourceError) as caught:
        read_workbook(data, None, path="x.xlsx")
    assert caught.value.key == f"sources.{key}"
