"""Why a row is set aside, and the contract of the frame that holds it.

A reason is a code; its sentence in each language is ``reasons.<code>`` of the message catalogue. A row with a reason
goes to quarantine; a cell with one stays in its record and is not matched on.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pandera

from schemas.contracts import held
from schemas.records import LINE, TEXT

__all__ = ["CELL_REASONS", "QUARANTINE", "ROW_REASONS", "conform_quarantine"]

ROW_REASONS: Final = (
    "undecodable_bytes",  # by the reader, from here …
    "nul_byte",
    "unclosed_quote",
    "wrong_column_count",
    "not_json",  # … to here
    "missing_id",
    "field_too_long",
    "impossible_date",
    "nothing_to_match_on",
    "duplicate_id",
)
CELL_REASONS: Final = ("bad_phone", "bad_email", "bad_date", "bad_tax_id", "bad_national_id", "placeholder")

QUARANTINE: Final = pandera.DataFrameSchema(
    {
        "source": pandera.Column(TEXT, nullable=False),
        "line": pandera.Column(LINE, pandera.Check.ge(1), nullable=False),
        "reasons": pandera.Column(TEXT, nullable=False),  # codes joined by a space
        "raw": pandera.Column(TEXT, nullable=True),  # the row as it was read: text, or a JSON object of its cells
    },
    strict=True,
    ordered=True,
    name="QUARANTINE",
)


def conform_quarantine(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame cast to the contract's types, in its order of columns, with a fresh index.

    Args:
        frame: At least ``source``, ``line``, ``reasons``, ``raw``.

    Raises:
        InvariantError: A column is missing or a cell breaks the contract.
    """
    columns = {name: frame[name].array.astype(LINE if name == "line" else TEXT) for name in QUARANTINE.columns}
    return held(QUARANTINE, pd.DataFrame(columns, index=pd.RangeIndex(len(frame))))
