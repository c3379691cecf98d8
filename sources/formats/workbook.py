"""Excel and OpenDocument workbooks: typed cells as the text that a person sees in them.

``.xlsx`` is read as a stream (`sources.formats.ooxml`), other formats by calamine
(`sources.formats.legacy_workbook`). Of merged cells the first has the text, as in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError
from sources.formats.legacy_workbook import legacy_book
from sources.formats.ooxml import ooxml_book, open_archive
from sources.formats.spreadsheet import Book, Cells, Sheet
from sources.parsed import NOTHING_REJECTED, Parsed, rejections
from sources.records.headers import unique_names
from sources.records.json_text import json_objects

__all__ = ["read_workbook"]

_SAMPLE: Final = 50
"""Filled rows among which the header is looked for."""
_GRID: Final = 4 << 20
"""Cells of one batch, filled or not."""
_SHOWN: Final = 10
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE: Final = re.compile(rb"\s*<(?:!doctype\s+html|html|head|meta|body|table|div|style)\b", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s")
_XML: Final = re.compile(rb"\s*<\?(?:xml|mso-application)\b", re.IGNORECASE)


def read_workbook(file: Path | IO[bytes], sheet: str | None, *, name: str) -> Iterator[Parsed]:
    """Read one sheet whose first row is its header, whatever titles stand above it.

    Whole numbers come without ``.0``, dates and times in ISO 8601, truth values as ``true`` and ``false``, errors as
    they are shown (``#N/A``), numbers formatted as codes with their leading zeros; a formula's value is the one that
    was saved with it. Rows with no filled cell are none.

    Args:
        file: The workbook.
        sheet: Its name; the first that is shown when absent.
        name: For errors.

    Returns:
        The rows with their row numbers. Every batch has the columns of those before, and any that are filled for the
        first time though the header does not name them. Rejected are rows with a formula that was never computed
        (``not_calculated``) and titles above the header (``before_header``).

    Raises:
        SourceError: Not a workbook, protected by a password, no such sheet, nothing in it, or unsafe to unpack.
    """
    with file.open("rb") if isinstance(file, Path) else file as stream:
        book = _open(stream, name=name)
        chosen = _chosen(book, sheet, name=name)
        yield from _tables(book.cells(chosen, False), name=name)


def _open(stream: IO[bytes], *, name: str) -> Book:
    head = stream.read(4096)
    if not head:
        raise SourceError("sources.empty_file", path=name)
    if head.startswith(_OLE):
        if _ENCRYPTED in head or _ENCRYPTED in stream.read(1 << 20):
            raise SourceError("sources.password", path=name)
        return legacy_book(stream, None, name=name)
    if not head.startswith(b"PK"):
        raise SourceError(f"sources.{_other(head)}", path=name)
    archive = open_archive(stream, name=name)
    return ooxml_book(archive, name=name) or legacy_book(stream, archive, name=name)


def _other(head: bytes) -> str:
    """What a file is that is no workbook: systems call many things .xls."""
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _WEB_PAGE.match(text):
        return "web_page_as_workbook"
    if _XML.match(text):
        return "xml_as_workbook"
    return "text_as_workbook" if text.strip() and b"\0" not in text else "not_a_workbook"


def _chosen(book: Book, wanted: str | None, *, name: str) -> Sheet:
    """The sheet to read: the one that is wanted, else the first that is shown.

    Raises:
        SourceError: There is none such; the first is empty; or others have the same header, so that one of them alone
            would be a part of the export.
    """
    if wanted is not None:
        for sheet in book.sheets:
            if sheet.name == wanted:
                return sheet
        raise SourceError("sources.missing_sheet", path=name, sheet=wanted, sheets=_listed(book.sheets))
    shown = [sheet for sheet in book.sheets if sheet.visible] or list(book.sheets)
    if not shown:
        raise SourceError("sources.not_a_workbook", path=name)
    first, *others = shown
    header = _header_of(book, first)
    if not header:
        filled = [sheet for sheet in others if _header_of(book, sheet)]
        if not filled:
            raise SourceError("sources.empty_file", path=name)
        raise SourceError("sources.empty_sheet", path=name, sheet=first.name, sheets=_listed(filled))
    alike = [sheet for sheet in others if _header_of(book, sheet) == header]
    if alike:
        raise SourceError("sources.split_sheets", path=name, sheets=_listed([first, *alike]))
    return first


def _listed(sheets: Sequence[Sheet]) -> str:
    return ", ".join([sheet.name for sheet in sheets[:_SHOWN]] + ["…"] * (len(sheets) > _SHOWN))


def _header_of(book: Book, sheet: Sheet) -> list[str]:
    """The cells of a sheet's header; none where it is empty."""
    for cells in book.cells(sheet, True):
        if len(cells.rows):
            header: list[str] = cells.texts.filter(pa.array(cells.at == _header_place(cells))).to_pylist()
            return header
    return []


def _header_place(cells: Cells) -> int:
    """The first row that is not much narrower than the others: titles have a cell or two."""
    filled = np.bincount(cells.at)[:_SAMPLE]
    return int(np.argmax(filled * 3 > np.median(filled)))


def _tables(batches: Iterator[Cells], *, name: str) -> Iterator[Parsed]:
    header: list[str] = []
    columns: dict[int, str] = {}
    for cells in batches:
        body, above = cells, NOTHING_REJECTED
        if not header and len(cells.rows):
            place = _header_place(cells)
            header, above, body = _header(cells, place), _titles(cells, place), _rows(cells, place + 1, len(cells.rows))
            columns = _named(header, {}, cells.columns[cells.at >= place])
        for first in range(0, len(body.rows), _most_rows(columns)):
            part = _rows(body, first, first + _most_rows(columns))
            columns = _named(header, columns, part.columns)
            parsed = _parsed(part, columns)
            yield parsed._replace(rejected=pa.concat_tables([above, parsed.rejected]))
            above = NOTHING_REJECTED
        if len(above) or (header and not len(body.rows)):
            yield _parsed(body, columns)._replace(rejected=above)
    if not header:
        raise SourceError("sources.empty_file", path=name)


def _most_rows(columns: Mapping[int, str]) -> int:
    return max(1, _GRID // max(1, len(columns)))


def _header(cells: Cells, place: int) -> list[str]:
    """The cells of the header row, with those that are empty."""
    mask = cells.at == place
    header = [""] * (int(cells.columns[mask].max()) + 1)
    for column, text in zip(cells.columns[mask], cells.texts.filter(pa.array(mask)).to_pylist(), strict=True):
        header[column] = text
    return header


def _titles(cells: Cells, place: int) -> pa.Table:
    """The rows above the header."""
    texts = cells.texts.to_pylist()
    raw = ["\t".join(text for text, at in zip(texts, cells.at, strict=False) if at == row) for row in range(place)]
    return rejections(cells.rows[:place], ["before_header"] * place, raw)


def _named(header: list[str], columns: Mapping[int, str], filled: npt.NDArray[np.int64]) -> dict[int, str]:
    """The columns known so far, with those that are filled for the first time."""
    new = [int(place) for place in np.unique(filled) if place not in columns]
    if not new:
        return dict(columns)
    names = unique_names(header + [""] * (new[-1] + 1 - len(header)))
    return {**columns, **{place: names[place] for place in new}}


def _rows(cells: Cells, first: int, stop: int) -> Cells:
    """Some of the rows."""
    low, high = np.searchsorted(cells.at, [first, stop])
    return Cells(
        cells.rows[first:stop],
        cells.at[low:high] - first,
        cells.columns[low:high],
        cells.texts.slice(low, high - low),
        cells.uncalculated[low:high],
    )


def _parsed(cells: Cells, columns: Mapping[int, str]) -> Parsed:
    """Cells as a table."""
    order = np.argsort(cells.columns, kind="stable")
    sorted_columns = cells.columns[order]
    arrays: list[pa.Array] = []
    reasons: list[pa.Array] = []
    for place, column in columns.items():
        low, high = np.searchsorted(sorted_columns, [place, place + 1])
        found = order[low:high]
        arrays.append(_spread(cells.texts, found, cells.at[found], len(cells.rows)))
        waiting = found[cells.uncalculated[found]]
        if len(waiting):
            reason = pa.array(["not_calculated:" + _SPACE.sub("_", column)])
            reasons.append(_spread(reason, np.zeros(len(waiting), np.int64), cells.at[waiting], len(cells.rows)))
    table = pa.table(arrays, names=list(columns.values()))
    if not reasons:
        return Parsed(table, cells.rows)
    spaced = pc.binary_join_element_wise(*reasons, " ", null_handling="replace", null_replacement="")
    joined = pc.utf8_trim(pc.replace_substring_regex(spaced, " +", " "), " ")  # null_handling="skip" drops empty rows
    bad = pc.not_equal(joined, "")
    raw = json_objects(dict(zip(table.column_names, table.filter(bad).columns, strict=True)), pc.sum(bad).as_py())
    refused = bad.to_numpy(zero_copy_only=False)
    rejected = rejections(cells.rows[refused], joined.filter(bad).to_pylist(), raw.to_pylist())
    return Parsed(table.filter(pc.invert(bad)), cells.rows[~refused], rejected)


def _spread(
    values: pa.StringArray, found: npt.NDArray[np.int64], at: npt.NDArray[np.int64], rows: int
) -> pa.StringArray:
    """Some of the values at their places; null at the others."""
    places = np.zeros(rows, np.int64)
    places[at] = found
    empty = np.ones(rows, np.bool_)
    empty[at] = False
    return values.take(pa.array(places, mask=empty))
