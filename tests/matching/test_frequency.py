import numpy as np
import pyarrow as pa
import pytest

from matching.attributes import StandardAttribute
from matching.frequency import agreement, count_values, frequencies

PHONES = StandardAttribute(
    name="phone",
    role="phone",
    slots=(np.array([0, 0, 0, 1], np.int32), np.array([-1, 1, -1, -1], np.int32)),
    values=pa.array(["a", "b"]),
)


def test_counts_records_over_all_slots():
    assert count_values(PHONES).tolist() == [3, 2]


def test_the_chance_that_two_records_share_a_value():
    assert agreement(PHONES) == pytest.approx((3 * 2 + 2 * 1) / (4 * 3))


def test_the_two_that_agree_do_not_make_a_value_common():
    found = frequencies(PHONES, firm=0.0)
    assert found.shares == {"a": pytest.approx(1.5 / 4), "b": pytest.approx(0.5 / 4)}
    assert found.of(pa.array(["a", "new"])).tolist() == [pytest.approx(1.5 / 4), found.rest]


def test_the_table_is_bounded_and_does_not_depend_on_the_order_of_values():
    names = [f"v{i:03d}" for i in range(50)]
    for order in (names, names[::-1]):
        attribute = StandardAttribute(
            name="x",
            role="identifier",
            slots=(np.repeat(np.arange(50, dtype=np.int32), 2),),
            values=pa.array(order),
        )
        assert list(frequencies(attribute, firm=0.0, limit=5).shares) == names[:5]
