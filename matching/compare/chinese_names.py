"""Chinese names of which one character was misread: 哓明 for 晓明, 张炜 for 张玮.

Characters that look alike (形近字) are those that primers and proof-readers' tables warn of, among characters of names.
Characters that sound alike are seen by their pinyin (`matching.phonetics`). Of two characters one that differs in
neither way is another name: 张伟明 and 张伟东 are brothers, if anything.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.arrays import Bools, Levels

__all__ = ["chinese_levels", "look_alike"]

_SIMILAR, _LOOSELY, _OTHER = 3, 5, 8

_GROUPS: Final = (
    "晓哓骁浇绕 明朋月 伟炜玮纬苇讳 婷停亭 芳芬 丽俪 志忘忠 建健键律 军车 敏每 秀季委 海诲悔梅侮 英莫央 华毕桦晔 "
    "国囯 静靖净睁 娟捐涓绢鹃 玉王主五 佳住往 燕蒸 玲珍铃冷 涛铸寿筹 峰锋烽蜂 梦焚 辉挥浑晖 永水泳冰 琳淋林彬霖 "
    "鹏朋棚 俊浚竣峻骏 斌赋武 浩洁皓诰 怡恰治冶 平乎苹半 春舂 超赵起越 慧惠彗 美羡姜 刚冈钢岗 林休木 颖颍 "
    "荣荥莹萤营 博搏傅缚 东车冻栋练 龙尤庞 豪毫 天夭无夫大太 桂挂佳杜 泽择译绎 成戍戎戌城 瑶摇遥谣 若苦 宏宠 少小 "
    "毅殿 德徳 洋泽样 勇甬涌 丹舟 凤风夙 云去 波坡披 莉荆利 帅师 旭旮 晶品昌 亮高 倩债情清 晨震辰 瑞端 兵乒乓丘岳 "
    "彬杉郴 坤绅伸 冬各 岩岸炭 利刮 香杏 金全 瑜输愉渝 文丈 宇字宁 思恩 子孑孓 嘉喜熹 雅稚 已己巳 未末朱 士土工 "
    "田由甲申电 人入八 日曰白 刀力刁 干千于王 晴睛 青责 森淼焱 磊垒 雪雷霄霞 雯斐 瑾谨 璟景憬 琪淇祺棋其 琦绮 "
    "珊册姗 瑛英 璐露路 娜挪 媛缓援暖 嫒媛 妍研 婕捷 姝殊 娇骄 娅垭 彤丹 丰非 兰三 贝见 贞贡 鸣呜 鸿鸡 凯剀 刘刈 "
    "朱未 孙孔 冯妈 吕昌 吴昊 杨扬汤 汤扬 陈阵 梁粱 谢射 许诈 邓郑 郑关 冉再 洪供 沈沉 姚桃 钟种 廖寥 邹皱 邱丘 "
    "侯候 尹伊 黎棃 苏办 潘播 董懂 袁哀衷 余佘 余徐 汪江 汪注 贾贺 韦书 夏复 薛薜 阎闫 雷雪 贺贸 倪况 汪旺 覃潭 "
    "詹瞻 耿联 关天 阮院 柯河 科枓 技枝 商啇 源原 鑫淼 泰秦奉 康庚 信倌 诚城 远园 兴兵 盛盎 恒桓 隆降 昌冒 顺顸 "
    "安案 联职 创仓 新亲 星垦 智暂 优忧 佑祐右 佐左 仁仕 俞愈 儒需 冰冻 凌陵棱 劲颈 勤勒 卓早 卿聊 可司 启后 呈星 "
    "君群 哲晢 唯惟维 喆吉 园圆 均钧 坚竖 培陪 墨黑 奇寄 奕弈 好妤 妙沙 如姑 宋末 宜宣 寅演 寒赛 岚风 峥铮 巍魏 "
    "帆机 庭廷 彦产 彩采 恺凯 悦锐说 愉偷 懿壹 振震 捷健 政攻 斐非 旋施 昕听 昱显 晗含 晟成 暄喧 曦羲 朗郎 楚林 "
    "楠喃 欣掀 殊珠 毓疏 沁心 沐木 沛肺 泓弘 涵函 淳谆 清情 渊洲 湘相 溪奚 滢莹 漫慢 潇肃 澄登 炎淡 烨晔华 煜昱 "
    "煊暄 熙煕 璇旋 畅肠 皓浩 睿窨 磊石 祥样详 禹离 秋愁 竹什 笑美 筠均 纯屯 绍招 维唯 罡正 羽习 翔祥 聪总 艺亿 "
    "芝之 芷止 苑宛 茂荗 荷何 菁青 菲非 萌明 蓉容 蔚尉 蕊心 薇微 蕾雷 虎唬 蝶碟 裕浴 诗侍 诺若 谦廉 贤坚 赫赤 轩杆 "
    "轶铁 辰晨 迪笛 逸兔 郁都 钰玉 铭名 锐悦 锦棉 阳阴 隽隼 霏非 韬滔 韵均 颜彦 飞气 馨声 驰弛 骏俊 鹤雀 麒其 黛代"
)


def chinese_levels(left: pa.StringArray, right: pa.StringArray, levels: Levels) -> Levels:
    """The levels of short Chinese names: one character more or another is another name.

    Args:
        left: N names of four characters or fewer.
        right: N other names.
        levels: (N,) their levels as names of any language.

    Returns:
        (N,) *similar* where they sound or look alike, *loosely similar* where one ends with the other (a given name
        beside a whole one); else *other*.
    """
    found = np.where(levels == _SIMILAR, _SIMILAR, _OTHER).astype(np.int8)
    found[_holds(left, right) | _holds(right, left)] = _LOOSELY
    found[look_alike(left, right)] = _SIMILAR
    return found


def _holds(long: pa.StringArray, short: pa.StringArray) -> Bools:
    """Whether each long name ends with its short one, of two characters or more."""
    one, two = (np.array([*side.to_pylist(), ""], dtype=np.str_)[:-1] for side in (long, short))
    return np.asarray(np.strings.endswith(one, two) & (np.strings.str_len(two) >= 2))


def look_alike(left: pa.StringArray, right: pa.StringArray) -> Bools:
    """Whether two names differ in one character alone, which looks like the other.

    Args:
        left: N names.
        right: N other names.

    Example:
        >>> look_alike(pa.array(["哓明", "建国", "杨平"]), pa.array(["晓明", "建军", "杨平安"])).tolist()
        [True, False, False]
    """
    one, two = _letters(left, right)
    differs = one != two
    found = (differs.sum(axis=1) == 1) & (((one > 0) & (two > 0)) | ~differs).all(axis=1)
    rows = np.flatnonzero(found)
    if len(rows):
        at = differs[rows].argmax(axis=1)
        found[rows] = np.isin(_key(one[rows, at], two[rows, at]), _pairs())
    return np.asarray(found)


def _letters(left: pa.StringArray, right: pa.StringArray) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """The characters of both as (N, W) code points, 0 behind the end."""
    one, two = (np.array([*side.to_pylist(), ""], dtype=np.str_)[:-1] for side in (left, right))
    width = max(one.dtype.itemsize, two.dtype.itemsize) // 4
    return tuple(side.astype(f"U{width}").view(np.uint32).reshape(len(side), width) for side in (one, two))  # type: ignore[return-value]


def _key(one: npt.NDArray[np.uint32], two: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    low, high = np.minimum(one, two).astype(np.uint64), np.maximum(one, two).astype(np.uint64)
    return np.asarray(low << np.uint64(32) | high)


@cache
def _pairs() -> npt.NDArray[np.uint64]:
    pairs = {pair for group in _GROUPS.split() for pair in combinations(group, 2) if pair[0] != pair[1]}
    codes = np.array([[ord(a), ord(b)] for a, b in sorted(pairs)], dtype=np.uint32)
    return np.unique(_key(codes[:, 0], codes[:, 1]))
