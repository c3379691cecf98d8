"""Names for the arrays that matching hands around."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["Bools", "Codes", "Floats", "Integers", "Keys", "Levels", "distinct"]

Bools: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.int32]  # positions of records or codes of distinct values; -1 = missing
Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]
Keys: TypeAlias = npt.NDArray[np.uint64]  # hashes
Levels: TypeAlias = npt.NDArray[np.int8]  # comparison levels; 0 = missing


def distinct(keys: Integers) -> Integers:
    """The distinct keys, ascending. NumPy's own ``unique`` hashes integers, which is many times slower than sorting."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered
