"""What a run knows of itself: the small facts that the merge report tells beside its frames.

The roof fills them; nothing here reads a clock or a store.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Changes",
    "Contribution",
    "Explain",
    "LevelWeight",
    "RunFacts",
    "SharedValue",
    "SourceCounts",
    "StageTime",
    "Thresholds",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """Which run this was and what became of it.

    Args:
        run_id: The attempt's own id.
        outcome: ``published``; ``unchanged`` (the content is that of the last publication); ``dry_run``.
        started_at: UTC, ISO 8601.
        seconds: Wall time of the whole run.
        publication: The publication that holds after this run, if any.
        parent: The publication before it, if any.
        model_id: The content hash of the matching model.
        model_trained: Whether this run trained the model (else it was frozen before).
        configuration: The configuration file, as the user wrote it.
        version: Of guiyi.
    """

    run_id: str
    outcome: Literal["published", "unchanged", "dry_run"] = "published"
    started_at: str
    seconds: float
    publication: str | None = None
    parent: str | None = None
    model_id: str | None = None
    model_trained: bool = False
    configuration: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCounts:
    """The accounts of one source: rows read = accepted + quarantined + superseded + deleted + erased.

    ``warned`` counts accepted records with at least one warning.
    """

    source: str
    department: str | None = None
    rows_read: int
    accepted: int
    quarantined: int = 0
    superseded: int = 0
    deleted: int = 0
    erased: int = 0
    warned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelWeight:
    """One comparison level of the model.

    Args:
        comparison: What is compared: a standard attribute such as ``phone``.
        level: The level's name.
        m: Probability of the level among matches, 0..1.
        u: Probability of the level among non-matches, 0..1.
        weight: log2(m / u), before any adjustment for how common a value is.
    """

    comparison: str
    level: str
    m: float
    u: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTime:
    """The wall seconds of one stage."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Golden records by identity event, against the last publication."""

    created: int = 0
    kept: int = 0
    grown: int = 0
    shrunk: int = 0
    merged: int = 0
    split: int = 0
    returned: int = 0
    retired: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The two thresholds, as match probabilities (0..1).

    Example:
        >>> Thresholds(merge_at=0.8, review_at=0.5).merge_weight
        2.0
    """

    merge_at: float
    review_at: float

    @property
    def merge_weight(self) -> float:
        """``merge_at`` as a match weight (log2 odds)."""
        return _log2_odds(self.merge_at)

    @property
    def review_weight(self) -> float:
        """``review_at`` as a match weight (log2 odds)."""
        return _log2_odds(self.review_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one comparison adds to a pair's match weight.

    Args:
        attribute: The standard attribute that was compared.
        left: The value of the record at the left; None where it has none.
        right: The value of the record at the right.
        level: The comparison level the two values fall into.
        weight: What the level adds, in log2 units; 0 where a value is missing.
    """

    attribute: str
    left: str | None
    right: str | None
    level: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedValue:
    """A phone, an email or an identifier that many customers share.

    Args:
        attribute: Whose value it is.
        value: In standard form.
        records: Records that have it.
        customers: Customers that these are.
        silent: Whether it is so common that matching took it for missing.
    """

    attribute: str
    value: str
    records: int
    customers: int
    silent: bool


Explain = Callable[[Sequence[tuple[int, int]]], Sequence[tuple[Contribution, ...]]]
"""Explains pairs of positions, left < right: all that are shown at once."""


def _log2_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-12), 1 - 1e-12)
    return round(math.log2(bounded / (1 - bounded)), 6)
