"""What needs a person after a run, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.diagnosis import RuleFigures
from stewardship.facts import SourceCounts
from stewardship.measures import PairCounts
from stewardship.merges import MergeReview

__all__ = ["Notice", "attention"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to look at: its sentence's key, how many, the section that shows it, and whether it asks for action."""

    key: str
    count: int
    section: str
    acts: bool


def attention(
    review: MergeReview, pairs: PairCounts, sources: Sequence[SourceCounts], blocking: Sequence[RuleFigures]
) -> tuple[Notice, ...]:
    """What needs a person; empty where nothing does."""
    notices = (
        Notice(key="need_contradictions", count=review.contradictions, section="merges", acts=True),
        Notice(key="need_weak_links", count=review.weak_links, section="merges", acts=True),
        Notice(key="need_waiting", count=pairs.waiting, section="waiting" if review.waiting else "weights", acts=True),
        Notice(key="need_quarantined", count=sum(s.quarantined for s in sources), section="quarantine", acts=True),
        Notice(key="need_large", count=review.large, section="merges", acts=False),
        Notice(key="need_capped", count=sum(rule.capped_blocks for rule in blocking), section="model", acts=False),
        Notice(key="need_warned", count=sum(s.warned for s in sources), section="quarantine", acts=False),
    )
    return tuple(notice for notice in notices if notice.count)
