import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.formats import layout
from sources.formats.layout import lay_out

CELL = st.text(alphabet='ab,"\n\r;é的 ', max_size=6)
# A record whose only cell is empty is a blank line, so records have two cells at least.
ROWS = st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELL, min_size=n, max_size=n), min_size=1, max_size=8))


def written(rows, **options):
    text = io.StringIO()
    csv.writer(text, **options).writerows(rows)
    return text.getvalue().encode()


def texts(data, found):
    return [data[a:b] for a, b in zip(found.starts, found.ends, strict=True)]


@given(rows=ROWS, line_end=st.sampled_from(["\n", "\r\n"]), delimiter=st.sampled_from([",", ";"]))
def test_records_of_any_written_csv_are_found(rows, line_end, delimiter):
    # Python's writer leaves a lone carriage return unquoted, where others see a line end.
    quoting = csv.QUOTE_ALL if any("\r" in cell for row in rows for cell in row) else csv.QUOTE_MINIMAL
    options = {"lineterminator": line_end, "delimiter": delimiter, "quoting": quoting}
    data = written(rows, **options)
    found = lay_out(data, delimiter)
    assert found.columns.tolist() == [len(row) for row in rows]
    each = [written([row], **options) for row in rows]
    assert texts(data, found) == each


@given(rows=ROWS, size=st.integers(1, 40))
@settings(max_examples=60)
def test_block_size_changes_nothing(rows, size):
    data = written(rows)
    whole = lay_out(data, ",")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "_BLOCK", size)
        blocks = lay_out(data, ",")
    assert np.array_equal(whole.ends, blocks.ends)
    assert np.array_equal(whole.columns, blocks.columns)
    assert np.array_equal(whole.lines, blocks.lines)


@given(data=st.text(alphabet='a,"\n\r', max_size=60).map(str.encode))
def test_nothing_is_lost_whatever_the_bytes(data):
    found = lay_out(data, ",")
    between = np.concatenate([[0], found.ends])[:-1]
    gaps = [data[a:b] for a, b in zip(between, found.starts, strict=True)]
    tail = data[found.ends[-1] :] if len(found.ends) else data
    assert all(set(gap) <= set(b"\r\n") for gap in [*gaps, tail])  # only blank lines lie between records


@pytest.mark.parametrize(
    ("data", "columns", "lines"),
    [
        pytest.param(b"", [], [], id="nothing"),
        pytest.param(b"\n\r\n\n", [], [], id="blank lines"),
        pytest.param(b"a,b\n1,2", [2, 2], [1, 2], id="no line end at the end"),
        pytest.param(b"a,b\n1,", [2, 2], [1, 2], id="an empty last cell at the end"),
        pytest.param(b"a,b\n\n\n1,2\n", [2, 2], [1, 4], id="blank lines between"),
        pytest.param(b'a,b\n"1\n\n",2\n3,4\n', [2, 2, 2], [1, 2, 5], id="lines within a cell"),
        pytest.param(b'a,b\n1,"x""y"\n', [2, 2], [1, 2], id="doubled quotes"),
        pytest.param(b"a,b\r1,2\r3,4\r", [2, 2, 2], [1, 2, 3], id="old Mac line ends"),
        pytest.param(b"a,b\n1\n1,2,3\n", [2, 1, 3], [1, 2, 3], id="ragged"),
        pytest.param(b'a,b\n6" pipe,2\n3,4\n', [2, 2, 2], [1, 2, 3], id="a quote inside an unquoted cell"),
        pytest.param(b'a,b\n1,"x\n2,y\n3,z\n', [2, 0, 2, 2], [1, 2, 3, 4], id="a quote that never closes"),
        pytest.param(
            b'a,b\n1,"x\n2,"y"\n3,z\n', [2, 0, 2, 2], [1, 2, 3, 4], id="a quote that the next row would close"
        ),
        pytest.param(b'a,b\n1,"x"y\n2,z\n', [2, 0, 2], [1, 2, 3], id="text after a closing quote"),
        pytest.param(b'a,b\n1,"x\ny"\n2,"\n', [2, 2, 0], [1, 2, 4], id="unclosed after a multi-line cell"),
    ],
)
def test_records_and_lines(data, columns, lines):
    found = lay_out(data, ",")
    assert found.columns.tolist() == columns
    assert found.lines.tolist() == lines


def test_many_mistakes_in_a_large_file_cost_only_their_rows():
    good = b'%d,"two\nlines",x\n'
    rows = [b'7,"open,x\n' if i % 50 == 3 else good % i for i in range(20_000)]
    found = lay_out(b"a,b,c\n" + b"".join(rows), ",")
    assert (found.columns == 0).sum() == 400
    assert (found.columns == 3).sum() == 1 + 19_600
    assert found.multiline


def test_a_record_longer_than_a_block(monkeypatch):
    monkeypatch.setattr(layout, "_BLOCK", 16)
    data = b'a,b\n1,"' + b"x\n" * 500 + b'"\n2,3\n'
    found = lay_out(data, ",")
    assert found.columns.tolist() == [2, 2, 2]
    assert found.lines.tolist() == [1, 2, 503]


def in_pieces(data, size, delimiter=","):
    """The records of a text that comes in pieces: what each holds, and on which line it starts."""
    found, rest, line = [], b"", 1
    for at in range(0, len(data), size):
        rest += data[at : at + size]
        layout_ = lay_out(rest, delimiter, line=line, final=False)
        found += [*zip(texts(rest, layout_), layout_.lines.tolist(), layout_.columns.tolist(), strict=True)]
        rest, line = rest[layout_.resume :], layout_.next_line
    layout_ = lay_out(rest, delimiter, line=line)
    return [*found, *zip(texts(rest, layout_), layout_.lines.tolist(), layout_.columns.tolist(), strict=True)]


@given(data=st.text(alphabet='a,"\n\r', max_size=60).map(str.encode), size=st.integers(1, 70))
@settings(max_examples=400)
def test_pieces_change_nothing(data, size):
    whole = lay_out(data, ",")
    expected = [*zip(texts(data, whole), whole.lines.tolist(), whole.columns.tolist(), strict=True)]
    assert in_pieces(data, size) == expected


def test_a_quote_left_open_is_given_up_in_the_end():
    data = b'1,"x\n2,y\n3,'
    assert lay_out(data, ",", final=False).resume == 0
    found = lay_out(data, ",", final=False, patient=False)
    assert (found.columns.tolist(), found.lines.tolist(), data[found.resume :]) == ([0, 2], [1, 2], b"3,")
