from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from matching.checks import Seen, check_model
from matching.comparison import Comparison
from matching.match import match
from matching.model import Model
from matching.settings import MatchSettings
from schemas.messages import LOCALES, text

GIVEN = Comparison(name="given_name", kind="name", role="given_name", group="given")
FAMILY = Comparison(name="family_name", kind="name", role="family_name", group="family")
BIRTH = Comparison(name="birth_date", kind="date", role="birth_date", group="birth")
PHONE = Comparison(name="phone", kind="phone", role="phone", group="phone")
STREET = Comparison(name="street", kind="text", role="street", group="place")
CITY = Comparison(name="city", kind="place", role="city", group="place")
ALL = (GIVEN, FAMILY, BIRTH, PHONE, STREET, CITY)


def seen(agreeing, *, pairs=400, odds=8.0, filled=0.9, **changes):
    """A model whose likely pairs agree so often on each comparison."""
    rng = np.random.default_rng(0)
    comparisons = tuple(agreeing)
    levels = np.stack(
        [np.where(rng.random(pairs) < agreeing[c], 1, len(c.levels) - 1).astype(np.int8) for c in comparisons], axis=1
    )
    healthy = Seen(
        comparisons=comparisons,
        filled={c.name: filled for c in comparisons},
        records=1_000,
        prior=8e-4,
        matches=400.0,
        converged=True,
        levels=levels,
        odds=np.full(pairs, odds),
        together=np.ones(pairs, np.bool_),
    )
    return replace(healthy, **changes)


PEOPLE = {GIVEN: 0.9, FAMILY: 0.95, BIRTH: 0.8, PHONE: 0.6, STREET: 0.7, CITY: 0.8}
NEIGHBOURS = {GIVEN: 0.02, FAMILY: 0.1, BIRTH: 0.01, PHONE: 0.05, STREET: 0.9, CITY: 1.0}
HOUSEHOLDS = {GIVEN: 0.05, FAMILY: 0.98, BIRTH: 0.02, PHONE: 0.9, STREET: 0.95, CITY: 1.0}


def codes(found):
    return [warning.code for warning in check_model(found)]


def test_a_healthy_model_is_left_in_peace():
    assert codes(seen(PEOPLE)) == []


@pytest.mark.parametrize("crowd", [NEIGHBOURS, HOUSEHOLDS])
def test_matches_that_are_a_neighbourhood_or_families(crowd):
    assert codes(seen(crowd)) == ["neighbourhood"]


def test_a_handful_of_pairs_proves_nothing():
    assert codes(seen(NEIGHBOURS, pairs=10)) == []


@pytest.mark.parametrize("changes", [{"matches": 40_000.0}, {"prior": 0.5}])
def test_more_matches_than_there_can_be(changes):
    assert codes(seen(PEOPLE, **changes)) == ["too_many"]


@pytest.mark.parametrize(
    ("agreeing", "warned"),
    [
        ({GIVEN: 0.9, FAMILY: 0.9}, True),  # one name is one thing
        ({GIVEN: 0.9, FAMILY: 0.9, CITY: 0.9}, True),  # a city tells nobody apart
        ({GIVEN: 0.9, FAMILY: 0.9, STREET: 0.9}, False),
        ({GIVEN: 0.9, PHONE: 0.9}, False),
    ],
)
def test_two_things_must_tell_customers_apart(agreeing, warned):
    assert codes(seen(agreeing)) == (["few_attributes"] if warned else [])


def test_a_column_that_hardly_anybody_fills_does_not_count():
    found = seen({GIVEN: 0.9, PHONE: 0.9})
    assert codes(replace(found, filled={"given_name": 1.0, "phone": 0.05})) == ["few_attributes"]


def test_records_that_say_next_to_nothing():
    assert codes(seen(PEOPLE, filled=0.25)) == ["mostly_missing"]


def test_an_estimation_that_did_not_come_to_rest():
    assert codes(seen(PEOPLE, converged=False)) == ["not_converged"]


@pytest.mark.parametrize(
    "changes",
    [
        {"odds": 0.2},  # everything in the middle
        {"odds": 1.4, "together": np.arange(400) < 200},  # clusters contradict their pairs
    ],
)
def test_probabilities_that_cannot_be_trusted(changes):
    assert codes(seen(PEOPLE, **changes)) == ["unsure"]


def test_every_warning_has_a_sentence_that_says_what_to_do():
    worst = replace(
        seen(NEIGHBOURS, odds=0.2), matches=1e6, converged=False, filled=dict.fromkeys([c.name for c in ALL], 0.1)
    )
    found = check_model(worst)
    assert len({warning.code for warning in found}) == 6
    for warning in found:
        assert all(text(f"warnings.{warning.code}", locale=locale, **warning.facts) for locale in LOCALES)


def test_a_model_keeps_its_warnings_and_its_id():
    names = [f"{a}{b}" for a in ("ab", "cd", "ef", "gh", "ij") for b in ("kl", "mn", "op", "qr", "st", "uv", "wx")]
    records = pd.DataFrame({"last name": [*names, *names[:9]]}).astype(pd.ArrowDtype(pa.string()))
    model = match(records, MatchSettings()).model
    assert [warning.code for warning in model.warnings] == ["few_attributes"]
    read = Model.from_json(model.to_json())
    assert read.warnings == model.warnings
    assert read.model_id == replace(model, warnings=()).model_id
