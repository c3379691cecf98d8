"""Files read into memory as a whole, for work that needs all of their rows at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sources.places.freeze import freeze
from sources.read import Detected, read
from sources.source import Input, Source

__all__ = ["Export", "read_whole"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file as it was read.

    Args:
        name: What people call it.
        table: Every source column as ``pa.string()``, untouched; absent cells are null or empty.
        lines: For each row, the physical 1-based line it starts on (the row number of a workbook).
        rejected: Rows that the reader itself refuses: ``line``, ``reasons`` and ``raw``.
        detected: How it was read.
    """

    name: str
    table: pa.Table
    lines: npt.NDArray[np.int64]
    rejected: pa.Table
    detected: Detected


def read_whole(source: Source) -> tuple[Export, ...]:
    """Read the files of a source, the oldest first.

    Raises:
        SourceError: There is none, or one cannot be read as a whole; says where and what to do.
    """
    with TemporaryDirectory() as spool:
        return tuple(_whole(file, source) for file in freeze(source, Path(spool), hashed=False))


def _whole(file: Input, source: Source) -> Export:
    reading = read(file, source)
    parsed = [piece() for piece in reading.pieces()]
    return Export(
        name=file.name,
        table=pa.concat_tables([each.table for each in parsed], promote_options="default"),
        lines=np.concatenate([each.lines for each in parsed]),
        rejected=pa.concat_tables([each.rejected for each in parsed]),
        detected=reading.detected,
    )
