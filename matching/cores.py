"""Work shared out over the cores of the machine: NumPy, Arrow and rapidfuzz let go of the interpreter.

How many cores there are decides only how long things take, never what is found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import pyarrow as pa

__all__ = ["on_cores"]

_CORES: Final = min(max(pa.cpu_count(), 2), 8)

T = TypeVar("T")
R = TypeVar("R")


def on_cores(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """What ``work`` makes of each item, in the order of the items; a single item is worked on right here.

    Calls may nest: each has workers of its own.

    Example:
        >>> on_cores(lambda n: n * n, [1, 2, 3])
        [1, 4, 9]
    """
    listed = list(items)
    if len(listed) < 2:
        return [work(item) for item in listed]
    with ThreadPoolExecutor(min(_CORES, len(listed))) as pool:
        return list(pool.map(work, listed))
