import threading
import time

import pytest

from sources.places.patience import answer, patiently


def test_all_items_in_their_order():
    assert list(patiently(lambda: iter(range(100)), 5)) == list(range(100))


def test_what_goes_wrong_there_goes_wrong_here():
    def items():
        yield 1
        raise KeyError("there")

    stream = patiently(items, 5)
    assert next(stream) == 1
    with pytest.raises(KeyError):
        next(stream)


def test_one_that_does_not_answer():
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        answer(lambda: time.sleep(30), 0.05)
    assert time.monotonic() - begun < 20


def test_the_wait_is_for_each_item():
    def items():
        for number in range(5):
            time.sleep(0.3)
            yield number

    assert list(patiently(items, 1.2)) == [0, 1, 2, 3, 4]


def test_no_more_is_made_than_is_asked_for_and_what_was_opened_is_closed():
    made, closed = [], threading.Event()

    def items():
        try:
            for number in range(100):
                made.append(number)
                yield number
        finally:
            closed.set()

    stream = patiently(items, 5)
    next(stream)
    stream.close()
    assert closed.wait(20)
    assert len(made) <= 5
