"""Raw values, as people type them, and the level that their standard forms must reach; the same both ways."""

import numpy as np
import pandas as pd

from matching.attributes import standardise_records
from matching.comparison import plan_comparisons
from matching.pairs import PairComparer
from matching.rarity import rarity
from matching.roles import ColumnRole

Case = dict[str, str]

COMPANIES = (
    "Acme Bakery Ltd", "Northwind Traders Inc", "Blue Ocean Foods", "Meridian Motors", "Harbour Building Services",
    "International Paper Works", "Riverside Dental Center", "Green Valley Plastics", "Summit Capital Fund",
    "Baker Consulting", "University of York", "Business Machines Repair", "Leeds Travel", "London Taxi Service",
    "上海诚华兴机械设备有限公司", "大连瑞兴科技有限公司",
)  # fmt: skip
STREETS = tuple(
    f"{n} {word} {kind}" for n in range(1, 60, 7) for word in ("Main", "Oak", "Park", "High") for kind in ("St", "Ave")
)


def levels(left: str, right: str, role: str, column: str, background: tuple[str, ...] = ()) -> dict[str, str]:
    """The level of two raw values by attribute, among others that say what is rare; the same both ways."""
    frame = pd.DataFrame({column: pd.array([left, right, *background], dtype="string[pyarrow]")})
    attributes = {a.name: a for a in standardise_records(frame, (_as(column, role),))}
    comparisons = plan_comparisons(attributes.values())
    shares = {name: np.ones(len(one.values)) for name, one in attributes.items()}
    rarities = {name: rarity(one.values) for name, one in attributes.items()}
    comparer = PairComparer(comparisons, attributes, shares, rarities)
    one, two = (np.array([n], dtype=np.int32) for n in (0, 1))
    found, back = comparer.compare(one, two).levels[0], comparer.compare(two, one).levels[0]
    assert found.tolist() == back.tolist()
    return {c.name: c.levels[level] for c, level in zip(comparisons, found, strict=True)}


def _as(column: str, role: str) -> ColumnRole:
    convention = {"phone": "one-is-a-digit", "birth_date": "day-first 2020"}.get(role)
    return ColumnRole(column=column, role=role, reason="override", convention=convention)


def expected(case: Case, column: str = "levels") -> set[str]:
    return set(case[column].split("|"))


def test_a_given_name(given_name_case: Case):
    found = levels(given_name_case["left"], given_name_case["right"], "given_name", "given_name")
    assert found["given_name"] in expected(given_name_case)


def test_a_family_name(family_name_case: Case):
    found = levels(family_name_case["left"], family_name_case["right"], "family_name", "family_name")
    assert found["family_name"] in expected(family_name_case)


def test_a_whole_name(person_case: Case):
    found = levels(person_case["left"], person_case["right"], "full_name", "name")
    assert found["given_name"] in expected(person_case, "given")
    assert found["family_name"] in expected(person_case, "family")


def test_a_company(company_case: Case):
    found = levels(company_case["left"], company_case["right"], "company_name", "company", COMPANIES)
    assert found["company_name"] in expected(company_case)


def test_a_date(date_case: Case):
    found = levels(date_case["left"], date_case["right"], "birth_date", "birth_date")
    assert found["birth_date"] in expected(date_case)


def test_a_phone(phone_case: Case):
    found = levels(phone_case["left"], phone_case["right"], "phone", "phone")
    assert found["phone"] in expected(phone_case)


def test_an_email(email_case: Case):
    found = levels(email_case["left"], email_case["right"], "email", "email")
    assert found["email"] in expected(email_case)


def test_a_street(street_case: Case):
    found = levels(street_case["left"], street_case["right"], "street", "street", STREETS)
    assert found["street"] in expected(street_case)


def test_a_code_or_place(code_case: Case):
    found = levels(code_case["left"], code_case["right"], code_case["role"], code_case["role"])
    assert found[code_case["role"]] in expected(code_case)


def test_a_category(category_case: Case):
    name = category_case["attribute"]
    assert levels(category_case["left"], category_case["right"], "category", name)[name] in expected(category_case)
