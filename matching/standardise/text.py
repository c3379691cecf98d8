"""Folding text to the one form in which it is compared, a whole column at a time.

Everything here takes distinct values as an Arrow array and gives an array of the same length. The plain case (ASCII, no
stray punctuation) stays inside Arrow's kernels; what is odd is picked out first and only that pays for more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import opencc
import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from matching.standardise.scan import BEYOND_ASCII, DIGITS, LOWER, UPPER, byte_at, holds, holds_other_than, lengths

__all__ = [
    "CJK",
    "drop_blank",
    "each_odd",
    "fold",
    "holds_cjk",
    "holds_text",
    "is_in",
    "matches",
    "replace",
    "simplify",
    "split_cells",
    "without_apostrophes",
    "words_of",
]

CJK: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
"""What goes inside a regular expression's brackets for scripts that are kept as they are (not transliterated)."""

_LETTERS: Final = {  # letters that no decomposition takes apart
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
    "·": " ", "•": " ", "・": " ", "ŧ": "t", "ĸ": "k", "ŀ": "l", "ſ": "s", "’": "'", "‘": "'", "ʼ": "'", "`": "'",
}  # fmt: skip
_BLANK: Final = (
    "", "n/a", "#n/a", "none", "null", "nil", "nan", "unknown", "not available", "not applicable", "undefined", "tbd",
    "tba", "missing", "-", "--", "---", ".", "..", "?", "??", "/", "\\", "*", "0", "无", "暂无", "没有", "未知", "不详",
    "未填", "未填写", "不明", "保密", "空", "brak", "keine", "unbekannt", "inconnu", "desconocido",
)  # fmt: skip
_LONGEST_BLANK: Final = max(len(word.encode()) for word in _BLANK)
_SPACE: Final = ord(" ")
_WHITE: Final = b"\t\n\r\f\v\x1c\x1d\x1e\x1f"
_SIMPLIFIED: Final = opencc.OpenCC("t2s")


def replace(values: pa.StringArray, pattern: str, by: str) -> pa.StringArray:
    r"""Every match of an RE2 pattern replaced; ``by`` may name groups as ``\1``."""
    return pc.replace_substring_regex(values, pattern=pattern, replacement=by)


def matches(values: pa.StringArray, pattern: str) -> pa.BooleanArray:
    """Whether each value holds a match of an RE2 pattern; false for a missing value."""
    return pc.fill_null(pc.match_substring_regex(values, pattern), False)


def holds_text(values: pa.StringArray, text: str) -> pa.BooleanArray:
    """Whether each value holds this very text; false for a missing value."""
    return pc.fill_null(pc.match_substring(values, text), False)


def holds_cjk(values: pa.StringArray) -> pa.BooleanArray:
    """Whether each value holds a Chinese character, a kana or a hangul; false for a missing value."""
    beyond = holds(values, BEYOND_ASCII)
    return matches(values, f"[{CJK}]") if beyond.any() else pa.array(beyond)


def is_in(values: pa.StringArray, words: frozenset[str] | tuple[str, ...]) -> pa.BooleanArray:
    """Whether each value is one of the words; false for a missing value."""
    return pc.is_in(values, pa.array(sorted(words), pa.string()))


def each_odd(
    values: pa.StringArray, odd: pa.BooleanArray | np.ndarray, change: Callable[[pa.StringArray], pa.StringArray]
) -> pa.StringArray:
    """The values with ``change`` applied to those marked odd, and to no others.

    Args:
        values: N values.
        odd: N booleans without nulls.
        change: Takes and gives an array of one length.
    """
    if isinstance(odd, np.ndarray):
        odd = pa.array(odd)
    count = odd.true_count
    if count == 0:
        return values
    if count == len(values):
        return change(values)
    return pc.replace_with_mask(values, odd, change(values.filter(odd)))


def drop_blank(values: pa.StringArray) -> pa.StringArray:
    """Trimmed text, with what only says "nothing here" turned into a missing value."""
    edges = np.minimum(
        byte_at(values, 0) - 1, byte_at(values, -1) - 1
    )  # 0 wraps to 255: an empty text is no white space
    wide = (byte_at(values, 0) >= 0x80) | (byte_at(values, -1) >= 0x80)
    trimmed = each_odd(values, (edges < 0x20) | wide, pc.utf8_trim_whitespace)
    return each_odd(trimmed, lengths(trimmed) <= _LONGEST_BLANK, _short_blank)


def _short_blank(values: pa.StringArray) -> pa.StringArray:
    return pc.if_else(is_in(pc.utf8_lower(values), _BLANK), pa.scalar(None, pa.string()), values)


def simplify(values: pa.StringArray) -> pa.StringArray:
    """Traditional Chinese characters turned into simplified ones (OpenCC, ``t2s``), all in one call."""
    lines = pc.fill_null(each_odd(values, holds(values, b"\n"), lambda some: pc.replace_substring(some, "\n", " ")), "")
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), lines), "\n")[0].as_py()
    converted = pc.split_pattern(pa.array([_SIMPLIFIED.convert(whole)], pa.string()), "\n").flatten()
    return pc.if_else(pc.is_null(values), pa.scalar(None, pa.string()), converted)


