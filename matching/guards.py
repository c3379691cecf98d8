"""What keeps pairs apart whatever else agrees: generations, birth dates and identifiers that contradict each other.

*John Smith Jr* and *John Smith Sr* are father and son. Two different identifiers that both pass their check digits were
both meant. Two complete birth dates that no slip explains are of two people: but only where the column is so clean that
one customer hardly ever has two; elsewhere they weigh what the model has learned, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes
from matching.attributes import StandardAttribute
from matching.check_digits import passing, recognise
from matching.compare.dates import DateComparer
from matching.comparison import Comparison
from matching.frequency import count_values
from schemas.placeholders import are_default_dates

__all__ = ["GENERATION", "Guards", "Veto", "generations", "plan_vetoes"]

GENERATION: Final = "generation"
"""What contradicts itself in *Jr* and *Sr*; beside it a reason is the name of an attribute."""

_NAMES: Final = frozenset({"given_name", "family_name", "full_name"})
_GENERATION: Final = {"sr": 1, "i": 1, "jr": 2, "ii": 2, "iii": 3, "iv": 4}
_CLEAN_DATES: Final = 0.006  # m(other) at most: what is left of its prior where many matches hardly ever disagree
_CLEAN_IDENTIFIERS: Final = 0.06  # likewise; an employer's number changes with the job, and disagrees more often
_DISTINCT: Final = 0.4  # of the records have an identifier of their own; fewer, and it names something else
_DATE_OTHER: Final = 6  # the level of dates that no slip, swap or near year explains
_DATE_DIGITS: Final = 4  # of the eight that differ at least
_FILLER: Final = 10.0  # times as often as an average birth date: somebody had to fill the field
_COMPLETE: Final = r"^\d{4}-(?:(?:0[2-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])|01-(?:0[2-9]|[12]\d|3[01]))$"
"""A day but New Year's, which often stands for *some time in that year*."""

