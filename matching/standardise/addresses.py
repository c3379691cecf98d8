"""Street lines, and whole addresses written in one cell.

English words are contracted as the postal services print them (USPS Publication 28, appendices B and C); Chinese lines
lose their spaces and write numbers in digits. Where an address ends in a city, a state and a postcode, or begins with a
province and a city, those are taken off, so that one cell and several columns end as the same attributes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.chinese_addresses import house_numbers, split_areas
from matching.standardise.places import COUNTRIES, PROVINCES, STATES
from matching.standardise.scan import DIGITS, byte_at, holds, lengths
from matching.standardise.text import (
    each_odd,
    fold,
    holds_cjk,
    holds_text,
    is_in,
    matches,
    replace,
    without_apostrophes,
    words_of,
)
from matching.standardise.tokens import join, tokenise

__all__ = ["AddressParts", "contract", "split_addresses", "standardise_streets"]

_SHORT: Final = {
    short_of: short
    for short, words in {
        "st": "street str saint strasse straat",
        "ave": "avenue av aven avenida avda", "rd": "road", "dr": "drive drv", "ln": "lane",
        "blvd": "boulevard boul bvd bd", "ct": "court crt", "pl": "place plc", "ter": "terrace terr tce",
        "sq": "square",
        "hwy": "highway", "pkwy": "parkway pky", "cir": "circle circ", "cres": "crescent cr crs", "trl": "trail",
        "expy": "expressway", "fwy": "freeway", "plz": "plaza", "aly": "alley", "cl": "close", "gdns": "gardens",
        "gr": "grove grv", "hts": "heights", "mt": "mount", "pde": "parade", "rte": "route", "way": "wy",
        "n": "north", "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest",
        "se": "southeast", "sw": "southwest", "apt": "apartment appt appartment appartement", "ste": "suite",
        "bldg": "building bld", "fl": "floor flr", "rm": "room", "ul": "ulica ulitsa", "no": "nr num number",
        "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth", "6th": "sixth",
        "7th": "seventh", "8th": "eighth", "9th": "ninth", "10th": "tenth",
    }.items()
    for short_of in words.split()
}  # fmt: skip
_TYPES: Final = (
    "st|street|ave|avenue|av|rd|road|dr|drive|ln|lane|blvd|boulevard|ct|court|pl|place|ter|terrace|sq|square|hwy|highway|"
    "pkwy|parkway|cir|circle|trl|trail|way|plaza|plz|close|cres|crescent"
)
_STATES: Final = "|".join(sorted({*STATES.values(), *STATES}, key=len, reverse=True))
_STATE_AND_CODE: Final = (
    rf"^(?P<rest>.*[^\s,])[\s,]+(?P<state>{_STATES})[\s.,]+"
    r"(?P<code>\d{5}(?:-?\d{4})?|[a-z]\d[a-z] ?\d[a-z]\d|\d{4})[\s.,]*$"
)
_STATE_AFTER_COMMA: Final = rf"^(?P<rest>.*[^\s,])\s*,\s*(?P<state>{_STATES})(?P<code>)[\s.,]*$"
_BRITISH_CODE: Final = r"^(?P<rest>.*[^\s,])[\s,]+(?P<code>[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2})[\s.,]*$"
_CITY_AFTER_COMMA: Final = r"^(?P<rest>.*[^\s,])\s*,\s*(?P<city>[a-z][a-z .'-]+)[\s,]*$"
_CITY_AFTER_TYPE: Final = (
    rf"^(?P<rest>.*\d.*?\b(?:{_TYPES})\b\.?(?:\s+(?:n|s|e|w|ne|nw|se|sw))?)\s+"
    r"(?P<city>[a-z][a-z .'-]*[a-z][a-z .'-]+)[\s,]*$"
)
_COUNTRY_AT_END: Final = r"^(?P<rest>.*[^\s,])\s*,\s*(?P<country>[a-z][a-z .]+?)[\s.]*$"
_POST_BOX: Final = r"\b(?:post(?:al)? ?office box|post ?box|postfach|postbus)\b"
_UNIT: Final = r"^(?:apt|apartment|unit|suite|ste|floor|fl|room|rm|bldg|building|po box|#)\b"
_PROVINCES: Final = "|".join(PROVINCES)
_CHINESE_AREA: Final = (  # all that comes before the street: few distinct values in a column, and cheap to find
    rf"^(?P<area>(?:中国|中华人民共和国)?(?:{_PROVINCES})?(?:(?:[^路街道镇乡村号0-9]|[路街道镇乡村][市区县]|路桥|道[外里]|"
    r"镇[江海雄平巴坪安远宁原赉康沅]|乡[宁城])*(?:[省市区县旗州盟]|[路街道镇乡村][市区县]))?)(?P<rest>.*)$"
)
_STREET_OF_A_PLACE: Final = rf"^(?:{_PROVINCES})[东西南北中]?[一二三四五六]?(?:路|街|大道|道|巷|里|胡同|弄)"
_DISTRICT_AFTER_ALL: Final = rf"^(?:{_PROVINCES})(?:路桥|道里|道外)区"
_CHINESE: Final = (
    rf"^(?:中国|中华人民共和国)?(?P<state>(?:{_PROVINCES})(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)?)?"
    r"(?P<city>[^省市区县路街道号0-9]{2,8}?(?:市|自治州|地区|盟))?"
    r"(?P<district>.[^省市区县路街道号0-9]{0,11}?(?:区|县|旗|市))?(?P<street>.*)$"
)
_NOT_A_DISTRICT: Final = r"(?:小|社|园|校|厂|景|住宅|工业|商业|院)区$"
_DIGITS: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_NUMBERED: Final = re.compile(r"([零〇一二两三四五六七八九十百]+)(?=[号栋幢楼层室座单弄组])")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressParts:
    """Addresses taken apart: arrays of one length, missing where an address has no such part; folded text."""

    street: pa.StringArray
    district: pa.StringArray
    city: pa.StringArray
    state: pa.StringArray
    postcode: pa.StringArray
    country: pa.StringArray


def standardise_streets(values: pa.StringArray) -> pa.StringArray:
    """Street lines as they are compared.

    Args:
        values: N street lines in any script.

    Example:
        >>> standardise_streets(pa.array(["123 North Main Street, Apt. #4", "文三路 三號 5號樓"])).to_pylist()
        ['123 n main st apt 4', '文三路3号5栋']
    """
    return contract(fold(values))


def contract(folded: pa.StringArray) -> pa.StringArray:
    """Street lines that are folded already (`AddressParts.street`), contracted."""
    cjk = holds_cjk(folded)
    return each_odd(each_odd(folded, pc.invert(cjk), _latin), cjk, _chinese_street)


def split_addresses(values: pa.StringArray) -> AddressParts:
    """Whole addresses taken apart where it is clear; what is not clear stays in ``street``.

    Args:
        values: N addresses or street lines.

    Example:
        >>> parts = split_addresses(pa.array(["123 Main Street, Las Vegas NV 89132", "浙江省杭州市西湖区文三路3号"]))
        >>> parts.street.to_pylist(), parts.city.to_pylist(), parts.state.to_pylist()
        (['123 main street', '文三路3号'], ['las vegas', '杭州市'], ['nv', '浙江省'])
    """
    folded = fold(values)
    cjk = holds_cjk(folded)
    ends = [np.isin(byte_at(folded, -place), list(DIGITS)) for place in (1, 2, 3)]
    candidate = pa.array(holds(folded, b",") | np.logical_or.reduce(ends))
    none = pa.nulls(len(values), pa.string())
    parts = AddressParts(street=folded, district=none, city=none, state=none, postcode=none, country=none)
    parts = _scatter(parts, pc.and_(candidate, pc.invert(cjk)), _split_latin)
    return _scatter(parts, cjk, _split_chinese)


def _scatter(
    parts: AddressParts, chosen: pa.BooleanArray, split: Callable[[pa.StringArray], AddressParts]
) -> AddressParts:
    """The parts with the chosen addresses split, the others left as they are."""
    if not pc.any(chosen).as_py():
        return parts
    some = split(parts.street.filter(chosen))
    fields = AddressParts.__dataclass_fields__
    return AddressParts(
        **{name: pc.replace_with_mask(getattr(parts, name), chosen, getattr(some, name)) for name in fields}
    )


def _split_latin(folded: pa.StringArray) -> AddressParts:
    rest, country = _cut_country(folded)
    rest, state, code = _cut(rest, _STATE_AND_CODE, "state", "code")
    shorter, other_state, _ = _cut(rest, _STATE_AFTER_COMMA, "state", "code")
    rest = pc.if_else(pc.is_null(state), shorter, rest)
    state = pc.coalesce(state, other_state)
    shorter, _, british = _cut(rest, _BRITISH_CODE, "code", "code")
    rest = pc.if_else(pc.is_null(state), shorter, rest)
    code = pc.coalesce(code, pc.if_else(pc.is_null(state), british, None))
    rest, second_country = _cut_country(rest)
    without_city, city = _cut_city(rest)
    clear = pc.and_(pc.is_valid(state), pc.is_valid(city))
    return AddressParts(
        street=pc.if_else(clear, without_city, rest),
        district=pa.nulls(len(folded), pa.string()),
        city=pc.if_else(clear, city, None),
        state=state,
        postcode=code,
        country=pc.coalesce(country, second_country),
    )


def _cut(
    texts: pa.StringArray, pattern: str, first: str, second: str
) -> tuple[pa.StringArray, pa.StringArray, pa.StringArray]:
    """What is left of each text after a pattern took two groups off its end; the text itself where it does not fit."""
    found = pc.extract_regex(texts, pattern)
    one, two = (pc.struct_field(found, name) for name in (first, second))
    return pc.coalesce(pc.struct_field(found, "rest"), texts), one, pc.if_else(pc.equal(two, ""), None, two)


def _cut_country(texts: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    rest, country, _ = _cut(texts, _COUNTRY_AT_END, "country", "country")
    country = words_of(country)
    known = pc.and_(is_in(country, tuple(COUNTRIES)), pc.invert(is_in(country, tuple(STATES.values()))))
    return pc.if_else(known, rest, texts), pc.if_else(known, country, None)


def _cut_city(texts: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    rest, city, _ = _cut(texts, _CITY_AFTER_COMMA, "city", "city")
    shorter, other, _ = _cut(texts, _CITY_AFTER_TYPE, "city", "city")
    after_comma = pc.is_valid(city)
    rest, city = pc.if_else(after_comma, rest, shorter), pc.coalesce(city, other)
    unit = matches(city, _UNIT)
    return pc.if_else(unit, texts, rest), pc.if_else(unit, None, city)


def _split_chinese(folded: pa.StringArray) -> AddressParts:
    """Chinese addresses, from the largest part to the smallest."""
    packed = replace(folded, r"[\s,，.。]+", "")
    areas = split_areas(packed)
    known = pc.or_(pc.is_valid(areas.city), pc.is_valid(areas.district))
    known = pc.and_(known, pa.array(lengths(areas.rest) > 0))
    none = pa.nulls(len(folded), pa.string())
    named = AddressParts(
        street=areas.rest, district=areas.district, city=areas.city, state=areas.state, postcode=none, country=none
    )
    other = _by_ranks(packed, folded)
    fields = AddressParts.__dataclass_fields__
    return AddressParts(**{name: pc.if_else(known, getattr(named, name), getattr(other, name)) for name in fields})


def _by_ranks(packed: pa.StringArray, folded: pa.StringArray) -> AddressParts:
    """Areas that no table knows, by the words that say what each is: 省, 市, 区; parsed once for each distinct one.

    A province's name right before 路, 街 and the like is part of the street's: 北京路 is in every second city, but
    道里区 is a district.
    """
    named = pc.and_(matches(packed, _STREET_OF_A_PLACE), pc.invert(matches(packed, _DISTRICT_AFTER_ALL)))
    found = pc.extract_regex(pc.if_else(named, None, packed), _CHINESE_AREA)
    areas = pc.struct_field(found, "area").dictionary_encode()
    parts = _chinese_areas(areas.dictionary)
    of_area = {name: getattr(parts, name).take(areas.indices) for name in AddressParts.__dataclass_fields__}
    street = pc.binary_join_element_wise(of_area["street"], pc.struct_field(found, "rest"), "")
    clear = pc.or_(pc.is_valid(of_area["city"]), pc.is_valid(of_area["state"]))
    clear = pc.and_(clear, pa.array(lengths(street) > 0))
    kept = {name: pc.if_else(clear, values, None) for name, values in of_area.items()}
    return AddressParts(**{**kept, "street": pc.if_else(clear, street, folded)})


def _chinese_areas(areas: pa.StringArray) -> AddressParts:
    """State, city and district of what comes before the street; ``street`` is what is left over of it, maybe empty."""
    found = pc.extract_regex(areas, _CHINESE)
    state, city, district = (
        pc.if_else(pc.equal(pc.struct_field(found, name), ""), None, pc.struct_field(found, name))
        for name in ("state", "city", "district")
    )
    no_district = matches(district, _NOT_A_DISTRICT)
    street = pc.struct_field(found, "street")
    street = pc.if_else(no_district, pc.binary_join_element_wise(district, street, ""), street)
    municipal = matches(state, "^(?:北京|天津|上海|重庆)")
    none = pa.nulls(len(areas), pa.string())
    return AddressParts(
        street=street,
        district=pc.if_else(no_district, None, district),
        city=pc.if_else(pc.and_(pc.is_null(city), municipal), state, city),
        state=state,
        postcode=none,
        country=none,
    )


def _latin(folded: pa.StringArray) -> pa.StringArray:
    text = without_apostrophes(folded)
    text = each_odd(text, holds(text, b"."), lambda some: replace(some, r"\b([a-z])\.([a-z])\b", r"\1\2"))
    text = each_odd(
        text, holds_text(text, "stra"), lambda some: replace(some, r"([a-z]{3,})stra(?:sse|at)\b", r"\1str")
    )
    text = each_odd(text, holds_text(text, "c/"), lambda some: replace(some, r"^\s*c/\s*", "calle "))
    text = each_odd(text, holds_text(text, "post"), lambda some: replace(some, _POST_BOX, "po box"))
    tokens = tokenise(words_of(text))
    return join(tokens.rename(_SHORT))


def _chinese_street(folded: pa.StringArray) -> pa.StringArray:
    packed = pc.replace_substring(words_of(folded, keep="-"), " ", "")
    packed = each_odd(packed, holds(packed, b"-"), lambda some: replace(some, "^-+|-+$", ""))
    numbered = each_odd(packed, matches(packed, "[零〇一二两三四五六七八九十百][号栋幢楼层室座单弄组]"), _in_digits)
    return house_numbers(numbered)


def _in_digits(values: pa.StringArray) -> pa.StringArray:
    return pa.array(
        [None if text is None else _NUMBERED.sub(_digits, text) for text in values.to_pylist()], pa.string()
    )


def _digits(found: re.Match[str]) -> str:
    """三十二 → 32, 一百零五 → 105, 二〇三 → 203."""
    text = found.group(1)
    if not set(text) & {"十", "百"}:
        return "".join(str(_DIGITS[letter]) for letter in text)
    total, ones = 0, 0
    for letter in text:
        if letter in _DIGITS:
            ones = _DIGITS[letter]
        else:
            total += max(ones, 1) * (100 if letter == "百" else 10)
            ones = 0
    return str(total + ones)
