import datetime as dt
import io
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.formats.sheet_xml import Styles, read_cells
from sources.formats.workbook import read_workbook
from tests.hostile import workbooks
from tests.hostile.workbooks import book, cell, row, sheet

FIXTURES = Path(__file__).parents[1] / "fixtures"


def saved(rows, title="客户"):
    made = openpyxl.Workbook()
    made.active.title = title
    for each in rows:
        made.active.append(each)
    made.create_sheet("Other").append(["x"])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def batches(data, name=None):
    return list(read_workbook(io.BytesIO(data), name, name="x.xlsx"))


def rows_of(data, name=None):
    parts = batches(data, name)
    return pa.concat_tables([part.table for part in parts], promote_options="default").to_pylist()


def refusal(data, name=None):
    with pytest.raises(SourceError) as caught:
        batches(data, name)
    assert "x.xlsx" in str(caught.value)
    return caught.value.key.removeprefix("sources.")


def value(xml, **options):
    """How one cell is read, under a header and beside an id."""
    (found,) = rows_of(book(sheet(row(1, "id", "value"), row(2, "1", xml)), **options))
    return found["value"]


def number(digits, style=0, **options):
    return value(f'<c r="B2" s="{style}"><v>{digits}</v></c>', **options)


def test_typed_cells_as_text():
    moment = dt.datetime(2024, 2, 29, 9, 30)  # noqa: DTZ001  workbooks know no zones
    values = [13800138000, 1.5, moment, dt.date(2024, 2, 29), dt.time(9, 30), True, "01234", "NA", None, ""]
    names = ["int", "float", "time", "date", "clock", "bool", "text", "na", "none", "empty"]
    assert rows_of(saved([names, values])) == [
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
    (parsed,) = batches(saved([[], ["编号", "名称"], ["1", "甲"], [None, None], ["2", "乙"]]))
    assert parsed.table.column_names == ["编号", "名称"]
    assert parsed.lines.tolist() == [3, 5]


def test_a_sheet_by_name():
    data = saved([["id"], ["1"]])
    assert batches(data, "Other")[0].table.column_names == ["x"]
    with pytest.raises(SourceError) as caught:
        batches(data, "Nope")
    assert caught.value.key == "sources.missing_sheet"
    assert "客户" in str(caught.value)


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("42", "42"),
        ("-3.0", "-3"),
        ("1.3800138E10", "13800138000"),
        ("0.30000000000000004", "0.3"),
        ("1e-3", "0.001"),
        ("999999999999999", "999999999999999"),
        ("123456789012345678", "123456789012345678"),  # a program wrote all of its digits
        ("1.23456789012345E+17", "1.23456789012345E+17"),  # Excel has lost the last three
        ("1234567890123450", "1.23456789012345E+15"),  # and of this one the last
        ("1e999", "1e999"),
        ("no number", "no number"),
    ],
)
def test_numbers(digits, text):
    assert number(digits) == text


@pytest.mark.parametrize(
    ("serial", "style", "in_1900", "in_1904"),
    [
        ("59", 1, "1900-02-28", "1904-02-29"),
        ("60", 1, "1900-02-29", "1904-03-01"),  # a day that only spreadsheets know; validation refuses it
        ("61", 1, "1900-03-01", "1904-03-02"),
        ("1", 1, "1900-01-01", "1904-01-02"),
        ("0", 1, "00:00:00", "1904-01-01"),
        ("45351.4", 2, "2024-02-29 09:36:00", "2028-03-01 09:36:00"),
        ("45351.999999", 2, "2024-03-01", "2028-03-02"),
        ("0.5", 5, "12:00:00", "12:00:00"),
        ("1.5", 4, "36:00:00", "36:00:00"),
        ("0.5", 3, "0.5", "0.5"),
        ("1234", 6, "01234", "01234"),
        ("45351", 7, "2024-02-29", "2028-03-01"),
        ("45351", 8, "2024-02-29", "2028-03-01"),
        ("-5", 1, "-5", "-5"),
        ("99999999", 1, "99999999", "99999999"),
    ],
)
def test_numbers_that_mean_something_else(serial, style, in_1900, in_1904):
    assert number(serial, style) == in_1900
    assert number(serial, style, properties='<workbookPr date1904="1"/>') == in_1904


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('<c r="B2" t="e"><v>#N/A</v></c>', "#N/A"),
        ('<c r="B2" t="b"><v>0</v></c>', "false"),
        ('<c r="B2" t="d"><v>2024-02-29T10:00:00.000Z</v></c>', "2024-02-29 10:00:00"),
        ('<c r="B2" t="d"><v>2024-02-29</v></c>', "2024-02-29"),
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None),
        ('<c r="B2" t="inlineStr"><is><t> a</t><r><t xml:space="preserve">b </t></r></is></c>', " ab "),
        ('<c r="B2" t="inlineStr"><is><t>東</t><rPh><t>ヒガシ</t></rPh></is></c>', "東"),
        ('<c r="B2" t="str"><v>a_x000D_b_x005F_c &lt;&#20013;&gt;</v></c>', "a\rb_c <中>"),
        ('<c r="B2" t="str"><v><![CDATA[a<b]]></v></c>', "a<b"),
        ('<c r="B2" t="s"><v>1</v></c>', "bold"),
        ('<c t="s"><v>0</v></c>', None),
        ('<c r="B2" t="whatever"><v>x</v></c>', "x"),
    ],
)
def test_kinds_of_cells(xml, text):
    shared = workbooks.shared_strings("<t></t>", "<r><t>bo</t></r><r><t>ld</t></r>")
    assert value(xml, shared=shared) == text


