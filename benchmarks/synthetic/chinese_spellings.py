"""How one Chinese name is written by different hands: input methods, passports, embassies, Hong Kong's registrars.

Wade–Giles follows the table of syllables in Herbert A. Giles, *A Chinese-English Dictionary* (1892), as passports of
Taiwan print it: without apostrophes and diacritics. Cantonese follows the spellings of Hong Kong's identity cards.
"""

from __future__ import annotations

from functools import cache

from pypinyin import lazy_pinyin

from benchmarks.synthetic.names import lookup, objects, vocabulary

__all__ = ["cantonese", "look_alike", "syllables", "wade_giles"]

_INITIALS = (
    ("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("p", "p"), ("d", "t"), ("t", "t"), ("g", "k"), ("k", "k"),
    ("j", "ch"), ("q", "ch"), ("x", "hs"), ("z", "ts"), ("c", "ts"), ("r", "j"),
)  # fmt: skip
_WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "szu", "yan": "yen",
    "ye": "yeh", "yi": "i", "you": "yu", "yong": "yung", "yue": "yueh", "er": "erh", "ge": "ko", "ke": "ko", "he": "ho",
    "duo": "to", "tuo": "to", "luo": "lo", "nuo": "no", "zuo": "tso", "cuo": "tso", "suo": "so", "zhuo": "cho",
    "chuo": "cho", "ruo": "jo", "e": "o", "gui": "kuei", "kui": "kuei",
}  # fmt: skip
_FINALS = (("ian", "ien"), ("ie", "ieh"), ("ue", "ueh"), ("ong", "ung"))


def syllables(family: str, given: str) -> tuple[str, list[str]]:
    """The surname and each syllable of the given name, in pinyin without tones."""
    return lookup("pinyin_surname", objects([family]))[0], lazy_pinyin(given)


@cache
def wade_giles(syllable: str) -> str:
    """One syllable of pinyin in the Wade–Giles of passports.

    Example:
        >>> [wade_giles(one) for one in ("zhang", "xiao", "qian", "guo", "zi")]
        ['chang', 'hsiao', 'chien', 'kuo', 'tzu']
    """
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    initial = next((one for one, _ in _INITIALS if syllable.startswith(one)), "")
    final = syllable.removeprefix(initial)
    for pinyin, giles in _FINALS:
        if final.endswith(pinyin):
            final = final.removesuffix(pinyin) + giles
            break
    final = final.replace("v", "u")
    return dict(_INITIALS).get(initial, "") + final


def cantonese(family: str, given: str) -> tuple[str, list[str]] | None:
    """The surname and the syllables of the given name as Hong Kong spells them; None where one is not known.

    Example:
        >>> cantonese("张", "志强")
        ('cheung', ['chi', 'keung'])
    """
    surnames, characters = vocabulary()["cn_cantonese_surnames"], vocabulary()["cn_cantonese_characters"]
    if family not in surnames or any(character not in characters for character in given):
        return None
    return surnames[family], [characters[character] for character in given]


def look_alike(text: str, chance: float) -> str:
    """The text with one character replaced by another that looks like it: a misread form, a wrong stroke.

    Example:
        >>> look_alike("晓明", 0.0)
        '哓明'
    """
    pairs: dict[str, str] = vocabulary()["cn_look_alikes"]
    places = [at for at, character in enumerate(text) if character in pairs]
    if not places:
        return text
    at = places[int(chance * len(places))]
    options = pairs[text[at]]
    return text[:at] + options[int(chance * 7) % len(options)] + text[at + 1 :]
