import numpy as np
import pyarrow as pa
import pytest

from matching.atoms import make_atoms
from matching.attributes import StandardAttribute
from matching.rarity import rarity


def attribute(role, values, *slots, name=None):
    codes = slots or (range(len(values)),)
    return StandardAttribute(
        name=name or role, role=role, slots=tuple(np.array(list(c), np.int32) for c in codes), values=pa.array(values)
    )


def shared(atom, one, two):
    """Whether two records share a reading of the atom."""
    slots = atom.codes()
    return bool({int(s[one]) for s in slots} & {int(s[two]) for s in slots} - {-1})


@pytest.mark.parametrize(
    ("role", "one", "two", "atoms"),
    [
        ("family_name", "smith", "smyth", {"sound"}),
        ("family_name", "robertson", "robertsen", {"beginning", "sound"}),
        ("given_name", "王伟", "wangwei", {"sound", "beginning", "ending"}),
        ("birth_date", "1980-02-11", "1980-02-12", {"year_and_month", "year"}),
        ("birth_date", "1980-02-11", "1981-02-11", {"month_and_day"}),
        ("phone", "7029191300", "9191300", {"ending", "last_four"}),
        ("email", "anna@a.com", "anna@b.com", {"local_part"}),
        ("street", "12 main st", "12 main st apt 4", {"number_and_word"}),
        ("postcode", "TQ138DF", "TQ138HU", {"area"}),
        ("identifier", "AB123456", "XB123456", {"ending"}),
    ],
)
def test_what_two_values_share(role, one, two, atoms):
    made = make_atoms([attribute(role, [one, two])], {})
    assert {name.split(".")[1] for name, atom in made.items() if shared(atom, 0, 1)} == atoms


def test_either_name_finds_swapped_names():
    made = make_atoms([attribute("given_name", ["jay", "jones"]), attribute("family_name", ["jones", "jay"])], {})
    assert shared(made["either_name.exact"], 0, 1)
    assert not shared(made["family_name.exact"], 0, 1)


def test_the_rarest_word_of_a_company():
    values = [*(f"chicago services {i}" for i in range(50)), "chicago zephyr services", "zephyr chicago"]
    companies = attribute("company_name", values)
    made = make_atoms([companies], {"company_name": rarity(companies.values)})
    assert shared(made["company_name.rarest"], 50, 51)
    assert not shared(made["company_name.rarest"], 0, 50)


def test_missing_and_empty_read_as_missing():
    made = make_atoms([attribute("phone", ["123", "9191300"], [-1, 0, 1])], {})
    missing, empty, read = made["phone.ending"].codes()[0].tolist()
    assert missing == empty == -1
    assert read >= 0


def test_plain_and_accented_values_are_read_alike():
    streets = attribute("street", ["12 main", "12 main é 7", "é 12 main", "13 main", "main"])
    made = make_atoms([streets], {})["street.number_and_word"].codes()[0].tolist()
    assert made[0] == made[1] == made[2]
    assert made[3] not in (made[0], -1)
    assert made[4] == -1


def test_endings_are_characters_not_bytes():
    names = attribute("family_name", ["müller", "xler", "xxé"])
    ending = make_atoms([names], {})["family_name.ending"].codes()[0].tolist()
    assert ending[0] == ending[1]
    assert ending[2] >= 0
