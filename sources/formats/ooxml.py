"""The parts of an .xlsx workbook: which sheets it has, its shared texts, and what its styles make of numbers.

An .xlsx file is a zip archive of XML parts that name one another (ECMA-376 part 2). What it would unpack to is known
before it is unpacked, so that one which is made to fill the memory is refused.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final

import pyarrow as pa

from schemas.errors import SourceError
from sources.formats.serials import BUILT_IN_FORMATS, Form, form_of
from sources.formats.sheet_xml import Styles, parse_xml, read_cells, unescaped
from sources.formats.spreadsheet import Book, BrokenSheetError, Cells, Sheet

__all__ = ["ooxml_book", "open_archive"]

_MIB: Final = 1 << 20
_RATIO: Final = 250
"""How many times its packed size a large part may have: the sheets of one word a million times have about 150."""
_LARGE: Final = 64 * _MIB
_LARGEST: Final = 16 << 30
_SMALL: Final = 16 * _MIB
_IN_MEMORY: Final = 400 * _MIB
"""Of the shared texts, the only part that is held as a whole."""


def open_archive(stream: IO[bytes], *, name: str) -> zipfile.ZipFile:
    """A zip archive, unless it would unpack to more than any workbook does.

    Raises:
        SourceError: It is no zip archive, is encrypted, or unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise SourceError("sources.not_a_workbook", path=name) from error
    if any(part.flag_bits & 1 for part in archive.infolist()):
        raise SourceError("sources.password", path=name)
    _within_bounds(archive.infolist(), name=name)
    return archive


def _within_bounds(parts: list[zipfile.ZipInfo], *, name: str) -> None:
    """Refuse an archive which is made to unpack to far more than its size.

    Raises:
        SourceError: It is.
    """
    for part in parts:
        packed = max(part.compress_size, 1)
        if part.file_size > _LARGEST or (part.file_size > _LARGE and part.file_size > _RATIO * packed):
            size = f"{part.file_size / _MIB:,.0f} MiB"
            raise SourceError("sources.unpacks_to_too_much", path=name, part=part.filename[:80], size=size)


@contextmanager
def _reading(*, name: str, sheet: str = "") -> Iterator[None]:
    """Damage of any kind, in words."""
    try:
        yield
    except BrokenSheetError as error:
        if sheet and error.row:
            raise SourceError("sources.broken_sheet", path=name, sheet=sheet, line=error.row) from error
        raise SourceError("sources.not_a_workbook", path=name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, OSError) as error:
        raise SourceError("sources.not_a_workbook", path=name) from error


def ooxml_book(archive: zipfile.ZipFile, *, name: str) -> Book | None:
    """Open a workbook; nothing where the archive is of another kind.

    Raises:
        SourceError: It is damaged, or its shared texts are more than fits in memory.
    """
    with _reading(name=name):
        main = next((part for kind, part in _relations(archive, "").values() if kind == "officeDocument"), None)
        if main is None or not _has(archive, main) or main.endswith(".bin"):
            return None
        relations = _relations(archive, main)
        sheets, from_1904 = _sheets(archive, main, relations)
        parts = {kind: part for kind, part in relations.values() if _has(archive, part)}
        styles = Styles(_forms(archive, parts.get("styles")), from_1904)
        shared = _shared_texts(archive, parts.get("sharedStrings"), name=name)

    def cells(sheet: Sheet, few: bool) -> Iterator[Cells]:  # noqa: FBT001  as Book has it
        with _reading(name=name, sheet=sheet.name), _opened(archive, sheet.part) as stream:
            yield from read_cells(stream, shared, styles, **({"enough": 1} if few else {}))

    return Book(sheets, cells)


def _sheets(
    archive: zipfile.ZipFile, main: str, relations: Mapping[str, tuple[str, str]]
) -> tuple[tuple[Sheet, ...], bool]:
    """The sheets that can hold cells, and whether days are counted from 1904."""
    found: list[Sheet] = []
    from_1904 = False
    for element, attributes in _elements(archive, main):
        if element == "workbookPr":
            from_1904 = attributes.get("date1904", "").lower() in {"1", "true"}
        elif element == "sheet":
            identity = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            kind, part = relations.get(identity, ("", ""))
            if kind == "worksheet" and _has(archive, part):
                visible = attributes.get("state", "visible") == "visible"
                found.append(Sheet(attributes.get("name", ""), visible, part))
    return tuple(found), from_1904


def _shared_texts(archive: zipfile.ZipFile, part: str | None, *, name: str) -> pa.StringArray:
    """The texts that cells name by number."""
    if part is None:
        return pa.array([], pa.string())
    size = _info(archive, part).file_size
    if size > _IN_MEMORY:
        raise SourceError("sources.unpacks_to_too_much", path=name, part=part, size=f"{size / _MIB:,.0f} MiB")
    pieces: list[pa.StringArray] = []
    collected = _SharedTexts()
    with _opened(archive, part) as stream:
        for _ in parse_xml(stream, collected.start, end=collected.end, characters=collected.characters):
            pieces.append(pa.array(collected.texts, pa.string()))
            collected.texts.clear()
    return pa.concat_arrays(pieces)


class _SharedTexts:
    """Collects the texts of the items that a parser comes upon, formatted runs joined, readings of kanji left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._item, self._text, self._phonetic = "", "", False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._item = ""
        elif name == "t":
            self._text = ""
        elif name == "rPh":
            self._phonetic = True

    def characters(self, piece: str) -> None:
        self._text += piece

    def end(self, name: str) -> None:
        if name == "t" and not self._phonetic:
            self._item += self._text
        elif name == "si":
            self.texts.append(unescaped(self._item))
        elif name == "rPh":
            self._phonetic = False


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Identity → kind and target of what a part names (ECMA-376 part 2, 9.3)."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    found: dict[str, tuple[str, str]] = {}
    if _has(archive, name):
        for element, attributes in _elements(archive, name):
            if element == "Relationship":
                target = attributes.get("Target", "").replace("\\", "/")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = (kind, posixpath.normpath(path))
    return found


def _forms(archive: zipfile.ZipFile, part: str | None) -> tuple[Form, ...]:
    """What each cell style makes of a number."""
    if part is None:
        return ()
    codes = dict(BUILT_IN_FORMATS)
    forms: list[Form] = []
    inside = False
    for element, attributes in _elements(archive, part):
        if element == "numFmt" and attributes.get("numFmtId", "").isdecimal():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif element in {"cellXfs", "cellStyles", "cellStyleXfs", "dxfs"}:
            inside = element == "cellXfs"
        elif element == "xf" and inside:
            number = attributes.get("numFmtId", "0")
            forms.append(form_of(codes.get(int(number), "")) if number.isdecimal() else "number")
    return tuple(forms)


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The elements of a part that is small in every workbook, in order."""
    if _info(archive, part).file_size > _SMALL:
        raise BrokenSheetError
    found: list[tuple[str, dict[str, str]]] = []
    with _opened(archive, part) as stream:
        for _ in parse_xml(stream, lambda name, attributes: found.append((name, attributes))):
            yield from found
            found.clear()


def _has(archive: zipfile.ZipFile, part: str) -> bool:
    return part.lower() in {info.filename.lower() for info in archive.infolist()}


def _info(archive: zipfile.ZipFile, part: str) -> zipfile.ZipInfo:
    """A part by its name, whose case does not matter (ECMA-376 part 2, 7.3)."""
    return next(info for info in archive.infolist() if info.filename.lower() == part.lower())


def _opened(archive: zipfile.ZipFile, part: str) -> IO[bytes]:
    return archive.open(_info(archive, part))
