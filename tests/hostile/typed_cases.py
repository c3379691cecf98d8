# ruff: noqa: E501  a case a line
"""JSON, Parquet and workbooks: well-formed, odd, and damaged."""

import datetime as dt
import decimal
import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.hostile import workbooks
from tests.hostile.case import CANARY, read, refused
from tests.hostile.workbooks import book, cell, row, sheet

ANN = json.dumps({"id": "1", "name": CANARY, "email": "ann@example.com"})
BOB = '{"id": 2, "name": "Bob Ray", "email": null}'


def lines(name, *texts, accepted=0, bad=None, **options):
    return read(name, "\n".join(texts), accepted, bad, file="export.jsonl", **options)


def no_lines(name, content, key):
    return refused(name, content, key, file="export.jsonl")


JSON = (
    lines("JSON lines", ANN, BOB, accepted=2),
    lines("JSON lines with a mark, blank lines and both line ends", f"\ufeff{ANN}\r", "", BOB, accepted=2),
    read("JSON lines in UTF-16", f"{ANN}\n{BOB}\n".encode("utf-16"), 2, file="export.jsonl"),
    read(
        "JSON lines in GB18030",
        f'{ANN}\n{{"id": 2, "name": "王芳李小龙欧阳娜娜"}}\n'.encode("gb18030"),
        2,
        file="export.jsonl",
    ),
    lines("a line that breaks off", ANN, '{"id": "2", "na', accepted=1, bad={2: "not_json"}),
    lines(
        "lines that are no objects",
        ANN,
        "1",
        '"x"',
        "[1]",
        "null",
        "x",
        accepted=1,
        bad=dict.fromkeys(range(2, 7), "not_json"),
    ),
    lines("an empty object", ANN, "{}", accepted=1, bad={2: "missing_id"}),
    lines(
        "a key twice",
        ANN,
        f'{{"id": "2", "name": "Bob Ray", "name": "{CANARY}"}}',
        accepted=1,
        bad={2: "duplicate_key"},
    ),
    lines(
        "words that only JavaScript knows",
        ANN,
        '{"id": "2", "name": "Bob Ray", "n": NaN}',
        '{"id": "3", "n": -Infinity}',
        accepted=1,
        bad={2: "not_json", 3: "not_json"},
    ),
    lines("a comma too many", ANN, '{"id": "2", "name": "x",}', accepted=1, bad={2: "not_json"}),
    lines("single quotes", ANN, "{'id': '2'}", accepted=1, bad={2: "not_json"}),
    lines("half a letter", ANN, '{"id": "2", "name": "\\ud83d"}', accepted=1, bad={2: "undecodable_bytes"}),
    lines("an escaped NUL", ANN, '{"id": "2", "name": "x\\u0000"}', accepted=1, bad={2: "nul_byte"}),
    read(
        "a stray byte in JSON",
        ANN.encode() + b'\n{"id": "2", "name": "Bob\xff"}\n',
        1,
        {2: "undecodable_bytes"},
        file="export.jsonl",
        encoding="utf-8",
    ),
    lines("a NUL in JSON", ANN, '{"id": "2", "name": "Bob\0"}', accepted=1, bad={2: "not_json"}),
    lines(
        "a hundred thousand brackets",
        ANN,
        '{"id": "2", "name": "Bob Ray", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
        accepted=1,
        bad={2: "not_json"},
    ),
    lines(
        "objects in objects in objects",
        ANN,
        '{"id": "2", "name": "Bob Ray", "x": ' + '{"a": ' * 400 + "1" + "}" * 401,
        accepted=2,
    ),
    lines(
        "a number of 5,000 digits",
        ANN,
        '{"id": "2", "name": "Bob Ray", "x": ' + "9" * 5000 + "}",
        accepted=1,
        bad={2: "not_json"},
    ),
    lines(
        "ids of many kinds",
        '{"id": 1, "name": "Ann"}',
        '{"id": 1.0, "name": "Bob"}',
        '{"id": 1e3, "name": "Cy"}',
        '{"id": true, "name": "Di"}',
        '{"id": 12345678901234567890, "name": "Ed"}',
        accepted=5,
    ),
    lines(
        "a missing id",
        ANN,
        '{"name": "Bob Ray"}',
        '{"id": null, "name": "Cy"}',
        '{"id": "", "name": "Di"}',
        accepted=1,
        bad=dict.fromkeys((2, 3, 4), "missing_id"),
    ),
    lines(
        "keys that come and go",
        '{"id": "1", "name": "Ann", "a": 1}',
        '{"b": 2, "id": "2", "name": "Bob"}',
        '{"id": "3", "name": "Cy", "c": [1, {"d": null}]}',
        accepted=3,
    ),
    lines(
        "ten thousand keys",
        ANN,
        json.dumps({"id": "2", "name": "Bob Ray", **{f"k{i}": i for i in range(10_000)}}),
        accepted=2,
    ),
    lines(
        "lists and objects where text belongs",
        '{"id": "1", "name": {"first": "Ann"}, "email": ["a@example.com", "b@example.com"]}',
        BOB,
        accepted=2,
    ),
    lines("an array", f"[{ANN}, {BOB}]", accepted=2),
    lines("an array over many lines", "[", f"  {ANN},", f"  {BOB}", "]", accepted=2),
    no_lines("an array that breaks off", f"[{ANN},\n{BOB[:-9]}", "sources.broken_json"),
    lines("a page of an API", json.dumps({"users": [json.loads(ANN), json.loads(BOB)], "next_page": None}), accepted=2),
    no_lines("an empty array", "[]", "sources.empty_file"),
    no_lines("no JSON at all", f"id,name\n1,{CANARY}\n", "sources.not_json_lines"),
    no_lines("no bytes of JSON", "", "sources.empty_file"),
    no_lines("a number", "42\n", "sources.not_json_lines"),
    no_lines("objects without an id", '{"colour": "red"}\n{"colour": "blue"}\n', "sources.no_id_far"),
)


