"""What every reader of a format returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["NOTHING_REJECTED", "Parsed", "Piece", "rejections"]

_REJECTED: Final = pa.schema([("line", pa.int64()), ("reasons", pa.string()), ("raw", pa.string())])
NOTHING_REJECTED: Final = _REJECTED.empty_table()


class Parsed(NamedTuple):
    """The rows of an export, and those that are none.

    Args:
        table: Every column as ``pa.string()``; empty cells are null.
        lines: Physical line (of a workbook: row) of each row of the table, 1-based.
        rejected: ``line``, ``reasons``, ``raw`` of the rows that could not be read.
        encoding: Of text formats.
        delimiter: Of delimited text.
    """

    table: pa.Table
    lines: npt.NDArray[np.int64]
    rejected: pa.Table = NOTHING_REJECTED
    encoding: str | None = None
    delimiter: str | None = None


Piece: TypeAlias = Callable[[], Parsed]
"""A part of an export that is parsed when it is called, in any thread."""


def rejections(lines: npt.NDArray[np.int64], reasons: Sequence[str], raw: Sequence[str]) -> pa.Table:
    """The table of rejected rows."""
    return pa.table([pa.array(lines, pa.int64()), pa.array(reasons), pa.array(raw)], schema=_REJECTED)
