import re

from stewardship.facts import SourceCounts
from stewardship.flow import flow, sankey
from stewardship.wording import Wording

EN = Wording("en")


def written(drawing):
    return re.findall(r">([^<>]+)</text>", str(drawing))


def test_every_row_is_somewhere(report):
    figures = flow(report.sources, len(report.records), len(report.customers))
    assert figures.rows_read == sum(figures.fates.values()) == 15
    assert (figures.carried, figures.records, figures.customers, figures.merged) == (0, 10, 6, 4)


def test_records_of_earlier_runs_are_carried():
    figures = flow([SourceCounts(source="a", rows_read=10, accepted=10)], 100, 80)
    assert (figures.carried, figures.merged) == (90, 20)
    words = written(sankey(figures, [SourceCounts(source="a", rows_read=10, accepted=10)], words=EN))
    assert words == ["a", "10", "Accepted", "10", "Carried from earlier runs", "90", "Customers", "80", "Merged into another", "20"]  # fmt: skip  # noqa: E501


def test_the_drawing_names_every_count(report):
    figures = flow(report.sources, 10, 6)
    words = written(sankey(figures, report.sources, words=EN))
    assert words[:6] == ["sales", "6", "marketing", "5", "service", "4"]
    assert words[6:10] == ["Accepted", "10", "Quarantined", "3"]
    assert words[-4:] == ["Customers", "6", "Merged into another", "4"]


def test_many_sources_share_a_node():
    sources = [SourceCounts(source=f"s{i:02}", rows_read=100 - i, accepted=100 - i) for i in range(20)]
    words = written(sankey(flow(sources, 1810, 1810), sources, words=EN))
    assert words[14:16] == ["Other sources", f"{sum(100 - i for i in range(7, 20)):,}"]


def test_nothing_at_all():
    assert "NaN" not in str(sankey(flow([], 0, 0), [], words=EN)).replace("nan", "NaN")
