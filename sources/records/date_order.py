"""Whether 03/04/1980 is in March or in April: what the dates of an export say, all of them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.records.cells import Column
from sources.records.text_bytes import starts_like_a_year

__all__ = ["DOTTED_FORM", "MIXED", "DateOrder", "DateVotes", "date_votes", "decide"]

MIXED: Final = "mdy|d.m.y"
"""The order of dates of which those with dots have the day first and all others the month."""
_MONTH_FIRST: Final = frozenset({"US", "PH", "PW", "FM", "MH"})
_YEAR_LAST_FORM: Final = r"^(?P<a>\d{1,2})\s*[-/]\s*(?P<b>\d{1,2})\s*[-/]\s*\d{2,4}"
DOTTED_FORM: Final = r"^(?P<a>\d{1,2})\s*\.\s*(?P<b>\d{1,2})\s*\.\s*\d{2,4}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DateVotes:
    """What the dates of an export that end in the year say of their order; the counts of its batches add up.

    Args:
        slashed: Dates such as 3/4/1980 and 3-4-1980.
        slashed_first: Of these, the first part is above 12.
        slashed_second: Of these, the second part is above 12.
        dotted: Dates such as 3.4.1980.
        dotted_first: Of these, the first part is above 12.
        dotted_second: Of these, the second part is above 12.
    """

    slashed: int = 0
    slashed_first: int = 0
    slashed_second: int = 0
    dotted: int = 0
    dotted_first: int = 0
    dotted_second: int = 0

    def __add__(self, other: Self) -> Self:
        """The votes of both."""
        return type(self)(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(self)})


class DateOrder(NamedTuple):
    """Whether the day or the month stands first in dates such as 03/04/1980.

    Args:
        order: ``dmy``, ``mdy``, or `MIXED` where only dates with dots have the day first.
        needed: The export holds dates that end in the year.
        decided: They tell it themselves, by a part above 12.
    """

    order: str
    needed: bool
    decided: bool


def date_votes(columns: Iterable[Column]) -> DateVotes:
    """What dates say of their order.

    Args:
        columns: Text columns that hold dates or times.
    """
    all_texts = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    texts = all_texts.take(pa.array(np.flatnonzero(~starts_like_a_year(all_texts)))).drop_null()
    if not len(texts):
        return DateVotes()
    votes: dict[str, int] = {}
    for name, form in (("slashed", _YEAR_LAST_FORM), ("dotted", DOTTED_FORM)):
        parts = pc.extract_regex(texts.filter(pc.match_substring_regex(texts, form)), form)
        votes[name] = len(parts)
        for place, part in (("first", "a"), ("second", "b")):
            over = pc.greater(pc.struct_field(parts, part).cast(pa.int64()), 12)
            votes[f"{name}_{place}"] = pc.sum(over).as_py() or 0
    return DateVotes(**votes)


def decide(votes: DateVotes, country: str | None) -> DateOrder:
    """The order of day and month in an export, from all of its dates together.

    Dates with dots have the day first more often than others, so the others' votes count before theirs; and where the
    others have the month first, those with dots have it too only if one of them says so.

    Args:
        votes: Of all batches of the export.
        country: ISO 3166 code; decides where the dates do not: day first but in countries that put the month first.

    Example:
        >>> decide(DateVotes(slashed=9, slashed_second=2) + DateVotes(slashed=5), None).order
        'mdy'
    """
    ahead = (votes.slashed_first - votes.slashed_second) or (votes.dotted_first - votes.dotted_second)
    order = "mdy" if ahead < 0 or (ahead == 0 and (country or "").upper() in _MONTH_FIRST) else "dmy"
    if order == "mdy" and votes.slashed and votes.dotted and not votes.dotted_second:
        order = MIXED
    return DateOrder(order, needed=bool(votes.slashed or votes.dotted), decided=ahead != 0)
