import pytest

from schemas.errors import UsageError
from sources.records.mapping import asked_headers, missing_headers, with_mapping
from sources.records.preset import Preset
from sources.source import Source

PRESET = Preset(
    name="p",
    id=("Id",),
    columns={"company_name": ("Firm", "Company"), "phone": ("Phone",)},
    addresses=({"street": ("Line 1 + Line 2",), "city": ("City",)},),
)


def mapped(header=("Id", "Line 1", "Line 2", "Phone", "Firm"), **mapping):
    return with_mapping(PRESET, Source(name="s", path="a", mapping=mapping), header)


def test_what_is_named_is_nobody_else_s():
    found = mapped(company_name="line_2", city="Phone")
    assert found.columns == {"company_name": ("line_2",), "phone": (), "city": ("Phone",)}
    assert found.addresses == ({"street": ("Line 1",)},)


def test_the_parts_of_a_joined_header_are_named_too():
    assert mapped(street="Firm + Phone").columns["phone"] == ()
    assert mapped(street="Firm + Phone", header=("Id", "Firm + Phone", "Phone")).columns["phone"] == ("Phone",)


def test_an_id_or_a_natural_key_goes_over_both_of_the_preset():
    assert (mapped().id, mapped().natural_key) == (("Id",), ())
    assert (mapped(natural_key="Phone").id, mapped(natural_key="Phone").natural_key) == ((), ("Phone",))


def test_mistakes():
    source = Source(name="s", path="a", mapping={"phone": "Tel", "city": "Line 1 + Line 9", "email": "x + y"})
    assert missing_headers(source, ["line_1", "Phone"]) == ["Tel", "x + y"]
    with pytest.raises(UsageError) as caught:
        missing_headers(Source(name="s", path="a", mapping={"fone": "Tel"}), ["Tel"])
    assert caught.value.key == "sources.unknown_key"


def test_what_paths_are_looked_for():
    source = Source(name="s", path="a", mapping={"email": "profile.mail + profile.alias"})
    assert {"profile.mail", "profile.alias", "Firm", "Line 2"} <= set(asked_headers(PRESET, source))
