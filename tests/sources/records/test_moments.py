import datetime as dt
from functools import partial
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.records.date_order import MIXED, date_votes, decide
from sources.records.moments import iso_dates, iso_times

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def column(*values):
    return pa.chunked_array([list(values)], pa.string())


@pytest.mark.parametrize(
    ("text", "order", "iso"),
    [
        ("1980-02-29", "dmy", "1980-02-29"),
        ("1980/2/9", "dmy", "1980-02-09"),
        ("1980.2.9", "dmy", "1980-02-09"),
        ("19800229", "dmy", "1980-02-29"),
        ("1980年2月29日", "dmy", "1980-02-29"),
        ("１９８０年２月９日", "dmy", "1980-02-09"),
        ("1980年2月", "dmy", "1980-02"),
        ("1980-02", "dmy", "1980-02"),
        ("1980", "dmy", "1980"),
        ("1980年", "dmy", "1980"),
        ("03/04/1980", "dmy", "1980-04-03"),
        ("03/04/1980", "mdy", "1980-03-04"),
        ("3.4.80", "dmy", "1980-04-03"),
        ("3/4/05", "mdy", "2005-03-04"),
        ("80/02/09", "ymd", "1980-02-09"),
        ("03/04/1980", "ymd", "1980-04-03"),
        ("12 Marble 1980", "dmy", "12 Marble 1980"),
        ("9 Sept 1980", "dmy", "1980-09-09"),
        ("29 Feb 1980", "dmy", "1980-02-29"),
        ("29-FEB-80", "dmy", "1980-02-29"),
        ("February 29, 1980", "dmy", "1980-02-29"),
        ("1980-02-29 00:00:00", "dmy", "1980-02-29"),
        ("1980-02-29T00:00:00Z", "dmy", "1980-02-29"),
        ("30/02/1980", "dmy", "1980-02-30"),
        ("02/30/1980", "dmy", "1980-02-30"),
        ("31.01.1988", "mdy", "1988-01-31"),
        ("31/01/1988", "mdy", "1988-01-31"),
        ("01/31/1988", "dmy", "1988-01-31"),
        ("01/31/88", "dmy", "1988-01-31"),
        ("13/13/1988", "mdy", "1988-13-13"),
        ("32/01/1988", "mdy", "1988-32-01"),
        ("03.04.1988", "mdy", "1988-03-04"),
        ("1980-13-01", "dmy", "1980-13-01"),
        ("0000-00-00", "dmy", None),
        ("unknown", "dmy", "unknown"),
        ("about 1980", "dmy", "about 1980"),
        (None, "dmy", None),
    ],
)
def test_dates(text, order, iso):
    assert iso_dates(column(text, "2001-01-01"), order).to_pylist() == [iso, "2001-01-01"]


@pytest.mark.parametrize(
    ("text", "zone", "iso"),
    [
        ("2026-11-02T09:30:00Z", "UTC", "2026-11-02T09:30:00Z"),
        ("2026-11-02 09:30:00", "UTC", "2026-11-02T09:30:00Z"),
        ("2026-11-02 09:30:00", "Asia/Shanghai", "2026-11-02T01:30:00Z"),
        ("2026-11-02T09:30:00+08:00", "UTC", "2026-11-02T01:30:00Z"),
        ("2026-11-02T09:30:00.123-0500", "UTC", "2026-11-02T14:30:00Z"),
        ("2026/11/02 09:30", "Asia/Shanghai", "2026-11-02T01:30:00Z"),
        ("2026-11-02", "Asia/Shanghai", "2026-11-01T16:00:00Z"),
        ("2026年11月2日 下午1:05", "Asia/Shanghai", "2026-11-02T05:05:00Z"),
        ("2/11/2026 9:30", "UTC", "2026-11-02T09:30:00Z"),
        ("02.11.2026 09:30:15", "UTC", "2026-11-02T09:30:15Z"),
        ("02/11/2026", "Asia/Shanghai", "2026-11-01T16:00:00Z"),
        ("31/02/2026 09:30", "UTC", "31/02/2026 09:30"),
        ("02/11/2026 9:30 PM", "UTC", "2026-11-02T21:30:00Z"),
        ("02/11/2026 12:05 am", "UTC", "2026-11-02T00:05:00Z"),
        ("2 Nov 2026 09:30", "UTC", "2026-11-02T09:30:00Z"),
        ("1777777777", "UTC", "2026-05-03T03:09:37Z"),
        ("1777777777000", "UTC", "2026-05-03T03:09:37Z"),
        ("2026-02-30 09:30:00", "UTC", "2026-02-30 09:30:00"),
        ("0000-00-00 00:00:00", "UTC", None),
        ("yesterday", "UTC", "yesterday"),
        (None, "UTC", None),
    ],
)
def test_times(text, zone, iso):
    assert iso_times(column(text), zone, "dmy").to_pylist() == [iso]
    beside = iso_times(column(text, "2026-01-01 00:00:00", "2026-01-01T00:00:00Z"), zone, "dmy").to_pylist()
    assert beside[0] == iso
    assert beside[2] == "2026-01-01T00:00:00Z"


