"""The cells of an export by loosely matched header, and which of its columns have found a place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from sources.records.headers import normalise
from sources.records.text_bytes import has_empty, has_outer_space

__all__ = ["NULL", "TOGETHER", "Cells", "Column", "parts"]

Column: TypeAlias = pa.ChunkedArray
NULL: Final = pa.scalar(None, pa.string())
TOGETHER: Final = " + "
_BETWEEN: Final = ", "


class Cells:
    """The cells of an export by loosely matched header; remembers which columns have been asked for.

    A header such as ``Address 1 + Address 2`` that the export does not have as it stands means the columns of its
    parts, joined with commas.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table
        self.rows = table.num_rows
        self._names: dict[str, str] = {}
        for name in table.column_names:
            self._names.setdefault(normalise(name), name)
        self._placed: set[str] = set()
        self._known: set[str] = set()
        self._left: dict[str, Column] = {}
        self._trimmed: dict[str, Column] = {}

    def present(self, headers: Sequence[str]) -> list[tuple[str, ...]]:
        """The export's columns that go by one of the headers, in the headers' order; joined ones together."""
        found = (tuple(self._names[part] for part in parts(header, self._names)) for header in headers)
        return list(dict.fromkeys(names for names in found if names))

    def first_filled(self, headers: Sequence[str], *, wholly: bool = True) -> Column | None:
        """The first filled cell of each row among the columns that go by one of the headers.

        Args:
            headers: In order of preference.
            wholly: All that the first of the columns says is taken, so it leaves ``rest``; the others never do.
        """
        found = self.present(headers)
        if not found:
            return None
        self._known.update(name for names in found for name in names)
        if wholly:
            self._placed.update(found[0])
        columns = [self._joined(names) for names in found]
        return columns[0] if len(columns) == 1 else pc.coalesce(*columns)

    def know(self, headers: Sequence[str]) -> None:
        """Take columns for known that have no place."""
        self._known.update(name for names in self.present(headers) for name in names)

    def leave(self, headers: Sequence[str], where: Column) -> None:
        """Leave the cells of some rows in ``rest``: the record has no place for them, though it has one for others.

        Args:
            headers: Of a column that is wholly taken.
            where: The rows.
        """
        for name in self.present(headers)[0]:
            left = pc.if_else(where, self._trim(name), NULL)
            self._left |= {name: left} if left.null_count < len(left) else {}

    def is_placed(self, headers: Sequence[str]) -> bool:
        """Whether all that the first column says that goes by one of the headers has found a place."""
        return all(name in self._placed for name in self.present(headers)[0])

    def rest(self) -> dict[str, Column]:
        """The columns that say more than the canonical record has taken: its ``extra``."""
        rest = {name: self._table[name] for name in self._table.column_names if name not in self._placed}
        if not self._left:
            return rest
        rest |= self._left
        return {name: rest[name] for name in self._table.column_names if name in rest}

    def unknown(self) -> list[str]:
        """The columns that nothing asked for."""
        return [name for name in self._table.column_names if name not in self._known]

    def _joined(self, names: Sequence[str]) -> Column:
        columns = [self._trim(name) for name in names]
        if len(columns) == 1:
            return columns[0]
        # Two at a time: Arrow 26 loses rows of nulls alone with null_handling="skip".
        return reduce(lambda a, b: pc.coalesce(pc.binary_join_element_wise(a, b, _BETWEEN), a, b), columns)

    def _trim(self, name: str) -> Column:
        if name not in self._trimmed:
            self._trimmed[name] = _trimmed(self._table[name])
        return self._trimmed[name]


def parts(header: str, known: dict[str, str]) -> list[str]:
    """What a header means among those that an export has, by normalised name: itself, or the parts that it joins.

    Example:
        >>> known = {"street1": "Street 1", "street2": "Street 2"}
        >>> parts("Street-1", known), parts("Street 1 + Street 2 + Street 3", known), parts("City", known)
        (['street1'], ['street1', 'street2'], [])
    """
    whole = normalise(header)
    if whole in known or TOGETHER not in header:
        return [whole] if whole in known else []
    return [part for part in map(normalise, header.split(TOGETHER)) if part in known]


def _trimmed(column: Column) -> Column:
    """Cells without white space around them, empty ones null."""
    trimmed = pc.utf8_trim_whitespace(column) if has_outer_space(column) else column
    return pc.if_else(pc.equal(trimmed, ""), NULL, trimmed) if has_empty(trimmed) else trimmed