def table(**columns):
    columns = {"id": ["1", "2"], "name": [CANARY, "Bob Ray"], **columns}
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def of_arrays(names, arrays):
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, names=names), stream)
    return stream.getvalue()


def parquet(name, content, accepted=2, bad=None, **options):
    return read(name, content, accepted, bad, file="export.parquet", **options)


def no_parquet(name, content, key="sources.not_parquet"):
    return refused(name, content, key, file="export.parquet")


MOMENT = dt.datetime(2024, 2, 29, 9, 30, tzinfo=dt.UTC)
WHOLE = table()
FOOTER = int.from_bytes(WHOLE[-8:-4], "little") + 8

PARQUET = (
    parquet("Parquet", WHOLE),
    parquet("integers, floats, decimals", table(id=[1, 2], score=[1.0, float("nan")], sum=[decimal.Decimal("1.10"), None])),
    parquet("the largest integers", of_arrays(["id", "name"], [pa.array([2**64 - 1, 0], pa.uint64()), pa.array(["Ann Lee", "Bob Ray"])])),
    parquet("dates and times", table(created_at=[MOMENT, None], birth_date=[dt.date(1980, 2, 29), None], clock=[dt.time(9, 30), None])),
    parquet("times of a nanosecond", table(created_at=np.array(["2024-02-29T09:30:00.123456789", "NaT"], "datetime64[ns]"))),
    parquet("durations", table(age=pa.array([1, 2], pa.duration("s")))),
    parquet("lists, structs, maps", table(email=[["a@example.com", "b@example.com"], None], more=[{"a": 1}, {"a": None}], map=pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())))),
    parquet("dictionaries", table(name=pa.array([CANARY, "Bob Ray"]).dictionary_encode())),
    parquet("a column of nulls", table(email=pa.nulls(2))),
    parquet("large strings and views", table(email=pa.array(["a@example.com", None], pa.large_string()))),
    parquet("booleans", table(active=[True, None])),
    parquet("no rows", of_arrays(["id", "name"], [pa.array([], pa.string())] * 2), 0),
    parquet("a name twice", of_arrays(["id", "name", "name"], [pa.array(["1"]), pa.array([CANARY]), pa.array(["x"])]), 1),
    parquet("a NUL in a cell", table(name=[CANARY, "Bob\0Ray"]), 2),
    no_parquet("no columns", of_arrays([], []), "sources.empty_file"),
    no_parquet("no bytes of Parquet", b""),
    no_parquet("text called .parquet", f"id,name\n1,{CANARY}\n"),
    no_parquet("Parquet cut off", WHOLE[:-20]),
    no_parquet("Parquet without its beginning", WHOLE[20:]),
    no_parquet("a damaged footer", WHOLE[:-FOOTER] + bytes(FOOTER - 8) + WHOLE[-8:]),
    no_parquet("a footer of a length that cannot be", WHOLE[:-8] + b"\xff\xff\xff\x7fPAR1"),
)  # fmt: skip


def excel(name, *rows, accepted=0, bad=None, **options):
    names = row(1, "id", "name", "email")
    return read(name, book(sheet(names, *rows), **options), accepted, bad, file="export.xlsx")


def no_excel(name, content, key, file="export.xlsx", **source):
    return refused(name, content, key, file=file, **source)


ONE = row(2, "1", CANARY, "ann@example.com")
PLAIN = sheet(row(1, "id", "name"), row(2, "1", CANARY))
DEEP = sheet(row(1, "id", "name"), "<x>" * 50_000 + "</x>" * 50_000, row(2, "1", CANARY))

