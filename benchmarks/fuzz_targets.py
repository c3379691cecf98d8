"""What the parsers of our own must hold for whatever bytes they are fed; `benchmarks.fuzz` runs them.

Each target takes bytes, of any kind or spelt out of the tokens that its format is made of, and raises an
`AssertionError` where something does not hold; any other exception is a finding too.
"""

# ruff: noqa: S101  what must hold is what this is about

from __future__ import annotations

import contextlib
import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa

from schemas.errors import SourceError
from sources.formats.blocks import Text
from sources.formats.delimited import Delimited, detect_delimiter
from sources.formats.encoding import detect_encoding, encoding_of, is_utf8, to_utf8
from sources.formats.json_documents import is_document
from sources.formats.json_lines import read_json_lines
from sources.formats.layout import lay_out
from sources.formats.ooxml import ooxml_book
from sources.formats.serials import form_of, number_text
from sources.formats.sheet_xml import Styles, read_cells
from sources.formats.spreadsheet import BrokenSheetError
from sources.formats.workbook import read_workbook
from sources.parsed import Parsed
from sources.quarantine.raw_cells import cells_of, guarded, unguarded
from sources.quarantine.spreadsheet_damage import is_damage
from sources.records.headers import unique_names
from sources.records.moments import iso_dates, iso_times
from sources.records.nested import spread_lists, with_paths

__all__ = ["TARGETS", "spelt"]

Target: TypeAlias = Callable[[bytes], None]

_CSV: Final = (
    b",",
    b";",
    b"\t",
    b"|",
    b'"',
    b'""',
    b"\n",
    b"\r",
    b"\r\n",
    b"a",
    b"id",
    b" ",
    b"\0",
    b"\xff",
    "甲".encode(),
)
_JSON: Final = (
    b"{", b"}", b"[", b"]", b'"', b":", b",", b"\n", b'"id"', b'"a":1', b"1", b"-0", b"1.50", b"1e5", b"null", b"true",
    b"\\u0000", b"\\ud83d", b"\\", b" ", b"NaN", b"x", b"\xff", b"\0", b'{"id":"1","n":"\xe7\x94\xb2"}', b"\n\n", b"\r",
)  # fmt: skip
_MOMENT: Final = (
    b"1", b"2", b"0", b"9", b"31", b"12", b"1980", b"2024", b"-", b"/", b".", b" ", b"T", b":", b"Z", b"+08:00", b"\n",
    b"02", b"29", "年".encode(), "月".encode(), "日".encode(), "上午".encode(), b"PM", b"Mar", b"th", b",", b"00",
)  # fmt: skip
_SHEET: Final = (
    b"<row>", b"</row>", b'<row r="2">', b"<c>", b"</c>", b'<c r="A1">', b'<c r="B2" t="s">', b'<c t="str">', b"<v>",
    b"</v>", b"<t>", b"</t>", b"<is>", b"</is>", b"<f>", b"</f>", b"1", b"0", b"x", b"45351.5", b'<c s="1">', b"<v/>",
    b'<c t="b">', b'<c t="e">', b"#N/A", b'<c t="d">', b"&amp;", b"_x000D_", b"<rPh>", b"</rPh>", b"<row r='9'/>",
)  # fmt: skip
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1")


def spelt(data: bytes, tokens: Sequence[bytes]) -> bytes:
    """Bytes as they are, or as the numbers of tokens, by the first of them."""
    if data[:1] < b"\x80":
        return data[1:]
    return b"".join(tokens[byte % len(tokens)] for byte in data[1:])


def layout(data: bytes) -> None:
    """The records and blank lines of a text make it up, and each record starts on the line that it says."""
    text = spelt(data, _CSV)
    for delimiter in (",", "\t"):
        found = lay_out(text, delimiter)
        assert (found.starts[1:] >= found.ends[:-1]).all()
        assert (found.ends > found.starts).all()
        at = 0
        for start, end, line in zip(found.starts.tolist(), found.ends.tolist(), found.lines.tolist(), strict=True):
            assert not text[at:start].strip(b"\r\n"), "something lies between two records"
            assert line == 1 + _line_ends(text[:start])
            at = end
        assert not text[at:].strip(b"\r\n")


def _line_ends(text: bytes) -> int:
    return text.count(b"\n") + text.count(b"\r") - text.count(b"\r\n")


def delimited(data: bytes) -> None:
    """A text is read alike as a whole and in blocks, and its cells are those that Python's csv module finds."""
    text = spelt(data[1:], _CSV)
    size = 1 + data[0] % 40 if data else 1
    whole, in_blocks = _read([text]), _read(_blocks(text, size))
    if whole is None or in_blocks is None:
        return  # whether a text is refused as a whole, its first block decides
    assert whole == in_blocks, "blocks make a difference"
    delimiter, rows, _ = whole
    layout_ = lay_out(text, delimiter)
    starts = dict(
        zip(layout_.lines.tolist(), zip(layout_.starts.tolist(), layout_.ends.tolist(), strict=True), strict=True)
    )
    for line, cells in rows:
        start, end = starts[line]
        record = text[start:end].decode()
        (expected,) = csv.reader(io.StringIO(record, newline=""), delimiter=delimiter, strict=True)
        assert list(cells) == [cell or None for cell in expected], "csv reads it otherwise"


