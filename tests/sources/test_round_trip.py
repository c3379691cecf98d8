"""Any table written in any format comes back cell for cell, with the right line numbers.

What a format or the reader cannot tell apart, and what is therefore left out here: nothing and an empty text are both
nothing; NUL and halves of letters (a row with one is set aside); a byte order mark, which is taken away wherever a line
begins with one; a row that repeats the header. Of .xlsx besides: rows with no filled cell are none; what its XML cannot
hold is written ``_x000D_``, so a text of that very form is something else.
"""

import bz2
import gzip
import io
import json
import lzma
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sources.places.freeze import freeze
from sources.read import read
from sources.source import Source
from tests.hostile import workbooks

HEADER = ("id", "name", "ort")
CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0\ufeff")
ODD = st.sampled_from([
    "", "NA", "null", "None", "nan", "-", "#N/A", "0123", "1.0", "1e5", "TRUE", " a ", "\t", '"', '""', "'", "\n", "\r",
    "\r\n", "a,b", "a;b|c\td", "=1+1", "\\", "\\n", '"a"', "𠮷", "㛃", "王芳", "é", "Å", "\u2028", "\x85",
    "\x1a", "\x0c", "sep=;",
])  # fmt: skip
CELLS = st.one_of(ODD, st.text(CHARACTERS, max_size=8))
TABLES = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6).filter(lambda rows: HEADER not in rows)
FEW = settings(deadline=None, max_examples=60)


def given_back(name, content, *, locate=str, **source):
    """The rows that are read of a file, nothing as empty text, and the lines they stand on."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        if callable(content):
            content(path)
        else:
            path.write_bytes(content)
        source = Source(name="s", path=locate(path), **source)
        rows, lines = [], []
        for file in freeze(source, Path(folder) / "spool"):
            for piece in read(file, source).pieces():
                parsed = piece()
                assert parsed.rejected.num_rows == 0, parsed.rejected.to_pylist()
                assert tuple(parsed.table.column_names) == HEADER
                columns = [column.fill_null("").to_pylist() for column in parsed.table.columns]
                rows += zip(*columns, strict=True)
                lines += parsed.lines.tolist()
    return rows, lines


def delimited(rows, delimiter, line_end, *, always):
    """Each record of a delimited text, all cells quoted or those that need it (RFC 4180)."""
    needed = re.compile(f'["\r\n{re.escape(delimiter)}]')
    for row in (HEADER, *rows):
        cells = ['"' + cell.replace('"', '""') + '"' if always or needed.search(cell) else cell for cell in row]
        yield delimiter.join(cells) + line_end


def starts(records):
    """The physical line on which each record starts, but the header's."""
    line, found = 1, []
    for record in records:
        found.append(line)
        line += record.count("\n") + record.count("\r") - record.count("\r\n")
    return found[1:]


@given(
    rows=TABLES,
    delimiter=st.sampled_from(",;\t|^"),
    always=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"]),
    closed=st.booleans(),
)
@settings(deadline=None, max_examples=200)
def test_delimited_text(rows, delimiter, always, line_end, encoding, closed):
    records = list(delimited(rows, delimiter, line_end, always=always))
    text = "".join(records) if closed else "".join(records).removesuffix(line_end)
    declared = None if encoding in {"utf-8-sig", "utf-16"} else encoding
    name = "export.tsv" if delimiter == "\t" else "export.csv"
    found = given_back(name, text.encode(encoding), delimiter=delimiter, encoding=declared)
    assert found == (rows, starts(records))


@given(rows=TABLES, tab=st.booleans())
@FEW
def test_delimited_text_whose_delimiter_is_found(rows, tab):
    """By what the records have in common; a table that looks like another one under another delimiter is no test."""
    plain = [tuple(re.sub(r"[,;\t|\r\n]", "", cell) for cell in row) for row in rows]
    assume(HEADER not in plain)
    records = list(delimited(plain, "\t" if tab else ";", "\r\n", always=True))
    assert given_back("export.csv", "".join(records).encode("utf-8-sig")) == (plain, starts(records))


@given(rows=TABLES, ascii_only=st.booleans(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]))
@FEW
def test_json_lines(rows, ascii_only, encoding):
    assume(rows)
    lines = [json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=ascii_only) for row in rows]
    found = given_back("export.jsonl", "\n".join(lines).encode(encoding), encoding=encoding)
    assert found == (rows, list(range(1, len(rows) + 1)))


@given(rows=TABLES, codec=st.sampled_from(["none", "snappy", "zstd"]), group=st.integers(1, 4))
@FEW
def test_parquet(rows, codec, group):
    columns = list(zip(*rows, strict=True)) or [[], [], []]
    table = pa.table([pa.array(column, pa.string()) for column in columns], names=HEADER)
    stream = io.BytesIO()
    pq.write_table(table, stream, compression=codec, row_group_size=group)
    assert given_back("export.parquet", stream.getvalue()) == (rows, list(range(1, len(rows) + 1)))


def filled(rows):
    """The rows of a sheet that are any, and their numbers."""
    places = [place for place, row in enumerate(rows, start=2) if any(row)]
    return [rows[place - 2] for place in places], places


@given(rows=TABLES)
@FEW
def test_workbook_of_a_library(rows):
    beyond_xml = r"[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
    rows = [tuple(re.sub(beyond_xml, "", cell) for cell in row) for row in rows]
    assume(HEADER not in rows)
    book = openpyxl.Workbook()
    for number, row in enumerate((HEADER, *rows), start=1):
        for column, text in enumerate(row, start=1):
            cell = book.active.cell(number, column)
            cell.value = text
            cell.data_type = "s"  # or "=1+1" would be a formula
    stream = io.BytesIO()
    book.save(stream)
    assert given_back("export.xlsx", stream.getvalue()) == filled(rows)


@given(rows=TABLES, shared=st.booleans())
@FEW
def test_workbook_with_all_that_it_can_hold(rows, shared):
    def escaped(text):
        text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
        return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", text)

    texts = [escaped(text) for row in (HEADER, *rows) for text in row]
    made = []
    for number in range(1, len(rows) + 2):
        places = range(3 * number - 3, 3 * number)
        cells = [f'<c t="s"><v>{place}</v></c>' if shared else workbooks.cell("", texts[place]) for place in places]
        made.append(f'<row r="{number}">' + "".join(cells).replace(' r=""', "") + "</row>")
    strings = workbooks.shared_strings(*(f"<t>{workbooks.escape(text)}</t>" for text in texts)) if shared else None
    found = given_back("export.xlsx", workbooks.book(workbooks.sheet(*made), shared=strings))
    assert found == filled(rows)


def zipped(data):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.csv", data)
    return stream.getvalue()


@given(
    rows=TABLES,
    packing=st.sampled_from([(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz"), (zipped, "zip")]),
)
@FEW
def test_packed(rows, packing):
    pack, ending = packing
    records = list(delimited(rows, ",", "\n", always=True))
    data = pack("".join(records).encode())
    assert given_back(f"export.csv.{ending}", data, delimiter=",", encoding="utf-8") == (rows, starts(records))


@given(rows=TABLES)
@FEW
def test_database(rows):
    def fill(path):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("CREATE TABLE customer (id TEXT, name TEXT, ort TEXT)")
            connection.executemany("INSERT INTO customer VALUES (?, ?, ?)", rows)

    found = given_back("shop.db", fill, locate=lambda path: f"sqlite:///{path}", query="SELECT * FROM customer")
    assert found == (rows, list(range(1, len(rows) + 1)))
