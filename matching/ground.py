"""What is known of the attributes before any pair is seen: what is compared, and how common values and words are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from matching.attributes import StandardAttribute
from matching.comparison import WORDED, Comparison, plan_comparisons
from matching.cores import on_cores
from matching.frequency import Frequencies, frequencies
from matching.kinship import DECISIVE
from matching.pairs import PairComparer
from matching.rarity import Rarity, rarity

__all__ = ["Ground", "lay_ground", "pair_comparer"]

# Records thought of beside those seen when values are counted: for most attributes, for identifiers.
_FIRM: Final = (10.0, 1_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What is known of the attributes before any pair is seen."""

    comparisons: tuple[Comparison, ...]
    frequencies: Mapping[str, Frequencies]
    rarities: Mapping[str, Rarity]


def lay_ground(attributes: Mapping[str, StandardAttribute]) -> Ground:
    """Plans comparisons and counts how common values, words and grams are."""
    comparisons = plan_comparisons(attributes.values())
    worded = [c.name for c in comparisons if c.kind in WORDED]
    rarities = on_cores(lambda name: rarity(attributes[name].values), worded)
    counted = on_cores(lambda c: frequencies(attributes[c.name], _FIRM[c.group in DECISIVE]), comparisons)
    return Ground(
        comparisons=comparisons,
        frequencies={c.name: found for c, found in zip(comparisons, counted, strict=True)},
        rarities=dict(zip(worded, rarities, strict=True)),
    )


def pair_comparer(
    comparisons: tuple[Comparison, ...],
    attributes: Mapping[str, StandardAttribute],
    shares: Mapping[str, Frequencies],
    rarities: Mapping[str, Rarity],
) -> PairComparer:
    """A comparer of pairs of these records."""
    found = on_cores(lambda c: shares[c.name].of(attributes[c.name].values), comparisons)
    return PairComparer(
        comparisons, attributes, {c.name: share for c, share in zip(comparisons, found, strict=True)}, rarities
    )
