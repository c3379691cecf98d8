import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.records.date_order import MIXED, DateVotes, date_votes, decide


def column(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


@pytest.mark.parametrize(
    ("values", "country", "order", "needed", "decided"),
    [
        (["03/04/1980", "25/12/1980"], "US", "dmy", True, True),
        (["03/04/1980", "12/25/1980"], None, "mdy", True, True),
        (["3/4/1980", "4/25/80"], None, "mdy", True, True),
        (["1/2/1980", "25 / 2 / 1980"], "US", "dmy", True, True),
        (["03/04/1980"], "us", "mdy", True, False),
        (["03/04/1980"], None, "dmy", True, False),
        (["1980-04-03", None, "x"], None, "dmy", False, False),
        ([], None, "dmy", False, False),
    ],
)
def test_the_order_of_dates_is_told_by_the_dates_then_the_country(values, country, order, needed, decided):
    assert decide(date_votes([column(*values)]), country) == (order, needed, decided)


def test_dotted_dates_do_not_outvote_the_others():
    assert decide(date_votes([column("31.01.1988", "30.01.1988", "01/31/1988")]), None) == (MIXED, True, True)
    assert decide(date_votes([column("31.01.1988", "03/04/1988")]), "US") == ("dmy", True, True)


@given(st.lists(st.sampled_from(["03/04/1980", "13/04/1980", "1-31-80", "3.4.1980", "31.1.1980", "1980-01-01", None])))
def test_votes_of_batches_add_up(values):
    parts = [date_votes([column(value)]) for value in values]
    assert sum(parts, DateVotes()) == date_votes([column(*values)])
