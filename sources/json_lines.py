"""JSON lines: one object a line, its values as the text that stands in the file."""

from __future__ import annotations

import json
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.errors import SourceError
from sources.encoding import is_utf8
from sources.json_bulk import plain_schema, read_plain
from sources.parsed import Parsed, rejections

__all__ = ["read_json_lines"]

_BATCH: Final = 8192
_SAMPLE: Final = 500


def read_json_lines(data: bytes, *, path: str) -> Parsed:
    """Read objects, one a line; blank lines are none.

    Numbers are kept digit for digit, ``true`` and ``false`` as words, ``null`` as null, nested values as JSON text.

    Args:
        data: UTF-8 without BOM.
        path: For errors.

    Returns:
        Every key as a column, in order of first appearance. Rejected are lines that hold no object (``not_json``), an
        empty one (``missing_id``), a
        NUL (``nul_byte``) or what is no text (``undecodable_bytes``).

    Raises:
        SourceError: There is no object in the file.
    """
    lines = data.split(b"\n")
    numbers = np.array([number for number, line in enumerate(lines, start=1) if line and not line.isspace()], np.int64)
    texts = [lines[number - 1] for number in numbers]
    if not texts:
        raise SourceError("sources.empty_file", path=path)
    if texts[0].lstrip().startswith(b"["):
        raise SourceError("sources.not_json_lines", path=path, rows=len(texts))
    sample, bad = _objects(texts[:: len(texts) // _SAMPLE + 1])
    schema = plain_schema(sample) if not bad else None
    table = read_plain(data, schema, len(texts)) if schema is not None else None
    return Parsed(table, numbers) if table is not None else _one_by_one(texts, numbers, path=path)


def _one_by_one(texts: list[bytes], numbers: npt.NDArray[np.int64], *, path: str) -> Parsed:
    """The objects of lines that need not be alike."""
    batches: list[pa.Table] = []
    faults: dict[int, str] = {}
    for first in range(0, len(texts), _BATCH):
        objects, bad = _objects(texts[first : first + _BATCH])
        faults |= {first + i: reason for i, reason in bad.items()}
        batches.append(_table(objects))
    if not any(batch.num_columns for batch in batches):
        raise SourceError("sources.not_json_lines", path=path, rows=len(texts))
    good = np.ones(len(texts), np.bool_)
    faulty = sorted(faults)
    good[faulty] = False
    raw = [texts[i].decode("utf-8", "backslashreplace") for i in faulty]
    rejected = rejections(numbers[faulty], [faults[i] for i in faulty], raw)
    return Parsed(pa.concat_tables(batches, promote_options="default"), numbers[good], rejected)


def _objects(lines: list[bytes]) -> tuple[list[dict[str, Any]], dict[int, str]]:
    """The objects of the lines, and the reasons of the lines that hold none."""
    joined = b"[" + b",".join(lines) + b"]"
    if b"\\u0000" not in joined and b"\\ud" not in joined.lower() and b"\0" not in joined and is_utf8(joined):
        try:
            objects = _decode(joined.decode())
        except ValueError:
            objects = []
        if len(objects) == len(lines) and {type(each) for each in objects} == {dict} and all(objects):
            return objects, {}
    found: list[dict[str, Any]] = []
    bad: dict[int, str] = {}
    for position, line in enumerate(lines):
        outcome = _object(line)
        if isinstance(outcome, str):
            bad[position] = outcome
        else:
            found.append(outcome)
    return found, bad


def _object(line: bytes) -> dict[str, Any] | str:
    """The object of one line, or the reason why there is none."""
    try:
        value = _decode(line.decode())
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeError:
        return "undecodable_bytes"
    except ValueError:
        return "not_json"
    if not isinstance(value, dict):
        return "not_json"
    if not value:
        return "missing_id"
    return "nul_byte" if "\\u0000" in text else value


class _Digits(float):
    """A number with a fraction or exponent, and the digits it was written with."""

    __slots__ = ("digits",)
    digits: str

    def __new__(cls, digits: str) -> Self:
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


def _decode(text: str) -> Any:
    return json.loads(text, parse_float=_Digits, parse_constant=_refuse)


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


def _table(objects: list[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for each in objects for name in each))
    return pa.table({name: _column([each.get(name) for each in objects]) for name in names})


def _column(values: list[Any]) -> pa.Array:
    if {type(value) for value in values} <= {str, type(None)}:
        return pa.array(values, pa.string())
    return pa.array([value if isinstance(value, str) else _text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case _Digits():
            return value.digits
        case list() | dict():
            return json.dumps(value, ensure_ascii=False) if value else None
        case _:
            return str(value)
