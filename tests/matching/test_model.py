"""A model that was written and read again is the same in everything that decides."""

from dataclasses import fields, is_dataclass

import numpy as np
import pandas as pd
import pytest

from matching.match import match
from matching.model import Model
from matching.settings import MatchSettings


@pytest.fixture(scope="module")
def people():
    """Nine hundred people of a few towns, a third of them twice."""
    rng = np.random.default_rng(5)
    town = rng.integers(0, 12, 900)
    frame = pd.DataFrame(
        {
            "given_name": rng.choice(["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna"], 900),
            "family_name": [f"{a}{b}{c}" for a, b, c in rng.choice(["ko", "lam", "mir", "nes", "pol"], (900, 3))],
            "birth_date": [f"19{y}-0{m}-1{d}" for y, m, d in rng.integers([10, 1, 0], [99, 9, 9], (900, 3))],
            "city": np.array([f"town {chr(97 + t)}" for t in range(12)])[town],
            "state": np.array(["north", "south", "west"])[town % 3],
            "postcode": [f"{10 + t}{n}" for t, n in zip(town, rng.integers(100, 120, 900), strict=True)],
        },
        dtype=str,
    )
    return pd.concat([frame, frame.iloc[:300]], ignore_index=True)


def differences(one, two, place="model"):
    """Where two values differ, field by field."""
    if is_dataclass(one):
        found = [differences(getattr(one, f.name), getattr(two, f.name), f"{place}.{f.name}") for f in fields(one)]
        return [difference for several in found for difference in several]
    if isinstance(one, np.ndarray):
        return [] if np.array_equal(one, two) else [place]
    if isinstance(one, dict):
        parts = [differences(one[key], two[key], f"{place}[{key!r}]") for key in one] if one.keys() == two.keys() else 0
        return [place] if parts == 0 else [difference for several in parts for difference in several]
    if isinstance(one, tuple):
        if len(one) != len(two):
            return [place]
        return [d for at, (a, b) in enumerate(zip(one, two, strict=True)) for d in differences(a, b, f"{place}[{at}]")]
    return [] if one == two else [place]


def test_every_field_comes_back(people):
    model = match(people, MatchSettings()).model
    assert differences(model, Model.from_json(model.to_json())) == []
    assert model.parameters.dependences  # places imply one another: else this test says little
    assert model.frequencies


def test_it_judges_the_same_records_as_it_judged_them_in_training(people):
    trained = match(people, MatchSettings())
    again = match(people, MatchSettings(), model=Model.from_json(trained.model.to_json()))
    np.testing.assert_array_equal(trained.clusters, again.clusters)
    assert trained.pairs.equals(again.pairs)
