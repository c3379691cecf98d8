"""Chinese names in Latin letters: pinyin with the readings of surnames, Wade–Giles, and the spellings of Hong Kong.

Pinyin is that of ISO 7098 without tones. Wade–Giles (Giles, *A Chinese-English Dictionary*, 1892) is taken without
apostrophes and hyphens, as passports and business cards have it. Hong Kong's spellings follow no system; these are the
usual ones of its Immigration Department for surnames and for characters common in given names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.text import matches

__all__ = ["SYSTEMS", "spell_family", "spell_given", "surname_reading"]

SYSTEMS: Final = ("pinyin", "pinyin_u", "wade_giles", "cantonese")
"""Ways of spelling. ``pinyin`` writes ü as v, ``pinyin_u`` as u."""

_READINGS: Final = {  # surnames read in another way than the character by itself, commonest reading first
    "曾": "zeng", "单": "shan", "解": "xie", "查": "zha", "仇": "qiu", "翟": "zhai", "覃": "qin tan", "区": "ou",
    "盖": "ge gai", "朴": "piao pu", "乐": "yue le", "缪": "miao", "洗": "xian", "冼": "xian", "秘": "bi", "繁": "po",
    "员": "yun", "贠": "yun", "种": "chong", "折": "she", "黑": "he", "召": "shao", "逄": "pang", "佴": "nai",
    "郇": "xun huan", "薄": "bo", "柏": "bai bo", "訾": "zi", "郗": "xi chi", "晁": "chao", "仉": "zhang", "妫": "gui",
    "那": "na", "隗": "wei kui", "牟": "mu mou", "尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu",
    "长孙": "zhangsun", "澹台": "tantai", "令狐": "linghu", "阚": "kan", "谌": "chen shen", "洪": "hong",
    "尉": "wei", "宿": "su", "应": "ying", "石": "shi", "沈": "shen", "任": "ren", "宁": "ning", "重": "chong",
    "祭": "zhai", "车": "che", "藏": "zang", "褚": "chu", "费": "fei bi", "俞": "yu", "於": "yu", "哈": "ha",
    "钭": "tou", "句": "gou", "适": "kuo", "麻": "ma", "咸": "xian", "尹": "yin", "曲": "qu", "强": "qiang jiang",
    "卜": "bu", "纪": "ji", "戚": "qi", "伍": "wu", "臧": "zang", "教": "jiao", "过": "guo", "都": "du",
}  # fmt: skip

_HEADS: Final = {
    "b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "zh": "ch", "ch": "ch", "j": "ch", "q": "ch", "x": "hs",
    "z": "ts", "c": "ts", "r": "j",
}  # fmt: skip
_UNLIKE: Final = (
    "zhi:chih chi:chih shi:shih ri:jih zi:tzu ci:tzu si:szu yi:i yan:yen ye:yeh yue:yueh you:yu yong:yung e:o er:erh "
    "ge:ko ke:ko he:ho gui:kuei kui:kuei duo:to tuo:to nuo:no luo:lo zuo:tso cuo:tso suo:so zhuo:cho chuo:cho ruo:jo "
    "xiong:hsiung qiong:chiung jiong:chiung"
)
_WHOLE: Final = dict(pair.split(":") for pair in _UNLIKE.split())
_TAILS: Final = {"ian": "ien", "ie": "ieh", "ue": "ueh", "ve": "ueh", "ong": "ung"}

_HONG_KONG: Final = (
    "王:wong 李:lee/li/lei 张:cheung 刘:lau 陈:chan 杨:yeung 黄:wong 吴:ng 赵:chiu 周:chow/chau 徐:tsui 孙:suen "
    "马:ma 朱:chu 胡:wu 林:lam 郭:kwok 何:ho 高:ko 罗:law/lo 郑:cheng 梁:leung 谢:tse 宋:sung 唐:tong 许:hui 邓:tang "
    "冯:fung 韩:hon 曹:tso/cho 曾:tsang 彭:pang 萧:siu 蔡:tsoi/choi 潘:poon/pun 田:tin 董:tung 袁:yuen 于:yu 余:yu "
    "叶:yip/ip 蒋:tseung 杜:to 苏:so 魏:ngai 程:ching 吕:lui 丁:ting 沈:shum 任:yam 姚:yiu 卢:lo 傅:fu 钟:chung "
    "姜:keung 崔:chui/tsui 谭:tam 廖:liu 范:fan 汪:wong 陆:luk 金:kam 石:shek 戴:tai 贾:ka 韦:wai 夏:ha 邱:yau "
    "方:fong 侯:hau 邹:chau 熊:hung 孟:mang 秦:tsun/chun 白:pak 江:kong 薛:sit 尹:wan 段:tuen 雷:lui 龙:lung 陶:to "
    "贺:ho 顾:koo/ku 毛:mo 龚:kung 邵:shiu/siu 万:man 钱:chin/tsin 严:yim 洪:hung 莫:mok 孔:hung 温:wan 施:sze/shi "
    "文:man 牛:ngau 葛:kot 邢:ying 安:on 齐:chai 伍:ng 庞:pong 颜:ngan 倪:ngai 庄:chong 聂:nip 章:cheung 鲁:lo "
    "殷:yan 詹:chim/jim 申:san 欧:au 耿:kang 关:kwan 焦:chiu 左:tso 柳:lau 甘:kam 祝:chuk 包:pau 符:fu 舒:shu "
    "阮:yuen 柯:o/or 纪:kei 梅:mui 童:tung 凌:ling 毕:but 单:sin 裴:pui 成:shing 苗:miu 谷:kuk 翁:yung 骆:lok 蓝:lam "
    "路:lo 管:koon/kun 柴:chai 鲍:pau 华:wah/wa 喻:yu 屈:wat 饶:yiu 尤:yau 阳:yeung 时:si 司:sze 卓:cheuk 简:kan "
    "车:che 项:hong 麦:mak 欧阳:auyeung 司徒:szeto/seto 上官:sheungkoon 岑:shum/sum 区:au 冼:sin 霍:fok 容:yung "
    "连:lin 黎:lai 古:ku/koo 游:yau 盛:shing 易:yik 武:mo 康:hong 常:sheung 史:sze 郝:kok 向:heung 辛:san 卫:wai "
    "翟:chak 祁:ki 尚:sheung 甄:yan 禤:huen 晓:hiu 伟:wai 婷:ting 强:keung 芳:fong 丽:lai 志:chi 明:ming 建:kin "
    "军:kwan 雨:yu 敏:man 秀:sau 海:hoi 英:ying 宇:yu 国:kwok 思:sze/si 静:ching 娟:kuen 玉:yuk 子:tsz/chi 佳:kai "
    "杰:kit 燕:yin 玲:ling 嘉:ka 兰:lan 雅:nga 涛:to 峰:fung 淑:shuk 梦:mung 红:hung 欣:yan 辉:fai 永:wing 霞:ha "
    "琳:lam 鹏:pang 俊:chun 诗:sze/si 斌:pan 浩:ho 怡:yi/yee 平:ping 春:chun 涵:ham 超:chiu 萱:huen 雪:suet 慧:wai "
    "美:mei 刚:kong 洁:kit 颖:wing 轩:hin 荣:wing 博:pok 东:tung 家:ka 豪:ho 天:tin 然:yin 桂:kwai 泽:chak 莹:ying "
    "娜:na 琪:ki 立:lap 小:siu 媛:wun/yuen 瑶:yiu 振:chun 若:yeuk 宏:wang 依:yi/yee 少:siu 毅:ngai 德:tak 磊:lui "
    "庆:hing 世:sai 洋:yeung 珍:chun 勇:yung 丹:tan 艳:yim 凤:fung 飞:fei 鑫:yam 萍:ping 云:wan 波:po 凯:hoi 健:kin "
    "莉:lei/lee 帆:fan 帅:sui 旭:yuk 欢:foon/fun 晶:ching 亮:leung 倩:sin 琴:kam 晨:san 畅:cheung 瑞:sui 兵:ping "
    "彬:pan 坤:kwan 冬:tung 想:seung 岩:ngam 利:lei/lee 楠:nam 香:heung 芝:chi 瑜:yu 花:fa 璐:lo 珊:shan 仪:yi/yee "
    "惠:wai 智:chi 耀:yiu 威:wai 祥:cheung 光:kwong 生:sang 炳:ping 锦:kam 权:kuen 财:choi 福:fuk 发:fat 全:chuen "
    "胜:shing 添:tim 鸿:hung 达:tat 贤:yin 良:leung 信:shun 义:yee/yi 礼:lai 仁:yan 孝:hau 忠:chung 正:ching 大:tai "
    "中:chung 山:shan 水:shui 月:yuet 星:sing 宝:po 贵:kwai 诚:shing 清:ching 心:sum 乐:lok 宁:ning 芬:fan 芸:wan "
    "莲:lin 菊:kuk 竹:chuk 松:chung 柏:pak"
)
_CANTONESE: Final = {name: ways.split("/") for name, ways in (pair.split(":") for pair in _HONG_KONG.split())}
_WAYS: Final = 4  # spellings of one name that are tried in each system


def surname_reading(family: str) -> tuple[str, ...]:
    """How a Chinese surname is read, in pinyin; the commonest reading first.

    Example:
        >>> surname_reading("曾"), surname_reading("欧阳"), surname_reading("覃")
        (('zeng',), ('ouyang',), ('qin', 'tan'))
    """
    known = _READINGS.get(family)
    return tuple(known.split()) if known else ("".join(_syllables(family)),)


def spell_family(values: pa.StringArray, system: str) -> tuple[pa.StringArray, ...]:
    """Chinese surnames in one of `SYSTEMS`: the first spelling of each, then the second if there is one.

    Example:
        >>> [part.to_pylist() for part in spell_family(pa.array(["单", "覃", "smith"]), "pinyin")]
        [['shan', 'qin', None], [None, 'tan', None]]
    """
    return _each(values, lambda text: _family_spellings(text, system))


def spell_given(values: pa.StringArray, system: str) -> tuple[pa.StringArray, ...]:
    """Chinese given names in one of `SYSTEMS`, as `spell_family`.

    Example:
        >>> [part.to_pylist() for part in spell_given(pa.array(["志强"]), "cantonese")]
        [['chikeung']]
    """
    return _each(values, lambda text: _given_spellings(text, system))


def _each(values: pa.StringArray, spell: Callable[[str], tuple[str, ...]]) -> tuple[pa.StringArray, ...]:
    chinese = matches(values, r"^\p{Han}+$")
    spelt = [spell(text)[:_WAYS] for text in values.filter(chinese).to_pylist()]
    none = pa.nulls(len(values), pa.string())
    if not spelt:
        return (none,)
    most = max(len(ways) for ways in spelt)
    padded = [(*ways, *[None] * (most - len(ways))) for ways in spelt]
    columns = [pa.array(column, pa.string()) for column in zip(*padded, strict=True)] or [
        pa.nulls(len(spelt), pa.string())
    ]
    return tuple(pc.replace_with_mask(none, chinese, column) for column in columns)


def _family_spellings(family: str, system: str) -> tuple[str, ...]:
    if system == "cantonese":
        return tuple(_CANTONESE.get(family, ()))
    readings = surname_reading(family)
    if system == "wade_giles":
        compound = family not in _READINGS and len(family) > 1
        return ("".join(map(_wade_giles, _syllables(family))),) if compound else tuple(map(_wade_giles, readings))
    return readings if system == "pinyin" else tuple(one.replace("v", "u") for one in readings)


def _given_spellings(given: str, system: str) -> tuple[str, ...]:
    if system == "cantonese":
        known = [_CANTONESE.get(character) for character in given]
        return tuple("".join(ways) for ways in product(*(one for one in known if one))) if all(known) else ()
    syllables = _syllables(given)
    if system == "wade_giles":
        return ("".join(map(_wade_giles, syllables)),)
    joined = "".join(syllables)
    return (joined if system == "pinyin" else joined.replace("v", "u"),)


@cache
def _syllable(character: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  its tables cost 0.2 s, and only Chinese needs them

    return str(lazy_pinyin(character)[0])


def _syllables(text: str) -> list[str]:
    return [_syllable(character) for character in text]


@cache
def _wade_giles(syllable: str) -> str:
    """One syllable of pinyin in Wade–Giles, without apostrophe."""
    if syllable in _WHOLE:
        return _WHOLE[syllable]
    head = next((one for one in (syllable[:2], syllable[:1]) if one in _HEADS), "")
    tail = syllable[len(head) :]
    ending = next((one for one in sorted(_TAILS, key=len, reverse=True) if tail.endswith(one)), "")
    tail = tail.removesuffix(ending) + _TAILS.get(ending, "")
    return (_HEADS.get(head, head) + tail).replace("v", "u")