WORKBOOKS = (
    excel("a workbook", ONE, row(3, "2", "Bob Ray"), accepted=2),
    excel("a formula with its value", ONE, row(3, "2", '<c r="B3" t="str"><f>A1</f><v>Bob Ray</v></c>'), accepted=2),
    excel("a formula that was never computed", ONE, row(3, "2", '<c r="B3"><f>A1</f></c>'), accepted=1, bad={3: "not_calculated:name"}),
    excel("cells with errors", ONE, row(3, "2", '<c r="B3" t="e"><v>#N/A</v></c>', "b@example.com"), row(4, '<c r="A4" t="e"><v>#REF!</v></c>', "x"), accepted=2, bad={4: "missing_id"}),
    excel("ids that Excel has rounded", ONE, row(3, '<c r="A3"><v>1.23456789012345E+17</v></c>', "Bob Ray"), row(4, '<c r="A4"><v>123456789012345000</v></c>', "Cy Orr"), accepted=1, bad={3: "damaged_id", 4: "damaged_id"}),
    excel("long ids that a program wrote", ONE, row(3, '<c r="A3"><v>123456789012345678</v></c>', "Bob Ray"), accepted=2),
    excel("empty rows and a cell far off", ONE, row(900_000, "2", "Bob Ray"), '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>', accepted=2, bad={1_048_576: "missing_id nothing_to_match_on"}),
    excel("days counted from 1904", ONE, accepted=1, properties='<workbookPr date1904="1"/>'),
    read("birthdays as numbers of days", book(sheet(row(1, "id", "name", "birth date"), row(2, "1", CANARY, '<c r="C2" s="1"><v>60</v></c>'), row(3, "2", "Bob", '<c r="C3" s="1"><v>29280</v></c>'))), 1, {2: "impossible_date:birth_date"}, file="export.xlsx"),
    read("titles above the header of a sheet", book(sheet(row(1, f"Customers of {CANARY}"), row(3, "id", "name", "email", "phone"), row(4, "1", "Ann Lee", "a@example.com", "1"))), 1, {1: "before_header"}, file="export.xlsx"),
    read("a header only, in a sheet", book(sheet(row(1, "id", "name"))), 0, file="export.xlsx"),
    read("a second sheet by its name", book(sheet(row(1, "x")), PLAIN), 1, file="export.xlsx", sheet="S2"),
    read("a hidden sheet first", book(sheet(row(1, "x")), PLAIN, states=[' state="hidden"']), 1, file="export.xlsx"),
    read("elements within elements", book(DEEP), 1, file="export.xlsx"),
    read("an old workbook called .xlsx", lambda path: path.write_bytes(workbooks.old()), 2, file="export.xlsx"),
    read("an OpenDocument sheet", workbooks.opendocument(workbooks.opendocument_row("id", "name") + workbooks.opendocument_row("1", CANARY)), 1, file="export.ods"),
    no_excel("no such sheet", book(PLAIN), "sources.missing_sheet", sheet="Nope"),
    no_excel("an empty workbook", book(sheet()), "sources.empty_file"),
    no_excel("an empty first sheet", book(sheet(), PLAIN), "sources.empty_sheet"),
    no_excel("an export over two sheets", book(PLAIN, PLAIN), "sources.split_sheets"),
    no_excel("a workbook with a password", workbooks.encrypted(), "sources.password"),
    no_excel("a workbook that would fill the disk", book(sheet(row(1, "id"), row(2, "x" * (65 << 20)))), "sources.unpacks_to_too_much"),
    no_excel("an OpenDocument sheet of a billion cells", workbooks.opendocument(workbooks.opendocument_row(*"ab" * 500, repeated=1_000_000)), "sources.sheet_too_large", file="export.ods"),
    no_excel("entities within entities", book('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + PLAIN.partition("?>")[2]), "sources.not_a_workbook"),
    no_excel("an entity that names a file", book('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + PLAIN.partition("?>")[2].replace(CANARY, "&a;")), "sources.not_a_workbook"),
    no_excel("a row that comes twice", book(sheet(row(1, "id"), row(1, CANARY))), "sources.broken_sheet"),
    no_excel("a cell that comes twice", book(sheet(row(1, "id", cell("A1", CANARY)))), "sources.broken_sheet"),
    no_excel("a text that is not there", book(sheet(row(1, "id"), row(2, '<c r="A2" t="s"><v>7</v></c>'))), "sources.broken_sheet"),
    no_excel("a workbook cut off", book(PLAIN)[:-300], "sources.not_a_workbook"),
    no_excel("a CSV called .xlsx", f"id,name\n1,{CANARY}\n", "sources.text_as_workbook"),
    no_excel("a web page called .xls", f"<html><table><tr><td>{CANARY}</td></tr></table></html>", "sources.web_page_as_workbook", file="export.xls"),
    no_excel("an XML file called .xls", f"<?xml version='1.0'?><Workbook>{CANARY}</Workbook>", "sources.xml_as_workbook", file="export.xls"),
    no_excel("nothing called .xlsx", b"", "sources.empty_file"),
    no_excel("an archive of something else", workbooks.package({"word/document.xml": "<x/>"}), "sources.no_member"),
)  # fmt: skip

CASES = (*JSON, *PARQUET, *WORKBOOKS)
