"""Waiting for those who may never answer: networks and databases."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Final, TypeVar

__all__ = ["answer", "patiently"]

T = TypeVar("T")

_AHEAD: Final = 2
_GLANCE: Final = 0.2  # seconds after which a thread looks up whether anybody still listens


def patiently(items: Callable[[], Iterator[T]], seconds: float) -> Iterator[T]:
    """Items as another thread gives them, at most two ahead.

    The thread of one that does not answer is left behind; it ends when the answer comes, or with the process.

    Args:
        items: Called in that thread.
        seconds: How long to wait for each item.

    Raises:
        TimeoutError: None came in that time; besides whatever ``items`` raises.
    """
    given: queue.Queue[tuple[T, ...] | BaseException] = queue.Queue(_AHEAD)
    forsaken = threading.Event()
    threading.Thread(target=_give, args=(items, given, forsaken), daemon=True, name="patiently").start()
    try:
        while True:
            try:
                found = given.get(timeout=seconds)
            except queue.Empty:
                raise TimeoutError from None
            if isinstance(found, BaseException):
                raise found
            if not found:
                return
            yield found[0]
    finally:
        forsaken.set()


def answer(ask: Callable[[], T], seconds: float) -> T:
    """What a call in another thread returns.

    Raises:
        TimeoutError: It does not return in that time; besides whatever it raises.
    """
    return next(patiently(lambda: iter((ask(),)), seconds))


def _give(
    items: Callable[[], Iterator[T]], given: queue.Queue[tuple[T, ...] | BaseException], forsaken: threading.Event
) -> None:
    last: tuple[T, ...] | BaseException = ()
    try:
        with closing(_closable(items())) as stream:
            for item in stream:
                _put((item,), given, forsaken)
                if forsaken.is_set():
                    return
    except BaseException as error:  # noqa: BLE001  raised where they are waited for
        last = error
    _put(last, given, forsaken)


def _closable(items: Iterator[T]) -> Generator[T, None, None]:
    yield from items


def _put(
    found: tuple[T, ...] | BaseException,
    given: queue.Queue[tuple[T, ...] | BaseException],
    forsaken: threading.Event,
) -> None:
    while not forsaken.is_set():
        try:
            given.put(found, timeout=_GLANCE)
        except queue.Full:
            continue
        return
