"""Pairs that stay apart whatever else agrees: *John Smith Jr* and *John Smith Sr* are father and son."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes
from matching.attributes import StandardAttribute
from matching.comparison import Comparison

__all__ = ["Guards", "generations"]

_NAMES: Final = frozenset({"given_name", "family_name", "full_name"})
_GENERATION: Final = {"sr": 1, "i": 1, "jr": 2, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What keeps pairs apart.

    Args:
        generation: (N,) which of several namesakes of a family a record is: 1 senior, 2 junior, …; 0 where it does
            not say.
    """

    generation: Codes

    @classmethod
    def over(
        cls, comparisons: tuple[Comparison, ...], attributes: Mapping[str, StandardAttribute], size: int
    ) -> Guards:
        """The guards for these records."""
        found = np.zeros(size, dtype=np.int32)
        for comparison in comparisons:
            if comparison.role in _NAMES:
                attribute = attributes[comparison.name]
                of_value = np.append(generations(attribute.values), np.int32(0))
                for slot in attribute.slots:
                    found = np.maximum(found, of_value[slot])
        return cls(generation=found)

    def apart(self, left: Codes, right: Codes) -> Bools:
        """Which pairs must not be joined."""
        one, two = self.generation[left], self.generation[right]
        return np.asarray((one > 0) & (two > 0) & (one != two))


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
