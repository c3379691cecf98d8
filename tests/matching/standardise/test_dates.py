import pyarrow as pa
import pytest

from matching.standardise.dates import join_dates, standardise_dates
from matching.standardise.text import drop_blank


def test_a_date_has_one_form(date_case: dict[str, str]):
    assert standardise_dates(drop_blank(pa.array([date_case["raw"]]))).to_pylist() == [date_case["standard"] or None]


@pytest.mark.parametrize(
    ("others", "standard"),
    [(["25/12/1980"], "1980-04-03"), (["12/25/1980"], "1980-03-04"), ([], "1980-03-04")],
    ids=["day first", "month first", "nothing to go by"],
)
def test_the_column_settles_the_order_of_day_and_month(others: list[str], standard: str):
    assert standardise_dates(pa.array(["3/4/1980", *others]))[0].as_py() == standard


def test_a_convention_that_is_given_holds_whatever_the_column_shows():
    dates = pa.array(["3/4/1980", "1/12/24", "12/25/1980"])
    assert standardise_dates(dates, "day-first 2023").to_pylist() == ["1980-04-03", "1924-12-01", "1980-12-25"]


def test_the_column_settles_the_century():
    assert standardise_dates(pa.array(["1/2/24", "1/2/30", "5/6/2024"]))[:2].to_pylist() == ["2024-01-02", "1930-01-02"]


def test_a_date_in_three_columns_is_joined_as_far_as_it_goes():
    years, months, days = (
        pa.array(part, pa.string())
        for part in (["1980", "1980", "1980", None], ["2", "2", None, "2"], ["9", None, "9", "9"])
    )
    assert join_dates(years, months, days).to_pylist() == ["1980-02-09", "1980-02", "1980", None]
