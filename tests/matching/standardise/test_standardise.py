"""What holds for every standardiser, whatever the text."""

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.standardise import STANDARDISERS, standardise

PIECES = [
    *("Mr ", "Dr. ", "Smith", "O'Brien", "-", " ", "  ", ",", ".", "Jr", "junior", "PhD", "3rd", "van ", "(", ")", "&"),
    *(
        "GmbH",
        "Co. KG",
        "Inc.",
        "the ",
        "street",
        "North",
        "St.",
        "strasse",
        "#",
        "12",
        "0",
        "1",
        "7",
        "138",
        "NV 89132",
    ),
    *(
        "王",
        "张",
        "先生",
        "总",
        "有限公司",
        "股份",
        "公司",
        "分公司",
        "集团",
        "（",
        "）",
        "区",
        "市",
        "县",
        "省",
        "自治区",
    ),
    *(
        "三",
        "号",
        "十",
        "路",
        "年",
        "月",
        "日",
        "+86",
        "+1",
        "001",
        "ext. 5",
        "x",
        "****",
        "/",
        "Mar",
        "1980",
        "02",
        "29",
    ),
    *("@", "gmail.com", "a.b", "+tag", "<", ">", "mailto:", "www.", "http://", "T00:00", "saint ", "n/a", "null"),
    *("ß", "İ", "ﬁ", "é", "Ж", "ع", "ｶ", "カ", "한", "ǅ", "ẞ", "·", "\t", "\n", "\u3000", "\u200b", "\u0301"),
]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text(max_size=12))
COLUMNS = st.lists(st.none() | TEXTS, min_size=1, max_size=6)


@pytest.mark.parametrize("role", sorted(STANDARDISERS))
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(column=COLUMNS)
def test_standardising_twice_changes_nothing(role: str, column: list[str | None]):
    once = standardise(role, pa.array(column, pa.string()))
    assert standardise(role, once).to_pylist() == once.to_pylist()


@pytest.mark.parametrize("role", sorted(STANDARDISERS))
def test_missing_stays_missing_and_nothing_is_lost(role: str):
    values = pa.array([None, "", "  ", "Ann 12-34 5678", None], pa.string())
    standard = standardise(role, values)
    assert len(standard) == 5
    assert standard.type == pa.string()
    assert [standard[place].as_py() for place in (0, 1, 2, 4)] == [None] * 4
    assert "" not in standard.to_pylist()


@pytest.mark.parametrize("role", sorted(STANDARDISERS))
def test_no_values_give_no_values(role: str):
    assert standardise(role, pa.array([], pa.string())).to_pylist() == []


@pytest.mark.parametrize("role", sorted(set(STANDARDISERS) - {"phone", "date", "birth_date"}))
def test_a_value_is_standardised_alike_alone_and_among_others(role: str):
    values = [
        "Ann Li",
        "王杰",
        "Smith, John",
        "a@b.de",
        "12 Main Street",
        "Müller GmbH",
        None,
        "-",
        "华为有限公司",
        "Mr X",
    ]
    together = standardise(role, pa.array(values, pa.string())).to_pylist()
    assert together == [standardise(role, pa.array([value], pa.string()))[0].as_py() for value in values]
