import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources import json_lines
from sources.json_lines import read_json_lines

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
PLAIN = st.none() | TEXT | st.booleans() | st.integers(-(2**70), 2**70) | st.lists(TEXT, max_size=3)
OBJECTS = st.lists(
    st.dictionaries(st.sampled_from(["id", "name", "tags", "x"]), PLAIN, min_size=1), min_size=1, max_size=6
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
    parsed = read_json_lines(data, path="x.jsonl")
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
    bulk = read_json_lines(data, path="x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lines, "read_plain", lambda *_: None)
        single = read_json_lines(data, path="x")
    assert bulk.table.equals(single.table)
    assert bulk.lines.tolist() == single.lines.tolist()


def test_numbers_digit_for_digit_and_times_as_text():
    data = b'{"id": 12345678901234567890, "amount": 1.10, "big": 1e5, "at": "2024-01-02 03:04:05", "zip": "01234"}\n'
    row = read_json_lines(data, path="x").table.to_pylist()[0]
    assert row == {
        "id": "12345678901234567890",
        "amount": "1.10",
        "big": "1e5",
        "at": "2024-01-02 03:04:05",
        "zip": "01234",
    }


def test_nested_values_are_json():
    row = read_json_lines(
        b'{"id": 1, "a": {"b": [1, 2.5, "x"]}, "e": [], "t": ["q\\"", "\\u00e9"]}', path="x"
    ).table.to_pylist()[0]
    assert row == {"id": "1", "a": '{"b": [1, 2.5, "x"]}', "e": None, "t": '["q\\"", "é"]'}


def test_a_key_that_appears_late():
    lines = [b'{"id": %d}' % i for i in range(2000)]
    lines[1999] = b'{"id": 1999, "late": "2024-01-02T03:04:05Z"}'
    table = read_json_lines(b"\n".join(lines), path="x").table
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
        (b'{"id": "x\\u0000"}', "nul_byte"),
        (b'{"id": "\xff"}', "undecodable_bytes"),
        (b'{"id": "\\ud800"}', "undecodable_bytes"),
    ],
)
def test_a_bad_line_is_set_aside_alone(line, reason):
    parsed = read_json_lines(b'{"id": "1"}\n\n' + line + b'\n{"id": "3"}\n', path="x")
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
        (b'[\n{"id": 1},\n{"id": 2}\n]\n', "not_json_lines"),
        (b"id,name\n1,Ann\n", "not_json_lines"),
    ],
)
def test_nothing_to_read(data, key):
    with pytest.raises(SourceError) as caught:
        read_json_lines(data, path="x")
    assert caught.value.key == f"sources.{key}"
