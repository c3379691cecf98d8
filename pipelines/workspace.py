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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

import pandas as pd
import pyarrow as pa

__all__ = ["Draft", "Workspace", "digest", "logic_version", "read_facts", "read_frame", "read_table"]

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

    @property
    def spool(self) -> Path:
        """Where copies of exports lie that are not local, plain files."""
        return self.folder / "spool"

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
        with self.drafting(step, key) as draft:
            for name, table in tables.items():
                draft.append(name, table)
            for name, fill in (files or {}).items():
                draft.fill(name, fill)
            draft.facts = facts
        return draft.path

    @contextmanager
    def drafting(self, step: str, key: str) -> Iterator[Draft]:
        """Write a step's results bit by bit; they are there, whole, when the block is left without an error.

        Args:
            step: Its name.
            key: Hash of what makes the results.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{step}-{key}"
        folder = self.folder / f".{step}-{key}.{os.getpid()}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        draft = Draft(folder, path)
        try:
            yield draft
            draft.finish()
        except BaseException:
            draft.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise
        shutil.rmtree(path, ignore_errors=True)
        folder.rename(path)

    def sweep(self, keep: Iterable[Path] = ()) -> None:
        """Remove every result but those to keep."""
        kept = {path.resolve() for path in keep}
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if path.resolve() not in kept:
                shutil.rmtree(path, ignore_errors=True)


class Draft:
    """A step's results while they are being written.

    Args:
        folder: Where they lie until they are whole.
        path: Where they will lie then.

    Attributes:
        facts: What JSON can write.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self.path = path
        self.facts: Mapping[str, Any] = {}
        self._folder = folder
        self._writers: dict[str, tuple[pa.ipc.RecordBatchFileWriter, IO[bytes]]] = {}

    def append(self, name: str, table: pd.DataFrame | pa.Table) -> None:
        """Add rows to a table, which the first of them give its columns."""
        arrow = table if isinstance(table, pa.Table) else pa.Table.from_pandas(table, preserve_index=False)
        if name not in self._writers:
            file = (self._folder / f"{name}.arrow").open("wb")
            self._writers[name] = pa.ipc.new_file(file, arrow.schema), file
        self._writers[name][0].write_table(arrow)

    def table(self, name: str) -> pa.Table:
        """The table so far, memory-mapped; nothing can be added to it any more."""
        self._end(name)
        return read_table(self._folder, name)

    def replace(self, name: str, table: pa.Table) -> None:
        """Put other rows in the place of a table's, which may be read from it."""
        before, after = self._folder / f"{name}.arrow", self._folder / f".{name}.arrow"
        with after.open("wb") as file, pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
        after.replace(before)

    def fill(self, name: str, write: Callable[[Path], None]) -> None:
        """Have a file of another kind written."""
        write(self._folder / name)

    def restart(self) -> None:
        """Forget all that was added."""
        self.close()
        for path in self._folder.iterdir():
            path.unlink()

    def finish(self) -> None:
        """End all tables, add the facts, and have everything on the disk."""
        self.close()
        (self._folder / "facts.json").write_text(json.dumps(self.facts, ensure_ascii=False, default=str), "utf-8")
        for path in self._folder.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())

    def close(self) -> None:
        """End all tables."""
        for name in list(self._writers):
            self._end(name)

    def _end(self, name: str) -> None:
        if name in self._writers:
            writer, file = self._writers.pop(name)
            writer.close()
            file.close()


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
