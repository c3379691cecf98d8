"""One run at a time on one store.

The lock is the operating system's on a file beside the store: it goes with the process, however that ends, so a killed
run never leaves it behind.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import LockedError, StoreError

__all__ = ["hold_lock"]


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock while the block runs.

    Args:
        path: The lock's file; made when missing, never removed (removing it would let two runs hold "the" lock).

    Raises:
        LockedError: Another run holds it.
        StoreError: The folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise StoreError("run.no_lock_file", path=path, why=error.strerror) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError("run.locked", path=path) from None
        yield
