"""What the sources brought, put together from their folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from pipelines.workspace import read_facts, read_table

__all__ = ["accepted", "accounts", "quarantined", "warnings"]


def accepted(read_folders: Sequence[Path]) -> pd.DataFrame:
    """The accepted records of all sources, under one another."""
    return _together(read_folders, "accepted")


def warnings(read_folders: Sequence[Path]) -> pd.DataFrame:
    """The warnings of all sources."""
    return _together(read_folders, "warnings")


def quarantined(read_folders: Sequence[Path]) -> pd.DataFrame:
    """The quarantined rows of all sources."""
    return _together(read_folders, "quarantined")


def accounts(read_folders: Sequence[Path]) -> list[dict[str, Any]]:
    """The accounts of each source, as facts."""
    return [read_facts(folder) for folder in read_folders]


def _together(folders: Sequence[Path], name: str) -> pd.DataFrame:
    frame: pd.DataFrame = pa.concat_tables([read_table(folder, name) for folder in folders]).to_pandas(
        types_mapper=pd.ArrowDtype
    )
    return frame
