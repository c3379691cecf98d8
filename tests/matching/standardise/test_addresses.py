import pyarrow as pa

from matching.standardise import standardise
from matching.standardise.addresses import _SHORT, split_addresses, standardise_streets
from matching.standardise.text import drop_blank


def test_a_street_line_has_one_form(street_case: dict[str, str]):
    assert standardise_streets(drop_blank(pa.array([street_case["raw"]]))).to_pylist() == [
        street_case["standard"] or None
    ]


def test_a_whole_address_is_taken_apart(address_case: dict[str, str]):
    parts = split_addresses(pa.array([address_case["raw"]]))
    roles = ("street", "district", "city", "state", "postcode", "country")
    found = {role: standardise(role, getattr(parts, role))[0].as_py() or "" for role in roles}
    assert found == {role: address_case[role] for role in roles}


def test_no_short_form_has_a_shorter_one():
    assert not set(_SHORT) & set(_SHORT.values())
