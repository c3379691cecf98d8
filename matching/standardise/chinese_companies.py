"""Chinese company names taken apart: 地区 (place), 字号 (brand), 行业 (trade), 组织形式 (legal form), 分支 (branch).

The order is that of the Provisions on the Administration of Enterprise Name Registration (企业名称登记管理规定, State
Council 2020, article 6): division, trade name, industry, form of organisation. The place may also stand in brackets
behind the trade name or the industry; what names a branch follows the form. Names that do not follow the order keep all
they have as the brand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.chinese_places import place_names
from matching.standardise.chinese_trades import TRADES
from matching.standardise.text import each_odd, matches, replace

__all__ = ["CompanyParts", "place_first", "split_companies"]

_SHORTEST_BRAND: Final = 2
_LONGEST_PLACE: Final = 11
_OFFICES: Final = (
    "分公司", "子公司", "分店", "支店", "门店", "办事处", "分行", "支行", "分部", "分厂", "营业部",
    "分校", "分院", "代表处",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyParts:
    """Company names taken apart: arrays of one length; empty text where a name has no such part.

    Args:
        place: Province or city that it begins with, in its short form; a district behind it is dropped.
        brand: What tells it from others of its trade and place; never empty.
        trade: What it does, the words as they stand.
        branch: The branch that it ends with.
    """

    place: pa.StringArray
    brand: pa.StringArray
    trade: pa.StringArray
    branch: pa.StringArray


def place_first(folded: pa.StringArray) -> pa.StringArray:
    """A place in brackets moved to the front, the words 省 and 市 behind a leading place dropped.

    Args:
        folded: N folded names with their brackets, legal forms or not.

    Example:
        >>> place_first(pa.array(["腾讯科技(深圳)有限公司", "浙江省杭州市宏达贸易", "上海市场研究"])).to_pylist()
        ['深圳腾讯科技有限公司', '杭州宏达贸易', '上海市场研究']
    """
    places = _pattern()
    moved = each_odd(
        folded,
        matches(folded, r"[(（]"),
        lambda some: replace(
            some, rf"^([^()（）]{{2,}}?)\s*[(（]\s*(?:中国)?({places})[省市]?\s*[)）]\s*(.*)$", r"\2\1\3"
        ),
    )
    moved = each_odd(
        moved,
        matches(moved, rf"^(?:{_states()})省?(?:{places})"),
        lambda some: replace(some, rf"^(?:(?:{_states()})省?)+((?:{_cities()})[^省].*)$", r"\1"),
    )
    return each_odd(
        moved,
        matches(moved, rf"^(?:{places})[省市]"),
        lambda some: replace(some, rf"^({places})[省市]+([^场政容民内郊外区立级].+)$", r"\1\2"),
    )


def split_companies(values: pa.StringArray) -> CompanyParts:
    """Standard Chinese names (`matching.standardise.companies`) taken apart; other names are brands as a whole.

    Args:
        values: N standard names.

    Example:
        >>> parts = split_companies(pa.array(["上海宏达信息技术", "宏达", "北京大学", "杭州网易上海分公司"]))
        >>> parts.place.to_pylist(), parts.brand.to_pylist(), parts.trade.to_pylist()
        (['上海', '', '', '杭州'], ['宏达', '宏达', '北京大学', '网易'], ['信息技术', '', '', ''])
    """
    chinese = matches(values, r"^\p{Han}{2}")
    texts = pc.if_else(chinese, values, "")
    rest, branch = _cut_branch(pc.fill_null(texts, ""))
    place, named = _cut_place(rest, _places())
    named = each_odd(named, matches(named, r"^.{2,10}[区县市旗]."), lambda some: _cut_place(some, _districts())[1])
    brand, trade = _cut_trade(named)
    lone = pc.is_in(brand, _trades())  # 北京大学 is no 大学 of 北京
    brand = pc.if_else(lone, pc.binary_join_element_wise(place, brand, ""), brand)
    return CompanyParts(
        place=pc.if_else(lone, "", place),
        brand=pc.if_else(chinese, brand, pc.fill_null(values, "")),
        trade=trade,
        branch=branch,
    )


def _cut_branch(names: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """The name without the branch that it ends with, and the branch: a place or else two characters, and an office."""
    branch, rest = pa.array([""] * len(names), pa.string()), names
    for office in _OFFICES:
        ends = pc.ends_with(rest, office)
        if not pc.any(ends).as_py():
            continue
        bare = pc.utf8_slice_codeunits(rest, 0, -len(office))
        place = pc.utf8_slice_codeunits(bare, -2, None)
        for size in range(3, _LONGEST_PLACE + 1):
            tail = pc.utf8_slice_codeunits(bare, -size, None)
            place = pc.if_else(pc.or_(pc.is_in(tail, _places()), pc.is_in(tail, _districts())), tail, place)
        ends = pc.and_(ends, pc.greater_equal(pc.utf8_length(bare), pc.add(pc.utf8_length(place), _SHORTEST_BRAND)))
        branch = pc.if_else(ends, pc.binary_join_element_wise(place, office, branch, ""), branch)
        length = pc.subtract(pc.utf8_length(bare), pc.utf8_length(place))
        without = _heads(bare, length)
        rest = pc.if_else(ends, without, rest)
    return rest, branch


def _heads(texts: pa.StringArray, sizes: pa.Int32Array) -> pa.StringArray:
    """The first characters of each text, as many as it is told."""
    found = texts
    for size in pc.unique(sizes).to_pylist():
        found = pc.if_else(pc.equal(sizes, size), pc.utf8_slice_codeunits(texts, 0, max(size, 0)), found)
    return found


def _cut_place(names: pa.StringArray, places: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """The place a name begins with and what follows it, two characters or more; the longest name of a place wins."""
    place, rest = pa.array([""] * len(names), pa.string()), names
    done = np.zeros(len(names), dtype=np.bool_)
    lengths = np.asarray(pc.utf8_length(names))
    for size in range(pc.max(pc.utf8_length(places)).as_py(), 1, -1):
        head = pc.utf8_slice_codeunits(names, 0, size)
        fits = np.asarray(pc.is_in(head, places)) & ~done & (lengths >= size + _SHORTEST_BRAND)
        if fits.any():
            place = pc.if_else(pa.array(fits), head, place)
            rest = each_odd(rest, fits, partial(pc.utf8_slice_codeunits, start=size))
            done |= fits
    return place, rest


def _cut_trade(names: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """The brand, two characters or more, and the words of a trade behind it."""
    brand, trade = names, pa.array([""] * len(names), pa.string())
    rows = np.arange(len(names))
    for _ in range(4):  # 科技 发展 股份 集团
        head, tail, cut = _cut_word(brand.take(pa.array(rows)))
        if not cut.any():
            break
        mask = np.zeros(len(names), dtype=np.bool_)
        mask[rows[cut]] = True
        kept, places = pa.array(cut), pa.array(mask)
        words = pc.binary_join_element_wise(tail.filter(kept), trade.filter(places), "")
        trade = pc.replace_with_mask(trade, places, words)
        brand = pc.replace_with_mask(brand, places, head.filter(kept))
        rows = rows[cut]
    return brand, trade


def _cut_word(names: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray, np.ndarray]:
    """Each name without the longest word of a trade that it ends with, that word, and whether there is one."""
    rest, word = names, pa.array([""] * len(names), pa.string())
    done = np.zeros(len(names), dtype=np.bool_)
    lengths = np.asarray(pc.utf8_length(names))
    for size in range(pc.max(pc.utf8_length(_trades())).as_py(), 1, -1):
        tail = pc.utf8_slice_codeunits(names, -size, None)
        fits = np.asarray(pc.is_in(tail, _trades())) & ~done & (lengths >= size + _SHORTEST_BRAND)
        if fits.any():
            word = pc.if_else(pa.array(fits), tail, word)
            rest = each_odd(rest, fits, partial(pc.utf8_slice_codeunits, start=0, stop=-size))
            done |= fits
    return rest, word, done


@cache
def _places() -> pa.StringArray:
    return pa.array(["中国", *_pattern().split("|")], pa.string())


@cache
def _districts() -> pa.StringArray:
    names = {one.name for one in place_names("district").values() if len(one.name) <= _LONGEST_PLACE}
    return pa.array(sorted(names), pa.string())


@cache
def _trades() -> pa.StringArray:
    return pa.array(TRADES, pa.string())


@cache
def _cities() -> str:
    return "|".join(sorted({one.short for one in place_names("city").values()}, key=len, reverse=True))


@cache
def _states() -> str:
    return "|".join(sorted({one.short for one in place_names("state").values()}, key=len, reverse=True))


@cache
def _pattern() -> str:
    """Provinces and cities in their short forms, as a regular expression."""
    return "|".join(sorted({*_cities().split("|"), *_states().split("|")}, key=len, reverse=True))
