import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.standardise.chinese_companies import place_first, split_companies
from matching.standardise.companies import standardise_companies

NAMES = st.text("上海市北京浙江省杭州（）()宏达科技贸易有限公司分 ab", max_size=14)


@pytest.mark.parametrize(
    ("name", "place", "brand", "trade", "branch"),
    [
        ("上海宏达科技集团", "上海", "宏达", "科技集团", ""),
        ("宏达科技", "", "宏达", "科技", ""),
        ("宏达", "", "宏达", "", ""),
        ("中石化", "", "中石化", "", ""),
        ("浦东新区宏达物业", "", "宏达", "物业", ""),
        ("深圳南山区宏达电子", "深圳", "宏达", "电子", ""),
        ("苏宁易购集团", "", "苏宁易购", "集团", ""),
        ("华为技术", "", "华为", "技术", ""),
        ("长春长生生物科技", "长春", "长生", "生物科技", ""),
        ("北京大学", "", "北京大学", "", ""),
        ("海南航空", "", "海南航空", "", ""),
        ("杭州网易上海分公司", "杭州", "网易", "", "上海分公司"),
        ("中国平安保险集团石家庄分公司", "中国", "平安", "保险集团", "石家庄分公司"),
        ("瑞丰银行城东支行", "", "瑞丰", "银行", "城东支行"),
        ("acme bakery", "", "acme bakery", "", ""),
    ],
)
def test_a_name_has_a_place_a_brand_a_trade_and_a_branch(name, place, brand, trade, branch):
    parts = split_companies(pa.array([name]))
    found = tuple(getattr(parts, part)[0].as_py() for part in ("place", "brand", "trade", "branch"))
    assert found == (place, brand, trade, branch)


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=30))
def test_a_standard_name_is_standard(names: list[str]):
    once = standardise_companies(pa.array(names, pa.string()))
    assert standardise_companies(once).to_pylist() == once.to_pylist()


@settings(max_examples=40)
@given(st.lists(NAMES, min_size=1, max_size=30))
def test_parts_are_parts_of_the_name(names: list[str]):
    standard = standardise_companies(pa.array(names, pa.string())).drop_null()
    parts = split_companies(standard)
    for place, name in enumerate(standard.to_pylist()):
        for part in ("place", "brand", "trade", "branch"):
            assert getattr(parts, part)[place].as_py() in name
        assert parts.brand[place].as_py()


def test_only_a_place_goes_to_the_front():
    names = pa.array(["宏达科技(集团)有限公司", "(上海)宏达", "宏达(上海)", "上海市场研究", None])
    assert place_first(names).to_pylist() == ["宏达科技(集团)有限公司", "(上海)宏达", "上海宏达", "上海市场研究", None]
