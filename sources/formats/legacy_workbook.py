"""Workbooks of other formats than .xlsx, by calamine: .xls, .xlsb and .ods.

Calamine holds a sheet as a rectangle of all its cells, filled or not, and ends the process where that is more than the
memory has; so the corners of the sheets are looked up before. It tells neither errors (``#N/A``) nor formulas: cells
with an error come as empty ones.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any, Final

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from schemas.errors import SourceError
from sources.formats.serials import as_number
from sources.formats.sheet_xml import parse_xml
from sources.formats.spreadsheet import Book, BrokenSheetError, Cells, Sheet

__all__ = ["legacy_book"]

_LARGEST: Final = 20_000_000
"""Cells of the rectangle that holds a sheet: calamine takes 32 bytes for each."""
_ROWS: Final = 10_000
_MIDNIGHT: Final = dt.time()


def legacy_book(stream: IO[bytes], archive: zipfile.ZipFile | None, *, name: str) -> Book:
    """Open a workbook.

    Args:
        stream: The file.
        archive: The same file as a zip archive, where it is one.
        name: For errors.

    Raises:
        SourceError: Not a workbook, protected by a password, or too large.
    """
    if archive is not None:
        _within_bounds(archive, name=name)
    stream.seek(0)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(stream)
    except calamine.PasswordError:
        raise SourceError("sources.password", path=name) from None
    except calamine.CalamineError as error:
        raise SourceError("sources.not_a_workbook", path=name) from error
    sheets = [
        Sheet(sheet.name, sheet.visible == calamine.SheetVisibleEnum.Visible)
        for sheet in workbook.sheets_metadata
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    return Book(tuple(sheets), lambda sheet, _: _cells(workbook, sheet, name=name))


def _cells(workbook: calamine.CalamineWorkbook, sheet: Sheet, *, name: str) -> Iterator[Cells]:
    try:
        loaded = workbook.get_sheet_by_name(sheet.name)
    except calamine.CalamineError as error:
        raise SourceError("sources.not_a_workbook", path=name) from error
    offset = loaded.start[1] if loaded.start else 0
    rows = enumerate(loaded.iter_rows(), start=1)
    while stretch := list(islice(rows, _ROWS)):
        yield _of_stretch(stretch, offset)


def _of_stretch(stretch: list[tuple[int, list[Any]]], offset: int) -> Cells:
    """The filled cells of some rows; calamine gives them as lists of Python values."""
    found = [
        (number, column, text)
        for number, row in stretch
        for column, cell in enumerate(row, start=offset)
        if (text := _text(cell))
    ]
    numbers, columns, texts = zip(*found, strict=True) if found else ((), (), ())
    rows, at = np.unique(np.array(numbers, np.int64), return_inverse=True)
    uncalculated = np.zeros(len(found), np.bool_)
    return Cells(rows, at, np.array(columns, np.int64), pa.array(texts, pa.string()), uncalculated)


def _text(cell: Any) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case float():
            return as_number(repr(cell))
        case dt.datetime():
            rounded = cell.replace(microsecond=0) + dt.timedelta(seconds=round(cell.microsecond / 1e6))
            return rounded.date().isoformat() if rounded.time() == _MIDNIGHT else rounded.isoformat(sep=" ")
        case dt.timedelta():
            seconds = round(cell.total_seconds())
            return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case _:
            return str(cell)  # dates and times of day are ISO 8601 so


def _within_bounds(archive: zipfile.ZipFile, *, name: str) -> None:
    """Refuse a workbook with a sheet that would not fit in memory.

    Raises:
        SourceError: It has one, or is damaged.
    """
    try:
        for part in archive.infolist():
            with archive.open(part) as stream:
                if part.filename == "content.xml":
                    rows, columns = _opendocument_corner(stream)
                elif part.filename.startswith("xl/worksheets/") and part.filename.endswith(".bin"):
                    rows, columns = _binary_corner(stream)
                else:
                    continue
            if rows * columns > _LARGEST:
                raise SourceError("sources.sheet_too_large", path=name, rows=rows, columns=columns)
    except (BrokenSheetError, zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise SourceError("sources.not_a_workbook", path=name) from error


def _opendocument_corner(stream: IO[bytes]) -> tuple[int, int]:
    """How far the filled cells of an .ods workbook's sheets reach down and to the right.

    Rows and cells may be repeated (OpenDocument 1.3 part 3, 19.675 and 19.677); empty ones at the end often are, a
    million times.
    """
    row = column = last_row = last_column = repeats = 0

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column, repeats
        if element == "table":
            row = 0
        elif element == "table-row":
            repeats, column = _repeats(attributes, "table:number-rows-repeated"), 0
            row += repeats
        elif element in {"table-cell", "covered-table-cell"}:
            column += _repeats(attributes, "table:number-columns-repeated")
            if any(key.endswith((":value-type", ":formula")) for key in attributes):
                last_row, last_column = max(last_row, row), max(last_column, column)

    for _ in parse_xml(stream, start):
        pass
    return last_row, last_column


def _repeats(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1


def _binary_corner(stream: IO[bytes]) -> tuple[int, int]:
    """How far the cells of a sheet of an .xlsb workbook reach down and to the right.

    Records have a kind and a length of 7 bits a byte (MS-XLSB 2.1.4); kind 0 begins a row, 1 to 11 are cells.
    """
    data = stream.read()
    at = rows = columns = 0
    while at < len(data):
        kind, at = _seven_bits(data, at, 2)
        length, at = _seven_bits(data, at, 4)
        if kind == 0:
            rows = max(rows, int.from_bytes(data[at : at + 4], "little") + 1)
        elif kind <= 11:
            columns = max(columns, int.from_bytes(data[at : at + 4], "little") + 1)
        at += length
    return rows, columns


def _seven_bits(data: bytes, at: int, most: int) -> tuple[int, int]:
    number = 0
    for place, byte in enumerate(data[at : at + most]):
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    return number, at + most
