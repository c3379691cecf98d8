import pytest

from schemas.records import ATTRIBUTES
from sources.records.preset import load_preset
from sources.records.proposals import propose

EVERY = frozenset(attribute.name for attribute in ATTRIBUTES)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("E-mail Adress", "email"),
        ("Frist Name", "given_name"),
        ("\u0415mail", "email"),
        ("Em\u200bail", "email"),
        ("T\u0435lephone", "phone"),
        ("Postl code", "postcode"),
        ("手机号码1", "mobile"),
    ],
)
def test_very_like_a_name(header, column):
    assert propose([header], EVERY, load_preset("zoho_contacts")) == {header: column}


@pytest.mark.parametrize("header", ["Status", "Lead Source", "Created By", "工作地址", "x", "", "Total"])
def test_not_like_enough(header):
    assert propose([header], EVERY, load_preset("zoho_contacts")) == {}


def test_only_what_the_export_lacks_and_each_once():
    preset = load_preset("plain")
    assert propose(["E-mail Adress"], EVERY - {"email"}, preset) == {}
    assert propose(["E-mail Adres", "E-mail Addresss"], EVERY, preset) == {"E-mail Addresss": "email"}


def test_no_name_of_a_person_for_a_company():
    assert propose(["Nmae", "Givenname"], EVERY, load_preset("zoho_accounts")) == {}


def test_ten_thousand_headers():
    assert propose([f"column {n}" for n in range(10_000)], EVERY, load_preset(None)) == {}