def test_a_formula_that_was_never_computed_sets_its_row_aside():
    xml = sheet(row(1, "id", "full name"), row(2, "1", '<c r="B2"><f>A2&amp;"x"</f><v></v></c>'), row(3, "2", "Ann"))
    (parsed,) = batches(book(xml))
    assert parsed.table.to_pylist() == [{"id": "2", "full name": "Ann"}]
    assert parsed.rejected.to_pylist() == [
        {"line": 2, "reasons": "not_calculated:full_name", "raw": '{"id": "1", "full name": "=A2&\\"x\\""}'}
    ]


def test_titles_above_the_header():
    names = [f"h{i}" for i in range(6)]
    xml = sheet(row(1, "Customers"), row(2, "as of", "2026"), row(4, *names), row(5, *"123456"), row(6, *"abcdef"))
    (parsed,) = batches(book(xml))
    assert parsed.table.column_names == names
    assert parsed.lines.tolist() == [5, 6]
    assert parsed.rejected.to_pylist() == [
        {"line": 1, "reasons": "before_header", "raw": "Customers"},
        {"line": 2, "reasons": "before_header", "raw": "as of\t2026"},
    ]


def test_cells_that_the_header_does_not_name():
    xml = sheet(row(1, "id", "", "name"), row(2, "1", "x", "Ann", "y"), row(3, "2", "", "Bob", cell("ZZ3", "z")))
    assert rows_of(book(xml)) == [
        {"id": "1", "column 2": "x", "name": "Ann", "column 4": "y", "column 702": None},
        {"id": "2", "column 2": None, "name": "Bob", "column 4": None, "column 702": "z"},
    ]


def test_header_only():
    (parsed,) = batches(book(sheet(row(1, "id", "name"))))
    assert (parsed.table.column_names, parsed.table.num_rows) == (["id", "name"], 0)


def test_of_merged_cells_the_first_has_the_text():
    xml = sheet(
        row(1, "id", "company"),
        row(2, "1", "Acme"),
        row(3, "2"),
        after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>',
    )
    assert [each["company"] for each in rows_of(book(xml))] == ["Acme", None]


def test_places_may_be_left_out_and_names_have_a_prefix():
    plain = sheet(row(1, "id", "name"), row(2, "1", "Ann"))
    bare = plain.replace(' r="A1"', "").replace(' r="B1"', "").replace(' r="1"', "")
    prefixed = plain.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    for xml in (bare, prefixed):
        assert rows_of(book(xml)) == [{"id": "1", "name": "Ann"}]


def test_the_first_sheet_that_is_shown():
    first, second = sheet(row(1, "a"), row(2, "1")), sheet(row(1, "b"), row(2, "2"))
    assert rows_of(book(first, second, states=[' state="hidden"'])) == [{"b": "2"}]
    assert rows_of(book(first, second, states=[' state="veryHidden"']), "S1") == [{"a": "1"}]


def test_a_sheet_that_is_empty_or_one_of_several_parts_is_not_taken_for_the_export():
    filled = sheet(row(1, "a"), row(2, "1"))
    assert refusal(book(sheet(), filled)) == "empty_sheet"
    assert refusal(book(sheet(), sheet())) == "empty_file"
    assert refusal(book(filled, sheet(), filled)) == "split_sheets"
    assert rows_of(book(filled, sheet(), filled), "S3") == [{"a": "1"}]


