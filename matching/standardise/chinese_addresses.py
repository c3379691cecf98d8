"""Chinese addresses: province, city and district by the names of GB/T 2260, abbreviated or left out as people do.

上海浦东世纪大道100号 is 上海市浦东新区世纪大道100号, and so is 浦东新区世纪大道100号: a district
that there is once names its city and its province. A place
right before 路, 街 and the like is part of the street's name: 北京路 is in every second city.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.chinese_places import divisions
from matching.standardise.text import each_odd, matches, replace

__all__ = ["Areas", "house_numbers", "split_areas"]

_HEAD: Final = r"^(?P<head>[^0-9]{0,28})"
_STREET: Final = (
    r"^(?:[东西南北中]?[一二三四五六七八九十]?(?:路|街|大街|大道|道|巷|里|胡同|弄|桥|广场|小区|花园|大厦|村|镇|乡|社区|"
    r"新村)|街道)"
)
_RANK: Final = "[省市区县旗州盟]"
_NOT_A_DISTRICT: Final = r"(?:小|社|园|校|厂|景|住宅|工业|商业|院)区$"
_ZONE: Final = r"^(?P<zone>[^省市区县路街道号0-9]{2,9}?(?:开发区|高新区|园区|新区|示范区|保税区)|高新区|经开区|开发区)"
_CUT: Final = {"state": 2, "city": 4, "district": 6}
_MUNICIPAL: Final = ("11", "12", "31", "50")


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """What addresses begin with: arrays of one length, missing where an address does not say.

    Args:
        state: Full name of the province.
        city: Full name of the prefecture.
        district: Full name of the county, or a development zone as written.
        rest: What follows.
    """

    state: pa.StringArray
    city: pa.StringArray
    district: pa.StringArray
    rest: pa.StringArray


def split_areas(packed: pa.StringArray) -> Areas:
    """Provinces, cities and districts that addresses begin with, and missing ones where there is one answer.

    Args:
        packed: N folded addresses without white space.

    Example:
        >>> areas = split_areas(pa.array(["上海浦东世纪大道100号", "杭州西湖文三路3号", "南京东路300号"]))
        >>> areas.city.to_pylist(), areas.district.to_pylist(), areas.rest.to_pylist()
        (['上海市', '杭州市', None], ['浦东新区', '西湖区', None], ['世纪大道100号', '文三路3号', '南京东路300号'])
    """
    heads = pc.struct_field(pc.extract_regex(packed, _HEAD), "head").dictionary_encode()
    found, sizes = _heads(heads.dictionary)
    index = heads.indices
    taken = np.asarray(pc.fill_null(sizes.take(index), 0), dtype=np.int64)
    state, city, district = (names.take(index) for names in found)
    return Areas(state=state, city=city, district=district, rest=_without_heads(packed, taken))


def house_numbers(streets: pa.StringArray) -> pa.StringArray:
    """Buildings and rooms in one form: 3栋502室, 3幢502 and 3号楼502室 are 3-502.

    Example:
        >>> house_numbers(pa.array(["文三路3号5幢502室", "文三路3号5号楼502", "阳光小区5号楼"])).to_pylist()
        ['文三路3号5-502', '文三路3号5-502', '阳光小区5栋']
    """
    text = each_odd(streets, matches(streets, r"[0-9a-z](?:幢|号楼)"), _buildings)
    return each_odd(text, matches(text, r"[0-9a-z](?:栋|单元|座|室|房|户)"), _rooms)


def _buildings(streets: pa.StringArray) -> pa.StringArray:
    return replace(streets, r"([0-9a-z])(?:幢|号楼)", r"\1栋")


def _rooms(streets: pa.StringArray) -> pa.StringArray:
    joined = replace(streets, r"([0-9a-z])(?:栋|座)-?(?:([0-9]+)单元)", r"\1-\2-")
    joined = replace(joined, r"([0-9a-z])(?:栋|单元|座)-?([0-9])", r"\1-\2")
    joined = replace(joined, r"--+", "-")
    return replace(joined, r"([0-9])(?:室|房|户)$", r"\1")


def _heads(heads: pa.StringArray) -> tuple[tuple[pa.StringArray, ...], pa.Int64Array]:
    """Province, city and district of distinct heads, and how many of their characters these take."""
    texts = pc.fill_null(heads, "")
    rest, code = replace(texts, r"^(?:中华人民共和国|中国)", ""), pa.array([""] * len(texts), pa.string())
    for level in ("state", "city", "again", "district"):
        rest, code = _cut(rest, code, level)
    zone = pc.struct_field(pc.extract_regex(rest, _ZONE), "zone")
    open_ = pc.and_(pc.less(pc.utf8_length(code), 6), pc.invert(pc.equal(code, "")))
    zone = pc.if_else(pc.and_(open_, pc.invert(matches(zone, _NOT_A_DISTRICT))), zone, None)
    rest = pc.if_else(pc.is_valid(zone), _behind(rest, pc.fill_null(pc.utf8_length(zone), 0)), rest)
    names = _names()
    state = _named(pc.utf8_slice_codeunits(code, 0, 2), names)
    city = _named(pc.if_else(pc.greater_equal(pc.utf8_length(code), 4), pc.utf8_slice_codeunits(code, 0, 4), ""), names)
    district = pc.coalesce(_named(pc.if_else(pc.equal(pc.utf8_length(code), 6), code, ""), names), _lone(rest, code))
    lone = _lone(rest, code)
    rest = pc.if_else(pc.is_valid(lone), _behind(rest, pc.fill_null(pc.utf8_length(lone), 0)), rest)
    sizes = pc.subtract(pc.utf8_length(texts), pc.utf8_length(rest))
    return (state, city, pc.coalesce(district, zone)), sizes.cast(pa.int64())


def _cut(rest: pa.StringArray, code: pa.StringArray, level: str) -> tuple[pa.StringArray, pa.StringArray]:
    """One more level cut off: the longest name that fits what is known, but never the beginning of a street's name."""
    keys, codes, longest = _table(level)
    taken = np.zeros(len(rest), dtype=np.int64)
    longer = np.full(len(rest), -1, dtype=np.int64)
    lengths = np.asarray(pc.utf8_length(rest), dtype=np.int64)
    for size in range(longest, 1, -1):
        head = pc.utf8_slice_codeunits(rest, 0, size)
        place = pc.fill_null(pc.index_in(pc.binary_join_element_wise(code, head, ""), keys), -1)
        place = np.asarray(place, dtype=np.int64)
        rows = np.flatnonzero((place >= 0) & (taken == 0) & (lengths >= size))
        if len(rows):
            where = pa.array(rows)
            rows = rows[_is_whole(head.take(where), pc.utf8_slice_codeunits(rest.take(where), size))]
            taken[rows], longer[rows] = size, place[rows]
    found = codes.take(pa.array(longer, mask=longer < 0))
    return _without_heads(rest, taken), pc.coalesce(found, code)


