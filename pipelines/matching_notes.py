"""What a person should know of a matching, in a few sentences: shared values, and what is wrong with the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from matching.checks import ModelWarning
from matching.hubs import Hub
from pipelines.terminal import wording
from schemas.messages import text

__all__ = ["hub_facts", "hub_note", "warning_facts", "warning_notes"]


def warning_facts(warnings: Iterable[ModelWarning]) -> list[dict[str, Any]]:
    """What is wrong with a model, as facts."""
    return [{"code": warning.code, "facts": dict(warning.facts)} for warning in warnings]


def warning_notes(warnings: Iterable[ModelWarning], locale: str | None = None) -> list[str]:
    """What is wrong with a model, in sentences that say what to do."""
    return [text(f"warnings.{warning.code}", locale=locale, **warning.facts) for warning in warnings]


def hub_facts(hubs: Iterable[Hub]) -> list[dict[str, Any]]:
    """Shared values as facts without the values themselves."""
    return [
        {
            "attribute": hub.attribute,
            "code": hub.code,
            "records": hub.records,
            "customers": hub.customers,
            "silent": hub.silent,
        }
        for hub in hubs
    ]


def hub_note(hubs: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence on shared values, where there are any.

    Args:
        hubs: As `hub_facts` gives them.
    """
    found = list(hubs)
    if not found:
        return []
    counts = Counter(str(hub["attribute"]) for hub in found)
    words = wording()
    kinds = ", ".join(f"{words.attribute(name)} {count}" for name, count in counts.most_common())
    silent = sum(bool(hub["silent"]) for hub in found)
    most = max(int(hub["records"]) for hub in found)
    key = "matching.hubs_silent" if silent else "matching.hubs"
    return [text(key, count=len(found), kinds=kinds, most=f"{most:,}", silent=silent)]
