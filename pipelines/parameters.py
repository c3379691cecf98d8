"""Settings become the rooms' own parameter types here; those of sources in `pipelines.inputs`."""

from __future__ import annotations

from golden_records.survivorship import Policy
from matching.block import Rule
from matching.match import MatchSettings
from pipelines.settings import MatchingSettings, SurvivorshipSettings

__all__ = ["match_settings", "policy"]


def match_settings(matching: MatchingSettings) -> MatchSettings:
    """The matching section; persons and companies are told apart by the canonical record's ``kind``."""
    rules = tuple(Rule(atoms=rule.atoms, cap=rule.cap) for rule in matching.rules)
    given = matching.model_dump(exclude={"judgements"})
    return MatchSettings(**{**given, "rules": rules}, kind_column="kind")


def policy(survivorship: SurvivorshipSettings) -> Policy:
    """The survivorship section."""
    return Policy(default=survivorship.rules, attributes={**Policy().attributes, **survivorship.attributes})
