"""A merge laid out for reading: two records side by side, then all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from schemas.records import ATTRIBUTES, EMAILS, PHONES
from stewardship.differences import Span, differences
from stewardship.facts import Contribution
from stewardship.members import Member
from stewardship.merges import Merge
from stewardship.waiting import Waiting

__all__ = ["Layout", "Line", "MemberLine", "customer_name", "lay_out"]

_TIMES = {a.name for a in ATTRIBUTES if a.group == "time"}  # two records of one customer were never made at one moment
_SEVERAL = {*PHONES, *EMAILS}  # compared across columns: the values as compared tell the truth
_ORDER = [a.name for a in ATTRIBUTES if a.survives]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One attribute of two records.

    Args:
        attribute: Its name.
        left: The spans of the one value; empty where it has none.
        right: The spans of the other.
        level: The comparison level; None where the model does not compare the attribute.
        weight: What it adds to the match weight; None likewise.
        before: The sum of all that stands above it; None likewise.
    """

    attribute: str
    left: tuple[Span, ...]
    right: tuple[Span, ...]
    level: str | None = None
    weight: float | None = None
    before: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    """One attribute of every member shown, each marked where it differs from the first that has a value."""

    attribute: str
    cells: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A merge, or a pair that waits, as the report shows it.

    Args:
        shown: The merge, or the pair that waits.
        name: What to call the customer; None where no member has a name.
        compared: The attributes the model compared, the heaviest evidence first.
        others: Those that add nothing: not compared, or missing on one side.
        everyone: All members shown, where there are more than two.
        starting: The part of the weight that no attribute adds: how rare a match is at all.
        reach: The least and the greatest sum on the way from there to the weight, and 0.
    """

    shown: Merge | Waiting
    name: str | None
    compared: tuple[Line, ...]
    others: tuple[Line, ...]
    everyone: tuple[MemberLine, ...]
    starting: float | None
    reach: tuple[float, float]


def lay_out(merge: Merge | Waiting) -> Layout:
    """Lays out one merge, or one pair that waits."""
    left, right = merge.members[0], merge.members[1]
    told = [c for c in merge.contributions if c.weight or (c.left is not None and c.right is not None)]
    told.sort(key=lambda c: -abs(c.weight))
    added = sum(c.weight for c in merge.contributions)
    starting = None if merge.weight is None or not merge.contributions else merge.weight - added
    sums = list(accumulate((c.weight for c in told), initial=starting or 0.0))
    compared = tuple(_compared(c, left, right, before) for c, before in zip(told, sums, strict=False))
    named = {line.attribute for line in compared}
    others = tuple(
        _line(name, left.cells.get(name), right.cells.get(name))
        for name in _ORDER
        if name not in named and (name in left.cells or name in right.cells)
    )
    return Layout(
        shown=merge,
        name=next(filter(None, map(customer_name, merge.members)), None),
        compared=compared,
        others=others,
        everyone=_everyone(merge.members) if len(merge.members) > 2 else (),
        starting=starting,
        reach=(min(0.0, *sums), max(0.0, *sums)),
    )


def customer_name(member: Member) -> str | None:
    """What to call a record: its full name, else its names joined as its script does, else its company.

    Example:
        >>> customer_name(Member(record_key="a:1", source="a", cells={"given_name": "伟", "family_name": "陈"}))
        '陈伟'
    """
    cells = member.cells
    full = cells.get("full_name")
    if cells.get("kind") == "company":
        return cells.get("company_name") or full
    if full:
        return full
    given, family = cells.get("given_name", ""), cells.get("family_name", "")
    if family and not (given + family).isascii() and _chinese(given + family):
        return family + given
    return " ".join(filter(None, (given, cells.get("middle_name"), family))) or cells.get("company_name")


def _chinese(name: str) -> bool:
    return all("\u3400" <= character <= "\u9fff" for character in name)


def _compared(contribution: Contribution, left: Member, right: Member, before: float) -> Line:
    name = contribution.attribute
    a, b = contribution.left, contribution.right
    if name not in _SEVERAL and name in left.cells and name in right.cells and a is not None and b is not None:
        a, b = left.cells[name], right.cells[name]
    return replace(_line(name, a, b), level=contribution.level, weight=contribution.weight, before=before)


def _line(attribute: str, left: str | None, right: str | None) -> Line:
    a, b = differences(left, right)
    if attribute in _TIMES:
        a, b = differences(left, None)[0], differences(None, right)[1]
    return Line(attribute=attribute, left=a, right=b)


def _everyone(members: Sequence[Member]) -> tuple[MemberLine, ...]:
    lines = []
    for name in _ORDER:
        values = [member.cells.get(name) for member in members]
        first = next((value for value in values if value is not None), None)
        if first is not None:
            held = None if name in _TIMES else first
            cells = tuple(differences(held, value)[1] for value in values)
            lines.append(MemberLine(attribute=name, cells=cells))
    return tuple(lines)
