"""Column headers as systems write them: matched loosely, named uniquely."""

from __future__ import annotations

import difflib
import re
import string
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

__all__ = ["nearest", "normalise", "unique_names"]

_REQUIRED: Final = re.compile(r"[*＊]+$|[(（]\s*(?:必填|required)\s*[)）]$", re.IGNORECASE)
_INVISIBLE: Final = string.whitespace + "\u3000\ufeff\u200b"
_SEPARATORS: Final = re.compile(r"[\s_\-]+")


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
    """The headers that look most like any of the wanted ones; the first few where none does."""
    plain = {normalise(name): name for name in header}
    matches = [m for name in wanted for m in difflib.get_close_matches(normalise(name), plain, n=count, cutoff=0.5)]
    return [plain[m] for m in dict.fromkeys(matches)][:count] or list(header[:count])
