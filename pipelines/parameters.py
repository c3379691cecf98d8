"""Settings become the rooms' own parameter types here."""

from __future__ import annotations

from golden_records.survivorship import Policy
from matching.match import MatchSettings
from pipelines.settings import MatchingSettings, Settings, SourceSettings, SurvivorshipSettings
from sources.source import Source

__all__ = ["as_source", "match_settings", "policy"]


def as_source(source: SourceSettings, settings: Settings) -> Source:
    """A source as the sources room takes it; a local path is resolved from the configuration's folder."""
    path = source.path if "://" in source.path else str(settings.at(source.path))
    identity = {"source_id": source.id, "natural_key": source.natural_key}
    mapping = dict(source.columns) | {name: header for name, header in identity.items() if header}
    return Source(**source.model_dump(exclude={"path", "columns", "id", "natural_key"}), path=path, mapping=mapping)


def match_settings(matching: MatchingSettings) -> MatchSettings:
    """The matching section; persons and companies are told apart by the canonical record's ``kind``."""
    return MatchSettings(**matching.model_dump(), kind_column="kind")


def policy(survivorship: SurvivorshipSettings) -> Policy:
    """The survivorship section."""
    return Policy(default=survivorship.rules, attributes={**Policy().attributes, **survivorship.attributes})
