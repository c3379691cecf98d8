"""The charts of the merge report as inline SVG. Each has a table beside it that says the same in figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from stewardship.facts import Thresholds
from stewardship.measures import Bin, Combination
from stewardship.svg import drawing, element, fitted, label

__all__ = ["Band", "Legend", "bar", "combinations", "diverging", "drawn", "dumbbell", "histogram", "span", "waterfall"]

Number = Callable[[float], str]

_ROW, _TOP = 28.0, 130.0  # the UpSet: a row, the bars
_HEIGHT = 240.0  # of the histogram


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A part of a bar: its size and its colour class."""

    size: float
    colour: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """The words of the histogram."""

    title: str
    merge_at: str
    review_at: str
    axis: str


def bar(bands: Sequence[Band], whole: float, *, width: float = 140, height: float = 10) -> Markup:
    """A stacked bar for a table's cell; the figures stand in the row, so it is hidden from screen readers."""
    drawn, x = [], 0.0
    for band in bands:
        size = max(width * band.size / whole, 1.5) if whole and band.size else 0.0
        drawn.append(element("rect", x=x, y=0, width=size, height=height, class_=band.colour))
        x += size
    track = element("rect", x=0, y=0, width=width, height=height, class_="track")
    return _cell(width, height, track, *drawn)


def dumbbell(before: float, after: float, *, width: float = 240, height: float = 14) -> Markup:
    """Two shares (0..1) on one line: a ring for before, a dot for after."""
    room, middle = width - 10, height / 2
    a, b = 5 + room * before, 5 + room * after
    return _cell(
        width,
        height,
        element("line", x1=5, x2=width - 5, y1=middle, y2=middle, class_="rule"),
        element("line", x1=a, x2=b, y1=middle, y2=middle, class_="join"),
        element("circle", cx=a, cy=middle, r=4, class_="ring"),
        element("circle", cx=b, cy=middle, r=4.5, class_="gold"),
    )


def diverging(value: float, reach: float, *, width: float = 150, height: float = 12) -> Markup:
    """A bar to the right of zero for evidence in favour, to the left for evidence against.

    Args:
        value: The match weight.
        reach: The greatest absolute weight of the chart, so that its bars compare.
        width: Pixels.
        height: Pixels.
    """
    middle = width / 2
    size = max(middle * min(abs(value) / reach, 1.0), 1.0) if reach and value else 0.0
    return _cell(
        width,
        height,
        element("rect", x=0, y=0, width=width, height=height, class_="track"),
        element(
            "rect",
            x=middle if value >= 0 else middle - size,
            y=1,
            width=size,
            height=height - 2,
            class_="blue" if value >= 0 else "red",
        ),
        element("line", x1=middle, x2=middle, y1=0, y2=height, class_="axis"),
    )


def waterfall(
    start: float, change: float, low: float, high: float, *, width: float = 150, height: float = 12
) -> Markup:
    """One step of a waterfall: the sum so far, and where the step takes it.

    Args:
        start: The sum before the step.
        change: What the step adds.
        low: The least sum of the chart, at most 0.
        high: The greatest sum of the chart, at least 0.
        width: Pixels.
        height: Pixels.
    """
    scale = width / (high - low) if high > low else 0.0
    left, size = (min(start, start + change) - low) * scale, max(abs(change) * scale, 1.0 if change else 0.0)
    zero = -low * scale
    return _cell(
        width,
        height,
        element("rect", x=0, y=0, width=width, height=height, class_="track"),
        element("rect", x=left, y=1, width=size, height=height - 2, class_="blue" if change >= 0 else "red"),
        element("line", x1=zero, x2=zero, y1=0, y2=height, class_="axis"),
    )


def span(low: float, high: float, reach: float, *, width: float = 180, height: float = 12) -> Markup:
    """How far a comparison can pull: from its weight where the values differ to its weight where they agree.

    Args:
        low: The match weight of disagreement.
        high: The match weight of agreement.
        reach: The greatest absolute weight of the chart, so that its bars compare.
        width: Pixels.
        height: Pixels.
    """
    middle = width / 2
    places = [(middle + middle * max(-1.0, min(w / reach, 1.0)), w) if reach else (middle, w) for w in (low, high)]
    bars = (
        element(
            "rect",
            x=min(x, middle),
            y=1,
            width=max(abs(x - middle), 1.0),
            height=height - 2,
            class_="blue" if weight >= 0 else "red",
        )
        for x, weight in places
    )
    track = element("rect", x=0, y=0, width=width, height=height, class_="track")
    axis = element("line", x1=middle, x2=middle, y1=0, y2=height, class_="axis")
    return _cell(width, height, track, *bars, axis)


