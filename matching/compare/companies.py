"""Names of companies: like other texts, but a company and its branch, or two branches of one, are two customers."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Codes, Levels
from matching.compare.acronyms import Acronyms
from matching.compare.chinese_companies import ChineseCompanies
from matching.compare.strings import edits, take
from matching.compare.texts import TextComparer
from matching.rarity import Rarity
from matching.standardise.places import PROVINCES, STATES

__all__ = ["CompanyComparer", "branches"]

_SIMILAR: Final = 5
_CITIES: Final = (
    "深圳", "广州", "杭州", "南京", "成都", "武汉", "西安", "苏州", "宁波", "青岛", "大连", "厦门", "无锡", "佛山",
    "东莞", "长沙",
    "郑州", "济南", "沈阳", "哈尔滨", "合肥", "福州", "昆明", "南昌", "长春", "石家庄", "太原", "南宁", "贵阳",
    "海口", "兰州", "珠海", "常州", "温州", "烟台", "徐州", "南通", "中山", "惠州", "泉州",
)  # fmt: skip
_REGIONS: Final = "|".join((*PROVINCES, *_CITIES))
_AMBIGUOUS: Final = frozenset({"co", "pa", "md", "dc"})  # company, professional association, doctor, day care
_STATES: Final = "|".join(sorted({*STATES, *STATES.values()} - _AMBIGUOUS))
_OFFICES: Final = "分公司|子公司|分店|支店|门店|办事处|分行|支行|分部|分厂|营业部|分校|分院"
_ENDING: Final = (
    rf".(?P<branch>\p{{Han}}{{2}}(?:{_OFFICES})|{_REGIONS}| (?:{_STATES})|"
    r" (?:[^ ]+ )?(?:branch|branch office|regional office|subsidiary|outlet|filiale|niederlassung|succursale|sucursal)|"
    r" (?:filiale|niederlassung|succursale|sucursal) .+|"
    r" (?:i{2,3}|iv|vi{0,3}|ix|xi{0,3}|xiv|xvi{0,3}))$"  # Capital Fund II, III
)
_OF_A_REGION: Final = rf" (?:of|for|in|and|the) (?:{_STATES})$"  # Aid Society of Illinois: no branch
_LEADING: Final = rf"^(?P<region>{_REGIONS})\p{{Han}}"


class CompanyComparer:
    """Compares company names as texts; where a branch differs, two names have no level but *other*.

    A branch is what ends the one name only (济南分公司, *… TX*, *…, Leeds branch*), or differently from the other, or a
    region or number that both names give and that is another one. A region that begins only one of them is mostly left
    out of the other.

    Args:
        values: Distinct standard names.
        rarity: What is rare among them.
    """

    def __init__(self, values: pa.StringArray, rarity: Rarity) -> None:
        self._values = values
        self._texts = TextComparer(values, rarity)
        self._branch, self._region = branches(values)
        self._acronyms = Acronyms(values)
        self._chinese = ChineseCompanies(values)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of different names."""
        chinese = self._chinese.among(left, right)
        level = np.empty(len(left), dtype=np.int8)
        level[chinese] = self._chinese.levels(left[chinese], right[chinese])
        similar = self._texts.levels(left[~chinese], right[~chinese])
        level[~chinese] = np.array([0, 1, 2, 3, 4, 5, 7, 6, 7], dtype=np.int8)[similar]
        level[(level > _SIMILAR) & self._acronyms.meet(left, right)] = _SIMILAR
        one, two = self._branch[left], self._branch[right]
        differ = np.flatnonzero((one != two) & (level < 7))
        both = (one[differ] > 0) & (two[differ] > 0)
        # A slip of the pen is no branch.
        far = edits(take(self._values, left[differ]), take(self._values, right[differ]), 2) > 2
        level[differ[both | far]] = 7
        here, there = self._region[left], self._region[right]
        level[(here != there) & (here > 0) & (there > 0)] = 7
        return level


def branches(values: pa.StringArray) -> tuple[Codes, Codes]:
    """Codes of the branch that each standard company name ends with and of the region it begins with; 0 for none."""
    ending = pc.struct_field(pc.extract_regex(values, _ENDING), "branch")
    ending = pc.if_else(pc.match_substring_regex(values, _OF_A_REGION), pa.scalar(None, pa.string()), ending)
    leading = pc.struct_field(pc.extract_regex(values, _LEADING), "region")
    one, two = (np.asarray(pc.dictionary_encode(p).indices.fill_null(-1), dtype=np.int32) for p in (ending, leading))
    return one + np.int32(1), two + np.int32(1)
