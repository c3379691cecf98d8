import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.records.headers import looks_like_data, nearest, normalise, unique_names


@pytest.mark.parametrize(
    "header",
    [
        "Mailing Street",
        "mailing_street",
        " MAILING  STREET ",
        "Mailing-Street*",
        "Ｍailing　Street",
        "Mailing Street (required)",
    ],
)
def test_headers_match_loosely(header):
    assert normalise(header) == "mailingstreet"


@pytest.mark.parametrize("header", ["客户名称", "客户名称（必填）", "客户名称(必填)", "客户名称＊", " 客户名称 *"])
def test_chinese_headers_match_loosely(header):
    assert normalise(header) == "客户名称"


@given(header=st.lists(st.sampled_from(["Phone", "Phone (2)", " Phone", "", "column 2", "x"]), max_size=8))
def test_names_are_unique_and_as_many(header):
    names = unique_names(header)
    assert len(set(names)) == len(names) == len(header)
    assert all(names)


def test_nearest_headers_come_first():
    assert nearest(["Emial"], ["Phone", "E-mail", "Name"])[0] == "E-mail"
    assert nearest(["zzz"], ["Phone", "Name"]) == []
    assert nearest(["name", "姓名"], ["Anna Smith", "张伟"]) == []


@pytest.mark.parametrize(
    ("header", "data"),
    [
        (["id", "name", "Phone 1", "address_line_1", "手机号", "2024 revenue", "电话（2）"], False),
        (["1", "Ann", "ann@example.com"], True),
        (["1", "Ann", "+86 138 0013 8000"], True),
        (["1", "张伟", "1988-01-31"], True),
        (["1", "张伟", "1988年1月31日"], True),
        (["1", "Ann", "2024-01-31T10:00:00Z"], True),
        ([], False),
    ],
)
def test_a_first_line_that_is_data(header, data):
    assert looks_like_data(header) == data
