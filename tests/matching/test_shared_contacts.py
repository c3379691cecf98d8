"""People and firms that share contact points are not one customer; where a table is small, the priors must say so."""

import pandas as pd
import pyarrow as pa
import pytest

from matching.match import MatchSettings, match

TEXT = pd.ArrowDtype(pa.string())
OFFICE = {"email": "info@bigcorp.example.com", "phone": "800-555-0100", "city": "Chicago", "postcode": "60601",
          "street": "1 Corp Plaza"}  # fmt: skip
HOME = {"email": "thesmiths@example.com", "phone": "312-555-0142", "city": "Chicago", "postcode": "60614",
        "street": "27 Willow Lane"}  # fmt: skip


def person(given, family, born=None, **more):
    return {"given_name": given, "family_name": family, "birth_date": born, **more}


STRANGERS = (
    person("Maria", "Garcia", "1990-07-13", email="maria.garcia@example.com", phone="617-555-0111", city="Boston",
           postcode="02134", street="77 Oak Avenue"),
    person("Robert", "Brown", "1985-11-05", email="r.brown@example.net", phone="617-555-0122", city="Boston",
           postcode="02135", street="1 Low Road"),
    person("Zoe", "Mueller", "1988-01-31", email="zoe.mueller@example.de", phone="312-555-0188", city="Berlin",
           postcode="10115", street="Hauptstrasse 5"),
    person("Tim", "Testa", "1999-01-02", email="tim.testa@example.com", phone="617-555-0155", city="Boston",
           postcode="02136", street="8 Park Place"),
)  # fmt: skip


def clusters(*rows):
    frame = pd.DataFrame([*rows, *STRANGERS]).astype(TEXT)
    return match(frame, MatchSettings()).clusters[: len(rows)].tolist()


APART = {
    "three people of one office": (
        person("John", "Smith", "1960-05-05", **OFFICE),
        person("Jane", "Smith", "1962-06-06", **OFFICE),
        person("Jack", "Miller", "1964-07-07", **OFFICE),
    ),
    "husband and wife": (person("John", "Smith", "1960-05-05", **HOME), person("Mary", "Smith", "1962-06-06", **HOME)),
    "colleagues without birth dates": (person("John", "Hill", **OFFICE), person("Eva", "Hall", **OFFICE)),
    "colleagues with a desk each": (
        person("John", "Carter", "1960-05-05", **{**OFFICE, "phone": "800-555-0101"}),
        person("Olga", "Petrova", "1971-09-02", **{**OFFICE, "phone": "800-555-0102"}),
    ),
    "two people of one mailbox": (
        person("Wendy", "Carter", "1960-05-05", email=OFFICE["email"]),
        person("Olga", "Petrova", "1971-09-02", email=OFFICE["email"]),
    ),
}
TOGETHER = {
    "one person twice": (person("John", "Smith", "1960-05-05", **HOME), person("John", "Smith", "1960-05-05", **HOME)),
    "a nickname": (person("Robert", "Smith", "1960-05-05", **HOME), person("Bob", "Smith", "1960-05-05", **HOME)),
    "a slip in the birth date": (
        person("John", "Smith", "1960-05-05", **HOME),
        person("John", "Smith", "1960-05-06", **HOME),
    ),
    "a new surname": (
        person("Mary", "Smith", "1960-05-05", **HOME),
        person("Mary", "Kowalski", "1960-05-05", **HOME),
    ),
    "a new phone and address": (
        person("Mary", "Kowalski", "1960-05-05", **HOME),
        person("Mary", "Kowalski", "1960-05-05", **{**OFFICE, "email": HOME["email"]}),
    ),
}


@pytest.mark.parametrize("rows", APART.values(), ids=APART)
def test_contact_points_do_not_outvote_who_they_are(rows):
    found = clusters(*rows)
    assert len(set(found)) == len(rows)


@pytest.mark.parametrize("rows", TOGETHER.values(), ids=TOGETHER)
def test_one_person_is_still_one(rows):
    assert len(set(clusters(*rows))) == 1


def test_a_switchboard_and_a_role_mailbox_join_nobody():
    names = [("Anna", "Smith"), ("Bob", "Jones"), ("Carl", "Lee"), ("Dora", "King"), ("Eve", "Hill"), ("Fay", "Wood"),
             ("Gus", "Hall"), ("Hal", "Reed")]  # fmt: skip
    rows = [
        {"first": a, "last": b, "email": "info@bigco.com", "phone": "8005550100", "company": "BigCo"} for a, b in names
    ]
    rows.append({"first": "Zoe", "last": "Quill", "email": "zoe@q.com", "phone": "3125550111", "company": "Other"})
    found = match(pd.DataFrame(rows).astype(TEXT), MatchSettings()).clusters
    assert len(set(found.tolist())) == len(rows)
