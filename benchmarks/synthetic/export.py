"""What a system's export is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.synthetic.cells import Cells
from benchmarks.synthetic.names import Objects

__all__ = ["Export"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One system's export.

    Args:
        source: The name that configurations and ``truth.csv`` use.
        stem: The file's name without suffix.
        form: ``csv``, ``jsonl`` or ``workbook``.
        identify: From the source of chance and the rows to the records' ids.
        cells: From the source of chance and the rows (with ``source_id``) to the cells by header.
        id_header: The column that holds the id.
        long_header: A name column, where a pasted note makes a cell too long.
        date_header: A column of birth dates, where an impossible one is put; none where absent.
        identity: The columns without which nothing is left to match on; where there are none, no such defect is made.
    """

    source: str
    stem: str
    form: str
    identify: Callable[[np.random.Generator, pd.DataFrame], Objects]
    cells: Callable[[np.random.Generator, pd.DataFrame], Cells]
    id_header: str
    long_header: str
    date_header: str = ""
    identity: tuple[str, ...] = ()
