import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import example, given
from hypothesis import strategies as st

from sources.records.text_bytes import has_byte, has_empty, has_outer_space, starts_like_a_year

TEXTS = st.lists(
    st.none() | st.text(st.sampled_from("ab1 \t\n\u00a0\u0085\u1680\u2003\u2028\u202f\u205f\u3000中é"), max_size=4),
    max_size=6,
)


def column(values, cut=0):
    whole = pa.array(["  ", *values, " "], pa.string()).slice(1, len(values))  # a slice, as readers give them
    return pa.chunked_array([whole.slice(0, cut), whole.slice(cut)], pa.string())


@given(TEXTS, st.integers(0, 6))
@example(["a\u3000"], 0)
def test_no_white_space_is_overlooked(values, cut):
    found = column(values, cut)
    if not has_outer_space(found):
        assert pc.utf8_trim_whitespace(found).to_pylist() == values


@given(TEXTS, st.integers(0, 6))
def test_empty_texts_and_bytes(values, cut):
    found = column(values, cut)
    assert has_empty(found) == ("" in values)
    assert has_byte(found, ord("1")) == any("1" in value for value in values if value)
    years = [(value or "").encode()[1:3].isdigit() and len((value or "").encode()) > 2 for value in values]
    assert starts_like_a_year(found).tolist() == years


def test_ordinary_text_is_left_alone():
    assert not has_outer_space(column(["Ann Lee", "张伟", "a@x.com", None, "", "É"]))
    assert not has_empty(column([None, None]))
    assert has_empty(pa.chunked_array([pa.array([None, ""], pa.string())]))
