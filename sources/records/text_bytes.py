"""The bytes of text columns, looked at without making anything: most columns need none of what some do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

__all__ = ["Chunk", "chunks", "has_byte", "has_empty", "has_outer_space", "starts_like_a_year"]

_SPACE, _WIDE = 0x20, 0x80
_DIGIT: Final = np.isin(np.arange(256), np.frombuffer(b"0123456789", np.uint8))
_LEADS: Final = np.zeros(256, np.bool_)  # first bytes of white space, in UTF-8 (Unicode, property White_Space)
_LEADS[[*range(_SPACE + 1), 0xC2, 0xE1, 0xE2, 0xE3]] = True
_TRAILS: Final = np.zeros(256, np.bool_)  # and the last ones
_TRAILS[[*range(_SPACE + 1), *range(0x80, 0x8B), 0x9F, 0xA0, 0xA8, 0xA9, 0xAF]] = True


class Chunk(NamedTuple):
    """A chunk of a text column: value ``n`` is ``data[offsets[n]:offsets[n + 1]]``; empty where it is null."""

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int32]


def chunks(column: pa.ChunkedArray) -> Iterator[Chunk]:
    """The chunks of a column of ``pa.string()`` that hold any text."""
    for chunk in column.chunks:
        _, offsets, data = chunk.buffers()
        if len(chunk) and data is not None:
            places = np.frombuffer(offsets, np.int32, len(chunk) + 1, chunk.offset * 4)
            yield Chunk(np.frombuffer(data, np.uint8), places)


def has_empty(column: pa.ChunkedArray) -> bool:
    """Whether a value is an empty text, rather than null."""
    empty = sum(int(np.count_nonzero(each.offsets[1:] == each.offsets[:-1])) for each in chunks(column))
    without_text = sum(len(chunk) for chunk in column.chunks if chunk.buffers()[2] is None)
    return bool(empty + without_text > column.null_count)


def has_byte(column: pa.ChunkedArray, byte: int) -> bool:
    """Whether a byte of ASCII is anywhere in a column."""
    return any(bool(np.any(data[offsets[0] : offsets[-1]] == byte)) for data, offsets in chunks(column))


def has_outer_space(column: pa.ChunkedArray) -> bool:
    """Whether any value may start or end with white space; now and then it says so where none does."""
    for data, offsets in chunks(column):
        text = data[offsets[0] : offsets[-1]]
        if not len(text) or (text.min() > _SPACE and text.max() < _WIDE):
            continue
        # Where a value is empty, this is the first byte of the next one, and the last of the one before.
        if _LEADS.take(data.take(offsets[:-1], mode="clip")).any():
            return True
        last = data.take(offsets[1:] - 1, mode="clip")
        likely = np.flatnonzero(_TRAILS.take(last))
        if len(likely) and ((last[likely] <= _SPACE).any() or _ends_in_wide_space(data, offsets[likely + 1])):
            return True
    return False


def starts_like_a_year(column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Of each value, whether its second and third bytes are digits, as they are of a year of four digits."""
    found = [np.zeros(0, np.bool_)]
    for chunk in column.chunks:
        is_year = np.zeros(len(chunk), np.bool_)
        for data, offsets in chunks(pa.chunked_array([chunk])):
            if len(data):
                second, third = (data.take(offsets[:-1] + place, mode="clip") for place in (1, 2))
                is_year = _DIGIT.take(second) & _DIGIT.take(third) & (np.diff(offsets) > 2)
        found.append(is_year)
    return np.concatenate(found)


def _ends_in_wide_space(data: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32]) -> bool:
    """Whether a value ends in white space beyond ASCII: C2 85, C2 A0, E1 9A 80, E2 80 xx, E2 81 9F, E3 80 80."""
    before = data.take(ends - 2, mode="clip")
    if (before == 0xC2).any():
        return True
    wide = ends[(before == 0x80) | (before == 0x81) | (before == 0x9A)]
    third = data[np.maximum(wide - 3, 0)]
    return bool(((third >= 0xE1) & (third <= 0xE3)).any())
