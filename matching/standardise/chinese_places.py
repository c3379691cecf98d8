"""The administrative divisions of China by name: provinces, prefectures and counties, in their full and short forms.

Names and codes are those of GB/T 2260 as python-stdnum carries them (``cn/loc``); divisions that were abolished are
left out. Short forms drop the word that says what a division is (浙江省 → 浙江, 浦东新区 → 浦东).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyarrow as pa
from stdnum import numdb

from matching.standardise.text import replace

__all__ = ["Division", "divisions", "place_names", "short_place", "short_places"]

_PEOPLES: Final = (
    "蒙古族|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|"
    "水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|阿昌族|普米族|塔吉克|怒族|鄂温克族|"
    "德昂族|保安族|裕固族|独龙族|鄂伦春|门巴族|珞巴族|基诺族|蒙古|回|各族|高山族|京族"
)
_RANKED: Final = rf"^(.{{2,}}?)(?:(?:{_PEOPLES})*自治[区州县旗]|特别行政区|地区|林区|新区|矿区|省|市|区|县|盟|旗)$"
_RANKS: Final = re.compile(_RANKED)
_OLD: Final = re.compile(r"^\[\d*-\d+\]")
_SPAN: Final = re.compile(r"^\[\d*-?\d*\]")
_NO_PLACE: Final = frozenset(
    {"市辖区", "县", "省直辖县级行政单位", "自治区直辖县级行政单位", "自治区直辖县级行政区划", "直辖县级"}
)
_MUNICIPAL: Final = frozenset({"11", "12", "31", "50"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One division.

    Args:
        code: Six digits of GB/T 2260.
        name: Its full name.
        level: ``state``, ``city`` or ``district``.
    """

    code: str
    name: str
    level: str

    @property
    def short(self) -> str:
        """The name without its rank."""
        return short_place(self.name)


def short_place(name: str) -> str:
    """A place's name without the word that says what it is; names of two characters stay.

    Example:
        >>> [short_place(name) for name in ("浙江省", "内蒙古自治区", "浦东新区", "大理白族自治州", "通县", "蓟县")]
        ['浙江', '内蒙古', '浦东', '大理', '通县', '蓟县']
    """
    found = _RANKS.match(name)
    return found.group(1) if found else name


def short_places(names: pa.StringArray) -> pa.StringArray:
    """`short_place` of N names without white space."""
    return replace(names, _RANKED, r"\1")


@cache
def divisions() -> tuple[Division, ...]:
    """Every division there is today, by code; a municipality is a province and, under the same name, a city."""
    found = []
    for code, name in _listed():
        if code.endswith("0000"):
            found.append(Division(code=code, name=name, level="state"))
            if code[:2] in _MUNICIPAL:
                found.append(Division(code=code[:2] + "0100", name=name, level="city"))
        elif name not in _NO_PLACE and not name.startswith(("省直辖", "自治区直辖")):
            found.append(Division(code=code, name=name, level="city" if code.endswith("00") else "district"))
    return tuple(found)


def _listed() -> list[tuple[str, str]]:
    """Code and name of every division in the table of python-stdnum, abolished ones left out."""
    table = numdb.get("cn/loc")
    found = []
    for _, low, _, props, children in table.prefixes:
        found.append((low + "0000", props["province"]))
        for _, rest, _, of_county, _ in children:
            names = [name for name in of_county["county"].split(",") if not _OLD.match(name) and rest != "0000"]
            found.extend((low + rest, _SPAN.sub("", name)) for name in names)
    return found


@cache
def place_names(*levels: str) -> dict[str, Division]:
    """Full and short names → the division; a short name that two divisions of these levels bear is left out.

    Args:
        levels: Which levels; of one name at two levels the first one given is taken.
    """
    chosen = [one for level in levels for one in divisions() if one.level == level]
    found: dict[str, Division] = {}
    times = Counter((level, short_place(name)) for level, name in {(one.level, one.name) for one in chosen})
    for one in chosen:
        found.setdefault(one.name, one)
        if times[one.level, one.short] == 1:
            found.setdefault(one.short, one)
    return found
