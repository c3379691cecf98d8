"""The message catalogue: every sentence a person sees, in English and Chinese.

``schemas/catalogue/<locale>/<area>.yaml`` maps keys to sentences with ``{placeholders}``; the full key is
``<area>.<key>``. Both languages hold the same keys and placeholders (kept by ``tests/schemas/test_messages.py``). The
language is the ``locale`` given, else the one set for the process with `use_locale`, else the environment's
(``GUIYI_LOCALE``, ``LC_ALL``, ``LC_MESSAGES``, ``LANG``), else English.
"""

from __future__ import annotations

import os
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import yaml

__all__ = ["LOCALES", "catalogue", "current_locale", "text", "use_locale"]

LOCALES = ("en", "zh_CN")

_CATALOGUE = Path(__file__).parent / "catalogue"
_chosen: ContextVar[str | None] = ContextVar("guiyi_locale", default=None)


def use_locale(locale: str | None) -> None:
    """Choose the language of this process; ``None`` goes back to the environment's."""
    _chosen.set(None if locale is None else _nearest(locale))


def current_locale() -> str:
    """The language in force: ``en`` or ``zh_CN``."""
    chosen = _chosen.get()
    if chosen is not None:
        return chosen
    for name in ("GUIYI_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return _nearest(value)
    return "en"


def text(key: str, /, *, locale: str | None = None, **values: object) -> str:
    """The sentence for a key.

    Args:
        key: ``<area>.<name>``.
        locale: ``en`` or ``zh_CN``; the one in force when absent.
        **values: What fills the placeholders.

    Raises:
        KeyError: The catalogue has no such key: a mistake in the code, found by its tests.

    Example:
        >>> text("sources.missing_file", locale="en", path="a.csv").startswith("a.csv")
        True
    """
    return catalogue(_nearest(locale) if locale else current_locale())[key].format(**values)


@cache
def catalogue(locale: str) -> dict[str, str]:
    """All sentences of one language by full key."""
    sentences: dict[str, str] = {}
    for path in sorted((_CATALOGUE / locale).glob("*.yaml")):
        area = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        sentences.update({f"{path.stem}.{name}": sentence for name, sentence in area.items()})
    return sentences


def _nearest(locale: str) -> str:
    return "zh_CN" if locale.replace("-", "_").lower().startswith("zh") else "en"
