import pytest

from matching.cores import on_cores


def test_results_keep_the_order_of_the_items_and_calls_may_nest():
    assert on_cores(lambda n: on_cores(lambda m: n * m, range(5)), range(40)) == [
        [n * m for m in range(5)] for n in range(40)
    ]


def test_nothing_to_do():
    assert on_cores(str, []) == []


@pytest.mark.parametrize("items", [[0], [0, 1, 2]])
def test_errors_come_through(items):
    with pytest.raises(ZeroDivisionError):
        on_cores(lambda n: 1 // n, items)