def drawn(found: Sequence[Combination], width: float) -> int:
    """How many combinations fit into a drawing of so many pixels."""
    names, step = _columns(width)
    return min(len(found), int((width - names - 8) // step))


def _columns(width: float) -> tuple[float, float]:
    """Of the UpSet: room for the sources' names, and for one combination."""
    return (124.0, 42.0) if width < 500 else (150.0, 46.0)


def combinations(
    found: Sequence[Combination], totals: Sequence[tuple[str, int]], *, title: str, number: Number, width: float = 640
) -> Markup:
    """Which sources know the same customers (UpSet: Lex et al., IEEE TVCG 2014).

    Args:
        found: Combinations of sources, the most frequent first; as many as fit are drawn.
        totals: Golden records that each source knows.
        title: What the chart shows.
        number: Writes a count short enough for a column of 42 pixels.
        width: Pixels.
    """
    names, step = _columns(width)
    shown = found[: drawn(found, width)]
    most = max((c.customers for c in shown), default=1)
    parts: list[Markup] = []
    for i, (source, count) in enumerate(totals):
        y = _TOP + _ROW * i
        parts += [
            element("rect", x=0, y=y, width=width, height=_ROW, class_="stripe" if i % 2 == 0 else "blank"),
            label(6, y + 18, fitted(source, names - 52)),
            label(names - 12, y + 18, number(count), anchor="end", class_="label quiet"),
        ]
    for i, combination in enumerate(shown):
        x, tall = names + step * i + step / 2, (_TOP - 26) * combination.customers / most
        parts += _combination(combination, totals, x=x, tall=tall)
        parts.append(label(x, _TOP - 12 - tall, number(combination.customers), anchor="middle"))
    return drawing(title, width, _TOP + _ROW * len(totals) + 10, *parts)


def _combination(combination: Combination, totals: Sequence[tuple[str, int]], *, x: float, tall: float) -> list[Markup]:
    middles = [_TOP + _ROW * i + _ROW / 2 for i in range(len(totals))]
    inside = [source in combination.sources for source, _ in totals]
    at = [y for y, here in zip(middles, inside, strict=True) if here]
    colour = "gold" if len(combination.sources) > 1 else "grey"
    return [
        element("rect", x=x - 11, y=_TOP - 8 - tall, width=22, height=max(tall, 1.5), class_=colour),
        element("line", x1=x, x2=x, y1=min(at), y2=max(at), class_="stem"),
        *(
            element("circle", cx=x, cy=y, r=6, class_="dot" if here else "hole")
            for y, here in zip(middles, inside, strict=True)
        ),
    ]


def histogram(
    bins: Sequence[Bin], *, thresholds: Thresholds, words: Legend, number: Number, width: float = 720
) -> Markup:
    """The distribution of match weights, with both thresholds."""
    frame = _Frame(
        width=width,
        low=bins[0].low,
        high=bins[-1].high,
        most=max(b.counts.together + b.counts.waiting + b.counts.apart for b in bins),
    )
    parts = [
        *_scale(frame, words, number),
        *(rect for one in bins for rect in _stacked(one, frame)),
        element("line", x1=frame.left, x2=width - 10, y1=frame.bottom, y2=frame.bottom, class_="axis"),
    ]
    for weight, name, y in (
        (thresholds.review_weight, words.review_at, 12.0),
        (thresholds.merge_weight, words.merge_at, 26.0),
    ):
        if frame.low <= weight <= frame.high:
            x = frame.across(weight)
            parts += [
                element("line", x1=x, x2=x, y1=y + 3, y2=frame.bottom, class_="threshold"),
                label(x, y, name, anchor="start" if x < width * 0.7 else "end", class_="label strong"),
            ]
    return drawing(words.title, width, _HEIGHT, *parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where weights and counts lie on the histogram."""

    width: float
    low: float
    high: float
    most: int
    left: float = 52.0
    bottom: float = 200.0
    top: float = 34.0

    def across(self, weight: float) -> float:
        return self.left + (self.width - self.left - 10) * (weight - self.low) / (self.high - self.low)

    def up(self, count: float) -> float:
        return self.bottom - (self.bottom - self.top) * count / self.most


def _scale(frame: _Frame, words: Legend, number: Number) -> Iterator[Markup]:
    for share in (0.5, 1.0):
        y = frame.up(frame.most * share)
        yield element("line", x1=frame.left, x2=frame.width - 10, y1=y, y2=y, class_="rule")
        if share == 1 or frame.most % 2 == 0 or frame.most > 20:
            yield label(frame.left - 6, y + 4, number(frame.most * share), anchor="end", class_="label quiet")
    for tick in _ticks(frame.low, frame.high):
        written = f"{tick:g}".replace("-", "\u2212")
        yield label(frame.across(tick), frame.bottom + 18, written, anchor="middle", class_="label quiet")
    yield label(frame.width - 10, _HEIGHT - 4, words.axis, anchor="end", class_="label quiet")


def _stacked(one: Bin, frame: _Frame) -> Iterator[Markup]:
    x, base = frame.across(one.low), 0
    size = max(frame.across(one.high) - x - 1, 1)
    for count, colour in ((one.counts.together, "blue"), (one.counts.waiting, "amber"), (one.counts.apart, "grey")):
        if count:
            y = frame.up(base + count)
            tall = max(frame.up(base) - y, 1)
            yield element("rect", x=x, y=min(y, frame.bottom - 1), width=size, height=tall, class_=colour)
        base += count


def _ticks(low: float, high: float) -> list[float]:
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 1000) if (high - low) / s <= 10)
    first = int(-(-low // step))
    return [float(step * i) for i in range(first, int(high // step) + 1)]


def _cell(width: float, height: float, *children: Markup) -> Markup:
    return element(
        "svg",
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        class_="cell",
        aria_hidden="true",
    )
