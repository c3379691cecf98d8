import numpy as np
import pyarrow as pa
import pytest

from matching.compare.comparers import comparer
from matching.comparison import KINDS
from matching.rarity import rarity
from matching.standardise.companies import standardise_companies

BACKGROUND = [
    "Acme Bakery",
    "Northwind Traders",
    "上海诚华兴机械设备有限公司",
    "大连瑞兴科技有限公司",
    "Blue Ocean Foods",
] * 2


def level(left: str, right: str) -> str:
    names = pa.array(list(dict.fromkeys(standardise_companies(pa.array([left, right, *BACKGROUND])).to_pylist())))
    values = standardise_companies(pa.array([left, right])).to_pylist()
    if values[0] == values[1]:
        return "exact"
    codes = [np.array([names.index(v).as_py()], dtype=np.int32) for v in values]
    found = comparer("company", names, rarity(names)).levels(*codes)
    return KINDS["company"].levels[found[0] - 1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("北京瑞智装饰工程有限公司", "北京瑞智装饰工程有限公司济南分公司"),
        ("北京瑞智装饰工程有限公司上海分公司", "北京瑞智装饰工程有限公司济南分公司"),
        ("北京瑞智装饰工程有限公司", "上海瑞智装饰工程有限公司"),
        ("腾讯科技（深圳）有限公司", "腾讯科技（北京）有限公司"),
        ("瑞丰银行", "瑞丰银行城东支行"),
        ("Falconworks Plastics NV Inc.", "Falconworks Plastics TX Inc."),
        ("Falconworks Plastics", "Falconworks Plastics New Jersey"),
        ("Falconworks Plastics Ltd.", "Falconworks Plastics GA Ltd."),
        ("Meridian Bank", "Meridian Bank, Leeds branch"),
        ("Corner Shop 12", "Corner Shop 27"),
    ],
)
def test_a_branch_is_another_customer(left, right):
    assert level(left, right) == "other"
    assert level(right, left) == "other"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("北京瑞智装饰工程有限公司", "北京瑞智装饰工程"),
        ("北京瑞智装饰工程有限公司", "瑞智装饰工程有限公司"),
        ("北京瑞智装饰工程有限公司济南分公司", "北京瑞智装饰工程有限责任公司济南分公司"),
        ("Falconworks Plastics Ltd.", "Falconwork Plastics"),
        ("Falconworks Plastics TX Inc.", "Falconwork Plastics TX"),
        ("Northern California Plastics", "Northern California Plastic"),
        ("Aid Society", "Aid Society of Illinois"),
    ],
)
def test_the_same_name_shortened_or_misspelt_is_none(left, right):
    assert level(left, right) not in {"other", "related"}
