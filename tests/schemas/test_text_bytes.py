import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas.text_bytes
from schemas.text_bytes import text_bytes

VALUES = st.lists(st.none() | st.text("a.?字é", max_size=6), max_size=8)


def chunked(values, cut):
    """The same values in two chunks, the second of which starts within its buffers."""
    second = pa.array(["??", *values[cut:]], pa.string()).slice(1)
    return pa.chunked_array([pa.array(values[:cut], pa.string()), second])


@given(values=VALUES, cut=st.integers(0, 8), sequence=st.sampled_from(["a", "..", "??", "é", "字a"]))
def test_sequences_are_found_in_the_values_that_hold_them_and_never_across_two(values, cut, sequence):
    found = text_bytes(chunked(values, cut))
    expected = [value is not None and sequence in value for value in values]
    assert found.holding(found.places(sequence.encode())).tolist() == expected


@given(values=VALUES, window=st.integers(1, 9), sequence=st.sampled_from(["a", "..", "??", "é", "字a"]))
def test_sequences_are_found_wherever_the_windows_are(values, window, sequence):
    found = text_bytes(chunked(values, 3))
    expected = found.places(sequence.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schemas.text_bytes, "_WINDOW", window)
        assert found.places(sequence.encode()).tolist() == expected.tolist()


@given(values=VALUES, cut=st.integers(0, 8))
def test_bytes_are_counted_by_value(values, cut):
    found = text_bytes(chunked(values, cut))
    assert found.counted(found.codes == ord("?")).tolist() == [(value or "").count("?") for value in values]
    assert found.is_ascii == all((value or "").isascii() for value in values)
    assert np.diff(found.offsets).tolist() == [len((value or "").encode()) for value in values]


def test_a_column_in_one_piece_is_not_copied():
    column = pa.chunked_array([["ab", "c"]])
    assert text_bytes(column).codes.base is not None
    assert text_bytes(pc.if_else(pa.array([True, False]), column, pa.scalar(None, pa.string()))).offsets[0] == 0
