"""Cities, districts, states, postcodes and countries, in one spelling each."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.chinese_places import short_places
from matching.standardise.text import each_odd, fold, holds_cjk, matches, replace, without_apostrophes, words_of

__all__ = [
    "COUNTRIES",
    "PROVINCES",
    "STATES",
    "standardise_cities",
    "standardise_countries",
    "standardise_postcodes",
    "standardise_states",
]

_US: Final = (
    "al alabama,ak alaska,az arizona,ar arkansas,ca california,co colorado,ct connecticut,de delaware,fl florida,"
    "ga georgia,hi hawaii,id idaho,il illinois,in indiana,ia iowa,ks kansas,ky kentucky,la louisiana,me maine,"
    "md maryland,ma massachusetts,mi michigan,mn minnesota,ms mississippi,mo missouri,mt montana,ne nebraska,nv nevada,"
    "nh new hampshire,nj new jersey,nm new mexico,ny new york,nc north carolina,nd north dakota,oh ohio,ok oklahoma,"
    "or oregon,pa pennsylvania,ri rhode island,sc south carolina,sd south dakota,tn tennessee,tx texas,ut utah,"
    "vt vermont,va virginia,wa washington,wv west virginia,wi wisconsin,wy wyoming,dc district of columbia,"
    "pr puerto rico"
)
_CANADA: Final = (
    "ab alberta,bc british columbia,mb manitoba,nb new brunswick,nl newfoundland and labrador,ns nova scotia,"
    "on ontario,pe prince edward island,qc quebec,sk saskatchewan"
)
_AUSTRALIA: Final = (
    "nsw new south wales,vic victoria,qld queensland,tas tasmania,act australian capital territory,"
    "nt northern territory"
)
STATES: Final = {
    name: short for short, name in (entry.split(" ", 1) for entry in f"{_US},{_CANADA},{_AUSTRALIA}".split(","))
}
"""Names of the states and provinces of the United States, Canada and Australia → their postal abbreviations."""

PROVINCES: Final = (
    "北京", "天津", "上海", "重庆", "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽",
    "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "海南", "四川", "贵州", "云南", "陕西",
    "甘肃", "青海", "台湾", "内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门",
)  # fmt: skip
"""The provinces of China without 省, 市 or 自治区."""

_PINYIN_PROVINCES: Final = {
    "beijing": "北京", "tianjin": "天津", "shanghai": "上海", "chongqing": "重庆",
    "hebei": "河北", "shanxi": "山西", "liaoning": "辽宁", "jilin": "吉林",
    "heilongjiang": "黑龙江", "jiangsu": "江苏", "zhejiang": "浙江", "anhui": "安徽",
    "fujian": "福建", "jiangxi": "江西", "shandong": "山东", "henan": "河南",
    "hubei": "湖北", "hunan": "湖南", "guangdong": "广东", "hainan": "海南",
    "sichuan": "四川", "guizhou": "贵州", "yunnan": "云南", "shaanxi": "陕西",
    "gansu": "甘肃", "qinghai": "青海", "guangxi": "广西", "ningxia": "宁夏",
    "xinjiang": "新疆", "tibet": "西藏", "xizang": "西藏", "inner mongolia": "内蒙古",
}  # fmt: skip

_COUNTRIES: Final = (
    "cn=chn|china|prc|people s republic of china|peoples republic of china|p r china|中国|中华人民共和国|"
    "中国大陆|chiny|chine;"
    "us=usa|united states|united states of america|u s|u s a|america|美国|美利坚合众国|estados unidos|"
    "etats unis;"
    "gb=gbr|uk|united kingdom|great britain|england|scotland|wales|northern ireland|英国|u k|wielka brytania;"
    "de=deu|ger|germany|deutschland|德国|niemcy|allemagne|alemania;fr=fra|france|frankreich|法国|francja|francia;"
    "es=esp|spain|espana|spanien|西班牙|hiszpania;it=ita|italy|italia|italien|意大利|wlochy;"
    "pl=pol|poland|polska|polen|波兰|pologne;nl=nld|netherlands|the netherlands|holland|nederland|荷兰|holandia;"
    "be=bel|belgium|belgique|belgien|比利时;at=aut|austria|osterreich|奥地利;"
    "ch=che|switzerland|schweiz|suisse|瑞士;se=swe|sweden|sverige|瑞典;no=nor|norway|norge|挪威;"
    "dk=dnk|denmark|danmark|丹麦;fi=fin|finland|suomi|芬兰;ie=irl|ireland|爱尔兰;pt=prt|portugal|葡萄牙;"
    "cz=cze|czech republic|czechia|捷克;hu=hun|hungary|magyarorszag|匈牙利;ro=rou|romania|罗马尼亚;"
    "bg=bgr|bulgaria|保加利亚;gr=grc|greece|希腊;ru=rus|russia|russian federation|俄罗斯|rosja|rossiia;"
    "ua=ukr|ukraine|ukraina|乌克兰;by=blr|belarus|bialorus|白俄罗斯;ca=can|canada|kanada|加拿大;"
    "mx=mex|mexico|墨西哥;br=bra|brazil|brasil|巴西;ar=arg|argentina|阿根廷;au=aus|australia|澳大利亚;"
    "nz=nzl|new zealand|新西兰;jp=jpn|japan|日本;kr=kor|korea|south korea|republic of korea|韩国;"
    "in=ind|india|印度|indie;sg=sgp|singapore|新加坡;my=mys|malaysia|马来西亚;th=tha|thailand|泰国;"
    "vn=vnm|vietnam|viet nam|越南|wietnam;ph=phl|philippines|菲律宾;id=idn|indonesia|印度尼西亚|印尼;"
    "hk=hkg|hong kong|hongkong|香港|中国香港;tw=twn|taiwan|台湾|中国台湾;mo=mac|macao|macau|澳门|中国澳门;"
    "tr=tur|turkey|turkiye|土耳其|turcja;ae=are|united arab emirates|uae|阿联酋;"
    "sa=sau|saudi arabia|沙特阿拉伯|沙特;za=zaf|south africa|南非;eg=egy|egypt|埃及;il=isr|israel|以色列;"
    "pk=pak|pakistan|巴基斯坦;li=lie|liechtenstein|lichtenstein|列支敦士登;lu=lux|luxembourg|卢森堡;"
    "kh=khm|cambodia|柬埔寨"
)
COUNTRIES: Final = {
    name: code for code, names in (entry.split("=") for entry in _COUNTRIES.split(";")) for name in names.split("|")
}
"""Names and three-letter codes of countries (ISO 3166-1), folded → two-letter code."""

_TOWN_WORDS: Final = {"saint": "st", "mount": "mt", "fort": "ft"}


def standardise_cities(values: pa.StringArray) -> pa.StringArray:
    """Names of cities and districts as words, Chinese ones without 市, 区 or 县.

    Example:
        >>> standardise_cities(pa.array(["St. Louis", "Saint Louis", "杭州市", "浦东新区"])).to_pylist()
        ['st louis', 'st louis', '杭州', '浦东']
    """
    words = words_of(without_apostrophes(fold(values)))
    words = each_odd(words, matches(words, rf"\b(?:{'|'.join(_TOWN_WORDS)}) "), _short_towns)
    return each_odd(words, holds_cjk(words), _without_rank)


def _short_towns(values: pa.StringArray) -> pa.StringArray:
    for long, short in _TOWN_WORDS.items():
        values = replace(values, rf"\b{long} ", f"{short} ")
    return values


def _without_rank(values: pa.StringArray) -> pa.StringArray:
    return short_places(pc.replace_substring(values, " ", ""))


def standardise_states(values: pa.StringArray) -> pa.StringArray:
    """States and provinces: postal abbreviations where there are such, Chinese provinces in their short form.

    Example:
        >>> standardise_states(pa.array(["Ohio", "oh", "廣東省", "内蒙古自治区", "Leicestershire"])).to_pylist()
        ['oh', 'oh', '广东', '内蒙古', 'leicestershire']
    """
    words = words_of(fold(values))
    for table in (STATES, _PINYIN_PROVINCES):
        place = pc.index_in(words, pa.array(list(table), pa.string()))
        words = pc.coalesce(pa.array(list(table.values()), pa.string()).take(place), words)
    return each_odd(words, holds_cjk(words), _short_province)


def _short_province(values: pa.StringArray) -> pa.StringArray:
    packed = pc.replace_substring(values, " ", "")
    return replace(packed, r"^(.{2,}?)(?:(?:壮族|回族|维吾尔)?自治区|特别行政区|省|市)+$", r"\1")


def standardise_postcodes(values: pa.StringArray) -> pa.StringArray:
    """Postcodes as capital letters and digits; American ones by their first five digits.

    Example:
        >>> standardise_postcodes(pa.array(["60302-1234", "ng9 8py", "60647.0"])).to_pylist()
        ['60302', 'NG98PY', '60647']
    """
    wide = pc.invert(pc.fill_null(pc.string_is_ascii(values), True))
    upper = pc.utf8_upper(each_odd(values, wide, lambda some: pc.utf8_normalize(some, "NFKC")))
    upper = each_odd(upper, matches(upper, "[^0-9A-Z]"), _packed)
    upper = each_odd(upper, matches(upper, r"^\d{9}$"), lambda some: pc.utf8_slice_codeunits(some, 0, 5))
    bad = pc.or_(
        pc.fill_null(pc.less(pc.utf8_length(upper), 3), True), matches(upper, r"^(?:0+|9{5,}|N/?A|NONE|NULL)$")
    )
    return pc.if_else(bad, pa.scalar(None, pa.string()), upper)


def _packed(values: pa.StringArray) -> pa.StringArray:
    whole = replace(values, r"^\s*(?:[A-Z]{1,2}-)?(\d{3,})(?:\.0+)?\s*$", r"\1")  # D-80331, 60647.0
    return replace(whole, r"[^0-9\p{Lu}\p{Lo}]+", "")


def standardise_countries(values: pa.StringArray) -> pa.StringArray:
    """Two-letter codes (ISO 3166-1) of the countries whose name is known; other names as words.

    Example:
        >>> standardise_countries(pa.array(["Germany", "DEU", "中国", "Ruritania"])).to_pylist()
        ['de', 'de', 'cn', 'ruritania']
    """
    words = words_of(fold(values))
    place = pc.index_in(words, pa.array(list(COUNTRIES), pa.string()))
    return pc.coalesce(pa.array(list(COUNTRIES.values()), pa.string()).take(place), words)
