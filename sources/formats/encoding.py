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

__all__ = ["KEPT_INVALID", "detect_encoding", "encoding_of", "is_utf8", "is_wide", "surely_decided", "to_utf8"]

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE: Final = 1 << 20
_UTF8_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEGUN_LETTER: Final = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")
_HANZI_PAIR: Final = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_LINE_BEYOND_ASCII: Final = re.compile(rb"[^\r\n\x80-\xff]*[\x80-\xff][^\r\n]*")
_ASCII: Final = rb"[\x00-\x09\x0b\x0c\x0e-\x7f]*+"
_LINE_OF_UTF8: Final = re.compile(  # twelve bytes beyond ASCII and more, all of them Chinese letters
    rb"^" + _ASCII + rb"(?:[\xe4-\xe9][\x80-\xbf]{2}" + _ASCII + rb"){4,}+(?=[\r\n]|\Z)", re.MULTILINE
)
_LETTERS_OF_UTF8: Final = re.compile(rb"[\xc2\xc3][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_LINES: Final = 10_000
_MIXED: Final = 0.25  # share of the lines beyond ASCII that are UTF-8 above which a file is no other encoding's
_SURELY_UTF8: Final = 12  # bytes above 0x7F: so many make no valid UTF-8 by chance, were they two-byte characters
_CHINESE: Final = frozenset({"gb18030", "gbk", "gb2312"})
_WESTERN: Final = frozenset({"cp1252", "iso8859-1", "iso8859-15"})


def _kept_invalid(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


KEPT_INVALID: Final = "guiyi_kept_invalid"
"""What UTF-16 and UTF-32 cannot say, such as half a pair, becomes no UTF-8, so that its row is set aside."""
codecs.register_error(KEPT_INVALID, _kept_invalid)


def is_utf8(data: pa.Buffer | bytes) -> bool:
    """Whether all of the bytes are valid UTF-8; without copying them."""
    buffer = pa.py_buffer(data)
    offsets = pa.array([0, buffer.size], pa.int64()).buffers()[1]
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, buffer]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def encoding_of(data: bytes, declared: str | None, *, path: str) -> str:
    """The declared encoding, which must not be contrary to the bytes; the detected one where none is declared.

    Raises:
        SourceError: No such encoding; or the bytes are surely of another one.
    """
    if declared is None:
        return detect_encoding(data)
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        raise SourceError("sources.unknown_encoding", path=path, encoding=declared) from None
    if _contrary(data, name):
        raise SourceError("sources.contrary_encoding", path=path, encoding=declared, found=detect_encoding(data))
    return declared


def is_wide(encoding: str) -> bool:
    """Whether the characters of ASCII take more than a byte."""
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))


def surely_decided(data: bytes) -> bool:
    """Whether there are enough bytes beyond ASCII to tell an encoding by."""
    return len(_HIGH.findall(_around_first_high_byte(data))) >= _SURELY_UTF8


def _contrary(data: bytes, name: str) -> bool:
    """Whether the bytes are surely of another encoding; Python would read many of them as garbage without a word."""
    if name in {"utf-8", "utf-8-sig"}:
        return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if name.startswith(("utf-16", "utf-32")):
        return bool(data) and b"\0" not in data and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if data.isascii():
        return False
    if name == "ascii" or data.startswith(codecs.BOM_UTF8):
        return True
    high = _HIGH.findall(_around_first_high_byte(data))
    return len(high) >= (1 if name in _WESTERN else _SURELY_UTF8) and is_utf8(data)


def detect_encoding(data: bytes) -> str:
    """The likeliest of UTF-8 (with or without BOM), UTF-16, GB18030 and Windows-1252.

    A byte order mark decides; then NULs in every other byte (UTF-16); then whether all is valid UTF-8. In what is left,
    the shares of bytes above 0x7F that form UTF-8 sequences, or pairs of the GB 2312 plane (both bytes above 0xA0: in
    Western text an accented letter nearly always stands between ASCII ones), tell a damaged UTF-8 file from the others.
    A file of mixed encodings is UTF-8 where most of its lines are: better some rows in quarantine than garbage in all.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 4 and odd > len(head) // 5 and odd > 2 * even:  # a disk's zeros are as many of both
        return "utf-16-le"
    if len(head) >= 4 and even > len(head) // 5 and even > 2 * odd:
        return "utf-16-be"
    if is_utf8(data) or _cut_off(data):
        return "utf-8"
    return _likeliest(_around_first_high_byte(data))


def _cut_off(data: bytes) -> bool:
    """Whether all is UTF-8 beyond ASCII but a letter that the end of the file cuts off."""
    rest = _BEGUN_LETTER.search(data)
    return rest is not None and not data[: rest.start()].isascii() and is_utf8(data[: rest.start()])


def _likeliest(sample: bytes) -> str:
    """Of UTF-8, GB18030 and Windows-1252, for text that is not all valid UTF-8."""
    high = len(_HIGH.findall(sample))
    as_utf8 = sum(map(len, _UTF8_SEQUENCE.findall(sample))) / high
    as_hanzi = 2 * len(_HANZI_PAIR.findall(_UTF8_SEQUENCE.sub(b"", sample) if as_utf8 > 0.9 else sample)) / high
    likely, possible = _utf8_lines(sample)
    if as_utf8 > 0.9 or likely > _MIXED:
        return "utf-8"
    if as_hanzi > 0.6:
        return "gb18030"
    return "utf-8" if possible > _MIXED else "cp1252"


def _utf8_lines(sample: bytes) -> tuple[float, float]:
    """Of the lines beyond ASCII, the share that surely is UTF-8, and the share that may be: 女 of GB 2312 may be Ů."""
    lines = _LINE_BEYOND_ASCII.findall(sample)[:_LINES]
    valid = [line for line in lines if _decodes(line)]
    sure = [line for line in valid if _LETTERS_OF_UTF8.search(line)]
    return len(sure) / max(len(lines), 1), len(valid) / max(len(lines), 1)


def _decodes(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def to_utf8(data: bytes, encoding: str, *, path: str) -> bytes:
    """The text as UTF-8 without BOM, bytes that cannot be decoded left as they are.

    A line that surely is UTF-8 among those of a Chinese encoding is read as what it is.

    Args:
        data: Whole lines.
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
    if is_wide(name):
        return data.decode(name, KEPT_INVALID).removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    if name not in _CHINESE:
        return _converted(data, name)
    pieces, at = [], 0
    for line in _LINE_OF_UTF8.finditer(data):  # of files put together from several
        pieces += [_converted(data[at : line.start()], name), line[0]]
        at = line.end()
    return b"".join([*pieces, _converted(data[at:], name)])


def _converted(data: bytes, name: str) -> bytes:
    return data.decode(name, "surrogateescape").removeprefix("\ufeff").encode("utf-8", "surrogateescape")


def _around_first_high_byte(data: bytes) -> bytes:
    found = _HIGH.search(data)
    start = max(0, found.start() - 1024) if found else 0
    return data[start : start + _SAMPLE]
