import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import placeholders

LEVELS = (placeholders.are_surely_placeholders, placeholders.are_placeholders_or_codes, placeholders.are_placeholders)


def column(*values):
    return pa.chunked_array([list(values)], pa.string())


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *[
            (v, (True, True, True))
            for v in ("-", "n/a", "N/A", "#N/A", "Unknown", "无", "未知", "暂无", "not available")
        ],
        *[(v, (False, True, True)) for v in ("NULL", "Null", "none", "None", "NaN")],
        *[(v, (False, False, True)) for v in ("NA", "na")],
        *[(v, (False, False, False)) for v in ("Nano", "Nora", "无锡", "Unknown Street 1", "N", "Noone", "", None)],
    ],
)
def test_what_is_nothing_where(value, found):
    assert tuple(check(column("x", value, None))[1] for check in LEVELS) == found


@given(
    values=st.lists(
        st.none() | st.text(max_size=9) | st.sampled_from(["N/A", "无", "None", "na", "#REF!"]), max_size=9
    ),
    cut=st.integers(0, 9),
)
def test_the_short_cut_finds_what_a_look_up_does(values, cut):
    chunks = pa.chunked_array(
        [pa.array(values[:cut], pa.string()), pa.array(["-", *values[cut:]], pa.string()).slice(1)]
    )
    words = {*placeholders._CERTAIN, *placeholders._WORDS, *placeholders._CODES}
    assert placeholders.are_placeholders(chunks).tolist() == [v is not None and v.lower() in words for v in values]
