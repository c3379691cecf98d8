"""What an unknown header very likely means: proposed to the user, never applied."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from schemas.records import ATTRIBUTES
from sources.records.headers import skeleton
from sources.records.preset import Preset, load_preset

__all__ = ["propose"]

_ALIKE: Final = 88.0
"""Similarity (0 to 100) from which a header is very like a name: one letter in about eight may be another."""
_OF_PERSONS: Final = ("name", "personal")
_NOT_PROPOSED: Final = ("consent", "relation", "extra")


def propose(unknown: Sequence[str], absent: Collection[str], preset: Preset) -> dict[str, str]:
    """Canonical columns that the export lacks, for the unknown headers that look very like a name of theirs.

    Args:
        unknown: Headers that neither the preset nor the mapping knows.
        absent: Canonical columns that nothing in the export was taken for.
        preset: Its names count, and those that any table may have.

    Returns:
        Header → canonical column; no column twice.
    """
    return dict(_proposals(tuple(unknown), _names(preset, frozenset(absent)))) if unknown else {}


def _names(preset: Preset, absent: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Every name of an absent column, as a skeleton, and the column."""
    left_out = _NOT_PROPOSED + (_OF_PERSONS if preset.kind == "company" else ())
    wanted = [a.name for a in ATTRIBUTES if a.name in absent and a.group not in left_out]
    blocks = (preset.columns, *preset.addresses, load_preset(None).columns)
    found = {_skeleton(name): column for column in reversed(wanted) for b in blocks for name in b.get(column, ())}
    return tuple(found.items())


@lru_cache(maxsize=4096)
def _skeleton(name: str) -> str:
    return skeleton(name)


@lru_cache(maxsize=64)
def _proposals(unknown: tuple[str, ...], names: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    columns = dict(names)
    best: dict[str, tuple[float, str]] = {}
    for header in unknown:
        match = process.extractOne(_skeleton(header), columns.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if match is not None and match[1] > best.get(columns[match[0]], (0.0, ""))[0]:
            best[columns[match[0]]] = (match[1], header)
    return tuple((header, column) for column, (_, header) in best.items())
