"""What matching tells of itself beside its result: figures that explain a model, a run, and what it could not do.

Matching fills them, the model keeps those of its training, the merge report and ``guiyi model show`` draw them. They
hold counts and names of columns, never a customer's value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

__all__ = [
    "LOWEST",
    "AttributeProfile",
    "ColumnProfile",
    "Diagnosis",
    "RuleFigures",
    "SelfLinks",
    "Silence",
    "ThresholdFigures",
    "WeightCounts",
]

LOWEST: Final = -30
"""Match weight (log2 odds) at which the first bin of `WeightCounts` begins; bins are one wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """A column as it came.

    Args:
        column: Its name.
        role: What it was taken for.
        reason: Why: a key of the catalogue's area ``roles``.
        filled: Records that have a value there.
    """

    column: str
    role: str
    reason: str
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeProfile:
    """What is compared, in standard form: one or several columns, or a part of one.

    Args:
        attribute: Its name.
        filled: Records that have a value.
        distinct: Distinct standard values.
        top: Records that hold the most frequent one.
    """

    attribute: str
    filled: int
    distinct: int
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFigures:
    """What a blocking rule brought.

    Args:
        atoms: What two records have to share.
        cap: Records in a block at most.
        pairs: Pairs of its blocks.
        new_pairs: Those that no earlier rule had.
        new_matches: Matches to be expected among the new pairs: the sum of their match probabilities; None if unknown.
        capped: Sizes of its greatest blocks over the cap, which were not compared.
        capped_blocks: How many there were.
    """

    atoms: tuple[str, ...]
    cap: int
    pairs: int
    new_pairs: int
    new_matches: float | None = None
    capped: tuple[int, ...] = ()
    capped_blocks: int = 0

    @property
    def rule(self) -> str:
        """How the rule is called."""
        return " & ".join(self.atoms)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdFigures:
    """What to expect of one threshold, by the model's own probabilities and before clustering.

    Args:
        weight: Match weight from which a pair would be a link.
        probability: The same as a match probability.
        links: Pairs from there on.
        precision: Expected share of matches among them; None where there is no link.
        recall: Expected share of the candidate pairs' matches that are among them; None where none is expected.
    """

    weight: float
    probability: float
    links: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightCounts:
    """The distribution of match weights over all candidate pairs, in bins one bit wide from `LOWEST` on.

    What lies beyond either end is counted in the outermost bin.

    Args:
        pairs: Pairs of each bin.
        matches: Matches to be expected among them: the sum of their match probabilities.
    """

    pairs: tuple[int, ...]
    matches: tuple[float, ...]

    def by_threshold(self, low: int = -4, high: int = 12) -> tuple[ThresholdFigures, ...]:
        """Expected precision and recall from each whole match weight on (Fellegi and Sunter 1969, by their model).

        Example:
            >>> counts = WeightCounts(pairs=(4, 0, 1), matches=(0.5, 0.0, 1.0))
            >>> [(t.links, t.precision, round(t.recall, 2)) for t in counts.by_threshold(-30, -28)]
            [(5, 0.3, 1.0), (1, 1.0, 0.67), (1, 1.0, 0.67)]
        """
        links = list(accumulate(reversed(self.pairs)))[::-1]
        right = list(accumulate(reversed(self.matches)))[::-1]
        places = [weight - LOWEST for weight in range(low, high + 1) if 0 <= weight - LOWEST < len(links)]
        return tuple(
            ThresholdFigures(
                weight=float(LOWEST + place),
                probability=1 / (1 + 2.0 ** -(LOWEST + place)),
                links=links[place],
                precision=right[place] / links[place] if links[place] else None,
                recall=right[place] / right[0] if right[0] else None,
            )
            for place in places
        )

    @property
    def span(self) -> range:
        """The bins between the first and the last that hold a pair."""
        held = [place for place, count in enumerate(self.pairs) if count]
        return range(held[0], held[-1] + 1) if held else range(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Records that say too little, by what they say.

    Args:
        attributes: What they have a value for.
        records: How many of those looked at.
    """

    attributes: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfLinks:
    """Records against a copy of themselves: one that would not even link to that says too little to be matched at all.

    Args:
        records: Records looked at, evenly spread over all.
        unlinkable: Those whose copy would not reach ``merge_at``.
        silences: The most frequent kinds of them.
    """

    records: int
    unlinkable: int
    silences: tuple[Silence, ...] = ()

    @property
    def share(self) -> float:
        """Unlinkable among those looked at, 0..1."""
        return self.unlinkable / self.records if self.records else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """One matching, in figures.

    Args:
        records: Records matched.
        candidates: Candidate pairs.
        columns: Each column and what it was taken for.
        attributes: What was made of them.
        rules: What each blocking rule brought, in order; empty where every pair was compared.
        weights: The match weights of all candidate pairs.
        self_links: Which records no comparison could link.
    """

    records: int
    candidates: int
    columns: tuple[ColumnProfile, ...]
    attributes: tuple[AttributeProfile, ...]
    rules: tuple[RuleFigures, ...]
    weights: WeightCounts
    self_links: SelfLinks

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Diagnosis:
        """The diagnosis that ``dataclasses.asdict`` and JSON made plain."""
        said = facts["self_links"]
        silences = (Silence(attributes=tuple(s["attributes"]), records=s["records"]) for s in said["silences"])
        return cls(
            records=facts["records"],
            candidates=facts["candidates"],
            columns=tuple(ColumnProfile(**found) for found in facts["columns"]),
            attributes=tuple(AttributeProfile(**found) for found in facts["attributes"]),
            rules=tuple(
                RuleFigures(**{**found, "atoms": tuple(found["atoms"]), "capped": tuple(found["capped"])})
                for found in facts["rules"]
            ),
            weights=WeightCounts(**{name: tuple(found) for name, found in facts["weights"].items()}),
            self_links=SelfLinks(**{**said, "silences": tuple(silences)}),
        )
