"""The contract of accepted records, and how a frame is held to a contract.

pandera's own messages quote the cells that fail, which are customers' values; `held` says contract, column and check.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pandera
from pandera.errors import SchemaError

from schemas.errors import InvariantError
from schemas.records import CONSENTS, KINDS, LINE, RECORD_COLUMNS, TEXT

__all__ = ["RECORDS", "held"]


def held(contract: pandera.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, once it is known to keep the contract.

    Args:
        contract: A pandera schema with a name.
        frame: What is handed on; not cast, not changed.

    Raises:
        InvariantError: It breaks the contract; names the column and the check, never a value.
    """
    try:
        contract.validate(frame)
    except SchemaError as error:
        column = getattr(error, "column_name", None) or "*"
        reason = error.reason_code.name.lower() if error.reason_code else "unknown"
        raise InvariantError("reasons.broken_contract", contract=contract.name, column=column, check=reason) from None
    return frame


def _column(name: str) -> pandera.Column:
    if name == "line":
        return pandera.Column(LINE, pandera.Check.ge(1), nullable=False)
    if name == "kind":
        return pandera.Column(TEXT, pandera.Check.isin(KINDS), nullable=False)
    if name in CONSENTS:
        return pandera.Column(TEXT, pandera.Check.isin(("granted", "denied")), nullable=True)
    return pandera.Column(TEXT, nullable=name not in {"record_key", "source", "source_id"}, unique=name == "record_key")


RECORDS: Final = pandera.DataFrameSchema(
    {name: _column(name) for name in RECORD_COLUMNS}, strict=True, ordered=True, name="RECORDS"
)
