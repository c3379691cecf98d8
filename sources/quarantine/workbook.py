"""Tables of text as a workbook of one sheet, a batch at a time, with nothing of it on the disk but the file itself.

Every cell, the empty ones too, has the format *text*: nothing is a formula, and what a person types stays as typed.
ECMA-376 part 1, SpreadsheetML; limits from "Excel specifications and limits".
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["UnfitError", "write_workbook"]

_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
_LONGEST: Final = 32_767  # characters of a cell
_NO_XML: Final = r"[\x00-\x08\x0b-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_"
"""Characters that XML 1.0 has not, or that it reads as others; and what is an escape in a workbook."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_SHEET: Final = "xl/worksheets/sheet1.xml"
_PARTS: Final = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/{_SHEET}" ContentType="{_TYPES}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="quarantine" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/styles.xml": (  # number format 49 is text; the last style is the header's
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill>'
        '<patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}
_FIRST: Final = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
_LAST: Final = "</sheetData></worksheet>"
_TEXT, _HEADER = 1, 2


class UnfitError(Exception):
    """The format or encoding cannot hold the rows."""


def write_workbook(file: IO[bytes], batches: Iterator[pa.Table], _encoding: str, _delimiter: str) -> None:
    """Write the batches under one another.

    Raises:
        UnfitError: There are more rows or columns than a sheet has, or a cell is longer than one may be or has
            characters that XML has not.
    """
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, _HEAD + text)
        with archive.open(_SHEET, "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _FIRST).encode())
            written = 0
            for batch in batches:
                if batch.num_columns > _LAST_COLUMN or written + batch.num_rows >= _LAST_ROW:
                    raise UnfitError
                if not written:
                    names = [pa.chunked_array([[name]], pa.string()) for name in batch.column_names]
                    sheet.write(_rows(names, 1, _HEADER))
                    written = 1
                sheet.write(_rows(batch.columns, written + 1, _TEXT))
                written += batch.num_rows
            sheet.write(_LAST.encode())


def _rows(columns: list[pa.ChunkedArray], first: int, style: int) -> bytes:
    """The XML of some rows, the first of a number."""
    numbers = pa.chunked_array([np.arange(first, first + len(columns[0]))]).cast(pa.string())
    cells = [_cells(column, _letters(place), numbers, style) for place, column in enumerate(columns)]
    rows = pc.binary_join_element_wise('<row r="', numbers, '">', *cells, "</row>", "")
    return "".join(rows.to_pylist()).encode()


def _cells(column: pa.ChunkedArray, letters: str, numbers: pa.ChunkedArray, style: int) -> pa.ChunkedArray:
    if (pc.max(pc.utf8_length(column)).as_py() or 0) > _LONGEST or pc.any(
        pc.match_substring_regex(column, _NO_XML)
    ).as_py():
        raise UnfitError
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        column = pc.replace_substring(column, character, entity)
    begin, kind = f'<c r="{letters}', f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    filled = pc.binary_join_element_wise(begin, numbers, kind, column, "</t></is></c>", "")
    return pc.coalesce(filled, pc.binary_join_element_wise(begin, numbers, f'" s="{style}"/>', ""))


def _letters(place: int) -> str:
    """The letters of a column, 0-based.

    Example:
        >>> _letters(0), _letters(25), _letters(26), _letters(16_383)
        ('A', 'Z', 'AA', 'XFD')
    """
    before, last = divmod(place, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)
