"""Slips of the hand and of the machine: neighbouring keys, transpositions, misread scans, homophones.

After the corruptor of GeCo (Tran, Vatsalan, Christen: *GeCo: an online personal data generator and corruptor*, CIKM
2013): keyboard, character-edit and OCR errors on attribute values.
"""

from __future__ import annotations

from functools import cache

from pypinyin import lazy_pinyin

from benchmarks.synthetic.names import table

__all__ = ["KINDS", "homophone", "mistype"]

KINDS = ("keyboard", "transposition", "ocr")

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    key: "".join(other for other in (row[at - 1 : at], row[at + 1 : at + 2]) if other)
    for row in _ROWS
    for at, key in enumerate(row)
}
_MISREAD = {
    "m": "rn",
    "w": "vv",
    "l": "1",
    "i": "l",
    "o": "0",
    "s": "5",
    "b": "6",
    "g": "9",
    "e": "c",
    "h": "b",
    "u": "v",
}


def mistype(text: str, kind: str, chance: float) -> str:
    """The text with one slip.

    Args:
        text: Any text; one without a fitting character comes back with its last character doubled.
        kind: One of `KINDS`.
        chance: 0..1; decides where the slip is.

    Example:
        >>> mistype("Miller", "transposition", 0.5), mistype("Miller", "ocr", 0.0)
        ('Milelr', 'Mlller')
    """
    if kind == "transposition":
        places = [at for at in range(1, len(text) - 1) if text[at] != text[at + 1]]
        if not places:
            return text + text[-1:]
        at = places[int(chance * len(places))]
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    table_of = _NEIGHBOURS if kind == "keyboard" else _MISREAD
    places = [at for at in range(1, len(text)) if text[at].lower() in table_of]
    if not places:
        return text + text[-1:]
    at = places[int(chance * len(places))]
    wrong = table_of[text[at].lower()]
    return text[:at] + (wrong[int(chance * 7) % len(wrong)] if kind == "keyboard" else wrong) + text[at + 1 :]


@cache
def _homophones() -> dict[str, str]:
    """Each character of the given names with the others that sound like it."""
    characters = sorted({c for gender in "MF" for name in table(f"zh_given_{gender}")[0] for c in name})
    sound = {character: lazy_pinyin(character)[0] for character in characters}
    return {c: "".join(o for o in characters if o != c and sound[o] == sound[c]) for c in characters}


def homophone(text: str, chance: float) -> str:
    """The text with one character replaced by another that sounds like it: what an input method offers next.

    Example:
        >>> homophone("晓梅", 0.0)
        '小梅'
    """
    places = [at for at, character in enumerate(text) if _homophones().get(character)]
    if not places:
        return text
    at = places[int(chance * len(places))]
    options = _homophones()[text[at]]
    return text[:at] + options[int(chance * 7) % len(options)] + text[at + 1 :]
