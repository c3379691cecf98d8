import pandas as pd
import pytest

from matching.roles import ColumnRole
from matching.standardise.readings import attribute_name, read

Table = dict[str, list[str | None]]


def readings_of(table: Table, role: str) -> dict[str, list[str | None]]:
    frame = pd.DataFrame({name: pd.array(values, dtype="string[pyarrow]") for name, values in table.items()})
    roles = tuple(ColumnRole(column=name, role=role, reason="override") for name in table)
    return {reading.attribute: reading.text.to_pylist() for reading in read(frame, roles)}


def test_a_house_number_joins_its_street_and_a_second_line_stays_apart():
    table: Table = {
        "street_number": ["7", None, "3"],
        "address_1": ["wallaby place", "elm road", None],
        "address_2": ["delmar", None, None],
    }
    assert readings_of(table, "street") == {
        "street": ["7 wallaby place", "elm road", None],
        "street_2": ["delmar", None, None],
    }


def test_a_suffix_joins_the_family_name():
    table: Table = {"last_name": ["Smith", "Smith", None], "name_suffix": ["Jr", None, "Sr"]}
    assert readings_of(table, "family_name") == {"family_name": ["Smith Jr", "Smith", None]}


def test_a_birth_date_in_three_columns_is_one():
    table: Table = {"bd": ["29", None], "by": ["1980", "1981"], "bm": ["2", "12"]}
    assert readings_of(table, "birth_date") == {"birth_date": ["1980-02-29", "1981-12"]}


def test_a_street_in_many_columns_is_one_line():
    table: Table = {
        "unit_num": ["4", "b", None],
        "street_type_cd": ["St", "Ave", "Rd"],
        "house_num": ["12", "7", "9"],
        "street_dir": ["N", None, None],
        "street_name": ["Main", "Oak", "Elm"],
    }
    assert readings_of(table, "street") == {"street": ["12 N Main St apt 4", "7 Oak Ave b", "9 Elm Rd"]}


@pytest.mark.parametrize(
    "headers",
    [
        ("Geburtsjahr", "Geburtsmonat", "Geburtstag"),
        ("Año de nacimiento", "Mes de nacimiento", "Día de nacimiento"),
        ("année de naissance", "mois de naissance", "jour de naissance"),
        ("出生年", "出生月", "出生日"),
        ("dob_yyyy", "dob_mm", "dob_dd"),
    ],
)
def test_parts_of_a_birth_date_are_told_in_many_languages(headers: tuple[str, str, str]):
    year, month, day = headers
    table: Table = {day: ["29", "1"], year: ["1980", "1981"], month: ["2", "12"]}
    assert readings_of(table, "birth_date") == {"birth_date": ["1980-02-29", "1981-12-01"]}


def test_a_whole_birth_date_beside_its_year_stays_whole():
    table: Table = {"Geburtsjahr": ["1980"], "Geburtstag": ["29.2.1980"]}
    assert readings_of(table, "birth_date") == {"birth_date": ["29.2.1980"]}


def test_a_birth_day_alone_is_a_whole_date():
    assert readings_of({"birth day": ["1980-02-29"]}, "birth_date") == {"birth_date": ["1980-02-29"]}


def test_columns_of_one_name_are_read_in_turn():
    frame = pd.DataFrame([["Ann", "x", "a@b.de"]], columns=["name", "name", "name"])
    roles = tuple(ColumnRole(column="name", role=role, reason="header") for role in ("full_name", "ignore", "email"))
    assert [(one.role, one.text.to_pylist()) for one in read(frame, roles)] == [
        ("full_name", ["Ann"]),
        ("email", ["a@b.de"]),
    ]


@pytest.mark.parametrize(
    ("role", "header", "name"),
    [
        ("phone", "传真", "fax"),
        ("company_name", "EMPLOYER", "employer"),
        ("city", "birth_place", "birth_place"),
        ("country", "国籍", "nationality"),
        ("street", "ADDR_LINE1", "street"),
        ("street", "Address Line 2", "street_2"),
        ("identifier", "tax_id", "tax_id"),
        ("identifier", "统一社会信用代码", "统一社会信用代码"),
        ("category", "occupation", "occupation"),
    ],
)
def test_an_attribute_is_named_after_what_it_tells(role: str, header: str, name: str):
    assert attribute_name(role, header) == name
