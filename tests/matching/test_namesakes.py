"""Namesakes whose mailboxes are called after them are not one customer.

A local part made of the names says what the names have said already; different phones and emails speak against.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from matching.evaluate import evaluate
from matching.match import MatchSettings, match

TEXT = pd.ArrowDtype(pa.string())
GIVEN = ["David", "Lisa", "Daniel", "Rebecca", "Mary", "James", "Laura", "Peter", "Susan", "Mark"]
FAMILY = ["Scott", "Young", "Moore", "Alexander", "Smith", "Jones", "Brown", "Clark", "Lewis", "Hall"]


def population(people: int, seed: int = 3):
    """People of a hundred names, half of them twice, with their phone or their email the second time."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"given_name": rng.choice(GIVEN, people), "family_name": rng.choice(FAMILY, people)})
    local = frame["given_name"].str.lower() + "." + frame["family_name"].str.lower()
    frame["email"] = local + "@" + pd.Series(rng.integers(0, 40_000, people)).astype(str).radd("firm") + ".com"
    frame["phone"] = pd.Series(rng.integers(2_010_000_000, 9_890_000_000, people)).astype(str)
    frame["city"] = rng.choice([f"Town{i}" for i in range(300)], people)
    again = frame.iloc[: people // 2].copy()
    half = len(again) // 2
    again.iloc[:half, again.columns.get_loc("phone")] = None
    again.iloc[half:, again.columns.get_loc("email")] = None
    again["city"] = again["city"].where(rng.random(len(again)) < 0.7)
    records = pd.concat([frame, again], ignore_index=True).astype(TEXT)
    truth = np.concatenate([np.arange(people), np.arange(people // 2)])
    order = rng.permutation(len(records))
    return records.iloc[order].reset_index(drop=True), truth[order]


def test_namesakes_stay_apart():
    records, truth = population(4_000)
    found = evaluate(match(records, MatchSettings()).clusters, truth)
    assert found.precision > 0.97
    assert found.recall > 0.95
