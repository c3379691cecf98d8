import json
from dataclasses import asdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.diagnosis import (
    LOWEST,
    AttributeProfile,
    ColumnProfile,
    Diagnosis,
    RuleFigures,
    SelfLinks,
    Silence,
    WeightCounts,
)

BINS = st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), min_size=60, max_size=60)


def counts_of(bins):
    return WeightCounts(pairs=tuple(n for n, _ in bins), matches=tuple(n * share for n, share in bins))


@given(BINS)
def test_a_higher_threshold_never_finds_more(bins):
    figures = counts_of(bins).by_threshold(-30, 29)
    assert [f.links for f in figures] == sorted((f.links for f in figures), reverse=True)
    recalls = [f.recall for f in figures if f.recall is not None]
    assert all(one >= two - 1e-9 for one, two in pairwise(recalls))
    assert not recalls or recalls[0] == pytest.approx(1)
    assert all(f.precision is None or -1e-9 <= f.precision <= 1 + 1e-9 for f in figures)


@given(BINS)
def test_the_span_holds_every_pair(bins):
    counts = counts_of(bins)
    assert sum(counts.pairs[place] for place in counts.span) == sum(counts.pairs)
    assert not counts.span or (counts.pairs[counts.span.start] and counts.pairs[counts.span.stop - 1])


def test_probability_belongs_to_its_weight():
    (at_zero,) = WeightCounts(pairs=(0,) * 60, matches=(0.0,) * 60).by_threshold(0, 0)
    assert (at_zero.weight, at_zero.probability, at_zero.precision, at_zero.recall) == (0.0, 0.5, None, None)
    assert LOWEST == -30


def test_a_diagnosis_comes_back_from_json():
    diagnosis = Diagnosis(
        records=3,
        candidates=2,
        columns=(ColumnProfile(column="电话", role="phone", reason="header", filled=2),),
        attributes=(AttributeProfile(attribute="phone", filled=2, distinct=1, top=2),),
        rules=(
            RuleFigures(atoms=("phone.ending", "city.exact"), cap=12, pairs=9, new_pairs=4, capped=(14, 13)),
            RuleFigures(atoms=("phone.ending",), cap=12, pairs=9, new_pairs=4, new_matches=1.5, capped_blocks=1),
        ),
        weights=WeightCounts(pairs=(1,) * 60, matches=(0.5,) * 60),
        self_links=SelfLinks(records=3, unlinkable=1, silences=(Silence(attributes=(), records=1),)),
    )
    assert Diagnosis.from_facts(json.loads(json.dumps(asdict(diagnosis)))) == diagnosis
    assert diagnosis.rules[0].rule == "phone.ending & city.exact"
    assert diagnosis.self_links.share == pytest.approx(1 / 3)
