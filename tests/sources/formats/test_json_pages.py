import pytest

from sources.formats.json_pages import CutOffError, end_of_page, first_listed, is_page, value_end


@pytest.mark.parametrize(
    "line",
    [
        b'{"users": [{"id": 1}], "next_page": null}',
        b'{"count": 1, "meta": {"a": ["}"]}, "users": [ {"id": 1}]}',
        b'{"code": 0, "msg": "ok", "data": [{"id": 1}]}',
        b'{"users": [], "count": 0}',
        b'{"users": [{"id": 1}, {"id"',
    ],
)
def test_pages(line):
    assert is_page(line)


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": 1, "addresses": [{"city": "x"}]}',
        b'{"addresses": [{"city": "x"}], "id": 1}',
        b'{"code": "C1", "contacts": [{"id": 1}]}',
        b'{"tags": ["a"]}',
        b'{"tags": []}',
        b'{"count": 1, "users"',
        b'{"count": 1}',
        b"{}",
        b'{"a',
        b"{count: 1}",
    ],
)
def test_records(line):
    assert not is_page(line)


def test_as_far_as_the_text_goes():
    text = '{"count": 12, "users": [{"id": 1}], "total": 3} '
    start, page = first_listed(text, 0)
    assert text[start:].startswith('{"id"')
    assert end_of_page(text, text.index("]") + 1, page) == len(text) - 1
    for end in range(1, start):
        with pytest.raises(CutOffError):
            first_listed(text[:end], 0)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ('{"a": "}"} x', 10),
        ("[[]] ", 4),
        ('"a\\"b" ', 6),
        ("12,3", 2),
        ("true}", 4),
        ('{"a', None),
        ("[", None),
        (",", 1),
    ],
)
def test_where_a_value_ends(text, end):
    assert value_end(text, 0) == end
