"""What may be set about matching. Every default is meant for data never seen before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matching.block import Rule
from matching.cluster import Linkage
from matching.plan import Budget

__all__ = ["MatchSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSettings:
    """Settings of one matching.

    Args:
        merge_at: Match probability from which a pair is a link.
        review_at: Match probability from which a pair is kept as evidence and may wait for a person.
        roles: Column -> role, over what is inferred.
        ignore: Columns that say nothing of identity.
        rules: Blocking rules in place of those that planning would choose.
        kind_column: Column that says ``person`` or ``company``; records of different kinds are never compared,
            records of unknown kind are compared with both.
        classifier: ``fellegi_sunter`` or one of `matching.classifiers`.
        budget: What blocking may cost.
        linkage: When groups of records join; ``strong`` follows ``merge_at``.
        all_pairs_below: Records up to which every pair is compared.
        random_pairs: Random pairs that u is estimated from.
        seed: Of every random choice.
    """

    merge_at: float = 0.5
    review_at: float = 0.1
    roles: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    kind_column: str | None = None
    classifier: str = "fellegi_sunter"
    budget: Budget = field(default_factory=Budget)
    linkage: Linkage = field(default_factory=Linkage)
    all_pairs_below: int = 1_600
    random_pairs: int = 100_000
    seed: int = 0