def _blocks(text: bytes, size: int) -> Iterator[bytes]:
    """Blocks as `sources.formats.blocks` makes them: each ends where a line does."""
    block = b""
    for line in text.splitlines(keepends=True):
        block += line
        if len(block) >= size and not block.endswith(b"\r"):
            yield block
            block = b""
    if block:
        yield block


def _read(
    blocks: Sequence[bytes] | Iterator[bytes],
) -> tuple[str, list[tuple[int, tuple[str | None, ...]]], list[object]] | None:
    """Delimiter, rows by line and rejected ones; nothing where the text as a whole is refused."""
    try:
        text = Delimited(blocks, ",", name="fuzz")
        parts = [piece() for piece in text.pieces()]
    except SourceError:
        return None
    rows = [
        (line, tuple(row.values()))
        for part in parts
        for line, row in zip(part.lines.tolist(), part.table.to_pylist(), strict=True)
    ]
    return text.delimiter, rows, [row for part in parts for row in part.rejected.to_pylist()]


def encoding(data: bytes) -> None:
    """Every text has an encoding, and becomes UTF-8 by any; what an encoding can write comes back."""
    found = detect_encoding(data)
    detect_delimiter(to_utf8(data, found, path="fuzz"))
    for name in _ENCODINGS:
        with contextlib.suppress(SourceError):
            encoding_of(data, name, path="fuzz")
        to_utf8(data, name, path="fuzz")
    text = data.decode("utf-8", "ignore").lstrip("\ufeff")
    for name in _ENCODINGS:
        with contextlib.suppress(UnicodeEncodeError):
            encoded = text.encode(name)
            if name in {"gbk", "gb18030"} and is_utf8(encoded):
                continue  # a line of several encodings' letters is read as UTF-8
            assert to_utf8(encoded, name, path="fuzz") == text.encode(), name


def blocks(data: bytes) -> None:
    """A text of a declared encoding is the same in blocks of any size."""
    name = _ENCODINGS[data[0] % len(_ENCODINGS)] if data else "utf-8"
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        path = Path(folder) / "fuzz.csv"
        path.write_bytes(spelt(data[1:], _CSV))
        with contextlib.suppress(SourceError):
            whole = b"".join(Text(path, name, name="fuzz"))
            assert b"".join(Text(path, name, name="fuzz", size=7)) == whole


def json_lines(data: bytes) -> None:
    """Every line that is not blank is a row or rejected, and rows have the values that Python's json module finds."""
    text = spelt(data[1:], _JSON)
    try:
        parts = list(read_json_lines(iter([text]), name="fuzz"))
    except SourceError:
        return
    size = 1 + data[0] % 40
    cut = [text[at : at + size] for at in range(0, len(text), size)]
    if not is_document(text) or _is_json(text):  # in what is no JSON, a cut may part a number in two
        assert _all(parts) == _all(list(read_json_lines(iter(cut), name="fuzz"))), "blocks make a difference"
    lines = text.split(b"\n")
    for part in parts:
        for line, row in zip(part.lines.tolist(), part.table.to_pylist(), strict=True):
            with contextlib.suppress(ValueError):  # an object of several lines
                expected = json.loads(lines[line - 1])
                if isinstance(expected, dict):
                    assert {name for name, cell in row.items() if cell is not None} <= set(expected)
                    for name, cell in expected.items():
                        assert not isinstance(cell, str) or row[name] == cell


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _all(parts: Sequence[Parsed]) -> tuple[list[object], list[int], set[int]]:
    """Rows, their lines, and the lines with something that is rejected."""
    table = pa.concat_tables([part.table for part in parts], promote_options="default").to_pylist()
    lines = np.concatenate([part.lines for part in parts]).tolist()
    return table, lines, {line for part in parts for line in part.rejected["line"].to_pylist()}


def moments(data: bytes) -> None:
    """Any text is read as a date or time, or stays; what was read is read as itself; neighbours do not matter."""
    texts = spelt(data, _MOMENT).decode("utf-8", "replace").split("\n")
    column = pa.chunked_array([texts], pa.string())
    for order in ("dmy", "mdy", "ymd"):
        dates = iso_dates(column, order)
        times = iso_times(column, "Asia/Shanghai", order)
        assert len(dates) == len(times) == len(texts)
        assert iso_times(times, "Asia/Shanghai", order).equals(times), "times are not read as themselves"
        assert iso_dates(dates, order).equals(dates), "dates are not read as themselves"
        if order != "mdy":
            for text, time in zip(texts, times.to_pylist(), strict=True):
                assert iso_times(pa.chunked_array([[text]]), "Asia/Shanghai", order).to_pylist() == [time]


