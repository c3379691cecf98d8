"""One sheet of an .xlsx workbook as a stream of its filled cells, in memory that does not follow the sheet's size.

The XML is ECMA-376 part 1, 18.3: rows of cells, each with a place (``B2``), a kind, a style and a value. Only what is
filled is told; a formula is never computed: its value is the one that was saved with it.
"""

from __future__ import annotations

import bisect
import re
import string
from collections.abc import Callable, Iterator
from functools import partial
from operator import itemgetter
from typing import IO, Final, NamedTuple
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.formats.serials import Form, number_text
from sources.formats.spreadsheet import BrokenSheetError, Cells

__all__ = ["Styles", "parse_xml", "read_cells", "unescaped"]

_CHUNK: Final = 1 << 20
_ENOUGH: Final = 12 << 20  # bytes of one batch, about
_OVERHEAD: Final = 120  # bytes of a cell besides its text
_ROWS: Final = 1 << 20
_COLUMNS: Final = 16_384
_VALUES: Final = frozenset({"v", "t", "f"})
_DIGITS: Final = "0123456789"
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS: Final = {letter: place for place, letter in enumerate(string.ascii_uppercase, start=1)}
_WHOLE: Final = r"^-?(?:0|[1-9]\d{0,14})$"


class Styles(NamedTuple):
    """What the workbook says of its numbers.

    Args:
        forms: Of each cell style.
        from_1904: Days are counted from 1904.
    """

    forms: tuple[Form, ...] = ()
    from_1904: bool = False


def parse_xml(
    stream: IO[bytes],
    start: Callable[[str, dict[str, str]], None],
    *,
    end: Callable[[str], None] | None = None,
    characters: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse XML piece by piece, names without their prefix; a document that declares entities is refused.

    Raises:
        BrokenSheetError: It is no XML.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _CHUNK

    def prefixed(name: str, attributes: dict[str, str]) -> None:
        start(name.rpartition(":")[2], attributes)

    def prefixed_end(name: str) -> None:
        if end is not None:
            end(name.rpartition(":")[2])

    def first(name: str, attributes: dict[str, str]) -> None:
        has_prefix = ":" in name
        parser.StartElementHandler = prefixed if has_prefix else start
        parser.EndElementHandler = prefixed_end if has_prefix else end
        prefixed(name, attributes)

    def refuse(*_: object) -> None:
        raise BrokenSheetError

    parser.StartElementHandler = first
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    try:
        while piece := stream.read(_CHUNK):
            parser.Parse(piece)
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, UnicodeError, ValueError) as error:
        raise BrokenSheetError from error
    yield


def read_cells(stream: IO[bytes], shared: pa.StringArray, styles: Styles, *, enough: int = _ENOUGH) -> Iterator[Cells]:
    """The filled cells of a sheet, some thousand rows at a time.

    Args:
        stream: The sheet's XML.
        shared: The workbook's shared texts, which cells name by number.
        styles: The workbook's.
        enough: About the bytes of a batch.

    Raises:
        BrokenSheetError: It is no XML; rows are out of order; a cell stands twice, or names a text that does not exist.
    """
    sheet = _Sheet()
    try:
        for _ in parse_xml(stream, sheet.start, end=sheet.end, characters=sheet.characters):
            if sheet.size() >= enough:
                yield _texts(sheet.take(False), shared, styles)
        yield _texts(sheet.take(True), shared, styles)
    except BrokenSheetError as error:
        raise BrokenSheetError(error.row or sheet.row()) from error