def fold(values: pa.StringArray) -> pa.StringArray:
    """Text as it is compared: compatibility forms (NFKC), lower case, no diacritics, one script a language.

    Latin letters lose their diacritics; other alphabets are transliterated to Latin letters (anyascii); Chinese becomes
    simplified; kana and hangul stay. White space is single and trimmed; punctuation stays.

    Args:
        values: N distinct texts.

    Returns:
        N texts; empty ones are missing.
    """
    folded = each_odd(values, holds(values, BEYOND_ASCII), _fold_odd)
    folded = each_odd(folded, holds(folded, UPPER), pc.ascii_lower)
    odd = holds(folded, _WHITE + BEYOND_ASCII) | (byte_at(folded, 0) == _SPACE) | (byte_at(folded, -1) == _SPACE)
    spaced = each_odd(folded, pc.or_(pa.array(odd), holds_text(folded, "  ")), _single_spaces)
    return _or_missing(spaced)


def _or_missing(values: pa.StringArray) -> pa.StringArray:
    empty = lengths(values) == 0
    return pc.if_else(pa.array(empty), pa.scalar(None, pa.string()), values) if empty.any() else values


def _single_spaces(values: pa.StringArray) -> pa.StringArray:
    return pc.utf8_trim_whitespace(replace(values, r"[\s\p{Z}\x{200b}\x{feff}]+", " "))


def _fold_odd(values: pa.StringArray) -> pa.StringArray:
    text = each_odd(values, matches(values, r"[^\x00-\x7f\x{4e00}-\x{9fff}]"), _fold_forms)
    return each_odd(text, matches(text, r"\p{Han}"), simplify)


def _fold_forms(values: pa.StringArray) -> pa.StringArray:
    """Compatibility forms (full width, ligatures) in their plain form, then letters."""
    text = pc.utf8_lower(pc.utf8_normalize(values, "NFKC"))
    return each_odd(text, matches(text, rf"[^\x00-\x7f{CJK}]"), _fold_letters)


def _fold_letters(values: pa.StringArray) -> pa.StringArray:
    """Letters without their diacritics, and other alphabets in Latin letters."""
    text = replace(values, r"[\x{2ff0}-\x{2fff}]", " ")  # signs that describe a character, which OpenCC would follow
    for letter, plain in _LETTERS.items():
        text = pc.replace_substring(text, letter, plain)
    text = pc.utf8_normalize(replace(pc.utf8_normalize(text, "NFKD"), r"[\x{0300}-\x{036f}]+", ""), "NFKC")
    return pc.utf8_normalize(each_odd(text, matches(text, rf"[^\x00-\x7f{CJK}]"), _transliterate), "NFKC")


def _transliterate(values: pa.StringArray) -> pa.StringArray:
    return pa.array([None if text is None else _to_latin(text) for text in values.to_pylist()], pa.string())


def _to_latin(text: str) -> str:
    return "".join(letter if letter.isascii() or _is_cjk(letter) else anyascii(letter).lower() for letter in text)


def _is_cjk(letter: str) -> bool:
    point = ord(letter)
    return (
        0x3040 <= point <= 0x30FF
        or 0x31F0 <= point <= 0x31FF
        or 0x3400 <= point <= 0x9FFF
        or 0x1100 <= point <= 0x11FF
        or 0xAC00 <= point <= 0xD7AF
        or 0xF900 <= point <= 0xFAFF
        or 0x20000 <= point <= 0x3FFFF
        or letter in "々〇"
    )


def without_apostrophes(values: pa.StringArray) -> pa.StringArray:
    """Folded text with apostrophes dropped, so that O'Brien and OBrien are one word."""
    return each_odd(values, holds(values, b"'"), lambda some: _single_spaces(pc.replace_substring(some, "'", "")))


def words_of(values: pa.StringArray, *, keep: str = "") -> pa.StringArray:
    """Folded text as words: letters and digits with single spaces between; other characters become spaces.

    Args:
        values: N texts, folded.
        keep: Further characters to keep, as they stand inside a regular expression's brackets.
    """
    odd = holds_other_than(values, LOWER + DIGITS + b" " + keep.encode())
    odd |= (byte_at(values, 0) == _SPACE) | (byte_at(values, -1) == _SPACE)
    between = rf"[^a-z0-9\p{{L}}\p{{M}}\p{{N}}{keep}]+"
    return _or_missing(each_odd(values, odd, lambda some: pc.utf8_trim_whitespace(replace(some, between, " "))))


def split_cells(values: pa.StringArray, between: str, *, most: int = 3) -> tuple[pa.StringArray, ...]:
    """Cells that hold several values taken apart.

    Args:
        values: N cells.
        between: A regular expression for what stands between two values.
        most: Values at most; further ones are left out.

    Returns:
        As many arrays of N as the fullest cell has values; missing where a cell has fewer.
    """
    several = matches(values, between)
    if not pc.any(several).as_py():
        return (values,)
    lists = pc.split_pattern_regex(values, between)
    counts = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    starts = np.cumsum(counts) - counts
    flat = lists.flatten()
    return tuple(
        flat.take(pa.array(starts + place, mask=counts <= place)) for place in range(min(int(counts.max()), most))
    )
