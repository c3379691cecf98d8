"""The configuration's own mapping over a preset: a header that it names is nobody else's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from schemas.errors import UsageError
from sources.records.cells import TOGETHER, parts
from sources.records.headers import nearest, normalise
from sources.records.preset import TARGETS, Flag, Headers, Preset
from sources.source import Source

__all__ = ["asked_headers", "missing_headers", "with_mapping"]

_YES: Final = ("true", "yes", "y", "1", "on", "x", "deleted", "是", "已删除", "作废", "已作废")
"""What a column that is mapped to ``deleted`` says yes by."""


def asked_headers(preset: Preset, source: Source) -> Iterable[str]:
    """The headers that a mapping names, and a preset for its columns."""
    blocks = (preset.columns, *preset.addresses)
    own = [name for block in blocks for names in block.values() for name in names]
    return [part for name in (*source.mapping.values(), *own) for part in (name, *name.split(TOGETHER))]


def missing_headers(source: Source, header: Sequence[str]) -> list[str]:
    """The headers that the mapping names and the export lacks.

    Raises:
        UsageError: The mapping names a canonical column that does not exist.
    """
    for target in source.mapping:
        if target not in TARGETS:
            hint = ", ".join(nearest([target], TARGETS) or TARGETS)
            raise UsageError("sources.unknown_key", path=source.name, key=target, hint=hint)
    known = {normalise(name): name for name in header}
    return [name for name in source.mapping.values() if not parts(name, known)]


def with_mapping(preset: Preset, source: Source, header: Sequence[str]) -> Preset:
    """The preset with the mapping over it.

    Args:
        preset: How such exports are laid out.
        source: Its ``mapping``.
        header: Of the export; tells whether ``a + b`` is one of its columns or two.
    """
    own: dict[str, Headers] = {target: (name,) for target, name in source.mapping.items()}
    ids, keys = own.pop("source_id", ()), own.pop("natural_key", ())
    if not ids and not keys:
        ids, keys = preset.id, preset.natural_key
    deleted = Flag(headers=own.pop("deleted"), words=_YES) if "deleted" in own else preset.deleted
    known = {normalise(name): name for name in header}
    claimed = {part for names in own.values() for name in names for part in parts(name, known)}
    blocks = [_unclaimed(block, claimed) for block in preset.addresses]
    return replace(
        preset,
        columns={**_unclaimed(preset.columns, claimed), **own},
        addresses=tuple({name: names for name, names in block.items() if name not in own} for block in blocks),
        consents=tuple(rule for rule in preset.consents if rule.attribute not in own),
        id=ids,
        natural_key=keys,
        natural_columns=preset.natural_columns if keys == preset.natural_key else (),
        deleted=deleted,
    )


def _unclaimed(columns: Mapping[str, Headers], claimed: set[str]) -> dict[str, Headers]:
    """Canonical columns → the headers, and the parts of joined ones, that are not somebody's."""
    left = {
        column: [[part for part in name.split(TOGETHER) if normalise(part) not in claimed] for name in names]
        for column, names in columns.items()
    }
    return {column: tuple(TOGETHER.join(name) for name in names if name) for column, names in left.items()}
