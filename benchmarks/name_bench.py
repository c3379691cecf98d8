"""How well the comparers of names tell 826 labelled pairs of names apart.

    python -m benchmarks.name_bench --data DIR [--wrong]

DIR holds ``opensanctions_namebench/cases.csv`` (opensanctions/nomenklatura, contrib/name_bench, MIT): names of people
and organisations of many scripts, with slips, nicknames, other orders and hard negatives. Each pair is standardised and
compared as two records of one column; the levels are worth points, so that no model and no frequencies take part. The
figures are the area under the ROC curve, and precision, recall and F1 at 0.6 of the points. The set is made for
screening: it takes Capital Fund VI and VII for one organisation, which are two customers here.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from matching.arrays import Bools, Floats
from matching.attributes import standardise_records
from matching.comparison import Comparison, plan_comparisons
from matching.pairs import PairComparer
from matching.rarity import rarity
from matching.roles import ColumnRole

__all__ = ["Pair", "area", "load", "main", "points"]

_POINTS: Final = {
    "exact": 1.0, "same_words": 1.0, "one_edit": 0.9, "near": 0.85, "swapped": 1.0, "similar": 0.75, "contained": 0.7,
    "initial": 0.65, "crossed": 0.65, "loosely_similar": 0.35, "related": 0.2, "other": 0.0,
}  # fmt: skip
_COMPANY_SIMILAR: Final = 0.55  # a text that is similar says less than a name that is
_ENOUGH: Final = 0.6  # more than one of two names alone
_WEIGHTS: Final = {"given_name": 1.0, "family_name": 1.0, "middle_name": 0.3, "company_name": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One labelled pair of names."""

    left: str
    right: str
    person: bool
    same: bool
    strength: str


def load(data: Path) -> list[Pair]:
    """The labelled pairs."""
    with (data / "opensanctions_namebench" / "cases.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(
                left=row["name1"],
                right=row["name2"],
                person=row["schema"] == "Person",
                same=row["is_match"] == "true",
                strength=row["quality"] or "MEDIUM",
            )
            for row in csv.DictReader(file)
        ]


def points(pairs: list[Pair], role: str) -> Floats:
    """What the levels of each pair are worth, 0..1; parts that one name lacks do not count."""
    frame = pd.DataFrame(
        {"name": [name for pair in pairs for name in (pair.left, pair.right)]}, dtype="string[pyarrow]"
    )
    attributes = {
        a.name: a for a in standardise_records(frame, (ColumnRole(column="name", role=role, reason="override"),))
    }
    comparisons = plan_comparisons(attributes.values())
    shares = {name: np.ones(len(one.values)) for name, one in attributes.items()}
    rarities = {name: rarity(one.values) for name, one in attributes.items()}
    comparer = PairComparer(comparisons, attributes, shares, rarities)
    left = np.arange(0, len(frame), 2, dtype=np.int32)
    levels = comparer.compare(left, left + 1).levels
    worth = np.stack([_worth(c)[levels[:, place]] for place, c in enumerate(comparisons)], axis=1)
    weights = np.array([_WEIGHTS[c.name] for c in comparisons]) * (levels > 0)
    return np.asarray((worth * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9))


def _worth(comparison: Comparison) -> Floats:
    found = np.array([_POINTS.get(level, 0.0) for level in comparison.levels])
    if comparison.name == "company_name":
        found[comparison.levels.index("similar")] = _COMPANY_SIMILAR
    return found


def area(worth: Floats, same: Bools) -> float:
    """The area under the ROC curve: how often a same pair is worth more than another (Mann & Whitney 1947)."""
    ranks = rankdata(worth)[same]
    return float((ranks.sum() - len(ranks) * (len(ranks) + 1) / 2) / (len(ranks) * (~same).sum()))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true", help="count the pairs that are taken wrongly by strength")
    options = parser.parse_args()
    pairs = load(options.data)
    print(f"{'names of':15}{'pairs':>7}{'area':>8}{'prec':>8}{'recall':>8}{'F1':>8}")
    for title, person, role in (("people", True, "full_name"), ("organisations", False, "company_name")):
        chosen = [pair for pair in pairs if pair.person is person]
        worth, same = points(chosen, role), np.array([pair.same for pair in chosen])
        taken = worth >= _ENOUGH
        right = (taken & same).sum()
        precision, recall = right / max(taken.sum(), 1), right / same.sum()
        f1 = 2 * precision * recall / (precision + recall)
        print(f"{title:15}{len(chosen):7}{area(worth, same):8.3f}{precision:8.3f}{recall:8.3f}{f1:8.3f}")
        if options.wrong:
            for strength in ("STRONG", "MEDIUM", "WEAK"):
                own = np.array([pair.strength == strength for pair in chosen])
                missed, wrong = (own & same & ~taken).sum(), (own & ~same & taken).sum()
                print(f"  {strength.lower():8} missed {missed}, taken wrongly {wrong}")


if __name__ == "__main__":
    main()
