"""JSON values as the text that stands in a file: numbers digit for digit, nothing doubled, nothing repaired."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Self

import pyarrow as pa

__all__ = ["DECODER", "DuplicateKeyError", "object_of", "table_of"]

_NUL: Final = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # in JSON; behind a backslash it is the text \u0000

_encode: Final = json.JSONEncoder(ensure_ascii=False).encode


class DuplicateKeyError(ValueError):
    """An object has a key twice: one of its values would be lost."""


class _Digits(float):
    """A number with a fraction or exponent, and the digits it was written with."""

    __slots__ = ("digits",)
    digits: str

    def __new__(cls, digits: str) -> Self:
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateKeyError
    return found


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


DECODER: Final = json.JSONDecoder(parse_float=_Digits, parse_constant=_refuse, object_pairs_hook=_unique)
"""RFC 8259 to the letter: no NaN, no key twice; what it refuses is a `ValueError` or too deep a `RecursionError`."""


def object_of(text: bytes) -> dict[str, Any] | str:
    """The object that a text is, or the reason code why it is none that can be kept."""
    try:
        value = DECODER.decode(text.decode())
        written = _encode(value)
        written.encode()
    except UnicodeError:
        return "undecodable_bytes"
    except DuplicateKeyError:
        return "duplicate_key"
    except (ValueError, RecursionError):
        return "not_json"
    if not isinstance(value, dict):
        return "not_json"
    if not value:
        return "missing_id"
    return "nul_byte" if _NUL.search(written) else value


def table_of(objects: list[dict[str, Any]]) -> pa.Table:
    """Objects as columns of text, keys in order of first appearance.

    Example:
        >>> table_of([{"id": 1, "ok": True}, {"tags": ["a"]}]).to_pylist()
        [{'id': '1', 'ok': 'true', 'tags': None}, {'id': None, 'ok': None, 'tags': '["a"]'}]
    """
    shapes = dict.fromkeys(tuple(each) for each in objects)
    names = dict.fromkeys(name for shape in shapes for name in shape)
    if len(shapes) == 1:
        return pa.table({name: _column([each[name] for each in objects]) for name in names})
    return pa.table({name: _column([each.get(name) for each in objects]) for name in names})


def _column(values: list[Any]) -> pa.Array:
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {str}:
        return pa.array(values, pa.string())
    if kinds == {bool}:
        return pa.array(values, pa.bool_()).cast(pa.string())
    return pa.array([value if isinstance(value, str) else _text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict | list):
        return _encode(value) if value else None
    if isinstance(value, _Digits):
        return value.digits
    return str(value).lower() if isinstance(value, bool) else str(value)
