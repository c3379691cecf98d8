"""The cells of an export by loosely matched header, and which of its columns have found a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from sources.headers import normalise

__all__ = ["NULL", "Cells", "Column"]

Column: TypeAlias = pa.ChunkedArray
NULL: Final = pa.scalar(None, pa.string())


class Cells:
    """The cells of an export by loosely matched header; remembers which columns have been asked for."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self._names: dict[str, str] = {}
        for name in table.column_names:
            self._names.setdefault(normalise(name), name)
        self._placed: set[str] = set()
        self._known: set[str] = set()

    def present(self, headers: Sequence[str]) -> list[str]:
        """The export's columns that go by one of the headers, in the headers' order."""
        found = (self._names.get(normalise(header)) for header in headers)
        return list(dict.fromkeys(name for name in found if name is not None))

    def first_filled(self, headers: Sequence[str], *, wholly: bool = True) -> Column | None:
        """The first filled cell of each row among the columns that go by one of the headers.

        Args:
            headers: In order of preference.
            wholly: All that the first of the columns says is taken, so it leaves ``rest``; the others never do.
        """
        names = self.present(headers)
        if not names:
            return None
        self._known.update(names)
        if wholly:
            self._placed.add(names[0])
        columns = [_trimmed(self._table[name]) for name in names]
        return columns[0] if len(columns) == 1 else pc.coalesce(*columns)

    def take(self, name: str) -> Column:
        """The cells of the column of that very name."""
        self._known.add(name)
        self._placed.add(name)
        return _trimmed(self._table[name])

    def rest(self) -> dict[str, Column]:
        """The columns that say more than the canonical record has taken: its ``extra``."""
        return {name: self._table[name] for name in self._table.column_names if name not in self._placed}

    def unknown(self) -> list[str]:
        """The columns that nothing asked for."""
        return [name for name in self._table.column_names if name not in self._known]


def _trimmed(column: Column) -> Column:
    """Cells without white space around them, empty ones null."""
    trimmed = pc.utf8_trim_whitespace(column)
    if pc.min(pc.binary_length(trimmed)).as_py() == 0:
        return pc.if_else(pc.equal(trimmed, ""), NULL, trimmed)
    return trimmed
