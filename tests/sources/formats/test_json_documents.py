import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.formats.json_lines import read_json_lines

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=5)
VALUES = st.recursive(st.none() | TEXT | st.booleans() | st.integers(), lambda each: st.lists(each, max_size=2))
OBJECTS = st.lists(
    st.dictionaries(st.sampled_from(["id", "名", "tags", "note", "data"]), VALUES | st.just({"id": 1}), min_size=1),
    min_size=1,
    max_size=5,
)


def read(data, size=None):
    blocks = [data[at : at + size] for at in range(0, len(data), size)] if size else [data]
    rows, lines, rejected = [], [], []
    for parsed in read_json_lines(blocks, name="x"):
        rows += [{name: cell for name, cell in row.items() if cell is not None} for row in parsed.table.to_pylist()]
        lines += parsed.lines.tolist()
        rejected += parsed.rejected.to_pylist()
    return rows, lines, rejected


def written(objects, layout, indent):
    match layout:
        case "array":
            return json.dumps(objects, ensure_ascii=False, indent=indent)
        case "lines of an array":
            return "[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in objects) + "\n]\n"
        case "page":
            page = {"meta": {"a": ['"}', "]"]}, "users": objects, "next_page": None, "count": len(objects)}
            return json.dumps(page, ensure_ascii=False, indent=indent)
        case "one after another":
            return "[]" + "\n".join(json.dumps(each, ensure_ascii=False, indent=indent) for each in objects)
        case "pages":
            return "\n".join(json.dumps({"count": 1, "data": [each]}, indent=indent) for each in objects)


@given(
    objects=OBJECTS,
    layout=st.sampled_from(["array", "lines of an array", "page", "one after another", "pages"]),
    indent=st.sampled_from([None, 1, 4]),
    size=st.sampled_from([None, 1, 3, 50]),
)
def test_any_layout_is_read_like_lines(objects, layout, indent, size):
    expected, _, _ = read("\n".join(["{}", *(json.dumps(each) for each in objects)]).encode())
    found, lines, rejected = read(written(objects, layout, indent).encode(), size)
    assert found == expected
    assert not rejected
    assert lines == sorted(lines)


def test_the_line_is_where_an_object_begins():
    assert read(b'\n[ {"id": 1,\n  "a": "x"\n},\n\n{"id": 2}, {"id": 3}\n]')[1] == [2, 6, 6]
    assert read(b'{\n "users": [\n  {"id": 1}\n ]\n}')[1] == [3]


@pytest.mark.parametrize("size", [None, 1])
@pytest.mark.parametrize(
    ("middle", "reason"),
    [
        ('{"id": 2, "id": 3}', "duplicate_key"),
        ('{"id": 2,}', "not_json"),
        ("{id: 2}", "not_json"),
        ('{"id": NaN}', "not_json"),
        ("[1, {}]", "not_json"),
        ('"text"', "not_json"),
        ("12", "not_json"),
        ("null", "not_json"),
        ("{}", "missing_id"),
        ('{"id": "\\u0000"}', "nul_byte"),
        ('{"id": "\\ud800"}', "undecodable_bytes"),
    ],
)
def test_what_is_no_object_costs_itself_alone(middle, reason, size):
    rows, _, rejected = read(f'[{{"id": 1}},\n{middle},\n{{"id": 4}}]'.encode(), size)
    assert rows == [{"id": "1"}, {"id": "4"}]
    assert rejected == [{"line": 2, "reasons": reason, "raw": middle}]


def test_bytes_that_are_no_text():
    rows, _, rejected = read(b'[{"id": 1},\n{"id": "\xff"}]')
    assert rows == [{"id": "1"}]
    assert rejected == [{"line": 2, "reasons": "undecodable_bytes", "raw": '{"id": "\\xff"}'}]


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": 1, "addresses": [{"city": "x"}]}',
        b'{"name": "x", "count": 3, "contacts": [{"id": 1}]}',
        b'{"code": "C1", "status": "active", "contacts": [{"id": 1}]}',
        b'{"tags": []}',
        b'{"users": [{"id": 1}], "owner": "x"}',
    ],
)
def test_a_record_with_a_list_is_no_page(data):
    rows, lines, _ = read(data)
    assert len(rows) == 1 or data == b'{"tags": []}'
    assert lines == [1]


@pytest.mark.parametrize("size", [None, 1])
@pytest.mark.parametrize(
    ("data", "key", "line"),
    [
        ('[{"id": 1},\n{"id": 2}', "broken_json", 2),
        ('[{"id": 1},\n{"id": 2', "broken_json", 2),
        ('[{"id": 1},\n{"id": "2}]', "broken_json", 2),
        ('[{"id": 1}] and more', "broken_json", 1),
        ('[{"id": 1}\n', "broken_json", 2),
        ('{"users": [{"id": 1}],\n"count": 2', "broken_json", 1),
        ("[]", "empty_file", None),
        ("[\n]\n", "empty_file", None),
        ('{"users": [], "count": 0}', "empty_file", None),
        ("[1, 2]", "not_json_lines", None),
    ],
)
def test_a_text_that_is_not_whole(data, key, line, size):
    with pytest.raises(SourceError) as caught:
        read(data.encode(), size)
    assert caught.value.key == f"sources.{key}"
    assert line is None or caught.value.values["line"] == line


def test_a_record_over_several_lines_whose_first_key_is_a_list():
    rows, lines, _ = read(b'{\n "addresses": [{"city": "x"}],\n "id": 5\n}\n{\n "id": 6\n}')
    assert rows == [{"addresses": '[{"city": "x"}]', "id": "5"}, {"id": "6"}]
    assert lines == [1, 5]


def test_many_objects_come_in_batches():
    data = json.dumps([{"id": i, "name": "名" * 10} for i in range(120_000)]).encode()
    batches = list(read_json_lines((data[at : at + 100_003] for at in range(0, len(data), 100_003)), name="x"))
    assert [batch.table.num_rows for batch in batches] == [50_000, 50_000, 20_000]
    assert batches[-1].table["id"][-1].as_py() == "119999"
