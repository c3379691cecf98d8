import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.attributes import StandardAttribute
from matching.classify import probability
from matching.diagnose import add, new_matches, profile_attributes, profile_columns, weigh
from matching.match import match
from matching.model import Model
from matching.roles import ColumnRole
from matching.settings import MatchSettings
from schemas.diagnosis import LOWEST

ODDS = st.lists(st.floats(-60, 60), max_size=30)


@given(ODDS, ODDS)
def test_portions_weigh_as_much_as_the_whole(one, two):
    whole, parts = weigh(np.array(one + two)), add([weigh(np.array(one)), weigh(np.array(two))])
    assert parts.pairs == whole.pairs
    assert parts.matches == pytest.approx(whole.matches, abs=0.01)


@given(ODDS)
def test_matches_to_be_expected_are_the_sum_of_probabilities(odds):
    counts = weigh(np.array(odds))
    assert sum(counts.pairs) == len(odds)
    assert sum(counts.matches) == pytest.approx(float(probability(np.array(odds)).sum()), abs=0.06)


def test_whole_weights_begin_their_own_bin():
    counts = weigh(np.log(2.0) * np.array([-1.0, 0.0, 1.0, 5.0], dtype=np.float32))
    assert [LOWEST + place for place, pairs in enumerate(counts.pairs) if pairs] == [-1, 0, 1, 5]


def test_new_matches_are_those_that_no_rule_before_had():
    found = new_matches(np.array([0, 2, -1, 2]), np.array([0.5, 0.25, 1.0, 0.5]), 4)
    assert found.tolist() == [0.5, 0.0, 0.75, 0.0]


def test_columns_count_what_is_neither_missing_nor_empty():
    frame = pd.DataFrame({"a": ["x", "", None, "y"], "b": [None] * 4}, dtype="string[pyarrow]")
    roles = [ColumnRole(column=name, role="phone", reason="header") for name in ("a", "b", "elsewhere")]
    assert [(c.column, c.filled) for c in profile_columns(frame, roles)] == [("a", 2), ("b", 0)]


def test_a_record_with_two_values_fills_an_attribute_once():
    slots = (np.array([0, 1, -1, 0], np.int32), np.array([1, -1, -1, 2], np.int32))
    attribute = StandardAttribute(name="phone", role="phone", slots=slots, values=pa.array(["1", "2", "3", "unused"]))
    (found,) = profile_attributes([attribute])
    assert (found.filled, found.distinct, found.top) == (3, 3, 2)


@pytest.fixture(scope="module")
def people():
    """People with name, phone and town; a hundred say no more than their town."""
    rng = np.random.default_rng(5)
    given = rng.choice(["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna"], 2_000)
    family = [f"{one}{two}{three}" for one, two, three in rng.choice(["ko", "lam", "mir", "nes", "pol"], (2_000, 3))]
    phone = rng.integers(2_000_000, 9_999_999, 2_000).astype(str)
    city = rng.choice(["leeds", "york", "hull", "ripon"], 2_000)
    frame = pd.DataFrame({"given_name": given, "family_name": family, "phone": phone, "city": city}, dtype=object)
    frame.loc[:99, ["given_name", "family_name", "phone"]] = None
    return pd.concat([frame, frame.iloc[100:600]], ignore_index=True)


def test_records_that_say_too_little_are_found_with_what_they_say(people):
    found = match(people, MatchSettings()).diagnosis.self_links
    assert (found.records, found.unlinkable) == (2_500, 100)
    assert [(s.attributes, s.records) for s in found.silences] == [(("city",), 100)]


def test_figures_hang_together(people):
    matched = match(people, MatchSettings())
    diagnosis = matched.diagnosis
    assert diagnosis.records == len(people)
    assert diagnosis.candidates == matched.blocking.candidates == sum(diagnosis.weights.pairs)
    found = sum(rule.new_pairs for rule in diagnosis.rules)
    assert found <= diagnosis.candidates <= found + 100  # copies of one record are candidates without a rule
    expected = sum(rule.new_matches for rule in diagnosis.rules)
    assert expected == pytest.approx(sum(diagnosis.weights.matches), rel=0.01)
    links = next(f for f in diagnosis.weights.by_threshold() if f.weight == 0)
    assert links.links == int((matched.pairs["match_probability"].to_numpy() >= 0.5).sum())
    assert links.precision > 0.9


def test_the_model_keeps_what_training_saw_and_its_id_does_not_hang_on_it(people):
    matched = match(people, MatchSettings())
    again = Model.from_json(matched.model.to_json())
    assert again.training == matched.diagnosis
    later = match(people.iloc[:600], MatchSettings(), model=again)
    assert later.model.training == matched.diagnosis
    assert later.diagnosis.records == 600
    assert later.model.model_id == matched.model.model_id


def test_where_every_pair_is_compared_no_rule_has_figures(people):
    assert match(people.iloc[:300], MatchSettings()).diagnosis.rules == ()
