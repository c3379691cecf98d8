import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from matching.attributes import StandardAttribute
from matching.explain import explain
from matching.hubs import find_hubs, hub_values
from matching.match import match
from matching.model import Model
from matching.settings import MatchSettings

SHOP = "5550001234"
GIVEN = ("Anna", "Bruno", "Carla", "Dieter", "Emil", "Frida", "Greta", "Hans", "Ida", "Jonas", "Karl", "Lena")
FAMILY = ("Klein", "Gross", "Lang", "Kurz", "Roth", "Weiss", "Braun", "Vogel", "Wolf", "Maier", "Beck", "Huber")


def phones(*counts, role="phone"):
    """An attribute whose values are on so many records each."""
    codes = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    values = pa.array([f"555{n:07d}" for n in range(len(counts))], pa.string())
    return {"phone": StandardAttribute(name="phone", role=role, slots=(codes,), values=values)}


@pytest.mark.parametrize(
    ("counts", "hubs"),
    [
        ([500, *[2] * 99], 1),
        ([49, *[1] * 99], 0),  # few, whatever is usual
        ([200, *[60] * 99], 0),  # usual where every customer has sixty records
        ([700, 650, *[60] * 99], 2),
        ([3] * 99, 0),
    ],
)
def test_a_hub_is_on_far_more_records_than_is_usual(counts, hubs):
    assert len(hub_values(phones(*counts)).get("phone", ())) == hubs


def test_cities_are_shared_by_nature():
    assert hub_values(phones(500, *[2] * 99, role="city")) == {}


def test_what_is_told_counts_customers_not_records():
    attributes = phones(40, 40)
    clusters = np.concatenate([np.zeros(40, np.int32), np.arange(1, 41, dtype=np.int32)])
    (hub,) = find_hubs(attributes, clusters, {})
    assert (hub.records, hub.customers, hub.silent) == (40, 40, False)
    assert hub.value not in hub.code


@pytest.fixture(scope="module")
def shop():
    """3,000 people, every third recorded twice; a shop's phone stands on 400 of the records instead of their own."""
    rng = np.random.default_rng(4)
    n = 3_000
    people = pd.DataFrame(
        {
            "first name": rng.choice(GIVEN, n),
            "last name": [f"{a}{b.lower()}" for a, b in zip(rng.choice(FAMILY, n), rng.choice(FAMILY, n), strict=True)],
            "phone": [str(v) for v in rng.integers(2_010_000_000, 9_890_000_000, n)],
            "email": [f"user{v}@example.com" for v in range(n)],
            "birth date": rng.choice(pd.date_range("1950-01-01", "2000-12-31").strftime("%Y-%m-%d"), n),
        }
    )
    records = pd.concat([people, people.iloc[::3].assign(email=None)], ignore_index=True)
    truth = np.concatenate([np.arange(n), np.arange(n)[::3]])
    plain = records.astype(pd.ArrowDtype(pa.string()))
    shared = records.copy()
    shared.loc[rng.choice(len(records), 400, replace=False), "phone"] = SHOP
    return plain, shared.astype(pd.ArrowDtype(pa.string())), truth


def right_and_wrong(clusters, truth):
    pairs = pd.DataFrame({"cluster": clusters, "truth": truth}).groupby(["cluster", "truth"]).size()
    right = (pairs * (pairs - 1) // 2).sum()
    every = pd.Series(clusters).value_counts()
    return right, (every * (every - 1) // 2).sum() - right


def test_a_shops_phone_joins_nobody_and_is_told(shop):
    plain, shared, truth = shop
    without, matched = match(plain, MatchSettings()), match(shared, MatchSettings())
    right, wrong = right_and_wrong(matched.clusters, truth)
    assert right >= 0.97 * right_and_wrong(without.clusters, truth)[0]
    assert wrong <= 20
    hub = matched.hubs[0]
    assert (hub.attribute, hub.value, hub.records, hub.silent) == ("phone", SHOP, 400, True)
    assert hub.customers > 300
    assert without.hubs == ()


def test_the_model_remembers_hubs_and_explains_them(shop):
    _, shared, _ = shop
    model = Model.from_json(match(shared, MatchSettings()).model.to_json())
    assert model.hubs == {"phone": (SHOP,)}
    rows = np.flatnonzero(shared["phone"] == SHOP)[:2]
    few = shared.iloc[[*rows, 0, 1, 2]].reset_index(drop=True)
    again = match(few, MatchSettings(), model=model)
    assert again.clusters[0] != again.clusters[1]
    assert explain(few, 0, 1, model).shared == ("phone",)