def _is_whole(head: pa.StringArray, behind: pa.StringArray) -> np.ndarray:
    """Whether a short name is neither the beginning of a street's name nor of a longer place's."""
    short = pc.invert(matches(head, f"{_RANK}$"))
    within = pc.and_(matches(behind, _STREET), pc.invert(matches(behind, "^(?:道里|道外|路桥)")))
    return ~np.asarray(pc.and_(short, pc.or_(within, matches(behind, f"^{_RANK}"))))


def _lone(rest: pa.StringArray, code: pa.StringArray) -> pa.StringArray:
    """The full name of a district that there is in several cities, where no city is given."""
    found = pa.nulls(len(rest), pa.string())
    for size in (5, 4, 3, 2):
        head = pc.utf8_slice_codeunits(rest, 0, size)
        fits = pc.and_(pc.is_in(head, _districts()), pc.and_(pc.equal(code, ""), pc.is_null(found)))
        found = pc.if_else(fits, head, found)
    return found


def _named(codes: pa.StringArray, names: dict[str, str]) -> pa.StringArray:
    return pa.array(list(names.values()), pa.string()).take(pc.index_in(codes, pa.array(list(names), pa.string())))


def _behind(texts: pa.StringArray, sizes: pa.Int32Array) -> pa.StringArray:
    """Each text without as many characters as it is told."""
    return _without_heads(texts, np.asarray(sizes, dtype=np.int64))


def _without_heads(texts: pa.StringArray, sizes: np.ndarray) -> pa.StringArray:
    found = texts
    for size in np.unique(sizes[sizes > 0]).tolist():
        found = each_odd(found, sizes == size, partial(pc.utf8_slice_codeunits, start=size))
    return found


@cache
def _districts() -> pa.StringArray:
    return pa.array(sorted({o.name for o in divisions() if o.level == "district" and len(o.name) <= 5}), pa.string())


@cache
def _names() -> dict[str, str]:
    """Code without trailing zeros of its level → full name; a municipality's city bears its name."""
    return {one.code[: _CUT[one.level]]: one.name for one in divisions()}


@cache
def _table(level: str) -> tuple[pa.StringArray, pa.StringArray, int]:
    """What is known (a code) and a name behind it; the longer code of each; the characters of the longest name.

    The name of a city or district may follow its province's or city's, or stand alone where it is the only one. Level
    ``again`` holds cities under their full names behind themselves (北京市北京市朝阳区).
    """
    found: dict[str, set[str]] = {}
    for one in divisions():
        code = one.code[: _CUT[one.level]]
        if level == "again" and one.level == "city":
            found.setdefault(code + one.name, set()).add(code)
        if one.level != level:
            continue
        for name in {one.name, one.short}:
            for before in _befores(code, level):
                found.setdefault(before + name, set()).add(_municipal(code) if level == "state" else code)
    only = {key: codes.pop() for key, codes in found.items() if len(codes) == 1}
    longest = max(len(key.lstrip("0123456789")) for key in only)
    return pa.array(list(only), pa.string()), pa.array(list(only.values()), pa.string()), longest


def _befores(code: str, level: str) -> tuple[str, ...]:
    """The codes of what may be known when the name of a division comes."""
    if level == "state":
        return ("",)
    return ("", code[:2]) if level == "city" else ("", code[:2], code[:4])


def _municipal(code: str) -> str:
    return code + "01" if code in _MUNICIPAL else code
