"""From rows read to customers: the flow that opens the merge report, as figures and as a Sankey diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from stewardship.facts import SourceCounts
from stewardship.svg import drawing, element, fitted, label
from stewardship.wording import Wording

__all__ = ["FATES", "Flow", "flow", "sankey"]

FATES: Final = ("accepted", "quarantined", "superseded", "deleted", "erased")
_COLOURS: Final = {
    "accepted": "blue",
    "carried": "blue-soft",
    "quarantined": "red",
    "superseded": "grey",
    "deleted": "grey",
    "erased": "grey",
    "customers": "gold",
    "merged": "blue-soft",
}
_DRAWN = 8
_NARROW = 600.0  # pixels: gaps are tighter and words shorter below


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What became of the rows.

    Args:
        rows_read: Rows of all sources.
        fates: (accepted, quarantined, …) → rows, all of `FATES`.
        carried: Records of earlier runs that still stand (exports that bring changes only).
        records: Members of golden records: accepted and carried.
        customers: Golden records.
    """

    rows_read: int
    fates: dict[str, int]
    carried: int
    records: int
    customers: int

    @property
    def merged(self) -> int:
        """Records that were folded into another: records less customers."""
        return self.records - self.customers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    name: str
    words: str
    colour: str
    size: float
    x: float
    y: float
    height: float


def flow(sources: Sequence[SourceCounts], records: int, customers: int) -> Flow:
    """The figures of the flow."""
    fates = {fate: sum(int(getattr(source, fate)) for source in sources) for fate in FATES}
    return Flow(
        rows_read=sum(source.rows_read for source in sources),
        fates=fates,
        carried=max(records - fates["accepted"], 0),
        records=records,
        customers=customers,
    )


def sankey(figures: Flow, sources: Sequence[SourceCounts], *, words: Wording, width: float = 760) -> Markup:
    """Sources, what became of their rows, and the customers they ended in; ribbons as wide as their counts.

    Args:
        figures: The flow.
        sources: Each source's accounts; beyond eight the smallest share one node.
        words: The language.
        width: Pixels; in a narrow drawing the gaps are tighter and words shorter.
    """
    xs = (0.24, 0.52, 0.76) if width < _NARROW else (0.17, 0.47, 0.765)
    x0, x1, x2 = (width * x for x in xs)
    ends = _gathered(sources, words.fate("other_sources"))
    middle = [(name, figures.fates[name]) for name in FATES if figures.fates[name]]
    middle[1:1] = [("carried", figures.carried)] if figures.carried else []
    short = "merged_short" if width < _NARROW else "merged"
    last = [(name, count) for name, count in (("customers", figures.customers), ("merged", figures.merged)) if count]
    total = max(figures.rows_read + figures.carried, 1)
    scale = max(260 - 34 * max(len(ends), len(middle), len(last)), 60) / total
    columns = (
        _stack([(s.source, s.source, "ink-soft", s.rows_read) for s in ends], x0, scale),
        _stack([(name, words.fate(name), _COLOURS[name], count) for name, count in middle], x1, scale),
        _stack(
            [(name, words.fate(short if name == "merged" else name), _COLOURS[name], count) for name, count in last],
            x2,
            scale,
        ),
    )
    nodes = [node for column in columns for node in column]
    return drawing(
        words.say("flow_title"),
        width,
        max((n.y + max(n.height, 30) for n in nodes), default=60) + 10,
        *_into_fates(ends, columns, scale),
        *_into_customers(figures, columns, scale),
        *(element("rect", x=n.x, y=n.y, width=8, height=n.height, class_=n.colour) for n in nodes),
        *(_label(n, words.number(n.size), side="left", room=x0 - 14) for n in columns[0]),
        *(_label(n, words.number(n.size), side="right", room=x2 - x1 - 22) for n in columns[1]),
        *(_label(n, words.number(n.size), side="right", room=width - x2 - 22) for n in columns[2]),
    )


def _gathered(sources: Sequence[SourceCounts], others: str) -> list[SourceCounts]:
    ordered = sorted(sources, key=lambda s: (-s.rows_read, s.source))
    if len(ordered) <= _DRAWN:
        return ordered
    rest = ordered[_DRAWN - 1 :]
    gathered = SourceCounts(
        source=others,
        rows_read=sum(s.rows_read for s in rest),
        accepted=sum(s.accepted for s in rest),
        quarantined=sum(s.quarantined for s in rest),
        superseded=sum(s.superseded for s in rest),
        deleted=sum(s.deleted for s in rest),
        erased=sum(s.erased for s in rest),
    )
    return [*ordered[: _DRAWN - 1], gathered]


def _stack(items: Sequence[tuple[str, str, str, int]], x: float, scale: float) -> list[_Node]:
    nodes, y = [], 10.0
    for name, words, colour, size in items:
        height = max(size * scale, 1.5)
        nodes.append(_Node(name=name, words=words, colour=colour, size=size, x=x, y=y, height=height))
        y += max(height, 30) + 8
    return nodes


def _into_fates(sources: Sequence[SourceCounts], columns: tuple[list[_Node], ...], scale: float) -> list[Markup]:
    ribbons = []
    fill = {node.name: node.y for node in columns[1]}
    for source, start in zip(sources, columns[0], strict=True):
        y = start.y
        for node in columns[1]:
            count = 0 if node.name == "carried" else int(getattr(source, node.name))
            if count:
                ribbons.append(_ribbon((start.x + 8, y), (node.x, fill[node.name]), count * scale, node.colour))
                y += count * scale
                fill[node.name] += count * scale
    return ribbons


def _into_customers(figures: Flow, columns: tuple[list[_Node], ...], scale: float) -> list[Markup]:
    ribbons = []
    fill = {node.name: node.y for node in columns[2]}
    for start in columns[1]:
        if start.name not in {"accepted", "carried"}:
            continue
        y = start.y
        for node in columns[2]:
            size = start.size * node.size / max(figures.records, 1) * scale
            ribbons.append(_ribbon((start.x + 8, y), (node.x, fill[node.name]), size, node.colour))
            y += size
            fill[node.name] += size
    return ribbons


def _ribbon(start: tuple[float, float], end: tuple[float, float], size: float, colour: str) -> Markup:
    (x0, y0), (x1, y1) = start, end
    middle, size = (x0 + x1) / 2, max(size, 1.0)
    path = (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"v{size:.1f}C{middle:.1f} {y1 + size:.1f} {middle:.1f} {y0 + size:.1f} {x0:.1f} {y0 + size:.1f}z"
    )
    return element("path", d=path, class_=f"{colour} ribbon")


def _label(node: _Node, count: str, *, side: str, room: float) -> Markup:
    left = side == "left"
    x = node.x - 8 if left else node.x + 16
    anchor = "end" if left else "start"
    y = node.y + max(node.height / 2 - 4, 10)
    return element(
        "g",
        label(x, y, fitted(node.words, room), anchor=anchor, class_="label halo"),
        label(x, y + 16, count, anchor=anchor, class_="label strong halo"),
    )
