import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.formats.delimited import detect_delimiter, read_delimited
from sources.formats.encoding import to_utf8

CELL = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
ROWS = st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), max_size=8))


def cells(parsed):
    return [["" if cell is None else cell for cell in row.values()] for row in parsed.table.to_pylist()]


@given(rows=ROWS, delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_what_was_written_comes_back_cell_for_cell(rows, delimiter):
    width = len(rows[0]) if rows else 2
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([[f"h{i}" for i in range(width)], *rows])
    parsed = read_delimited(text.getvalue().encode(), delimiter, path="x.csv")
    assert cells(parsed) == rows
    assert len(parsed.rejected) == 0
    assert parsed.lines.tolist() == expected_lines(rows)


def expected_lines(rows):
    lines, at = [], 2
    for row in rows:
        lines.append(at)
        joined = ",".join(row).replace("\r\n", "\n").replace("\r", "\n")
        at += 1 + joined.count("\n")
    return lines


def test_values_are_left_as_they_stand():
    data = b"id,surname,zip,flag,n\n007,NA,01234,true,1.0\n 8 ,null,NaN,-,1e5\n"
    parsed = read_delimited(data, ",", path="x.csv")
    assert cells(parsed) == [["007", "NA", "01234", "true", "1.0"], [" 8 ", "null", "NaN", "-", "1e5"]]


@pytest.mark.parametrize(
    ("row", "reason", "raw"),
    [
        pytest.param(b"2,b", "wrong_column_count", "2,b", id="too few"),
        pytest.param(b"2,b,c,d", "wrong_column_count", "2,b,c,d", id="too many"),
        pytest.param(b'2,"b,c', "unclosed_quote", '2,"b,c', id="unclosed"),
        pytest.param(b"2,b\0,c", "nul_byte", "2,b\\x00,c", id="NUL"),
        pytest.param(b"2,b\xff,c", "undecodable_bytes", "2,b\\xff,c", id="undecodable"),
    ],
)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_a_bad_row_is_set_aside_alone(row, reason, raw, line_end):
    data = line_end.join([b"id,x,y", '1,é,"two\nlines"'.encode(), row, b"3,b,c", b""])
    parsed = read_delimited(data, ",", path="x.csv")
    assert parsed.rejected.to_pylist() == [{"line": 4, "reasons": reason, "raw": raw}]
    assert cells(parsed) == [["1", "é", "two\nlines"], ["3", "b", "c"]]
    assert parsed.lines.tolist() == [2, 5]


def test_a_bad_last_row_without_line_end():
    parsed = read_delimited(b"id,x\n1,a\n2\n3,c", ",", path="x.csv")
    assert cells(parsed) == [["1", "a"], ["3", "c"]]
    assert parsed.rejected["line"].to_pylist() == [3]


def test_a_header_alone():
    parsed = read_delimited(b"id,x\n", ",", path="x.csv")
    assert parsed.table.column_names == ["id", "x"]
    assert parsed.table.num_rows == 0


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "sources.empty_file"),
        (b"\n\n", "sources.empty_file"),
        (b'id,"x\n', "sources.broken_header"),
        (b"id,x\n" + b"1\n" * 9, "sources.misfit"),
        (b"id,x\n" + b"1,\xff\n" * 20, "sources.wrong_encoding"),
    ],
)
def test_a_file_that_cannot_be_read_as_it_stands(data, key):
    with pytest.raises(SourceError) as caught:
        read_delimited(data, ",", path="x.csv")
    assert caught.value.key == key
    assert "x.csv" in str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_detected(delimiter):
    rows = [["id", "name", "note"], ["1", "Smith, Ann", "a;b|c"], ["2", "Lee", "x\ty\nz"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    assert detect_delimiter(text.getvalue().encode()) == delimiter


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        pytest.param(b"name\nSmith\n", ",", id="one column"),
        pytest.param(b"id;name\n", ";", id="header alone"),
        pytest.param(b"id;amount\n1;2,50\n2;3,75\n", ";", id="decimal commas"),
        pytest.param(b"", ",", id="nothing"),
    ],
)
def test_delimiters_that_are_hard_to_tell(data, delimiter):
    assert detect_delimiter(data) == delimiter


def test_a_delimiter_that_is_none():
    with pytest.raises(SourceError) as caught:
        read_delimited(b"a,b\n", '"', path="x.csv")
    assert caught.value.key == "sources.wrong_delimiter"


def test_undecodable_gb18030_costs_only_its_row():
    data = "编号,姓名\n1,张伟\n".encode("gb18030") + b"2,\xff\xff\n" + "3,王芳\n".encode("gb18030")
    parsed = read_delimited(to_utf8(data, "gb18030", path="x.csv"), ",", path="x.csv")
    assert cells(parsed) == [["1", "张伟"], ["3", "王芳"]]
    assert parsed.rejected.to_pylist() == [{"line": 3, "reasons": "undecodable_bytes", "raw": "2,\\xff\\xff"}]


@pytest.mark.parametrize("window", [1, 7, 1 << 16])
def test_undecodable_rows_are_found_whatever_the_window(monkeypatch, window):
    monkeypatch.setattr("sources.formats.delimited._WINDOW", window)
    rows = [f"{i},é".encode() if i % 7 else b"%d,\xff\xfe" % i for i in range(50)]
    parsed = read_delimited(b"\n".join([b"id,x", b"", *rows]), ",", path="x.csv")
    assert parsed.rejected["line"].to_pylist() == [i + 3 for i in range(50) if i % 7 == 0]
    assert parsed.table["id"].to_pylist() == [str(i) for i in range(50) if i % 7]