@given(
    texts=st.lists(
        st.from_regex(
            r"\A20[0-2][0-9]-[0-3][0-9]-[0-3][0-9]( |T)[0-2][0-9]:[0-6][0-9](:[0-6][0-9])?(Z|\+0[0-9]:00)?\Z"
        ),
        min_size=1,
        max_size=6,
    )
)
def test_reading_together_is_reading_alone(texts):
    alone = [iso_times(column(text), "Europe/Berlin", "dmy").to_pylist()[0] for text in texts]
    assert iso_times(column(*texts), "Europe/Berlin", "dmy").to_pylist() == alone
    for text, found in zip(texts, alone, strict=True):
        assert found == _by_the_standard_library(text)


def _by_the_standard_library(text):
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = ZoneInfo("Europe/Berlin")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_one_day_that_no_calendar_has_does_not_slow_the_others():
    days = [
        f"20{y:02}-{m:02}-{d:02} 12:00:{s:02}"
        for y in range(24)
        for m in range(1, 13)
        for d in range(1, 29)
        for s in range(20)
    ]
    found = iso_times(column("2023-02-30 09:30:00", *days), "UTC", "dmy").to_pylist()
    assert found[0] == "2023-02-30 09:30:00"
    assert found[-1] == "2023-12-28T12:00:19Z"


def test_hours_that_a_clock_change_skips_or_repeats_are_still_times():
    found = iso_times(column("2026-03-08 02:30:00", "2026-11-01 01:30:00"), "America/New_York", "mdy").to_pylist()
    assert found == ["2026-03-08T07:00:00Z", "2026-11-01T05:30:00Z"]


@given(
    moment=st.integers(-3_786_825_600, 4_102_444_800).map(lambda seconds: EPOCH + dt.timedelta(seconds=seconds)),
    shape=st.sampled_from(["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y%m%d %H:%M:%S"]),
)
def test_every_written_form_says_the_same(moment, shape):
    assert iso_times(column(moment.strftime(shape)), "UTC", "dmy").to_pylist() == [
        moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    ]


@pytest.mark.parametrize(("order", "iso"), [("dmy", "2026-04-03T09:30:00Z"), ("mdy", "2026-03-04T09:30:00Z")])
def test_times_follow_the_order_of_dates(order, iso):
    assert iso_times(column("3/4/2026 9:30", "03/04/2026 09:30 AM"), "UTC", order).to_pylist() == [iso, iso]


@given(text=st.text(max_size=12))
def test_what_is_no_date_stays(text):
    found = iso_dates(column(text), "dmy").to_pylist()[0]
    assert iso_dates(column(found), "dmy").to_pylist()[0] == found


def test_dotted_dates_among_others_have_the_day_first():
    mixed = column("01/31/1988", "03.04.1988", "03/04/1988")
    assert decide(date_votes([mixed]), None).order == MIXED
    assert iso_dates(mixed, MIXED).to_pylist() == ["1988-01-31", "1988-04-03", "1988-03-04"]
    assert iso_times(mixed, "UTC", MIXED)[1].as_py() == "1988-04-03T00:00:00Z"
    denied = column("01/31/1988", "03.04.1988", "01.31.1988")
    assert decide(date_votes([denied]), None).order == "mdy"
    assert iso_dates(denied, "mdy").to_pylist() == ["1988-01-31", "1988-03-04", "1988-01-31"]


def test_a_time_that_can_be_read_one_way_only():
    assert iso_times(column("31.01.2024 09:30"), "UTC", "mdy").to_pylist() == ["2024-01-31T09:30:00Z"]
    assert iso_times(column("1/31/2024 09:30"), "UTC", "dmy").to_pylist() == ["2024-01-31T09:30:00Z"]


@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd", MIXED])
@given(
    parts=st.tuples(st.integers(1, 35), st.integers(1, 13), st.integers(2, 99) | st.integers(1000, 2999)),
    shape=st.sampled_from(["{0}{s}{1}{s}{2}", "{0:02}{s}{1:02}{s}{2}", "{2}{s}{1}{s}{0}", "{2:04}{s}{1:02}{s}{0:02}"]),
    separator=st.sampled_from("/-."),
    clock=st.sampled_from(
        ["", " 9:30", " 09:30:05", " 9:30:05.123", " 9:30,5", "T09:30:05.123+0000", " 25:00", " 09:30 PM"]
    ),
)
def test_in_bulk_is_as_one_by_one(order, parts, shape, separator, clock):
    """What is read in bulk comes to the same as with a blank around it, which only the patterns can read."""
    text = shape.format(*parts, s=separator)
    for read in (iso_dates, partial(iso_times, zone="Asia/Shanghai")):
        written = text + clock if isinstance(read, partial) else text
        bulk, single = read(column(written, f" {written}"), order=order).to_pylist()
        assert bulk == single.strip()


def test_times_at_the_ends_of_the_calendar_stay_as_they_are():
    ends = column("0001-01-01 9:30 AM", "9999-12-31 11:30 PM")
    assert iso_times(ends, "Pacific/Auckland", "dmy")[0].as_py() == "0001-01-01 9:30 AM"
    assert iso_times(ends, "America/New_York", "dmy")[1].as_py() == "9999-12-31 11:30 PM"
