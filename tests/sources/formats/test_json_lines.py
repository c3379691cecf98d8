import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.formats import json_lines
from sources.formats.json_lines import read_json_lines
from sources.parsed import Parsed

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
PLAIN = st.none() | TEXT | st.booleans() | st.integers(-(2**70), 2**70) | st.lists(TEXT, max_size=3)
OBJECTS = st.lists(
    st.dictionaries(st.sampled_from(["id", "name", "tags", "x"]), PLAIN, min_size=1), min_size=1, max_size=6
)


def whole(data, size=None):
    """All batches in one, of blocks of a size."""
    blocks = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    batches = list(read_json_lines(blocks, name="x"))
    return Parsed(
        pa.concat_tables([batch.table for batch in batches], promote_options="default"),
        np.concatenate([batch.lines for batch in batches]),
        pa.concat_tables([batch.rejected for batch in batches]),
    )


def as_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    return None if value is None else str(value)


@given(objects=OBJECTS)
def test_values_as_they_stand(objects):
    data = "\n".join(json.dumps(each, ensure_ascii=False) for each in objects).encode()
    parsed = whole(data)
    found = [{k: v for k, v in row.items() if v is not None} for row in parsed.table.to_pylist()]
    texts = [{k: as_text(v) for k, v in each.items()} for each in objects]
    assert found == [{k: v for k, v in each.items() if v is not None} for each in texts]


@given(
    rows=st.lists(
        st.tuples(TEXT, st.integers(0, 2**40), st.booleans(), st.none() | st.lists(TEXT, max_size=2)), min_size=1
    )
)
def test_reading_in_bulk_changes_nothing(rows):
    names = ("name", "id", "active", "tags")
    data = "\n".join(json.dumps(dict(zip(names, row, strict=True))) for row in rows).encode()
    bulk = whole(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "read_plain", lambda *_: None)
        single = whole(data)
    assert bulk.table.equals(single.table)
    assert bulk.lines.tolist() == single.lines.tolist()


def test_numbers_digit_for_digit_and_times_as_text():
    data = b'{"id": 12345678901234567890, "amount": 1.10, "big": 1e5, "at": "2024-01-02 03:04:05", "zip": "01234"}\n'
    row = whole(data).table.to_pylist()[0]
    assert row == {
        "id": "12345678901234567890",
        "amount": "1.10",
        "big": "1e5",
        "at": "2024-01-02 03:04:05",
        "zip": "01234",
    }


def test_nested_values_are_json():
    row = whole(b'{"id": 1, "a": {"b": [1, 2.5, "x"]}, "e": [], "t": ["q\\"", "\\u00e9"]}').table.to_pylist()[0]
    assert row == {"id": "1", "a": '{"b": [1, 2.5, "x"]}', "e": None, "t": '["q\\"", "é"]'}


@given(objects=OBJECTS, size=st.integers(1, 40))
def test_blocks_make_no_difference(objects, size):
    data = "\n".join(json.dumps(each, ensure_ascii=False) for each in [{"id": 1}, *objects]).encode()
    once, parts = whole(data), whole(data, size)
    assert parts.table.to_pylist() == once.table.to_pylist()
    assert parts.table.column_names == once.table.column_names
    assert parts.lines.tolist() == once.lines.tolist()


def test_every_batch_has_the_columns_so_far():
    blocks = [b'{"id": 1, "b": "x"}\n', b'{"a": "y"', b', "id": 2}\n{"c": 1}', b"\n"]
    batches = list(read_json_lines(blocks, name="x"))
    assert [batch.table.column_names for batch in batches] == [["id", "b"], ["id", "b", "a"], ["id", "b", "a", "c"]]
    assert [batch.lines.tolist() for batch in batches] == [[1], [2], [3]]


def test_what_a_block_taught_the_next_one_knows():
    """A key that is in no sampled line of a block, but was in the block before, is still read in bulk."""
    lines = [b'{"id": %d}' % i for i in range(2000)]
    lines[1] = b'{"id": 1, "late": "x"}'
    first = b'{"id": 0, "late": "y"}\n'
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "_one_by_one", None)
        assert whole(first + b"\n".join(lines), len(first)).table["late"].null_count == 1999


def test_a_large_block_comes_in_batches():
    batches = list(read_json_lines([b'{"id": 1}\n' * 250_000 + b"[]"], name="x"))
    assert [batch.table.num_rows for batch in batches] == [100_000, 100_000, 50_000, 0]
    assert [batch.rejected.num_rows for batch in batches] == [0, 0, 0, 1]


def test_a_key_that_appears_late():
    lines = [b'{"id": %d}' % i for i in range(2000)]
    lines[1999] = b'{"id": 1999, "late": "2024-01-02T03:04:05Z"}'
    table = whole(b"\n".join(lines)).table
    assert table["late"][1999].as_py() == "2024-01-02T03:04:05Z"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not_json"),
        (b"[1, 2]", "not_json"),
        (b'"text"', "not_json"),
        (b'{"a": 1},{"a": 2}', "not_json"),
        (b'{"a": 1}{"a": 2}', "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": ' + b"[" * 50_000, "not_json"),
        (b'{"id": "x\\u0000"}', "nul_byte"),
        (b'{"id": "\xff"}', "undecodable_bytes"),
        (b'{"id": "\\ud800"}', "undecodable_bytes"),
    ],
)
def test_a_bad_line_is_set_aside_alone(line, reason):
    parsed = whole(b'{"id": "1"}\n\n' + line + b'\n{"id": "3"}\n')
    assert parsed.table["id"].to_pylist() == ["1", "3"]
    assert parsed.lines.tolist() == [1, 4]
    assert parsed.rejected["line"].to_pylist() == [3]
    assert parsed.rejected["reasons"].to_pylist() == [reason]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "empty_file"),
        (b"\n \n", "empty_file"),
        (b"{}\n", "not_json_lines"),
        (b"id,name\n1,Ann\n", "not_json_lines"),
    ],
)
def test_nothing_to_read(data, key):
    with pytest.raises(SourceError) as caught:
        whole(data)
    assert caught.value.key == f"sources.{key}"
