import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.standardise.scan import BEYOND_ASCII, LOWER, byte_at, hashes, holds, holds_other_than, lengths

COLUMNS = st.lists(st.none() | st.text("abz09 é王", max_size=4), max_size=8)


@given(column=COLUMNS, skipped=st.integers(0, 3), letters=st.sampled_from([b" ", b"ab", LOWER, BEYOND_ASCII, b"x"]))
def test_the_scan_says_what_python_says(column: list[str | None], skipped: int, letters: bytes):
    values = pa.array(column, pa.string()).slice(skipped)
    raw = [(text or "").encode() for text in values.to_pylist()]
    assert holds(values, letters).tolist() == [any(byte in letters for byte in text) for text in raw]
    assert holds_other_than(values, letters).tolist() == [any(byte not in letters for byte in text) for text in raw]
    assert lengths(values).tolist() == [len(text) for text in raw]
    assert byte_at(values, 0).tolist() == [text[0] if text else 0 for text in raw]
    assert byte_at(values, -2).tolist() == [text[-2] if len(text) > 1 else 0 for text in raw]


def test_what_lies_under_a_missing_value_is_not_seen():
    hidden = pa.StringArray.from_buffers(
        2,
        pa.py_buffer(b"\x00\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00"),
        pa.py_buffer(b"abc"),
        pa.py_buffer(b"\x02"),
        1,
    )
    assert hidden.to_pylist() == [None, "c"]
    assert holds(hidden, LOWER).tolist() == [False, True]
    assert lengths(hidden).tolist() == [0, 1]


@given(column=st.lists(st.none() | st.text("abé王", max_size=20), min_size=1, max_size=8), skipped=st.integers(0, 3))
def test_equal_texts_have_equal_hashes_wherever_they_stand(column: list[str | None], skipped: int):
    values = pa.array([*column, "the end of the buffer"], pa.string()).slice(skipped)
    found = hashes(values).tolist()
    for text, code in zip(values.to_pylist(), found, strict=True):
        alone = hashes(pa.array(["in front", text, "a text that follows"], pa.string()))[1]
        assert code == int(alone)


def test_texts_that_begin_or_end_otherwise_have_other_hashes():
    values = pa.array(["", "a", "b", "ab", "ba", "12345678", "123456789", "x2345678", "12345678x", "1234567890123456"])
    assert len(set(hashes(values).tolist())) == len(values)
