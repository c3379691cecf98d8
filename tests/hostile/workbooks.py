"""Workbooks as no library would write them: from their parts, down to the bytes."""

import io
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMATS = {1: 14, 2: 22, 3: 9, 4: 46, 5: 21, 6: 170, 7: 171, 8: 31}
"""Style → number format: date, date and time, per cent, elapsed, time, code, Chinese date, East Asian date."""

STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="170" formatCode="00000"/>'
    '<numFmt numFmtId="171" formatCode="[$-804]yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts>'
    f'<cellXfs><xf numFmtId="0"/>{"".join(f"<xf numFmtId={chr(34)}{n}{chr(34)}/>" for n in FORMATS.values())}</cellXfs>'
    "</styleSheet>"
)


def cell(place, text, **attributes):
    """A cell with text."""
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<c r="{place}" t="str"{given}><v>{escape(text)}</v></c>'


def row(number, *cells):
    """A row of cells that stand in columns A, B, …: text, or XML as it is."""
    made = [each if each.startswith("<") else cell(f"{chr(65 + i)}{number}", each) for i, each in enumerate(cells)]
    return f'<row r="{number}">{"".join(made)}</row>'


def sheet(*rows, before="", after=""):
    """The XML of a sheet."""
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def package(parts, method=zipfile.ZIP_DEFLATED):
    """An archive of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts(*sheets, properties="", shared=None, states=()):
    """The parts of a workbook, by name; its sheets are called S1, S2, …"""
    states = [*states, *[""] * (len(sheets) - len(states))]
    numbered = list(enumerate(sheets, start=1))
    tabs = [f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"{states[n - 1]}/>' for n, _ in numbered]
    links = [_link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n, _ in numbered]
    links += [_link("rId900", "styles", "styles.xml"), _link("rId901", "sharedStrings", "sharedStrings.xml")]
    made = {
        "[Content_Types].xml": content_types(len(sheets)),
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">'
        f"{_link('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}'
        f"<sheets>{''.join(tabs)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{RELATIONS}">{"".join(links)}</Relationships>',
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": content for n, content in numbered},
    }
    if shared is not None:
        made["xl/sharedStrings.xml"] = shared
    return made


def book(*sheets, **options):
    """A workbook of sheets."""
    return package(parts(*sheets, **options))


def shared_strings(*items):
    """The part of shared texts, from the XML of each."""
    return f'{HEAD}<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'


def content_types(count):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = [
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in range(1, count + 1)
    ]
    return (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{"".join(sheets)}</Types>'
    )


def _link(identity, kind, target):
    return f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def encrypted():
    """What Excel writes for a workbook with a password: an OLE2 file with the streams of MS-OFFCRYPTO 2.3.4.4."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0
    )
    header = header[:512] + b"\xff" * (512 - len(header))
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = [_entry("Root Entry", 5), _entry("EncryptionInfo", 2), _entry("EncryptedPackage", 2), bytes(128)]
    return header + table + b"".join(entries)


def _entry(name, kind):
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack("<HBB12x", len(text) + 2, kind, 1) + bytes(48)


def opendocument(rows):
    """An .ods workbook from the XML of its rows."""
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{each}:1.0" for each in ("office", "table", "text"))
    content = (
        f'{HEAD}<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}">'
        f'<office:body><office:spreadsheet><table:table table:name="S1">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = f'{HEAD}<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return package({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def opendocument_row(*cells, repeated=1):
    """A row of texts."""
    made = [
        f'<table:table-cell office:value-type="string"><text:p>{escape(each)}</text:p></table:table-cell>'
        for each in cells
    ]
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(made)}</table:table-row>'


def old():
    """An .xls workbook, as Excel 97 wrote it (made by xlwt)."""
    return (Path(__file__).parents[1] / "sources/fixtures/workbook.xls").read_bytes()
