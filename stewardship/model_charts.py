"""The charts of a model as inline SVG: expected precision and recall, and the weights of all candidate pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from schemas.diagnosis import LOWEST, ThresholdFigures, WeightCounts
from stewardship.facts import Thresholds
from stewardship.svg import drawing, element, label

__all__ = ["CurveWords", "DistributionWords", "distribution", "expectations"]

_HEIGHT: Final = 260.0
_MINUS: Final = "\u2212"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveWords:
    """The words of the curves of expected precision and recall."""

    title: str
    precision: str
    recall: str
    merge_at: str
    axis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionWords:
    """The words of the distribution of match weights."""

    title: str
    merge_at: str
    review_at: str
    axis: str
    scale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plane:
    """Where match weights and heights (0..1) lie."""

    width: float
    low: float
    high: float
    left: float = 52.0
    top: float = 36.0
    bottom: float = 212.0

    def across(self, weight: float) -> float:
        return self.left + (self.width - self.left - 12) * (weight - self.low) / max(self.high - self.low, 1e-9)

    def up(self, share: float) -> float:
        return self.bottom - (self.bottom - self.top) * share

    def axes(self, axis: str) -> Iterator[Markup]:
        """The line below, its ticks and its name."""
        right = self.width - 12
        yield element("line", x1=self.left, x2=right, y1=self.bottom, y2=self.bottom, class_="axis")
        step = next(s for s in (1, 2, 4, 5, 10, 20) if (self.high - self.low) / s <= self.width / 46)
        for tick in range(math.ceil(self.low / step) * step, math.floor(self.high) + 1, step):
            written = str(tick).replace("-", _MINUS)
            yield label(self.across(tick), self.bottom + 18, written, anchor="middle", class_="label quiet")
        yield label(right, _HEIGHT - 8, axis, anchor="end", class_="label quiet")

    def rule(self, share: float, words: str) -> Iterator[Markup]:
        """A line across at one height."""
        y = self.up(share)
        yield element("line", x1=self.left, x2=self.width - 12, y1=y, y2=y, class_="rule")
        yield label(self.left - 8, y + 4, words, anchor="end", class_="label quiet")

    def mark(self, weight: float, words: str, y: float) -> Iterator[Markup]:
        """A threshold, where it lies on the chart."""
        if self.low <= weight <= self.high:
            x = self.across(weight)
            yield element("line", x1=x, x2=x, y1=y + 4, y2=self.bottom, class_="threshold")
            yield label(x, y, words, anchor="start" if x < self.width * 0.6 else "end", class_="label strong halo")


def expectations(
    figures: Sequence[ThresholdFigures],
    thresholds: Thresholds,
    words: CurveWords,
    written: Callable[[float], str],
    *,
    width: float = 720,
) -> Markup:
    """Expected precision and recall over the threshold, with the one that is set.

    Args:
        figures: For each whole match weight, ascending.
        thresholds: Of which ``merge_at`` is drawn.
        words: What the chart says.
        written: Writes a share.
        width: Pixels.
    """
    known = [share for f in figures for share in (f.precision, f.recall) if share is not None]
    floor = max(0.0, math.floor((min(known, default=0.0) - 0.02) * 10) / 10)
    plane = _Plane(width=width, low=figures[0].weight, high=figures[-1].weight)

    def height(value: float) -> float:
        return plane.up((value - floor) / (1 - floor) if floor < 1 else 1.0)

    parts = [*plane.axes(words.axis)]
    for part in (0.0, 0.5, 1.0):
        parts += plane.rule(part, written(floor + part * (1 - floor)))
    for name, colour in (("precision", "blue"), ("recall", "gold")):
        seen = [(plane.across(f.weight), getattr(f, name)) for f in figures]
        points = [(x, height(y)) for x, y in seen if y is not None]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(element("polyline", points=drawn, class_=f"curve {colour}"))
        parts += [element("circle", cx=x, cy=y, r=3, class_=colour) for x, y in points]
    parts += plane.mark(thresholds.merge_weight, words.merge_at, 14)
    parts += _legend(plane, ((words.precision, "blue"), (words.recall, "gold")))
    return drawing(words.title, width, _HEIGHT, *parts)


def _legend(plane: _Plane, entries: Sequence[tuple[str, str]]) -> Iterator[Markup]:
    """Below the chart at the left, where no curve runs."""
    x = plane.left
    for words, colour in entries:
        yield element("rect", x=x, y=_HEIGHT - 18, width=12, height=12, class_=colour)
        yield label(x + 18, _HEIGHT - 8, words)
        x += 34 + sum(13.0 if character > "\u2e7f" else 7.5 for character in words)


def distribution(
    counts: WeightCounts,
    thresholds: Thresholds,
    words: DistributionWords,
    number: Callable[[float], str],
    *,
    width: float = 720,
) -> Markup:
    """The match weights of all candidate pairs; heights are logarithmic, for nearly all pairs are plain non-matches.

    Args:
        counts: Pairs by match weight.
        thresholds: ``merge_at`` and ``review_at``; they part the colours.
        words: What the chart says.
        number: Writes a count briefly.
        width: Pixels.
    """
    span = counts.span
    plane = _Plane(width=width, low=float(LOWEST + span.start), high=float(LOWEST + span.stop))
    top = math.ceil(math.log10(max(counts.pairs) + 1))
    parts = [*plane.axes(words.axis)]
    for power in range(1, top + 1):
        parts += plane.rule(power / top, number(10.0**power))
    for place in span:
        low = LOWEST + place
        if counts.pairs[place]:
            y = plane.up(max(math.log10(counts.pairs[place] + 1) / top, 0.01))
            size = plane.across(low + 1) - plane.across(low) - 1
            colour = _colour(low + 0.5, thresholds)
            parts.append(element("rect", x=plane.across(low), y=y, width=size, height=plane.bottom - y, class_=colour))
    parts += plane.mark(thresholds.review_weight, words.review_at, 12)
    parts += plane.mark(thresholds.merge_weight, words.merge_at, 28)
    parts.append(label(plane.left, _HEIGHT - 8, words.scale, class_="label quiet"))
    return drawing(words.title, width, _HEIGHT, *parts)


def _colour(weight: float, thresholds: Thresholds) -> str:
    if weight >= thresholds.merge_weight:
        return "blue"
    return "amber" if weight >= thresholds.review_weight else "grey"
