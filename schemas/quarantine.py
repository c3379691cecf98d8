"""The contract of the frame that holds rows which are set aside; why they are is in `schemas.reasons`."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contracts import held
from schemas.records import LINE, TEXT

__all__ = ["QUARANTINE", "conform_quarantine", "quarantined"]

QUARANTINE: Final = pandera.DataFrameSchema(
    {
        "source": pandera.Column(TEXT, nullable=False),
        "file": pandera.Column(TEXT, nullable=True),
        "line": pandera.Column(LINE, pandera.Check.ge(1), nullable=False),
        "reasons": pandera.Column(TEXT, nullable=False),  # joined by a space
        "raw": pandera.Column(TEXT, nullable=True),  # the row as it was read: text, or a JSON object of its cells
    },
    strict=True,
    ordered=True,
    name="QUARANTINE",
)


def conform_quarantine(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame cast to the contract's types, in its order of columns, with a fresh index.

    Args:
        frame: At least ``source``, ``line``, ``reasons``, ``raw``; a ``file`` that is absent is null.

    Raises:
        InvariantError: A column is missing or a cell breaks the contract.
    """
    if "file" not in frame.columns:
        frame = frame.assign(file=pd.array(pa.nulls(len(frame), pa.string()), dtype=TEXT))
    columns = {name: frame[name].array.astype(LINE if name == "line" else TEXT) for name in QUARANTINE.columns}
    return held(QUARANTINE, pd.DataFrame(columns, index=pd.RangeIndex(len(frame))))


def quarantined(table: pa.Table) -> pa.Table:
    """The same of an Arrow table, which has a ``file``.

    Raises:
        InvariantError: A cell breaks the contract.
    """
    kinds = pa.schema([(name, pa.int64() if name == "line" else pa.string()) for name in QUARANTINE.columns])
    found = table.select(kinds.names).cast(kinds)
    lowest = pc.min(found["line"]).as_py()
    if any(found[name].null_count for name in ("source", "line", "reasons")) or (lowest is not None and lowest < 1):
        conform_quarantine(found.to_pandas(types_mapper=pd.ArrowDtype))  # says what is wrong
    return found
