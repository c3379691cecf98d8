"""How Chinese cells are written: addresses in one line, numerals, dates, names in Latin letters."""

from __future__ import annotations

from functools import cache

import opencc

from benchmarks.synthetic.chinese_spellings import cantonese, syllables, wade_giles

__all__ = [
    "WESTERN",
    "chinese_date",
    "numerals",
    "romanise",
    "short_place",
    "to_traditional",
]

WESTERN = ("pinyin", "pinyin_given_first", "wade_giles", "cantonese")
"""The ways of writing a Chinese name in Latin letters."""

_NUMERALS = "〇一二三四五六七八九"


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def to_traditional(text: str) -> str:
    """Traditional characters, as a colleague in Hong Kong or Taiwan types them."""
    converted: str = _converter().convert(text)
    return converted


def romanise(family: str, given: str, way: str, chance: float) -> str:
    """A Chinese name in Latin letters.

    Args:
        family: The surname.
        given: The given name.
        way: One of `WESTERN`.
        chance: 0..1; decides upon spaces, hyphens, capitals and the order.

    Returns:
        The name; in pinyin where Cantonese is not known.

    Example:
        >>> romanise("张", "小明", "pinyin", 0.0), romanise("张", "小明", "wade_giles", 0.9)
        ('Zhang Xiaoming', 'Hsiao-Ming Chang')
    """
    surname, parts = syllables(family, given)
    if way == "wade_giles":
        spelt = "-".join(wade_giles(part) for part in parts).title()
        name = wade_giles(surname).capitalize()
        return f"{name} {spelt}" if chance < 0.5 else f"{spelt} {name}"
    if way == "cantonese" and (known := cantonese(family, given)):
        spelt = " ".join(known[1]).title()
        return f"{known[0].capitalize()} {spelt}" if chance < 0.6 else f"{spelt} {known[0].capitalize()}"
    joined, spaced = "".join(parts).capitalize(), " ".join(parts).title()
    surname = surname.capitalize()
    if way == "pinyin_given_first":
        return (f"{joined} {surname}", f"{joined} {surname.upper()}", f"{spaced} {surname}")[int(chance * 3)]
    ways = (
        f"{surname} {joined}", f"{surname} {joined}", f"{surname} {spaced}", f"{surname.upper()} {joined}",
        f"{surname} {joined}".upper(), f"{surname} {joined}".lower(), f"{surname.lower()}{joined.lower()}",
        f"{surname}, {joined}",
    )  # fmt: skip
    return ways[int(chance * len(ways))]


def short_place(place: str) -> str:
    """A place without the word that says what it is.

    Example:
        >>> [short_place(place) for place in ("浙江省", "上海市", "浦东新区", "市南区", "长安镇")]
        ['浙江', '上海', '浦东', '市南', '长安镇']
    """
    for level in ("新区", "自治区", "省", "市", "区", "县"):
        if place.endswith(level) and len(place) - len(level) >= 2:
            return place.removesuffix(level)
    return place


def numerals(address: str) -> str:
    """Numbers written in characters: 三号 for 3号, 五〇二室 for 502室.

    Example:
        >>> numerals("中山路12号3栋502室")
        '中山路十二号三栋五〇二室'
    """
    text, number = "", ""
    for letter in address + "\n":
        if letter.isascii() and letter.isdigit():
            number += letter
            continue
        text, number = text + _spelt(number) + letter, ""
    return text.removesuffix("\n")


def _spelt(number: str) -> str:
    if len(number) == 2 and number[0] != "0":
        tens = "" if number[0] == "1" else _NUMERALS[int(number[0])]
        return tens + "十" + (_NUMERALS[int(number[1])] if number[1] != "0" else "")
    return "".join(_NUMERALS[int(digit)] for digit in number)


def chinese_date(iso: str, way: int) -> str:
    """A date as Chinese tables write it.

    Example:
        >>> [chinese_date("1985-03-07", way) for way in range(4)]
        ['1985年3月7日', '19850307', '1985/3/7', '1985.03.07']
    """
    if not iso:
        return ""
    year, month, day = (int(part) for part in iso.split("-"))
    ways = (
        f"{year}年{month}月{day}日",
        f"{year}{month:02}{day:02}",
        f"{year}/{month}/{day}",
        f"{year}.{month:02}.{day:02}",
    )
    return ways[way]