Different = Callable[[Codes, Codes], Bools]


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """An attribute whose contradictions keep records apart.

    Args:
        attribute: Its name.
        checks: For an identifier, which checks of `matching.check_digits` its values are made for; none for a date.
        fillers: Dates that far too many records share to be anybody's.
    """

    attribute: str
    checks: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contradiction:
    """Which values of one attribute contradict each other: all of the one record's with all of the other's."""

    slots: tuple[Codes, ...]
    different: Different

    def between(self, left: Codes, right: Codes) -> Bools:
        open_ = np.ones(len(left), dtype=np.bool_)
        said = np.zeros(len(left), dtype=np.bool_)
        for one, two in product(self.slots, repeat=2):
            a, b = one[left], two[right]
            rows = np.flatnonzero((a >= 0) & (b >= 0) & open_)
            said[rows] = True
            a, b = a[rows], b[rows]
            against = a != b
            against[against] = self.different(a[against], b[against])
            open_[rows] = against
        return np.asarray(said & open_)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What keeps pairs apart.

    Args:
        generation: (N,) which of several namesakes of a family a record is: 1 senior, 2 junior, …; 0 where it does
            not say.
        contradictions: By attribute, what contradicts what.
    """

    generation: Codes
    contradictions: Mapping[str, _Contradiction] = field(default_factory=dict)

    @classmethod
    def over(
        cls,
        comparisons: tuple[Comparison, ...],
        attributes: Mapping[str, StandardAttribute],
        size: int,
        vetoes: tuple[Veto, ...] = (),
    ) -> Guards:
        """The guards for these records."""
        found = np.zeros(size, dtype=np.int32)
        for comparison in comparisons:
            if comparison.role in _NAMES:
                attribute = attributes[comparison.name]
                of_value = np.append(generations(attribute.values), np.int32(0))
                for slot in attribute.slots:
                    found = np.maximum(found, of_value[slot])
        against = {veto.attribute: _contradiction(attributes[veto.attribute], veto) for veto in vetoes}
        return cls(generation=found, contradictions=against)

    def apart(self, left: Codes, right: Codes) -> Bools:
        """Which pairs must not be joined."""
        found = self._generations_differ(left, right)
        for contradiction in self.contradictions.values():
            rest = np.flatnonzero(~found)
            found[rest] = contradiction.between(left[rest], right[rest])
        return found

    def reasons(self, left: int, right: int) -> tuple[str, ...]:
        """Why two records must not be joined: `GENERATION`, or names of attributes; none where they may."""
        one, two = np.array([left], dtype=np.int32), np.array([right], dtype=np.int32)
        reasons = [GENERATION] if self._generations_differ(one, two)[0] else []
        return (*reasons, *(name for name, each in self.contradictions.items() if each.between(one, two)[0]))

    def _generations_differ(self, left: Codes, right: Codes) -> Bools:
        one, two = self.generation[left], self.generation[right]
        return np.asarray((one > 0) & (two > 0) & (one != two))


def plan_vetoes(
    comparisons: tuple[Comparison, ...], attributes: Mapping[str, StandardAttribute], others: Mapping[str, float]
) -> tuple[Veto, ...]:
    """The attributes whose contradictions may keep records apart: those that hardly ever contradict themselves.

    Args:
        comparisons: What is compared.
        attributes: The records' values.
        others: For each comparison m(other), the share of matches whose values say nothing of each other.
    """
    found = []
    for comparison in comparisons:
        attribute, other = attributes[comparison.name], others[comparison.name]
        if comparison.role == "birth_date" and other <= _CLEAN_DATES:
            found.append(Veto(attribute=comparison.name, fillers=_fillers(attribute)))
        if comparison.role == "identifier" and other <= _CLEAN_IDENTIFIERS and _nearly_unique(attribute):
            checks = recognise(attribute.values)
            if checks:
                found.append(Veto(attribute=comparison.name, checks=checks))
    return tuple(found)


def generations(names: pa.StringArray) -> Codes:
    """Which of several namesakes of a family each name ends with.

    Example:
        >>> generations(pa.array(["dobbins jr", "dobbins sr", "dobbins", "klein iii"])).tolist()
        [2, 1, 0, 3]
    """
    pattern = rf" (?P<generation>{'|'.join(_GENERATION)})$"
    ending = pc.struct_field(pc.extract_regex(names, pattern), "generation")
    place = pc.index_in(ending, pa.array(list(_GENERATION)))
    known = np.array([*_GENERATION.values(), 0], dtype=np.int32)
    return known[np.asarray(place.fill_null(len(_GENERATION)), dtype=np.int64)]


def _nearly_unique(attribute: StandardAttribute) -> bool:
    return len(attribute.values) >= _DISTINCT * float(count_values(attribute).sum())


def _fillers(attribute: StandardAttribute) -> tuple[str, ...]:
    counts = count_values(attribute)
    many = np.flatnonzero(counts > _FILLER * max(float(counts.sum()) / max(len(counts), 1), 1.0))
    return tuple(sorted(attribute.values.take(pa.array(many)).to_pylist()))


def _contradiction(attribute: StandardAttribute, veto: Veto) -> _Contradiction:
    values = attribute.values
    if veto.checks:
        return _Contradiction(slots=attribute.slots, different=lambda a, b: _both_pass(values, veto.checks, a, b))
    dates = _Dates.of(values, veto.fillers)
    return _Contradiction(slots=attribute.slots, different=dates.far_apart)


def _both_pass(values: pa.StringArray, checks: tuple[str, ...], left: Codes, right: Codes) -> Bools:
    """Which pairs of different identifiers pass the same check; only the values that occur here are checked."""
    asked, place = np.unique(np.concatenate([left, right]), return_inverse=True)
    passed = passing(values.take(pa.array(asked)).to_pylist(), checks)[place]
    return np.asarray((passed[: len(left)] & passed[len(left) :]).any(axis=1), dtype=np.bool_)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dates:
    """Distinct dates: which are complete and somebody's, and their digits."""

    usual: Bools
    characters: npt.NDArray[np.uint32]
    comparer: DateComparer

    @classmethod
    def of(cls, values: pa.StringArray, fillers: tuple[str, ...]) -> _Dates:
        complete = _mask(pc.match_substring_regex(values, _COMPLETE))
        filler = _mask(pc.is_in(values, value_set=pa.array(fillers, pa.string())))
        return cls(
            usual=complete & ~filler & ~are_default_dates(pa.chunked_array([values])),
            characters=np.array(values.to_pylist(), dtype="U10").view(np.uint32).reshape(len(values), 10),
            comparer=DateComparer(values),
        )

    def far_apart(self, left: Codes, right: Codes) -> Bools:
        """Which pairs of different dates no typing error, swap or near year explains."""
        found = self.usual[left] & self.usual[right]
        rows = np.flatnonzero(found)
        one, two = left[rows], right[rows]
        apart = (self.characters[one] != self.characters[two]).sum(axis=1) >= _DATE_DIGITS
        found[rows] = apart & (self.comparer.levels(one, two) == _DATE_OTHER)
        return found


def _mask(condition: pa.BooleanArray) -> Bools:
    return np.asarray(pc.fill_null(condition, fill_value=False).to_numpy(zero_copy_only=False))