def unescaped(text: str) -> str:
    """A text with characters that XML cannot hold, which stand in it as ``_x000D_`` (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class _Found(NamedTuple):
    """Cells as they stand in the file.

    Args:
        rows: The number of each row.
        cells: Place of the row in `rows`, column, kind, style, value, and whether it is a formula without a value.
    """

    rows: list[int]
    cells: list[tuple[int, int, str | None, str | None, str, bool]]


class _Sheet:
    """Collects the cells that a parser comes upon; closures, for they are called three times a cell."""

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None]
    characters: Callable[[str], None]
    take: Callable[[bool], _Found]
    size: Callable[[], int]
    row: Callable[[], int]

    def __init__(self) -> None:  # noqa: C901, PLR0915  the closures share their state
        rows: list[int] = []
        cells: list[tuple[int, int, str | None, str | None, str, bool]] = []
        known: dict[str, int] = {}
        text, value, formula = "", "", ""
        kind: str | None = None
        style: str | None = None
        column, size, last, phonetic = _COLUMNS, 0, 0, False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal text, value, formula, kind, style, column, last, phonetic, size
            if name == "c":
                place = attributes.get("r")
                kind, style = attributes.get("t"), attributes.get("s")
                value = formula = ""
                before = column
                if place is None:
                    column += 1
                else:
                    letters = place.rstrip(_DIGITS)
                    column = known[letters] if letters in known else known.setdefault(letters, _column(letters))
                if not before < column < _COLUMNS:  # a cell that stands twice would be lost
                    raise BrokenSheetError(last)
            elif name in _VALUES:
                text = ""
            elif name == "row":
                last = _row(attributes.get("r"), last)
                rows.append(last)
                size += _OVERHEAD
                column = -1
            elif name == "rPh":
                phonetic = True

        def end(name: str) -> None:
            nonlocal value, formula, size, phonetic
            if name == "v":
                value = text
            elif name == "c":
                if value:
                    cells.append((len(rows) - 1, column, kind, style, value, False))
                    size += len(value) + _OVERHEAD
                elif formula and kind != "str":
                    cells.append((len(rows) - 1, column, "str", None, formula, True))
            elif name == "t":
                if not phonetic:
                    value += text
            elif name == "f":
                formula = "=" + text
            elif name == "rPh":
                phonetic = False

        def characters(piece: str) -> None:
            nonlocal text
            text += piece

        def take(whole: bool) -> _Found:  # noqa: FBT001  called by position
            nonlocal size
            done = len(rows) if whole else len(rows) - 1
            split = len(cells) if whole else bisect.bisect_left(cells, done, key=itemgetter(0))
            found = _Found(rows[:done], cells[:split])
            del rows[:done]
            cells[:] = [(cell[0] - done, *cell[1:]) for cell in cells[split:]]
            size = 0
            return found

        self.start, self.end, self.characters, self.take = start, end, characters, take
        self.size = lambda: size
        self.row = lambda: last


def _row(number: str | None, last: int) -> int:
    """The number of a row; rows that have none follow the last."""
    row = last + 1 if number is None else int(number) if number.isdecimal() else 0
    if not last < row <= _ROWS:
        raise BrokenSheetError(last)
    return row


def _column(letters: str) -> int:
    """The place of a column, 0-based.

    Example:
        >>> _column("A"), _column("AA"), _column("XFD")
        (0, 26, 16383)
    """
    place = 0
    for letter in letters[:4]:
        place = place * 26 + _LETTERS.get(letter, _COLUMNS)
    if not 0 < place <= _COLUMNS:
        raise BrokenSheetError
    return place - 1


def _texts(found: _Found, shared: pa.StringArray, styles: Styles) -> Cells:
    """Cells with their values as text, without those that turn out to be empty."""
    if not found.cells:
        nothing = np.zeros(0, np.int64)
        return Cells(nothing, nothing, nothing, pa.array([], pa.string()), nothing.astype(np.bool_))
    places, columns, kinds, forms, values, uncalculated = zip(*found.cells, strict=True)
    at, column = np.array(places, np.int64), np.array(columns, np.int64)
    texts = _read(
        pa.array(kinds, pa.string()), pa.array(forms, pa.string()), pa.array(values, pa.string()), shared, styles
    )
    filled = pc.not_equal(texts, "").to_numpy(zero_copy_only=False)
    kept, at = np.unique(at[filled], return_inverse=True)
    rows = np.array(found.rows, np.int64)[kept]
    return Cells(rows, at, column[filled], texts.filter(pa.array(filled)), np.array(uncalculated, np.bool_)[filled])


def _read(
    kinds: pa.StringArray, forms: pa.StringArray, values: pa.StringArray, shared: pa.StringArray, styles: Styles
) -> pa.StringArray:
    """The values of cells as text, by kind (ECMA-376 part 1, 18.18.11)."""
    kinds = kinds.fill_null("n")
    texts = values
    for kind in pc.unique(kinds).to_pylist():
        mask = pc.equal(kinds, kind)
        cells = values.filter(mask)
        if kind == "n":
            cells = _numbers(cells, forms.filter(mask).fill_null("0"), styles)
        elif kind == "s":
            cells = _shared(cells, shared)
        elif kind == "b":
            cells = _mapped(cells, {"1": "true", "0": "false"}.get)
        elif kind == "d":
            cells = _mapped(cells, _iso)
        else:
            cells = _mapped(cells, unescaped) if pc.any(pc.match_substring(cells, "_x")).as_py() else cells
        texts = pc.replace_with_mask(texts, mask, cells)
    return texts


def _numbers(cells: pa.StringArray, forms: pa.StringArray, styles: Styles) -> pa.StringArray:
    texts = cells
    for style in pc.unique(forms).to_pylist():
        form = styles.forms[int(style)] if style.isdecimal() and int(style) < len(styles.forms) else "number"
        mask = pc.equal(forms, style)
        if form == "number":
            mask = pc.and_(mask, pc.invert(pc.match_substring_regex(cells, _WHOLE)))
        read = partial(number_text, form=form, from_1904=styles.from_1904)
        texts = pc.replace_with_mask(texts, mask, _mapped(cells.filter(mask), read))
    return texts


def _shared(cells: pa.StringArray, shared: pa.StringArray) -> pa.StringArray:
    try:
        return shared.take(cells.cast(pa.int64()))
    except pa.ArrowException as error:
        raise BrokenSheetError from error


def _mapped(cells: pa.StringArray, read: Callable[[str], str | None]) -> pa.StringArray:
    """What a function makes of each distinct text; where it makes nothing of one, the text stays."""
    distinct = cells.dictionary_encode()
    readings = [reading if (reading := read(text)) is not None else text for text in distinct.dictionary.to_pylist()]
    return pa.array(readings, pa.string()).take(distinct.indices)


def _iso(text: str) -> str:
    date, _, clock = text.removesuffix("Z").partition("T")
    clock = clock.partition(".")[0]
    return date if clock in {"", "00:00:00", "00:00"} else f"{date} {clock}".strip()
