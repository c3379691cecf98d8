import pyarrow as pa
import pytest

from sources.formats.json_bulk import plain_schema, read_plain

TEXTS = pa.list_(pa.string())


def test_a_schema_is_read_from_plain_objects():
    sample = [{"id": 1, "name": None, "tags": []}, {"name": "x", "ok": True, "tags": ["a"], "none": None}]
    assert plain_schema(sample) == pa.schema(
        [("id", pa.int64()), ("name", pa.string()), ("tags", TEXTS), ("ok", pa.bool_()), ("none", pa.string())]
    )


@pytest.mark.parametrize("value", [1.5, {"a": 1}, [1], [["a"]], [None]])
def test_values_that_arrow_would_change_are_not_plain(value):
    assert plain_schema([{"x": value}]) is None
    assert plain_schema([{"x": 1}, {"x": "1"}]) is None


@pytest.mark.parametrize(
    "line",
    [
        b'{"x": "1"}',
        b'{"x": 1.0}',
        b'{"x": 99999999999999999999}',
        b'{"x": 1, "y": 2}',
        b'{"x": 1}{"x": 2}',
        b'{"x": 1, "s": "\\u0000"}',
        b'{"x": 1, "s": "\\ud800"}',
        b'{"x": 1, "s": "\xff"}',
        b"[1]",
    ],
)
def test_it_gives_up_where_it_is_not_sure(line):
    schema = pa.schema([("x", pa.int64()), ("s", pa.string())])
    assert read_plain(b'{"x": 1}\n' + line, schema, 2) is None


def test_columns_of_text():
    schema = pa.schema([("x", pa.int64()), ("ok", pa.bool_()), ("at", pa.string()), ("tags", TEXTS)])
    data = b'{"x": 9007199254740993, "ok": true, "at": "2024-01-02 03:04:05", "tags": ["a", "\\"b\\n"]}\n{"tags": []}'
    assert read_plain(data, schema, 2).to_pylist() == [
        {"x": "9007199254740993", "ok": "true", "at": "2024-01-02 03:04:05", "tags": '["a", "\\"b\\n"]'},
        {"x": None, "ok": None, "at": None, "tags": None},
    ]


def test_what_a_block_does_not_show_is_known_from_those_before():
    known = pa.schema([("id", pa.int64()), ("ok", pa.bool_()), ("n", pa.int64())])
    assert plain_schema([{"n": None, "id": "x"}], known) == pa.schema(
        [("n", pa.int64()), ("id", pa.string()), ("ok", pa.bool_())]
    )
