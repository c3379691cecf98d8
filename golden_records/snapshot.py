"""Parquet snapshots: a folder for each publication, whole or not there at all.

A snapshot is written under a temporary name, synced, renamed and synced again, all before the store's COMMIT. The
pointer in the store alone says what is published: a snapshot that no publication names is an orphan of a run that died,
and is swept by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from golden_records.unpivot import consents_table, contacts_table, lineage_table, relations_table
from schemas.golden import CROSSWALK_COLUMNS, CUSTOMER_COLUMNS
from schemas.records import RELATIONS

__all__ = ["CURRENT", "drafting", "point_to", "snapshot_name", "sweep_snapshots"]

CURRENT: Final = "current"  # a link to the newest snapshot, for people's convenience
_MANIFEST: Final = "manifest.json"
_PREFIX: Final = "publication-"
_TEMPORARY: Final = ".partial-"
_SAMPLE: Final = 1 << 15  # rows; tables are sorted by golden id, which is no order of anything else
_LARGE: Final = {"row_group_size": 1 << 23, "dictionary_pagesize_limit": 1 << 26, "write_statistics": False}
"""Each group repeats its dictionaries: origins of 7 M values take 69 MB and 3 s in eight, 17 MB and 0.6 s in one."""


def snapshot_name(publication_id: int) -> str:
    """The folder of a publication's snapshot."""
    return f"{_PREFIX}{publication_id:06d}"


@contextmanager
def drafting(
    folder: Path | None,
    *,
    publication_id: int,
    published_at: str,
    customers: pd.DataFrame,
    crosswalk: pd.DataFrame,
    records: pd.DataFrame,
) -> Iterator[Callable[[], Path | None]]:
    """Write a publication's tables as Parquet, while the caller writes them to the store.

    Args:
        folder: Where snapshots lie; with ``None`` there are none.
        publication_id: The publication.
        published_at: UTC, ISO 8601.
        customers: The golden records (`schemas.golden.CUSTOMERS`).
        crosswalk: record_key, golden_id.
        records: Canonical records, for what they say of one another.

    Yields:
        What to call before the COMMIT: it waits until the draft is written and synced, gives it its name, and returns
        its folder: customer, crosswalk, customer_contact, customer_consent, customer_relation and lineage as
        ``.parquet``, and ``manifest.json``. A draft for which it was not called is removed.
    """
    if folder is None:
        yield lambda: None
        return
    home, partial = folder / snapshot_name(publication_id), folder / f"{_TEMPORARY}{publication_id:06d}"
    with ThreadPoolExecutor(max_workers=1) as worker:
        facts = {"publication_id": publication_id, "published_at": published_at}
        draft = worker.submit(_write, partial, facts, _tables(customers, crosswalk, records))

        def keep() -> Path:
            draft.result()
            shutil.rmtree(home, ignore_errors=True)  # an orphan: this publication is not committed yet
            partial.rename(home)
            _sync(folder)
            return home

        try:
            yield keep
        finally:
            wait([draft])
            shutil.rmtree(partial, ignore_errors=True)


def _write(partial: Path, facts: Mapping[str, object], tables: Iterator[tuple[str, pa.Table]]) -> None:
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    files = {}
    for name, table in tables:
        path = partial / f"{name}.parquet"
        pq.write_table(table, path, compression="zstd", use_dictionary=_repeating(table), **_LARGE)
        files[path.name] = {
            "rows": table.num_rows,
            "bytes": path.stat().st_size,
            "sha256": _digest(path),
            "columns": {field.name: str(field.type) for field in table.schema},
        }
        _sync(path)
    manifest = {**facts, "files": files}
    (partial / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    _sync(partial / _MANIFEST)
    _sync(partial)


def point_to(snapshot: Path) -> None:
    """Let ``current`` beside a snapshot lead to it; where links cannot be made there is none."""
    link, fresh = snapshot.parent / CURRENT, snapshot.parent / f"{_TEMPORARY}{CURRENT}"
    try:
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(snapshot.name, target_is_directory=True)
        fresh.replace(link)
    except OSError:
        fresh.unlink(missing_ok=True)


def sweep_snapshots(folder: Path, named: Collection[str]) -> list[str]:
    """Remove what dead runs left: unfinished folders, and snapshots that no publication names.

    Args:
        folder: Where snapshots lie.
        named: Folder names of all publications' snapshots, from the store; hold the run's lock meanwhile.

    Returns:
        Names of what was removed.
    """
    if not folder.is_dir():
        return []
    orphans = [
        path
        for path in sorted(folder.iterdir())
        if path.name.startswith(_TEMPORARY) or (path.name.startswith(_PREFIX) and path.name not in named)
    ]
    for path in orphans:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return [path.name for path in orphans]


def _tables(customers: pd.DataFrame, crosswalk: pd.DataFrame, records: pd.DataFrame) -> Iterator[tuple[str, pa.Table]]:
    whole = pa.Table.from_pandas(customers[list(CUSTOMER_COLUMNS)], preserve_index=False)
    pairs = pa.Table.from_pandas(crosswalk[list(CROSSWALK_COLUMNS)], preserve_index=False)
    keys = pa.Table.from_pandas(records[["record_key", *RELATIONS.values()]], preserve_index=False)
    yield "customer", whole.drop_columns(["lineage", "lineage_records"])
    yield "crosswalk", pairs.sort_by([("golden_id", "ascending"), ("record_key", "ascending")])
    yield "customer_contact", contacts_table(whole)
    yield "customer_consent", consents_table(whole)
    yield "customer_relation", relations_table(keys, pairs)
    yield "lineage", lineage_table(whole)


def _repeating(table: pa.Table) -> list[str]:
    """Columns that say the same often: a dictionary of what is nearly all distinct only takes time and room."""
    sample = table.slice(0, _SAMPLE)
    return [name for name in table.column_names if len(pc.unique(sample.column(name))) * 10 <= sample.num_rows]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Have the operating system put a file or a folder's entries on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
