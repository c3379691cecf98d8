"""Excel and OpenDocument workbooks: typed cells as the text a person sees in them."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Final

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from schemas.errors import SourceError
from sources.headers import unique_names
from sources.parsed import Parsed

__all__ = ["read_workbook"]

_MIDNIGHT: Final = dt.time()


def read_workbook(data: bytes, sheet: str | None, *, path: str) -> Parsed:
    """Read one sheet whose first filled row is its header.

    Whole numbers come without ``.0``, dates and times in ISO 8601, truth values as ``true`` and ``false``; rows with no
    filled cell are none.

    Args:
        data: The file.
        sheet: Its name; the first when absent.
        path: For errors.

    Returns:
        The rows with their row numbers; a sheet has no ragged ones, so none is rejected.

    Raises:
        SourceError: Not a workbook, protected by a password, no such sheet, or nothing in it.
    """
    rows = _rows(data, sheet, path=path)
    filled = np.array([any(cell not in ("", None) for cell in row) for row in rows], dtype=np.bool_)
    places = np.flatnonzero(filled)
    if not len(places):
        raise SourceError("sources.empty_file", path=path)
    header = [_text(cell) or "" for cell in rows[places[0]]]
    while header and not header[-1] and all(rows[i][len(header) - 1] in ("", None) for i in places):
        header.pop()
    body = [rows[i] for i in places[1:]]
    columns = [_column([row[i] for row in body]) for i in range(len(header))]
    table = pa.table(columns, names=unique_names(header))
    return Parsed(table, places[1:].astype(np.int64) + 1)


def _rows(data: bytes, sheet: str | None, *, path: str) -> list[list[Any]]:
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if sheet is not None and sheet not in workbook.sheet_names:
            raise SourceError("sources.missing_sheet", path=path, sheet=sheet, sheets=", ".join(workbook.sheet_names))
        name = workbook.sheet_names[0] if sheet is None else sheet
        return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except calamine.PasswordError:
        raise SourceError("sources.password", path=path) from None
    except calamine.CalamineError as error:
        raise SourceError("sources.not_a_workbook", path=path) from error


def _column(cells: list[Any]) -> pa.Array:
    return pa.array([_text(cell) for cell in cells], pa.string())


def _text(cell: Any) -> str | None:
    match cell:
        case None | str():
            return cell or None
        case bool():
            return "true" if cell else "false"
        case float():
            return str(int(cell)) if cell.is_integer() else repr(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(sep=" ", timespec="seconds")
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return str(cell)
