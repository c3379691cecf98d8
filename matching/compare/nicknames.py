"""Which of the names at hand are short forms of one another (Bob, Robert), from the ``nicknames`` data set."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from nicknames import NickNamer

from matching.arrays import Integers

__all__ = ["nickname_pairs"]

_SEPARATE: Final = 64  # a short form of more full names than this tells nothing


def nickname_pairs(values: pa.StringArray) -> Integers:
    """Pairs of codes that are nickname and name, or two nicknames of one name, in both directions.

    Args:
        values: Distinct standard names.

    Returns:
        Sorted ``left * len(values) + right``.
    """
    left, right = _relations()
    codes = [np.asarray(pc.index_in(side, values).fill_null(-1), dtype=np.int64) for side in (left, right)]
    both = (codes[0] >= 0) & (codes[1] >= 0) & (codes[0] != codes[1])
    one, two = codes[0][both], codes[1][both]
    return np.unique(np.concatenate([one * len(values) + two, two * len(values) + one]))


@cache
def _relations() -> tuple[pa.StringArray, pa.StringArray]:
    """Every pair of related names that the data set knows."""
    namer = NickNamer()
    pairs: set[tuple[str, str]] = set()
    for name in sorted(namer._nickname_lookup):  # noqa: SLF001  the package offers no list of its names
        short = sorted(namer.nicknames_of(name))[:_SEPARATE]
        pairs.update((name, s) for s in short)
        pairs.update((a, b) for a in short for b in short if a < b)
    ordered = sorted(pairs)
    return pa.array([a for a, _ in ordered], pa.string()), pa.array([b for _, b in ordered], pa.string())
