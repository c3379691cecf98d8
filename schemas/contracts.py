"""The contract of accepted records, and how a frame is held to a contract.

pandera's own messages quote the cells that fail, which are customers' values; `held` says contract, column and check.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Final

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.errors import SchemaError

from schemas.errors import InvariantError
from schemas.records import CONSENTS, KINDS, LINE, RECORD_COLUMNS, TEXT

__all__ = ["RECORDS", "batch_contract", "held", "surely_kept"]

_CHOICES: Final = ("granted", "denied")
_REQUIRED: Final = frozenset({"record_key", "source", "source_id", "line", "kind"})


def held(contract: pandera.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame, once it is known to keep the contract.

    Args:
        contract: A pandera schema with a name.
        frame: What is handed on; not cast, not changed.

    Raises:
        InvariantError: It breaks the contract; names the column and the check, never a value.
    """
    try:
        contract.validate(frame, inplace=True)  # nothing is coerced; otherwise the frame would be copied first
    except SchemaError as error:
        column = getattr(error, "column_name", None) or "*"
        reason = error.reason_code.name.lower() if error.reason_code else "unknown"
        raise InvariantError("reasons.broken_contract", contract=contract.name, column=column, check=reason) from None
    finally:
        vars(frame).pop("pandera", None)  # it refers back to the frame, and would hold its memory until a collection
    return frame


def surely_kept(table: pa.Table) -> bool:
    """Whether records surely keep `batch_contract`: what is asked of a batch a hundred times, without pandera's toll.

    Args:
        table: The records; every column of `RECORD_COLUMNS`, and nothing else, in their order.
    """
    kinds = [pa.int64() if name == "line" else pa.string() for name in RECORD_COLUMNS]
    if table.column_names != list(RECORD_COLUMNS) or table.schema.types != kinds:
        return False
    lowest = pc.min(table["line"]).as_py()
    return (
        not any(table[name].null_count for name in _REQUIRED)
        and (lowest is None or lowest >= 1)
        and _all_among(table["kind"], KINDS)
        and all(_all_among(table[name], _CHOICES) for name in CONSENTS)
    )


def _all_among(column: pa.Array | pa.ChunkedArray, words: tuple[str, ...]) -> bool:
    if column.null_count == len(column):
        return True
    return pc.all(pc.is_in(column.drop_null(), value_set=pa.array(words))).as_py() is not False


def _among(words: tuple[str, ...]) -> pandera.Check:
    """Every value is one of some words. On the whole Arrow column: pandera's own ``isin`` costs ten times as much."""

    def holds(column: pd.Series) -> bool:
        return _all_among(pa.array(column), words)

    return pandera.Check(holds, name="isin", ignore_na=False)


def _column(name: str, *, unique: bool) -> pandera.Column:
    if name == "line":
        return pandera.Column(LINE, pandera.Check.ge(1), nullable=False)
    if name == "kind":
        return pandera.Column(TEXT, _among(KINDS), nullable=False)
    if name in CONSENTS:
        return pandera.Column(TEXT, _among(_CHOICES), nullable=True)
    return pandera.Column(TEXT, nullable=name not in _REQUIRED, unique=unique and name == "record_key")


def _contract(name: str, columns: Iterable[str], *, unique: bool) -> pandera.DataFrameSchema:
    schema = {column: _column(column, unique=unique) for column in columns}
    return pandera.DataFrameSchema(schema, strict=True, ordered=True, name=name)


@cache
def batch_contract(columns: tuple[str, ...]) -> pandera.DataFrameSchema:
    """The contract of accepted records of a part of a source, in which a key can occur again.

    Args:
        columns: Of `RECORD_COLUMNS`, in their order, those with any value; the others have none to be checked, and
            what is always filled is checked all the same.
    """
    wanted = [name for name in RECORD_COLUMNS if name in columns or name in _REQUIRED]
    return _contract("BATCH", wanted, unique=False)


RECORDS: Final = _contract("RECORDS", RECORD_COLUMNS, unique=True)
"""Accepted records: every key once."""
