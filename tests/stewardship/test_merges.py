import pandas as pd
import pytest

from stewardship.facts import Thresholds
from stewardship.merges import LARGE, SHOWN, riskiest

LIMITS = Thresholds(merge_at=0.9, review_at=0.5)


def silent(pairs):
    assert all(left < right for left, right in pairs)
    return [()] * len(pairs)


@pytest.fixture(scope="session")
def crosswalk_of(text_column):
    def make(golden, records):
        return pd.DataFrame({"record_key": records["record_key"], "golden_id": text_column(golden)})

    return make


@pytest.fixture(scope="session")
def people(records_of):
    def make(count, birth_dates=()):
        dates = [*birth_dates, *[None] * (count - len(birth_dates))]
        return records_of([(f"a:{i}", "", "person", f"P{i}", *[None] * 3, dates[i], None, None) for i in range(count)])

    return make


def test_the_sample(report):
    review = report.review
    assert [merge.golden_id for merge in review.merges] == ["G1", "G2", "G3"]
    assert (review.merged, review.weak_links, review.contradictions, review.large) == (3, 1, 1, 0)
    weak, clash, strong = review.merges
    assert [reason.code for reason in weak.reasons] == ["weak_link"]
    assert [(reason.code, reason.attributes) for reason in clash.reasons] == [("contradiction", ("birth_date",))]
    assert strong.reasons == ()
    assert [member.record_key for member in weak.members] == ["service:7", "marketing:a", "sales:1"]
    assert weak.weight == pytest.approx(4.5)
    assert weak.probability == pytest.approx(0.9577, abs=1e-4)


def test_each_kind_of_risk_has_its_turn(people, crosswalk_of, pairs_of):
    golden = ["G1"] * 2 + ["G2"] * 2 + ["G3"] * 2 + ["G4"] * LARGE
    records = people(len(golden), [*[None] * 4, "1980-01-01", "1981-01-01"])
    chain = [(i, i + 1, 30) for i in range(6, len(golden) - 1)]
    pairs = pairs_of([(0, 1, 4), (2, 3, 5), (4, 5, 25), *chain])
    review = riskiest(records, crosswalk_of(golden, records), pairs, thresholds=LIMITS, explain=silent, limit=3)
    assert [merge.golden_id for merge in review.merges] == ["G1", "G3", "G4"]
    assert [reason.code for reason in review.merges[2].reasons] == ["large"]
    assert review.merged == 4


def test_a_large_merge_shows_its_weakest_link_and_a_few_more(people, crosswalk_of, pairs_of):
    size = SHOWN + 5
    records = people(size)
    pairs = pairs_of([(i, i + 1, 30 - i) for i in range(size - 1)])
    review = riskiest(records, crosswalk_of(["G1"] * size, records), pairs, thresholds=LIMITS, explain=silent)
    [merge] = review.merges
    assert merge.size == size
    assert len(merge.members) == SHOWN
    assert [member.record_key for member in merge.members[:2]] == [f"a:{size - 2}", f"a:{size - 1}"]


def test_held_together_by_a_decision(people, crosswalk_of, pairs_of):
    records = people(2)
    review = riskiest(records, crosswalk_of(["G1", "G1"], records), pairs_of([]), thresholds=LIMITS, explain=silent)
    [merge] = review.merges
    assert (merge.weight, merge.probability, [r.code for r in merge.reasons]) == (None, None, ["no_link"])
    assert (review.no_links, review.weak_links) == (1, 0)


@pytest.mark.parametrize(
    ("dates", "contradicts"),
    [
        (("1980-02-29", "1980-02-28"), True),
        (("1980-02-29", "1980-02-29"), False),
        (("1980", "1980-02-29"), False),  # says less, not otherwise
        (("1980-02-29", None), False),
    ],
)
def test_birth_dates_that_contradict(dates, contradicts, people, crosswalk_of, pairs_of):
    records = people(2, dates)
    crosswalk = crosswalk_of(["G1", "G1"], records)
    review = riskiest(records, crosswalk, pairs_of([(0, 1, 30)]), thresholds=LIMITS, explain=silent)
    assert review.contradictions == int(contradicts)


def test_identifiers_that_differ_in_writing_alone_do_not_contradict(people, crosswalk_of, pairs_of, text_column):
    records = people(4)
    records["tax_id"] = text_column(["DE 123-456", "de123456", "DE1", "DE2"])
    crosswalk = crosswalk_of(["G1", "G1", "G2", "G2"], records)
    review = riskiest(records, crosswalk, pairs_of([(0, 1, 30), (2, 3, 30)]), thresholds=LIMITS, explain=silent)
    assert review.contradictions == 1
    assert review.merges[0].golden_id in {"G1", "G2"}
    assert {m.golden_id: [r.attributes for r in m.reasons] for m in review.merges} == {"G1": [], "G2": [("tax_id",)]}


def test_the_choice_does_not_depend_on_row_order(people, crosswalk_of, pairs_of):
    count = 40
    records = people(count)
    golden = [f"G{i // 2}" for i in range(count)]
    pairs = [(i, i + 1, 12 if i % 8 else 6) for i in range(0, count, 2)]
    one = riskiest(records, crosswalk_of(golden, records), pairs_of(pairs), thresholds=LIMITS, explain=silent, limit=7)
    turned = records.iloc[::-1].reset_index(drop=True)
    mirrored = [(count - 1 - j, count - 1 - i, w) for i, j, w in pairs]
    two = riskiest(
        turned, crosswalk_of(golden[::-1], turned), pairs_of(mirrored), thresholds=LIMITS, explain=silent, limit=7
    )
    assert [m.golden_id for m in one.merges] == [m.golden_id for m in two.merges]
    assert len(one.merges) == 7


@pytest.mark.parametrize(("weight", "held"), [(2.0, True), (LIMITS.merge_weight, False), (12.0, False)])
def test_a_link_below_the_threshold_does_not_hold_by_itself(weight, held, people, crosswalk_of, pairs_of):
    records = people(3)
    pairs = pairs_of([(0, 1, 20), (1, 2, weight)])
    review = riskiest(records, crosswalk_of(["G1"] * 3, records), pairs, thresholds=LIMITS, explain=silent)
    assert [merge.held for merge in review.merges] == [held]


def test_nothing_merged(people, crosswalk_of, pairs_of):
    records = people(3)
    crosswalk = crosswalk_of(["G1", "G2", "G3"], records)
    review = riskiest(records, crosswalk, pairs_of([(0, 1, 2)]), thresholds=LIMITS, explain=silent)
    assert (review.merges, review.merged) == ((), 0)
