import pandas as pd
import pytest

from stewardship.facts import Contribution, Thresholds
from stewardship.grouping import group
from stewardship.waiting import closest

LIMITS = Thresholds(merge_at=0.9, review_at=0.5)


def explained(pairs):
    return [explained_pair(left, right) for left, right in pairs]


def explained_pair(left, right):
    return (Contribution(attribute="phone", left=str(left), right=str(right), level="exact", weight=1.0),)


@pytest.fixture(scope="session")
def chosen(records_of, pairs_of, text_column):
    def choose(golden, pairs, limit=10):
        records = records_of([(f"a:{i}", "", "person", f"P{i}", *[None] * 6) for i in range(len(golden))])
        crosswalk = pd.DataFrame({"record_key": records["record_key"], "golden_id": text_column(golden)})
        grouping = group(records, crosswalk)
        return closest(records, pairs_of(pairs), grouping, thresholds=LIMITS, explain=explained, limit=limit)

    return choose


def test_the_sample(report):
    [pair] = report.review.waiting
    assert pair.golden_ids == ("G4", "G5")
    assert [member.record_key for member in pair.members] == ["sales:4", "marketing:b"]
    assert pair.weight == 0.5


def test_only_pairs_below_the_threshold_and_in_two_customers(chosen):
    found = chosen(["G1", "G1", "G2", "G3"], [(0, 1, 1), (0, 2, 2), (0, 3, 9)])
    assert [pair.golden_ids for pair in found] == [("G1", "G2")]
    assert found[0].probability == pytest.approx(0.8)


def test_the_heaviest_first_and_each_two_customers_once(chosen):
    golden = ["G1", "G1", "G2", "G3"]
    found = chosen(golden, [(0, 2, 1), (1, 2, 2.5), (0, 3, 3), (2, 3, 0.5)])
    assert [(pair.golden_ids, pair.weight) for pair in found] == [
        (("G1", "G3"), 3.0),
        (("G1", "G2"), 2.5),
        (("G2", "G3"), 0.5),
    ]
    assert found[1].contributions == explained_pair(1, 2)
    assert len(chosen(golden, [(0, 2, 1), (0, 3, 3)], limit=1)) == 1


def test_ties_go_by_record_key(chosen):
    golden = [f"G{i}" for i in range(500)]
    found = chosen(golden, [(i, i + 1, 2) for i in range(0, 500, 2)], limit=3)
    assert [pair.members[0].record_key for pair in found] == ["a:0", "a:10", "a:100"]


def test_nothing_waits(chosen):
    assert chosen(["G1", "G2"], []) == ()
