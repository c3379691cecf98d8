"""Do match probabilities mean what they say? The reliability of zero-configuration matching on labelled public data.

    python -m benchmarks.calibration --data DIR [--only NAME ...] [--svg FILE] [--json FILE]

DIR as for `benchmarks.accuracy`. Of each set every candidate pair (not only those that are kept as evidence) has its
match probability before clustering, and the truth. Two tables: *kept*, the pairs from ``review_at`` on, which are what
a person sees and what merging is decided on; and *all* candidate pairs, of which nearly all are plain non-matches. The
expected calibration error (Naeini et al. 2015) is the mean gap between predicted and observed over bins, weighted by
pairs; *pooled* puts the pairs of all sets into one table, where a pair counts the same whichever set it is from.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from benchmarks.accuracy import SETS, DataSet, shuffled
from matching.match import MatchSettings, match
from matching.reliability import EDGES, Reliability, pooled, reliability
from stewardship.svg import drawing, element, label

__all__ = ["LEAST", "Calibration", "calibrate", "chart", "main", "pool", "svg"]

LEAST = 200
"""Pairs from which on a bin is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The reliability on one set: of all candidate pairs, and of those that are kept as evidence."""

    name: str
    all: Reliability
    kept: Reliability

    def facts(self) -> dict[str, Any]:
        """Figures as JSON holds them."""
        return {
            "set": self.name,
            **{
                which: {
                    "pairs": int(table.pairs.sum()),
                    "error": round(table.error, 4),
                    "worst": round(table.worst(LEAST), 4),
                }
                for which, table in (("kept", self.kept), ("all", self.all))
            },
        }


def calibrate(data_set: DataSet, data: Path, settings: MatchSettings | None = None) -> Calibration:
    """The reliability on one set.

    Args:
        data_set: Which.
        data: Where the public sets lie.
        settings: Of matching; every candidate pair is looked at, whatever ``review_at`` says.
    """
    chosen = settings or MatchSettings()
    records, truth = shuffled(*data_set.load(data))
    pairs = match(records, replace(chosen, review_at=0.0)).pairs
    chances = pairs["match_probability"].to_numpy().astype("float64")
    same = truth[pairs["left"].to_numpy()] == truth[pairs["right"].to_numpy()]
    return Calibration(
        name=data_set.name,
        all=reliability(chances, same),
        kept=reliability(chances, same, least=chosen.review_at),
    )


def pool(found: tuple[Calibration, ...]) -> Calibration:
    """All sets together."""
    return Calibration(
        name="pooled", all=pooled(tuple(c.all for c in found)), kept=pooled(tuple(c.kept for c in found))
    )


def chart(found: tuple[Calibration, ...], *, side: float = 520) -> Markup:
    """Observed share of matches over predicted probability, a line a set; the diagonal is perfect."""
    left, top = 56.0, 30.0

    def across(value: float) -> float:
        return left + side * value

    def up(value: float) -> float:
        return top + side * (1 - value)

    parts = [element("rect", x=0, y=0, width=side + 250, height=side + 90, fill="#fff")]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            element("line", x1=across(tick), x2=across(tick), y1=up(0), y2=up(1), stroke="#ddd"),
            element("line", x1=across(0), x2=across(1), y1=up(tick), y2=up(tick), stroke="#ddd"),
            label(across(tick), up(0) + 20, f"{tick:g}", anchor="middle"),
            label(left - 10, up(tick) + 4, f"{tick:g}", anchor="end"),
        ]
    parts.append(element("line", x1=across(0), y1=up(0), x2=across(1), y2=up(1), stroke="#555", stroke_dasharray="4 4"))
    for place, one in enumerate(found):
        colour = _COLOURS[place % len(_COLOURS)]
        seen = one.kept.pairs >= 20
        points = [(across(x), up(y)) for x, y in zip(one.kept.expected[seen], one.kept.observed[seen], strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        width = 3 if one.name == "pooled" else 1.5
        parts.append(element("polyline", points=line, fill="none", stroke=colour, stroke_width=width))
        parts += [element("circle", cx=x, cy=y, r=3, fill=colour) for x, y in points]
        parts.append(element("rect", x=side + 80, y=top + 24 * place, width=14, height=4, fill=colour))
        parts.append(label(side + 102, top + 24 * place + 7, f"{one.name} ({one.kept.error:.3f})"))
    parts.append(label(across(0.5), up(0) + 44, "predicted match probability", anchor="middle"))
    parts.append(label(left, 18, "observed share of matches (bins of 20 pairs or more); in brackets the error"))
    return drawing("Reliability", side + 250, side + 90, *parts)


def svg(found: tuple[Calibration, ...]) -> str:
    """The chart as a file of its own."""
    return str(chart(found)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" ', 1)


_COLOURS = ("#111111", "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#17a2b8")


def _print(found: tuple[Calibration, ...]) -> None:
    print(f"{'set':15}{'kept':>10}{'ECE':>8}{'worst':>8}{'all':>12}{'ECE':>8}{'worst':>8}")
    for one in found:
        print(
            f"{one.name:15}{one.kept.pairs.sum():10,}{one.kept.error:8.4f}{one.kept.worst(LEAST):8.3f}"
            f"{one.all.pairs.sum():12,}{one.all.error:8.4f}{one.all.worst(LEAST):8.3f}"
        )
    for one in found:
        print(f"\n{one.name}: {'bin':>9}{'pairs':>12}{'predicted':>11}{'observed':>10}{'gap':>8}")
        rows = zip(EDGES, EDGES[1:], one.all.pairs, one.all.expected, one.all.observed, strict=False)
        for low, high, pairs, expected, observed in rows:
            if pairs:
                print(
                    f"{low:{len(one.name) + 6}.2f}–{high:.2f}{pairs:12,}{expected:11.3f}{observed:10.3f}"
                    f"{observed - expected:+8.3f}{' !' if pairs >= LEAST and abs(observed - expected) > 0.1 else ''}"
                )


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--svg", type=Path, help="writes the reliability curves there")
    parser.add_argument("--json", type=Path, help="writes the figures there")
    options = parser.parse_args()
    of_sets = tuple(calibrate(s, options.data) for s in SETS if not options.only or s.name in options.only)
    found = (pool(of_sets), *of_sets)
    _print(found)
    if options.svg:
        options.svg.write_text(svg(found), encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps([one.facts() for one in found], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
