import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.letters import GAP, Letters

TEXTS = st.lists(st.text(alphabet="ab 1é归", max_size=12), max_size=8)


@given(TEXTS)
def test_all_characters_with_gaps_between_the_texts(values):
    letters = Letters(pa.array(values, pa.string()))
    if values:
        assert "".join(map(chr, letters.points)) == "\0" + "".join(value + "\0" for value in values)
    for row, value in enumerate(values):
        inside = (letters.rows == row) & (letters.points != GAP)
        assert "".join(map(chr, letters.points[inside])) == value


def test_a_missing_text_is_empty():
    letters = Letters(pa.array(["ab", None, "c"]))
    assert letters.size == 3
    assert letters.rows[letters.points != GAP].tolist() == [0, 0, 2]


@given(st.text(alphabet="abc归", min_size=1, max_size=9), st.text(alphabet="xyz ", max_size=20))
def test_a_run_hashes_alike_wherever_it_stands(run, before):
    letters = Letters(pa.array([before + run, run]))
    size, start = len(run), 1 + len(before)
    other = start + size + 1
    first = np.array([start, other])
    found = letters.hash_runs(first, first + size)
    assert found[0] == found[1]
