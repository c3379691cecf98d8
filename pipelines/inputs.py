"""A source of the configuration as the sources room takes it, with its files as they are now."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipelines.batches import Intake
from pipelines.settings import Settings, SourceSettings
from sources.places.freeze import freeze
from sources.quarantine.corrections import Corrections
from sources.records.preset import load_preset
from sources.source import Input, Source

__all__ = ["as_source", "frozen", "intake"]


def as_source(source: SourceSettings, settings: Settings) -> Source:
    """A source as the sources room takes it; a local path is resolved from the configuration's folder."""
    identity = {"source_id": source.id, "natural_key": source.natural_key}
    mapping = dict(source.columns) | {name: header for name, header in identity.items() if header}
    given = source.model_dump(exclude={"path", "columns", "id", "natural_key", "rules", "relations"})
    return Source(
        **given, path=_located(source.path, settings), mapping=mapping, relations=_relations(source, settings)
    )


def frozen(source: SourceSettings, settings: Settings, spool: Path, *, hashed: bool = True) -> tuple[Input, ...]:
    """The files of a source as they are now; those in the configuration's folder go by their path from there."""
    home = f"{settings.folder.resolve()}{os.sep}"
    files = freeze(as_source(source, settings), spool, hashed=hashed)
    return tuple(replace(file, name=file.name.removeprefix(home)) for file in files)


def intake(
    source: SourceSettings,
    settings: Settings,
    *,
    inputs: tuple[Input, ...],
    secret: bytes,
    today: date,
    corrections: Corrections,
) -> Intake:
    """What is to be read of a source, and how."""
    return Intake(
        source=as_source(source, settings),
        preset=load_preset(source.preset),
        inputs=inputs,
        rules=tuple(rule.as_rule() for rule in source.rules),
        secret=secret,
        today=today,
        corrections=corrections,
    )


def _located(path: str, settings: Settings) -> str:
    """A path from the configuration's folder; so is the file of an SQLite database."""
    prefix, _, file = path.partition(":///")
    if prefix.startswith("sqlite") and file and not file.startswith("/"):
        return f"{prefix}:///{settings.at(file)}"
    return path if "://" in path else str(settings.at(path))


def _relations(source: SourceSettings, settings: Settings) -> dict[str, str]:
    """The sources that ids lead to: those that are declared, else the only one of a preset that the preset names."""
    found = {str(attribute): name for attribute, name in source.relations.items()}
    for attribute, presets in load_preset(source.preset).relations.items():
        named = [each.name for each in settings.sources if each.preset in presets]
        if attribute not in found and len(named) == 1:
            found[attribute] = named[0]
    return found
