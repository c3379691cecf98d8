import json
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stewardship import measures
from stewardship.facts import Thresholds
from stewardship.grouping import group


@pytest.fixture(scope="session")
def grouping(report):
    return group(report.records, report.crosswalk)


def test_overlap_counts_each_customer_once(report, grouping):
    found = measures.overlap(report.records, grouping)
    assert {c.sources: c.customers for c in found} == {
        ("sales", "service"): 2,
        ("marketing",): 2,
        ("sales",): 1,
        ("marketing", "sales", "service"): 1,
    }
    assert [c.customers for c in found] == sorted((c.customers for c in found), reverse=True)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 11)), min_size=1, max_size=40))
def test_overlap_agrees_with_sets(rows, text_column):
    keys = text_column([f"a:{i}" for i in range(len(rows))])
    records = pd.DataFrame({"record_key": keys, "source": text_column([f"s{s:02}" for _, s in rows])})
    crosswalk = pd.DataFrame({"record_key": keys, "golden_id": text_column([f"G{g}" for g, _ in rows])})
    expected = {}
    for golden, source in rows:
        expected.setdefault(golden, set()).add(f"s{source:02}")
    found = measures.overlap(records, group(records, crosswalk))
    assert sum(c.customers for c in found) == len(expected)
    for combination in found:
        assert combination.customers == sum(tuple(sorted(s)) == combination.sources for s in expected.values())


def test_quality_before_and_after(report, grouping):
    rows = {q.attribute: q for q in measures.quality(report.records, report.customers, report.warnings, grouping)}
    email = rows["email"]
    assert (email.records, email.filled_before, email.invalid_before, email.distinct_before) == (10, 7, 1, 6)
    assert (email.customers, email.filled_after, email.invalid_after, email.distinct_after) == (6, 5, 1, 5)
    assert (email.fill_before, email.fill_after) == (0.7, 5 / 6)
    assert (email.valid_before, email.valid_after) == pytest.approx((6 / 7, 4 / 5))
    assert "job_title" not in rows
    assert "extra" not in rows


def test_distinct_times_are_not_counted(report, grouping, text_column):
    times = text_column(["2026-11-21T19:00:00Z"] * 10)
    rows = measures.quality(report.records.assign(updated_at=times), report.customers, report.warnings, grouping)
    found = next(row for row in rows if row.attribute == "updated_at")
    assert (found.filled_before, found.distinct_before, found.distinct_after) == (10, None, None)


def test_a_warning_on_a_record_that_is_not_there_counts_nowhere(report, grouping, text_column):
    warnings = pd.DataFrame(
        {name: text_column([value]) for name, value in (("record_key", "x:1"), ("attribute", "email"), ("reason", "r"))}
    )
    rows = measures.quality(report.records, report.customers, warnings, grouping)
    assert not any(row.invalid_before or row.invalid_after for row in rows)


def test_a_doubted_value_that_did_not_survive_is_not_held_against_the_customer(report, grouping, text_column):
    customers = report.customers.assign(email=text_column(["x@example.org"] * len(report.customers)))
    rows = measures.quality(report.records, customers, report.warnings, grouping)
    assert next(row for row in rows if row.attribute == "email").invalid_after == 0


def test_quarantine_counts_each_reason(report):
    assert [(q.reason, q.rows, q.sources) for q in measures.quarantine_counts(report.quarantine)] == [
        ("missing_id", 2, (("sales", 2),)),
        ("impossible_date", 1, (("sales", 1),)),
        ("nothing_to_match_on", 1, (("marketing", 1),)),
    ]


def test_a_reason_gathers_its_sources(text_column):
    rows = [("a", "missing_id"), ("b", "missing_id"), ("b", "missing_id bad_row"), ("c", "bad_row"), ("c", "")]
    source, reasons = zip(*rows, strict=True)
    found = measures.quarantine_counts(pd.DataFrame({"source": text_column(source), "reasons": text_column(reasons)}))
    assert [(q.reason, q.rows, q.sources) for q in found] == [
        ("missing_id", 3, (("b", 2), ("a", 1))),
        ("bad_row", 2, (("b", 1), ("c", 1))),
    ]


def test_warnings_count_records(report):
    doubled = pd.concat([report.warnings, report.warnings], ignore_index=True)
    assert measures.warning_counts(doubled) == measures.warning_counts(report.warnings)
    assert [(w.attribute, w.reason, w.records) for w in measures.warning_counts(report.warnings)] == [
        ("email", "bad_email", 1),
        ("phone", "bad_phone", 1),
    ]


def test_pairs_by_what_became_of_them(report, grouping):
    counts = measures.pair_counts(report.pairs, grouping, report.thresholds)
    assert (counts.together, counts.waiting, counts.apart, counts.held) == (5, 1, 1, 1)


@pytest.mark.parametrize("limits", [(0.9, 0.5), (0.99, 0.01), (0.5, 0.5)])
def test_every_pair_is_in_one_bin(report, grouping, limits):
    thresholds = Thresholds(merge_at=limits[0], review_at=limits[1])
    bins = measures.weight_bins(report.pairs, grouping, thresholds)
    total = measures.pair_counts(report.pairs, grouping, thresholds)
    for fate in ("together", "waiting", "apart"):
        assert sum(getattr(b.counts, fate) for b in bins) == getattr(total, fate)
    assert bins[0].low <= thresholds.review_weight
    assert all(one.high == pytest.approx(two.low) for one, two in pairwise(bins))
    assert len(bins) <= 41
    assert not any(b.counts.apart for b in bins if b.high <= thresholds.merge_weight)


def test_weights_far_apart_share_bins(pairs_of, text_column):
    keys = text_column(["a:0", "a:1", "a:2"])
    grouping = group(
        pd.DataFrame({"record_key": keys}),
        pd.DataFrame({"record_key": keys, "golden_id": text_column(["G", "G", "H"])}),
    )
    bins = measures.weight_bins(pairs_of([(0, 1, 400), (1, 2, 0)]), grouping, Thresholds(merge_at=0.9, review_at=0.5))
    assert len(bins) <= 41
    assert measures.weight_bins(pairs_of([]), grouping, Thresholds(merge_at=0.9, review_at=0.5)) == ()


def test_sizes_add_up(grouping, report):
    sizes = measures.cluster_sizes(grouping)
    assert [(s.low, s.high, s.customers) for s in sizes] == [(1, 1, 3), (2, 2, 2), (3, 3, 1)]
    assert sum(s.customers for s in sizes) == len(report.customers)
    assert json.dumps([s.customers for s in sizes])


def test_large_sizes_share_a_class(text_column):
    keys = text_column([f"a:{i}" for i in range(2012)])
    golden = text_column(["G1"] * 12 + ["G2"] * 2000)
    grouping = group(pd.DataFrame({"record_key": keys}), pd.DataFrame({"record_key": keys, "golden_id": golden}))
    assert [(s.low, s.high, s.customers) for s in measures.cluster_sizes(grouping)] == [(10, 19, 1), (1000, None, 1)]
