"""What the sources brought, put together from their folders.

A run passes the folders of its sources on, each made by the step ``read``, and after them that of the step ``carry``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.workspace import read_facts, read_table

__all__ = ["accepted", "accounts", "quarantined", "warnings"]


def accepted(folders: Sequence[Path]) -> pd.DataFrame:
    """The records that are current: those that were read, and those carried forward from earlier runs."""
    return _current(folders, "accepted")


def warnings(folders: Sequence[Path]) -> pd.DataFrame:
    """The warnings of the current records."""
    return _current(folders, "warnings")


def quarantined(folders: Sequence[Path]) -> pd.DataFrame:
    """The quarantined rows of all sources."""
    return _frame([read_table(folder, "quarantined") for folder in folders[:-1]])


def accounts(folders: Sequence[Path]) -> list[dict[str, Any]]:
    """The accounts of each source, as facts, with what became of its rows in the light of what the store has."""
    changes = read_facts(folders[-1])
    found = []
    for folder in folders[:-1]:
        account = read_facts(folder)
        of_store = changes[account["source"]]
        account["accepted"] -= of_store["replaced"]
        account["deleted"] -= of_store["outdated"]
        account["superseded"] += of_store["replaced"] + of_store["outdated"]
        found.append({**account, "carried": of_store["carried"], "absent": of_store["absent"]})
    return found


def _current(folders: Sequence[Path], name: str) -> pd.DataFrame:
    *read, carried = folders
    tables = [read_table(folder, name) for folder in read]
    replaced = read_table(carried, "replaced")["record_key"]
    if len(replaced):
        tables = [table.filter(pc.invert(pc.is_in(table["record_key"], value_set=replaced))) for table in tables]
    return _frame([*tables, read_table(carried, name)])


def _frame(tables: Sequence[pa.Table]) -> pd.DataFrame:
    frame: pd.DataFrame = pa.concat_tables(tables).to_pandas(types_mapper=pd.ArrowDtype)
    return frame
