import pytest

from sources.formats.json_values import DECODER, object_of


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": {"b": 1, "b": 1}}', "duplicate_key"),
        (b'{"a": Infinity}', "not_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not_json"),
        (b'{"a": "\\\\\\u0000"}', "nul_byte"),
        (b"{}", "missing_id"),
    ],
)
def test_why_a_text_is_no_object(text, reason):
    assert object_of(text) == reason


def test_the_text_of_an_escape_is_no_nul():
    assert object_of(rb'{"a": "C:\\u0000"}') == {"a": r"C:\u0000"}


def test_digits_stay():
    assert DECODER.decode("[1.10, 1e400]")[0].digits == "1.10"
