# ruff: noqa: DTZ001  dates in names have no zone
import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.places.order import latest_date, oldest_first


@dataclass(frozen=True)
class File:
    name: str
    modified: float | None = None


def names(files, by=None):
    return [each.name for each in oldest_first(files, by)]


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("contacts_2026-11-21.csv", (2026, 11, 21)),
        ("contacts20261121.csv", (2026, 11, 21)),
        ("contacts 21.11.2026.xlsx", (2026, 11, 21)),
        ("contacts-1-2-2026.csv", (2026, 2, 1)),
        ("客户2026年11月21日.xlsx", (2026, 11, 21)),
        ("客户 2026 年 1 月.xlsx", (2026, 1, 1)),
        ("客户2026年11月21日 9时.xlsx", (2026, 11, 21)),
        ("客户_2026年11月21日 09时30分.xlsx", (2026, 11, 21, 9, 30)),
        ("monthly_2026-11.csv", (2026, 11, 1)),
        ("2026-11-21T093005Z.csv", (2026, 11, 21, 9, 30, 5)),
        ("20261121093005.csv", (2026, 11, 21, 9, 30, 5)),
        ("export_20261121_1405.csv", (2026, 11, 21, 14, 5)),
        ("2026_11_21 14.05.59.csv", (2026, 11, 21, 14, 5, 59)),
        ("since-2020-01-01-until-2026-11-21.csv", (2026, 11, 21)),
        ("2026-11-01_2026-11-21.csv", (2026, 11, 21)),
        ("20261101-20261121.csv", (2026, 11, 21)),
        ("2026.11.01-2026.11.21.csv", (2026, 11, 21)),
        ("2026年11月1日-2026年11月21日.csv", (2026, 11, 21)),
        ("day=2026-11-21/part-0.parquet", (2026, 11, 21)),
        ("2026-11-21/b_2026-11-20.csv", (2026, 11, 20)),
    ],
)
def test_dates_in_names(name, date):
    assert latest_date(name) == dt.datetime(*date)


@pytest.mark.parametrize(
    "name", ["contacts.csv", "13800138000.csv", "2026-13-45.csv", "1700000000.csv", "202611.csv", "30.02.2026.csv", ""]
)
def test_what_is_no_date(name):
    assert latest_date(name) is None


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 12, 31)), st.sampled_from(["", "a_", "客户"]))
def test_every_date_is_found_in_every_common_form(moment, before):
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    second = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y年%m月%d日", "%Y_%m_%d"):
        assert latest_date(f"{before}{moment.strftime(form)}.csv") == day
    for form in ("%Y-%m-%d %H-%M-%S", "%Y%m%d%H%M%S", "%Y%m%d_%H%M%S", "%Y-%m-%dT%H%M%SZ"):
        assert latest_date(f"{before}{moment.strftime(form)}.csv") == second


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
    st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y年%m月%d日", "%Y_%m_%d"]),
    st.sampled_from(["_", "-", " - ", "__", "~", "_to_", "至"]),
)
def test_of_a_span_the_later_end_counts(one, other, form, between):
    found = latest_date(f"x_{one.strftime(form)}{between}{other.strftime(form)}.csv")
    assert found == dt.datetime.combine(max(one, other), dt.time())


def test_together_by_date_then_by_time_then_by_numbers():
    dated = [File("e/b-2026-11-21.csv", 1), File("e/a-20261122.csv", 0), File("e/c-1.11.2026.csv", 2)]
    assert names(dated) == ["e/c-1.11.2026.csv", "e/b-2026-11-21.csv", "e/a-20261122.csv"]
    assert names([File("a", 2.0), File("b-2026-11-21", 1.0)]) == ["b-2026-11-21", "a"]
    assert names([File("part10", None), File("part9", 1.0)]) == ["part9", "part10"]


def test_the_same_folder_says_nothing_of_its_files():
    files = [File("s3://b/2026-11-21/a.csv", 2.0), File("s3://b/2026-11-21/b.csv", 1.0)]
    assert names(files)[-1] == "s3://b/2026-11-21/a.csv"


def test_newest_by_what_is_asked_for():
    files = [File("a-2026-11-21", 1.0), File("b-2026-11-20", 2.0)]
    assert names(files, "modified")[-1] == "b-2026-11-20"
    assert names(files, "name")[-1] == "a-2026-11-21"
    assert names([File("v2", 2.0), File("v10", 1.0)], "name")[-1] == "v10"
    assert names([File("v2", None), File("v10", 1.0)], "modified")[-1] == "v10"
    assert names([]) == []
