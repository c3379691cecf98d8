"""The pages of an API: JSON objects whose one list holds the records, such as ``{"users": […], "next_page": …}``.

Told from a record by its keys, from as much of its text as there is, so that a page of any length can be read.
"""

from __future__ import annotations

import re
from typing import Final

from sources.formats.json_values import DECODER

__all__ = ["CutOffError", "end_of_page", "first_listed", "is_page", "keys_of", "value_end"]

_PAGE: Final = frozenset({
    "_links", "_metadata", "after", "after_cursor", "after_url", "before_cursor", "before_url", "count", "cursor",
    "done", "end_of_stream", "end_time", "has_more", "hasMore", "limit", "links", "meta", "metadata", "next",
    "next_page", "next_url", "nextRecordsUrl", "offset", "page", "pages", "page_info", "pageInfo", "page_size",
    "pageSize", "pagination", "paging", "per_page", "prev", "previous", "previous_page", "start_time", "total",
    "total_count", "total_items", "totalCount", "total_pages", "totalPages", "totalSize",
})  # fmt: skip
_ANSWER: Final = frozenset({"code", "errcode", "errmsg", "info", "message", "msg", "size", "status", "success"})
_GENERIC: Final = frozenset({"data", "items", "list", "records", "result", "results", "rows", "value", "values"})
"""An object is a page if beside a list it holds nothing but `_PAGE`, or `_ANSWER` where the list goes by a `_GENERIC`
name; with any other key it is a record, whatever lists it holds."""

_GAP: Final = re.compile(r"[ \t\r\n,]*")
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]"]', re.DOTALL)
_MEMBER: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
_OPENED: Final = re.compile(r"\[[ \t\r\n]*")
_SCALAR: Final = re.compile(r"[^,\]}\s]+")


class CutOffError(Exception):
    """The text ends where more has to follow."""


def is_page(line: bytes) -> bool:
    """Whether a line is a page; of one that does not end, as far as it goes."""
    text = line.decode("utf-8", "replace")
    try:
        _, page = first_listed(text, 0)
    except CutOffError:
        return False
    return page is not None and len((keys_of(text, 0) or page) - page) <= 1


def first_listed(text: str, at: int) -> tuple[int, frozenset[str] | None]:
    """Where the first object of a page's list begins, and what else may be in the page; nothing if it is no page."""
    place, seen = at + 1, set[str]()
    while True:
        key, place = _member(text, place)
        if key is None:
            return place, None
        if key in _PAGE or key in _ANSWER:
            seen.add(key)
            place = _skipped(text, place)
            continue
        page = _PAGE | _ANSWER if key in _GENERIC else _PAGE
        opened = _OPENED.match(text, place)
        if opened and opened.end() == len(text):
            raise CutOffError
        listed = opened is not None and (
            text[opened.end()] == "{"
            or (text[opened.end()] == "]" and (seen or _member(text, opened.end() + 1)[0] in page))
        )
        return (opened.end(), page) if opened and listed and seen <= page else (place, None)


def end_of_page(text: str, at: int, page: frozenset[str]) -> int | None:
    """Where the page ends whose list has ended; nothing where it is no page."""
    place = at
    while True:
        key, place = _member(text, place)
        if key is None:
            return place + 1 if text[place] == "}" else None
        if key not in page:
            return None
        place = _skipped(text, place)


def _member(text: str, at: int) -> tuple[str | None, int]:
    """The key that comes next and where its value begins; no key where there comes something else."""
    place = _GAP.match(text, at).end()  # type: ignore[union-attr]  # it matches everywhere
    if place < len(text) and text[place] != '"':
        return None, place
    member = _MEMBER.match(text, place)
    if member is None or member.end() == len(text):
        raise CutOffError
    return member[1], member.end()


def _skipped(text: str, at: int) -> int:
    end = value_end(text, at)
    if end is None or end == len(text):
        raise CutOffError
    return end


def keys_of(text: str, at: int) -> set[str] | None:
    """The keys of an object; nothing where it does not end in the text."""
    try:
        value, _ = DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    return set(value)


def value_end(text: str, at: int) -> int | None:
    """Where the value at a place ends: its last brace or bracket, or the last character of a word."""
    if text[at] not in '{["':
        match = _SCALAR.match(text, at)
        return match.end() if match else at + 1
    depth = 0
    for token in _TOKEN.finditer(text, at):
        mark = token[0]
        if mark == '"':
            return None  # a string that does not close
        depth += (mark in "{[") - (mark in "}]")
        if depth <= 0:
            return token.end()
    return None
