"""From the bytes of a text export to UTF-8, with undecodable bytes left where they stand.

Everything after this works on UTF-8 bytes. A byte that the encoding does not know is kept as it is, which makes its
record invalid UTF-8, so that one check finds the bad records of every encoding and a single bad row costs only itself.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import pyarrow as pa

from schemas.errors import SourceError

__all__ = ["detect_encoding", "is_utf8", "to_utf8"]

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE: Final = 1 << 20
_UTF8_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HANZI_PAIR: Final = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_HIGH: Final = re.compile(rb"[\x80-\xff]")


def is_utf8(data: pa.Buffer | bytes) -> bool:
    """Whether all of the bytes are valid UTF-8; without copying them."""
    buffer = pa.py_buffer(data)
    offsets = pa.array([0, buffer.size], pa.int64()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, buffer]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def detect_encoding(data: bytes) -> str:
    """The likeliest of UTF-8 (with or without BOM), UTF-16, GB18030 and Windows-1252.

    A byte order mark decides; then NULs in every other byte (UTF-16); then whether all is valid UTF-8. In what is left,
    the shares of bytes above 0x7F that form UTF-8 sequences, or pairs of the GB 2312 plane (both bytes above 0xA0: in
    Western text an accented letter nearly always stands between ASCII ones), tell a damaged UTF-8 file from the others.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:4096]
    if len(head) >= 4 and head[1::2].count(0) > len(head) // 5:
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > len(head) // 5:
        return "utf-16-be"
    if is_utf8(data):
        return "utf-8"
    sample = _around_first_high_byte(data)
    high = len(_HIGH.findall(sample))
    as_utf8 = sum(map(len, _UTF8_SEQUENCE.findall(sample))) / high
    as_hanzi = 2 * len(_HANZI_PAIR.findall(_UTF8_SEQUENCE.sub(b"", sample) if as_utf8 > 0.9 else sample)) / high
    if as_utf8 > 0.9:
        return "utf-8"
    return "gb18030" if as_hanzi > 0.6 else "cp1252"


def to_utf8(data: bytes, encoding: str, *, path: str) -> bytes:
    """The text as UTF-8 without BOM, bytes that cannot be decoded left as they are.

    Args:
        data: The whole file.
        encoding: Any name Python knows.
        path: For the error.

    Raises:
        SourceError: No such encoding.
    """
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise SourceError("sources.unknown_encoding", path=path, encoding=encoding) from None
    if name in {"utf-8", "utf-8-sig", "ascii"}:
        return data.removeprefix(codecs.BOM_UTF8)
    if name.startswith("utf-16"):  # UTF-16 knows no surrogateescape: a lone half becomes an invalid sequence instead
        text = data.decode(name, "surrogatepass") if len(data) % 2 == 0 else data[:-1].decode(name, "surrogatepass")
        return text.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    return data.decode(name, "surrogateescape").removeprefix("\ufeff").encode("utf-8", "surrogateescape")


def _around_first_high_byte(data: bytes) -> bytes:
    found = _HIGH.search(data)
    start = max(0, found.start() - 1024) if found else 0
    return data[start : start + _SAMPLE]
