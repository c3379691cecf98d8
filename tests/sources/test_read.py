import io
import json

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from schemas.errors import SourceError
from sources.source import Source
from sources.whole import read_whole

ROWS = [["编号", "姓名", "邮编"], ["1", "张伟", "01234"], ["2", "NA", "518000"]]


def read(source):
    (export,) = read_whole(source)
    return export


def workbook():
    book = Workbook()
    for row in ROWS:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet():
    stream = io.BytesIO()
    pq.write_table(pa.table([list(column) for column in zip(*ROWS[1:], strict=True)], names=ROWS[0]), stream)
    return stream.getvalue()


def delimited(mark):
    return "\n".join(mark.join(row) for row in ROWS)


JSON = "\n".join(json.dumps(dict(zip(ROWS[0], row, strict=True))) for row in ROWS[1:])


@pytest.mark.parametrize(
    ("name", "data", "detected"),
    [
        ("a.csv", delimited(",").encode(), ("csv", "utf-8", ",")),
        ("a.CSV", delimited(";").encode("utf-8-sig"), ("csv", "utf-8-sig", ";")),
        ("a.txt", delimited("|").encode("gb18030"), ("csv", "gb18030", "|")),
        ("a.tsv", delimited("\t").encode("utf-16"), ("tsv", "utf-16", "\t")),
        ("a.xlsx", workbook(), ("xlsx", None, None)),
        ("a.jsonl", JSON.encode(), ("jsonl", "utf-8", None)),
        ("a.parquet", parquet(), ("parquet", None, None)),
    ],
)
def test_every_format_gives_the_same_rows(name, data, detected):
    place = f"memory://exports/{name}"
    with fsspec.open(place, "wb") as stream:
        stream.write(data)
    source = Source(name="s", path=place)
    export = read(source)
    assert [export.table.column_names, *(list(row.values()) for row in export.table.to_pylist())] == ROWS
    assert (export.detected.format, export.detected.encoding, export.detected.delimiter) == detected
    assert export.detected.header == tuple(ROWS[0])
    assert export.rejected.num_rows == 0


def test_rejected_rows_say_where_and_why(tmp_path):
    path = tmp_path / "export"
    path.write_bytes(b"id,x\n1,a\n2\n")
    export = read(Source(name="s", path=str(path), format="csv"))
    assert export.rejected.to_pylist() == [{"line": 3, "reasons": "wrong_column_count", "raw": "2"}]


def test_an_unknown_format(tmp_path):
    path = tmp_path / "export.pdf"
    path.write_bytes(b"")
    with pytest.raises(SourceError) as caught:
        read(Source(name="s", path=str(path)))
    assert caught.value.key == "sources.unknown_format"


def test_what_is_declared_goes_over_what_would_be_detected(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("a;b,c\n1;é,3\n".encode("cp1252"))
    export = read(Source(name="s", path=str(path), delimiter=";", encoding="cp1252"))
    assert export.table.to_pylist() == [{"a": "1", "b,c": "é,3"}]


def test_excel_s_own_declaration_of_the_delimiter(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"sep=|\r\nid|a,b,c\r\n1|x,y,z\r\n")
    export = read(Source(name="s", path=str(path)))
    assert export.table.to_pylist() == [{"id": "1", "a,b,c": "x,y,z"}]
    assert export.lines.tolist() == [3]


def test_rows_in_another_encoding_than_most_go_to_quarantine(tmp_path):
    lines = [f"{i},张伟,深圳\n".encode("gb18030" if i % 3 == 0 else "utf-8") for i in range(1, 40)]
    (tmp_path / "a.csv").write_bytes("编号,姓名,城市\n".encode() + b"".join(lines))
    export = read(Source(name="s", path=str(tmp_path / "a.csv")))
    assert export.detected.encoding == "utf-8"
    assert set(export.table["姓名"].to_pylist()) == {"张伟"}
    assert set(export.rejected["reasons"].to_pylist()) == {"undecodable_bytes"}
    assert export.rejected.num_rows == 13


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.jsonl"])
def test_a_wrong_declared_encoding_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes('{"姓名": "张伟"}\n'.encode())
    with pytest.raises(SourceError) as caught:
        read(Source(name="s", path=str(tmp_path / name), encoding="ascii"))
    assert caught.value.key == "sources.contrary_encoding"
