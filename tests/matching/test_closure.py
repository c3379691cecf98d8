from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import matching.train
from matching.closure import _shift
from matching.evaluate import evaluate
from matching.match import MatchSettings, match

VOWELS = "aeiou"


def worn(rng, word, errors):
    """A word with so many letters changed."""
    letters = list(word)
    for _ in range(errors):
        letters[rng.integers(len(letters))] = VOWELS[rng.integers(5)]
    return "".join(letters)


def table(seed=3, people=220, copies=6, dirty=0.35):
    """People in several records each, a third of which are wrong in everything at once."""
    rng = np.random.default_rng(seed)
    syllables = [c + v for c in "bcdfghjklmnprstvw" for v in VOWELS]
    word = lambda n: "".join(rng.choice(syllables, n))  # noqa: E731  one line, three uses
    rows, truth = [], []
    for person in range(people):
        given, family, born = word(3), word(4), f"19{rng.integers(40, 99)}-0{rng.integers(1, 9)}-1{rng.integers(9)}"
        for _ in range(copies):
            bad = rng.random() < dirty
            rows.append(
                {
                    "given_name": worn(rng, given, 3 * bad),
                    "surname": worn(rng, family, 2 * bad),
                    "birth_date": born[:-1] + str(rng.integers(9)) if bad else born,
                    "city": word(3) if bad else f"{family[:4]}ton",
                }
            )
            truth.append(person)
    order = rng.permutation(len(rows))
    return pd.DataFrame(rows).iloc[order].reset_index(drop=True), np.array(truth)[order]


def test_clusters_teach_that_errors_come_together(monkeypatch):
    """Records wrong in several attributes at once are found better once clusters have shown that there are such."""
    records, truth = table()
    taught = match(records, MatchSettings())
    monkeypatch.setattr(matching.train, "learn_from_clusters", lambda *given: given[3])
    untaught = match(records, MatchSettings())
    better, worse = (evaluate(found.clusters, truth) for found in (taught, untaught))
    assert better.f1 > worse.f1
    assert better.precision > 0.97
    assert taught.model.parameters.prior > untaught.model.parameters.prior


def test_the_order_of_the_rows_does_not_matter():
    records, _ = table(people=120)
    order = np.random.default_rng(1).permutation(len(records))
    one, two = match(records, MatchSettings()), match(records.iloc[order].reset_index(drop=True), MatchSettings())
    assert one.model.model_id == two.model.model_id
    assert evaluate(one.clusters[order], two.clusters).f1 == 1


def test_few_matches_teach_nothing(monkeypatch):
    records, _ = table(people=12, copies=3)
    taught = match(records, MatchSettings())
    monkeypatch.setattr(matching.train, "learn_from_clusters", lambda *given: given[3])
    assert match(records, MatchSettings()).model.model_id == taught.model.model_id


@pytest.mark.parametrize(("found", "sign"), [(0.9, 1), (0.1, -1)])
def test_the_prior_follows_what_clusters_find(found, sign):
    odds = np.zeros(100_000)
    shift = _shift(odds, np.arange(100_000) < found * 100_000, np.ones(100_000))
    assert np.sign(shift) == sign
    assert abs(shift) == pytest.approx(np.log(9), rel=0.2)


def test_few_open_pairs_move_the_prior_little():
    assert abs(_shift(np.zeros(40), np.ones(40, dtype=bool), np.ones(40))) < 0.05


def test_other_classifiers_are_left_alone():
    records, _ = table(people=60)
    found = match(records, replace(MatchSettings(), classifier="ecm"))
    assert found.model.parameters.linear is not None