def test_two_cells_at_the_corners_of_a_sheet_take_no_memory():
    far = '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row>'
    xml = sheet(row(1, "id"), far, before='<dimension ref="A1:XFD1048576"/>')
    assert rows_of(book(xml)) == [{"id": None, "column 16384": "3"}]


@pytest.mark.parametrize(
    ("xml", "key"),
    [
        (sheet(row(1, "id"), row(1, "1")), "broken_sheet"),
        (sheet(row(1, "id", cell("A1", "x"))), "broken_sheet"),
        (sheet(row(1, "id"), row(2, '<c r="A2" t="s"><v>5</v></c>')), "broken_sheet"),
        (sheet(row(1, "id"), row(2, '<c r="A2" t="s"><v>-1</v></c>')), "broken_sheet"),
        (sheet(row(1, "id"), row(2, '<c r="A2" t="s"><v>x</v></c>')), "broken_sheet"),
        (sheet(row(1, "id"), row(2, '<c r="AAAA2"><v>5</v></c>')), "broken_sheet"),
        (sheet(row(1, "id"), '<row r="9999999"><c><v>5</v></c></row>'), "broken_sheet"),
        (sheet(row(1, "id"), '<row r="2">'), "broken_sheet"),
        (sheet('<c r="A1"><v>5</v></c>'), "not_a_workbook"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + sheet(row(1, "id")), "not_a_workbook"),
        (b"\xff\xfe not xml", "not_a_workbook"),
    ],
)
def test_damaged_sheets(xml, key):
    assert refusal(book(xml)) == key


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty_file"),
        (b"\0\1\2", "not_a_workbook"),
        (b"id,name\n1,Ann\n", "text_as_workbook"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "web_page_as_workbook"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "xml_as_workbook"),
        (workbooks.encrypted(), "password"),
        (workbooks.package({"customers.csv": "id\n1\n"}), "not_a_workbook"),
        (b"PK\x03\x04 and no more", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "not_a_workbook"),
        (saved([]), "empty_sheet"),
    ],
)
def test_what_is_no_workbook(data, key):
    assert refusal(data) == key


def test_parts_that_are_missing_or_cut_off():
    whole = workbooks.parts(sheet(row(1, "id"), row(2, "1")))
    for name in ("_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"):
        assert (
            refusal(workbooks.package({part: xml for part, xml in whole.items() if part != name})) == "not_a_workbook"
        )
    data = workbooks.package(whole)
    assert refusal(data[: len(data) // 2]) == "not_a_workbook"
    at = data.index(b"xl/worksheets/sheet1.xml") + 60
    assert refusal(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]) in {"not_a_workbook", "broken_sheet"}


def test_an_archive_made_to_unpack_to_gigabytes():
    bomb = book(sheet(row(1, "id"), row(2, "x" * (65 << 20))))
    assert len(bomb) < 1 << 20
    assert refusal(bomb) == "unpacks_to_too_much"


def test_old_and_other_formats():
    ods = workbooks.opendocument(
        workbooks.opendocument_row("id", "name") + workbooks.opendocument_row("1", "Ann", repeated=2)
    )
    assert rows_of(ods) == [{"id": "1", "name": "Ann"}] * 2
    assert rows_of((FIXTURES / "workbook.xls").read_bytes()) == [
        {"id": "1", "name": "Ann", "since": "2024-02-29", "phone": "13800138000"},
        {"id": "2", "name": "王芳", "since": "2024-02-29 09:36:00", "phone": None},
    ]


def test_a_huge_sheet_that_few_bytes_stand_for():
    ods = workbooks.opendocument(workbooks.opendocument_row(*"abcdefghijklmnopqrstuvwxyz", repeated=1_000_000))
    assert refusal(ods) == "sheet_too_large"


CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=6)


class Dribble(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, _=-1):
        return super().read(50)


@given(table=st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=9), enough=st.integers(1, 1000))
@settings(deadline=None, max_examples=40)
def test_batches_of_any_size_hold_the_same(table, enough):
    cells = [[cell(f"{chr(65 + i)}{n}", text) for i, text in enumerate(each)] for n, each in enumerate(table, start=1)]
    xml = sheet(*[row(n, *each) for n, each in enumerate(cells, start=1)]).encode()
    found = []
    for part in read_cells(Dribble(xml), pa.array([], pa.string()), Styles(), enough=enough):
        found += zip(part.rows[part.at].tolist(), part.columns.tolist(), part.texts.to_pylist(), strict=True)
    assert found == [(n, i, text) for n, each in enumerate(table, start=1) for i, text in enumerate(each) if text]
