import numpy as np
import pytest

from benchmarks.synthetic.companies import companies
from benchmarks.synthetic.names import table
from benchmarks.synthetic.people import people
from benchmarks.synthetic.places import american_towns, chinese_towns


@pytest.fixture(scope="module")
def population():
    rng = np.random.default_rng(11)
    towns = {"en": american_towns(rng), "zh": chinese_towns()}
    employers = {name: companies(rng, 300, towns[name], chinese=name == "zh") for name in towns}
    return people(rng, rng.random(20_000) < 0.5, towns, employers)


def test_nobody_shares_an_email(population):
    assert population["email"].is_unique


def test_common_surnames_are_as_common_as_in_life(population):
    chinese = population[population["language"] == "zh"]
    names, weights = table("zh_surname")
    wang = dict(zip(names, weights, strict=True))["王"]
    assert abs((chinese["family_name"] == "王").mean() - wang) < 0.02
    assert (chinese["family_name"] == "欧阳").any()


def test_households_share_address_and_number(population):
    homes = population.groupby(["street", "city", "postcode", "state"])
    shared = homes.filter(lambda members: len(members) > 1)
    assert 0.3 < len(shared) / len(population) < 0.6
    languages = shared.groupby(["street", "city", "postcode", "state"])["language"].nunique()
    assert (languages == 1).all()


def test_there_are_namesakes_in_one_town(population):
    named = population.groupby(["given_name", "family_name", "city"]).size()
    assert (named > 1).sum() > 100


def test_colleagues_share_a_switchboard(population):
    assert population[population["landline"] > 0]["landline"].value_counts().iloc[0] >= 20


def test_places_agree_with_one_another(population):
    per_city = population[population["language"] == "zh"].groupby("city")["state"].nunique()
    assert (per_city == 1).all()
    assert population[population["language"] == "en"]["postcode"].str.fullmatch(r"\d{5}").all()
    assert population[population["language"] == "zh"]["postcode"].str.fullmatch(r"\d{6}").all()
