import re

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.spans import Bytes, hash_spans, hash_values

TEXTS = st.lists(st.none() | st.text(alphabet="ab1 2@é归", max_size=30), max_size=12)
DIGITS = np.array([48 <= byte < 58 for byte in range(256)])


def cut(text, spans):
    return [bytes(text.data[s : s + n]).decode() for s, n in zip(spans.starts, spans.sizes, strict=True)]


@given(TEXTS)
def test_equal_values_have_equal_hashes_and_others_do_not(values):
    found = hash_values(pa.array(values, pa.string())).tolist()
    assert len(set(found)) == len({value or "" for value in values})


@given(TEXTS, st.integers(0, 5))
def test_a_slice_hashes_as_a_copy_does(values, start):
    array = pa.array(values, pa.string())
    assert hash_values(array.slice(start)).tolist() == hash_values(pa.array(values[start:], pa.string())).tolist()


@given(TEXTS)
def test_first_runs_are_what_a_regular_expression_finds(values):
    text = Bytes.of(pa.array(values, pa.string()))
    for least in (1, 2):
        expected = [re.search(f"[0-9]{{{least},}}", value or "") for value in values]
        assert cut(text, text.first_run(DIGITS, least)) == [m[0] if m else "" for m in expected]


@given(TEXTS)
def test_what_stands_before_a_letter(values):
    text = Bytes.of(pa.array(values, pa.string()))
    assert cut(text, text.until(ord("@"))) == [(value or "").split("@")[0] for value in values]


@given(st.lists(st.text(alphabet="abc1", max_size=9), max_size=12))
def test_beginnings_and_endings_of_texts_that_are_long_enough(values):
    text = Bytes.of(pa.array(values, pa.string()))
    assert cut(text, text.last(3)) == [value[-3:] if len(value) >= 3 else "" for value in values]
    assert cut(text, text.slice(1, 4)) == [value[1:4] if len(value) >= 4 else "" for value in values]
    whole = hash_values(pa.array([value[1:4] for value in values if len(value) >= 4], pa.string()))
    long = np.array([len(value) >= 4 for value in values], dtype=bool)
    assert hash_spans(text, text.slice(1, 4))[long].tolist() == whole.tolist()


@given(TEXTS)
def test_plain_texts_are_ascii(values):
    text = Bytes.of(pa.array(values, pa.string()))
    assert text.plain.tolist() == [(value or "").isascii() for value in values]
