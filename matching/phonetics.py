"""How a name sounds, in a short code that survives misspelling."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.spans import Bytes

__all__ = ["phonetic", "plainly_spelt", "romanised"]

# Letters that are heard alike share a digit (Russell 1918, as in Soundex); vowels separate and are dropped.
_SOUNDS: Final = {"bfpvw": 1, "cgjkqsxz": 2, "dt": 3, "l": 4, "mn": 5, "r": 6}
_WIDTH: Final = 16
_KEPT: Final = 4
_CJK: Final = r"[\p{Han}]"
_VARIANTS: Final = (  # after the Kölner Phonetik (Postel 1969) and usual transliterations, in this order
    ("sch", "sh"), ("ph", "f"), ("ck", "k"), ("th", "t"), ("dt", "t"), ("tz", "z"), ("kh", "h"), ("ts", "z"),
    ("cz", "z"), ("ae", "a"), ("oe", "o"), ("ue", "u"), ("ay", "ei"), ("ai", "ei"), ("ey", "ei"), ("ij", "i"),
    ("iy", "i"), ("yi", "i"), ("y", "i"), ("w", "v"), ("q", "k"), ("ou", "u"), ("ii", "i"), ("nn", "n"), ("ss", "s"),
    ("mm", "m"), ("ll", "l"), ("tt", "t"),
)  # fmt: skip


def phonetic(values: pa.StringArray) -> pa.StringArray:
    """A Soundex-like code of each name; null where a name has no letters.

    Chinese names are romanised first (pinyin without tones) and keep their whole syllables, so that 王伟 and *wang wei*
    sound alike.

    Args:
        values: Distinct standard names.

    Example:
        >>> phonetic(pa.array(["robert", "rupert", "smith", "smyth"])).to_pylist()
        ['r163', 'r163', 's53', 's53']
    """
    roman = romanised(values)
    plain = pc.replace_substring_regex(pc.utf8_lower(roman.fill_null("")), "[^a-z]", "")
    letters = np.array(plain.to_pylist(), dtype=f"S{_WIDTH}").view(np.uint8).reshape(len(plain), _WIDTH)
    sounds = _table()[letters]
    heard = sounds > 0
    heard[:, 1:] &= sounds[:, 1:] != sounds[:, :-1]
    heard[:, 0] = False
    order = np.cumsum(heard, axis=1)
    code = np.zeros((len(plain), _KEPT), dtype=np.uint8)
    code[:, 0] = letters[:, 0]
    rows, columns = np.nonzero(heard & (order < _KEPT))
    code[rows, order[rows, columns]] = sounds[rows, columns] + ord("0")
    text = code.reshape(-1).view(f"S{_KEPT}")
    return pa.array(text.astype(np.str_), pa.string(), mask=letters[:, 0] == 0)


def romanised(values: pa.StringArray) -> pa.StringArray:
    """The values with Chinese characters replaced by pinyin without tones; others as they are."""
    if Bytes.of(values).plain.all():
        return values
    odd = np.flatnonzero(np.asarray(pc.match_substring_regex(values, _CJK).fill_null(False)))
    if not len(odd):
        return values
    texts = values.take(pa.array(odd)).to_pylist()
    table = str.maketrans({c: _syllable(c) for c in set("".join(texts))})
    mask = np.zeros(len(values), dtype=np.bool_)
    mask[odd] = True
    return pc.replace_with_mask(values, pa.array(mask), pa.array([t.translate(table) for t in texts], pa.string()))


def plainly_spelt(values: pa.StringArray) -> pa.StringArray:
    """Names with usual variants of spelling written in one way: German umlauts, *ai* and *ey*, *ph*, *dt*, *w*.

    Example:
        >>> plainly_spelt(pa.array(["meyer", "maier", "juergen", "jurgen", "stephan", "stefan"])).to_pylist()
        ['meier', 'meier', 'jurgen', 'jurgen', 'stefan', 'stefan']
    """
    for variant, plain in _VARIANTS:
        values = pc.replace_substring(values, variant, plain)
    return values


@cache
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  its tables cost 0.2 s, and only Chinese needs them

    return lazy_pinyin(character)[0]


@cache
def _table() -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    table = np.zeros(256, dtype=np.uint8)
    for letters, digit in _SOUNDS.items():
        table[[ord(letter) for letter in letters]] = digit
    return table