def nested(data: bytes) -> None:
    """JSON of any kind in cells is taken apart or left alone."""
    texts = spelt(data, _JSON).decode("utf-8", "replace").split("\n")
    column = pa.chunked_array([texts], pa.string())
    table = with_paths(pa.table({"a": column}), ["a.id", "a.a.id"])
    assert table.num_rows == len(texts)
    for name in ("phone", "email", "company_name", "street"):
        for spread in spread_lists({name: column}).values():
            assert len(spread) == len(texts)


def sheet(data: bytes) -> None:
    """A sheet's XML is read alike at once and bit by bit, or refused."""
    xml = b"<worksheet><sheetData>" + spelt(data[1:], _SHEET) + b"</sheetData></worksheet>"
    shared = pa.array(["", "one"], pa.string())
    styles = Styles(("number", "date", 5), bool(data[:1] > b"\x80"))
    outcomes: list[list[str] | None] = []
    for enough in (1 << 20, 1):
        try:
            parts = list(read_cells(io.BytesIO(xml), shared, styles, enough=enough))
        except BrokenSheetError:
            outcomes.append(None)
            continue
        for part in parts:
            assert len(part.at) == len(part.columns) == len(part.texts) == len(part.uncalculated)
            assert (np.diff(part.rows) > 0).all()
            assert not len(part.at) or int(part.at.max()) == len(part.rows) - 1
        outcomes.append([text for part in parts for text in part.texts.to_pylist()])
    assert outcomes[0] == outcomes[1]


def workbook(data: bytes) -> None:
    """A workbook with any of its parts damaged, or of any bytes, is read or refused."""
    kind = data[0] if data else 0
    if kind < 0x40:
        packed = data[1:]
    else:
        names = sorted(_PARTS)
        packed = _packed({**_PARTS, names[kind % len(names)]: _damaged(_PARTS[names[kind % len(names)]], data[1:])})
    with contextlib.suppress(SourceError):
        for part in read_workbook(io.BytesIO(packed), None, name="fuzz"):
            assert part.table.num_rows == len(part.lines)
    with contextlib.suppress(SourceError, zipfile.BadZipFile):
        ooxml_book(zipfile.ZipFile(io.BytesIO(packed)), name="fuzz")


_LINK: Final = '<Relationship Id="{}" Type="x/{}" Target="{}"/>'
_PARTS: Final[Mapping[str, bytes]] = {
    name: xml.encode()
    for name, xml in {
        "_rels/.rels": f"<Relationships>{_LINK.format('a', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="b"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships>{_LINK.format('b', 'worksheet', 's.xml')}"
        f"{_LINK.format('c', 'sharedStrings', 't.xml')}{_LINK.format('d', 'styles', 'y.xml')}</Relationships>",
        "xl/s.xml": '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" s="1">'
        "<v>1</v></c></row></sheetData></worksheet>",
        "xl/t.xml": "<sst><si><t>id</t></si><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>",
        "xl/y.xml": '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy"/></numFmts><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>',
    }.items()
}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _damaged(part: bytes, edits: bytes) -> bytes:
    """A part with some of its bytes changed, as pairs of a place and a byte say."""
    damaged = bytearray(part)
    for place, byte in zip(edits[::2], edits[1::2], strict=False):
        damaged[(place * len(damaged)) >> 8] = byte
    return bytes(damaged)


def serials(data: bytes) -> None:
    """Any number format and any number have a text."""
    code, _, digits = data.decode("utf-8", "replace").partition("\n")
    assert number_text(digits, form_of(code)) or not digits
    assert number_text(digits, "date", from_1904=True) or not digits


def quarantine(data: bytes) -> None:
    """Any raw text is laid out under a header; what is guarded against spreadsheets is unguarded as it was."""
    raws = spelt(data, (*_CSV, *_JSON)).decode("utf-8", "replace").split("\n")
    cells = cells_of(pa.chunked_array([raws], pa.string()), ["id", "a", "n"], delimiter=",")
    assert cells.table.num_rows == len(cells.is_text) == len(raws)
    column = pa.chunked_array([raws], pa.string())
    assert unguarded(guarded(column)).equals(column)


def damage(data: bytes) -> None:
    """Of any two cells it can be said whether a spreadsheet made one of the other; it makes of each what it is."""
    one, _, other = spelt(data, _MOMENT).decode("utf-8", "replace").partition("\n")
    is_damage(one, other)
    assert is_damage(one, one)


def headers(data: bytes) -> None:
    """Every column gets a name of its own."""
    header = data.decode("utf-8", "replace").split("\n")
    names = unique_names(header)
    assert len(set(names)) == len(header)
    assert all(names)


TARGETS: Final[Mapping[str, Target]] = {
    target.__name__: target
    for target in (
        layout,
        delimited,
        encoding,
        blocks,
        json_lines,
        moments,
        nested,
        sheet,
        workbook,
        serials,
        headers,
        quarantine,
        damage,
    )
}
