"""Where steps leave their results: Arrow files in a folder named by the hash of what made them.

A step writes its folder under a temporary name, syncs it and renames it, so that a folder which exists is whole: a
rerun after a crash takes what is there and goes on. Arrow files are memory-mapped, so handing a million records from
step to step copies nothing (``docs/decisions/0003-arrow-between-steps.md``). The folders hold customers' data: only
their owner may enter, and they are swept once a publication stands.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

__all__ = ["Workspace", "digest", "logic_version", "read_facts", "read_frame", "read_table"]

_OURS = ("schemas", "sources", "matching", "golden_records")


def digest(*parts: object) -> str:
    """A short hash (32 hex digits) of anything JSON can write; what equal things share."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def logic_version() -> str:
    """Hash of the code that decides: a result made by other code is not reused."""
    house = Path(__file__).parents[1]
    files = sorted(
        path for room in _OURS for path in (house / room).rglob("*") if path.suffix in {".py", ".yaml", ".csv", ".txt"}
    )
    made = hashlib.sha256()
    for path in files:
        made.update(path.relative_to(house).as_posix().encode() + b"\0" + path.read_bytes())
    return made.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of steps' results.

    Args:
        folder: Made when first needed.
    """

    folder: Path

    def find(self, step: str, key: str) -> Path | None:
        """The whole result of an earlier run, if there is one."""
        path = self.folder / f"{step}-{key}"
        return path if path.is_dir() else None

    def write(
        self,
        step: str,
        key: str,
        tables: Mapping[str, pd.DataFrame | pa.Table],
        facts: Mapping[str, Any],
        files: Mapping[str, Callable[[Path], None]] | None = None,
    ) -> Path:
        """Write a step's results, whole or not at all; returns the folder.

        Args:
            step: Its name.
            key: Hash of what makes the results.
            tables: Name → table.
            facts: What JSON can write.
            files: Name of a file of another kind → what writes it.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{step}-{key}"
        draft = self.folder / f".{step}-{key}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        for name, table in tables.items():
            arrow = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)
            with (draft / f"{name}.arrow").open("wb") as file:
                with pa.ipc.new_file(file, arrow.schema) as writer:
                    writer.write_table(arrow)
                _sync(file.fileno())
        for name, fill in (files or {}).items():
            fill(draft / name)
            with (draft / name).open("rb") as file:
                _sync(file.fileno())
        with (draft / "facts.json").open("w", encoding="utf-8") as file:
            json.dump(facts, file, ensure_ascii=False, default=str)
            file.flush()
            _sync(file.fileno())
        shutil.rmtree(path, ignore_errors=True)
        draft.rename(path)
        return path

    def sweep(self, keep: Iterable[Path] = ()) -> None:
        """Remove every result but those to keep."""
        kept = {path.resolve() for path in keep}
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if path.resolve() not in kept:
                shutil.rmtree(path, ignore_errors=True)


def read_table(path: Path, name: str) -> pa.Table:
    """A table of a step's result, memory-mapped."""
    return pa.ipc.open_file(pa.memory_map(str(path / f"{name}.arrow"))).read_all()


def read_frame(path: Path, name: str) -> pd.DataFrame:
    """The same as a pandas frame with Arrow-backed columns."""
    frame: pd.DataFrame = read_table(path, name).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def read_facts(path: Path) -> dict[str, Any]:
    """The facts of a step's result."""
    facts: dict[str, Any] = json.loads((path / "facts.json").read_text(encoding="utf-8"))
    return facts


def _sync(descriptor: int) -> None:
    os.fsync(descriptor)
