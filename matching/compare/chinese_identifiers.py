"""Chinese numbers that hold one another: what was given before the number of today, and what it was made of.

A resident number of 15 digits became one of 18 by the century and a check character (GB 11643-1999). A unified social
credit identifier (GB 32100-2015) holds the organisation code of nine characters (GB 11714), and before it the region;
these two together were the tax number of 15.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes

__all__ = ["Predecessors"]

_RESIDENT: Final = r"^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$"
_CREDIT: Final = r"^[1-9A-Y][1-9A]\d{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_FIFTEEN: Final = r"^[1-9]\d{5}[0-9A-Z]{9}$"
_NINE: Final = r"^[0-9A-Z]{8}[0-9X]$"


class Predecessors:
    """Knows which numbers are older or shorter forms of others.

    Args:
        values: Distinct standard identifiers (capital letters and digits).
    """

    def __init__(self, values: pa.StringArray) -> None:
        resident, credit = (_fits(values, shape) for shape in (_RESIDENT, _CREDIT))
        fifteen, nine = (_fits(values, shape) for shape in (_FIFTEEN, _NINE))
        none = pa.scalar(None, pa.string())
        born = pc.binary_join_element_wise(_part(values, 0, 6), _part(values, 8, 17), "")
        of_fifteen = pc.if_else(fifteen, values, pc.if_else(resident, born, none))
        of_nine = pc.if_else(nine, values, none)
        self._fifteen = _codes(pc.if_else(pc.and_(credit, pc.invert(resident)), _part(values, 2, 17), of_fifteen))
        inner = pc.if_else(credit, _part(values, 8, 17), pc.if_else(fifteen, _part(values, 6, 15), of_nine))
        self._nine = _codes(inner)
        self._bare = np.asarray(nine, dtype=np.bool_)

    def same(self, left: Codes, right: Codes) -> Bools:
        """Which pairs of different values are one number in two forms.

        Example:
            >>> numbers = pa.array(["11010519491231002X", "110105491231002", "91110000600037341L", "60003734-1"])
            >>> numbers = pc.replace_substring(numbers, "-", "")
            >>> Predecessors(numbers).same(np.array([0, 2, 0]), np.array([1, 3, 3])).tolist()
            [True, True, False]
        """
        one = (self._fifteen[left] == self._fifteen[right]) & (self._fifteen[left] >= 0)
        two = (self._nine[left] == self._nine[right]) & (self._nine[left] >= 0)
        return np.asarray(one | (two & (self._bare[left] | self._bare[right])))


def _fits(values: pa.StringArray, shape: str) -> pa.BooleanArray:
    return pc.fill_null(pc.match_substring_regex(values, shape), False)


def _part(values: pa.StringArray, start: int, stop: int) -> pa.StringArray:
    return pc.utf8_slice_codeunits(values, start, stop)


def _codes(values: pa.StringArray) -> Codes:
    return np.asarray(pc.dictionary_encode(values).indices.fill_null(-1), dtype=np.int32)
