"""Generated data sets with known truth, as `benchmarks.accuracy` measures them: the exports of `benchmarks.generate`.

All exports of one population are read as one pool, under each system's own headers, as ``guiyi dedupe`` reads files.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa

from benchmarks.generate import Request, generate
from sources.source import Source
from sources.whole import read_whole

__all__ = ["exports_as_one_pool"]


def exports_as_one_pool(request: Request) -> tuple[pd.DataFrame, pd.Series]:
    """The good records of all exports and the entity of each.

    Args:
        request: What to generate; each time anew, in a folder that goes again.
    """
    with TemporaryDirectory() as folder:
        files = generate(request, Path(folder))
        expected = pd.read_csv(files.pop("truth"), dtype=str, keep_default_na=False)
        pools = [_pool(source, path) for source, path in files.items()]
    expected["line"] = expected["line"].astype("int64")
    found = pd.concat(pools, ignore_index=True)
    found = found.merge(expected, on=["source", "line"], how="inner", validate="one_to_one")
    found = found[~found["corruptions"].str.startswith("quarantine:")].reset_index(drop=True)
    known = ["source", "source_id", "line", "entity", "corruptions"]
    return found.drop(columns=known).convert_dtypes(dtype_backend="pyarrow"), found["entity"].astype(str)


def _pool(source: str, path: Path) -> pd.DataFrame:
    """The rows of one export with their source and line, every cell text."""
    (export,) = read_whole(Source(name=source, path=str(path)))
    records: pd.DataFrame = export.table.to_pandas(types_mapper={pa.string(): pd.ArrowDtype(pa.string())}.get)
    return records.assign(source=source, line=export.lines)
