"""What a workbook of any format is to its reader: sheets, and the filled cells of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Book", "BrokenSheetError", "Cells", "Sheet"]


class BrokenSheetError(Exception):
    """A sheet is not what a workbook may hold.

    Args:
        row: Where; 0 where that is not known.
    """

    def __init__(self, row: int = 0) -> None:
        super().__init__(row)
        self.row = row


class Cells(NamedTuple):
    """The filled cells of some rows that follow one another.

    Args:
        rows: The number of each filled row, 1-based.
        at: For each cell, the place of its row in `rows`; ascending.
        columns: For each cell, its column, 0-based.
        texts: The cells' text.
        uncalculated: Cells with a formula whose value was never computed; their text is the formula.
    """

    rows: npt.NDArray[np.int64]
    at: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    texts: pa.StringArray
    uncalculated: npt.NDArray[np.bool_]


class Sheet(NamedTuple):
    """One sheet.

    Args:
        name: On its tab.
        visible: Whether its tab is shown.
        part: Where it lies in the file.
    """

    name: str
    visible: bool
    part: str = ""


class Book(NamedTuple):
    """An open workbook.

    Args:
        sheets: Those that can hold cells, in the order of their tabs.
        cells: The filled cells of a sheet, some thousand rows at a time; or only the first few rows of it.
    """

    sheets: tuple[Sheet, ...]
    cells: Callable[[Sheet, bool], Iterator[Cells]]
