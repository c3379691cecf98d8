"""Column headers as systems write them: matched loosely, named uniquely."""

from __future__ import annotations

import difflib
import re
import string
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

__all__ = ["looks_like_data", "nearest", "normalise", "skeleton", "unique_names"]

_REQUIRED: Final = re.compile(r"[*＊]+$|[(（]\s*(?:必填|required)\s*[)）]$", re.IGNORECASE)
_INVISIBLE: Final = string.whitespace + "\u3000\ufeff\u200b"
_UNSEEN: Final = frozenset({"Mn", "Cf", "Cc"})
_SEPARATORS: Final = re.compile(r"[\s_\-]+")
_LOOK_ALIKES: Final = str.maketrans(
    "аеорсухіјѕԁһкмтвнαορνικτυχεη" + "ı",
    "aeopcyxijsdhkmtbhaopviktuxen" + "i",
)  # Cyrillic and Greek letters, in lower case or as their capitals look, as Latin ones
_DATA: Final = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]+|[+(]?\d[\d ()./\-]{5,}\d|\d{4}年\d{1,2}月(\d{1,2}日)?|\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*"
)  # an email, a phone or another long number, a date


@lru_cache(maxsize=32_768)
def normalise(header: str) -> str:
    """A header without what differs between exports of the same system.

    Ignores case, spaces, underscores, hyphens, full-width forms, and a trailing ``*`` or ``（必填）``.

    Example:
        >>> normalise("Mailing_Street *") == normalise("mailing street"), normalise("客户名称（必填）")
        (True, '客户名称')
    """
    text = unicodedata.normalize("NFKC", header).strip(_INVISIBLE)
    text = _REQUIRED.sub("", text).strip() or text
    return _SEPARATORS.sub("", text).casefold()


def skeleton(header: str) -> str:
    """A header without what cannot be seen of it: letters of other scripts that look Latin, accents, invisible ones.

    After the Unicode Technical Standard 39, section 4, with the few confusable letters that headers are made of.

    Example:
        >>> skeleton("\u0415-m\u200bail") == skeleton("E-Mail"), skeleton("Prénom")
        (True, 'prenom')
    """
    seen = unicodedata.normalize("NFKD", header)
    visible = "".join(character for character in seen if unicodedata.category(character) not in _UNSEEN)
    return normalise(visible).translate(_LOOK_ALIKES)


def unique_names(header: Sequence[str]) -> list[str]:
    """A name for each column, in order: trimmed, ``column 3`` for an empty one, ``Phone (2)`` for a repeated one.

    Example:
        >>> unique_names(["id", "Phone", " Phone", ""])
        ['id', 'Phone', 'Phone (2)', 'column 4']
    """
    names: list[str] = []
    taken = {cell.strip() for cell in header}
    seen: set[str] = set()
    for position, cell in enumerate(header, start=1):
        plain = cell.strip() or f"column {position}"
        name, count = plain, 1
        while name in seen or (name != plain and name in taken):
            count += 1
            name = f"{plain} ({count})"
        seen.add(name)
        names.append(name)
    return names


def nearest(wanted: Iterable[str], header: Sequence[str], *, count: int = 3) -> list[str]:
    """The headers that look really like any of the wanted ones; none where none does: it may be a customer's name."""
    plain = {normalise(name): name for name in header}
    matches = [m for name in wanted for m in difflib.get_close_matches(normalise(name), plain, n=count, cutoff=0.6)]
    return [plain[m] for m in dict.fromkeys(matches)][:count]


def looks_like_data(header: Sequence[str]) -> bool:
    """Whether a first line is a row of data: a cell is an email, a date or a long number.

    Example:
        >>> looks_like_data(["1", "Ann", "ann@example.com"]), looks_like_data(["id", "name", "Phone 1"])
        (True, False)
    """
    return any(_DATA.fullmatch(cell.strip()) for cell in header)
