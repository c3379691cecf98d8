import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.headers import nearest, normalise, unique_names


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
    assert nearest(["zzz"], ["Phone", "Name"]) == ["Phone", "Name"]
