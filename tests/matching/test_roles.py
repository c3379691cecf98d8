import pandas as pd
import pytest

from matching.attributes import standardise_records
from matching.roles import ROLES, infer_roles
from matching.standardise import STANDARDISERS
from schemas.messages import LOCALES, text
from schemas.records import RECORD_COLUMNS, conform


def role_of(name: str, values: list[str | None]) -> tuple[str, str]:
    (found,) = infer_roles(pd.DataFrame({name: pd.array(values, dtype="string[pyarrow]")}))
    return found.role, found.reason


VALUES = {
    "emails": ["a@b.de", "c@d.com", "Eve <e@f.org>"],
    "dates": ["1980-02-29", "1991-12-01", "2001-01-01"],
    "phones": ["+86 138 0013 8000", "13800138000", "(702) 919-1300"],
    "sites": ["https://a.de", "www.b.com", "http://c.org/x"],
    "chinese names": ["王杰", "张秀英", "李小明", "刘洋"],
    "companies": ["Acme Inc.", "Foo GmbH", "Bar Ltd", "华为技术有限公司"],
    "yes or no": ["Yes", "No", "Yes", "No"],
    "amounts": ["100", "12.50", "3", "100"],
    "words": ["red apple", "green pear", "blue plum", "old oak"],
}


@pytest.mark.parametrize(
    ("header", "values", "role"),
    [
        ("column 7", "emails", "email"),
        ("column 7", "dates", "date"),
        ("column 7", "phones", "phone"),
        ("column 7", "sites", "website"),
        ("column 7", "chinese names", "full_name"),
        ("column 7", "companies", "company_name"),
        ("column 7", "yes or no", "ignore"),
        ("column 7", "amounts", "ignore"),
        ("column 7", "words", "free_text"),
        ("Website", "yes or no", "ignore"),
        ("Email Address", "dates", "date"),
        ("Contact", "emails", "email"),
        ("Phone", "companies", "company_name"),
        ("Name", "companies", "company_name"),
        ("dob", "dates", "birth_date"),
    ],
)
def test_values_decide_where_the_header_is_silent_or_wrong(header: str, values: str, role: str):
    assert role_of(header, list(VALUES[values]))[0] == role


def test_a_person_decides_first():
    frame = pd.DataFrame({"email": ["a@b.de", "c@d.de"]})
    (found,) = infer_roles(frame, {"email": "ignore"})
    assert (found.role, found.reason) == ("ignore", "override")


def test_numbers_of_rows_are_ignored_whatever_their_name():
    assert role_of("what", [str(n) for n in range(500)]) == ("ignore", "row_id")
    assert role_of("Customer ID", [f"C{n:05d}" for n in range(500)]) == ("ignore", "row_id")


def test_a_number_that_several_rows_share_is_an_identifier_but_a_much_shared_one_another_tables():
    assert role_of("Customer ID", [f"C{n % 300:05d}" for n in range(500)]) == ("identifier", "header")
    assert role_of("Customer ID", [f"C{n % 9:05d}" for n in range(500)]) == ("ignore", "values")


def test_a_tax_number_stays_one_even_if_no_two_rows_share_it():
    assert role_of("vat", [f"DE{n:09d}" for n in range(500)]) == ("identifier", "header")


def test_columns_that_say_nothing_are_ignored():
    assert role_of("city", ["Berlin"] * 50) == ("ignore", "constant")
    assert role_of("city", [None] * 999 + ["Berlin"]) == ("ignore", "nearly_empty")
    assert role_of("city", [None, None]) == ("ignore", "nearly_empty")
    assert role_of("city", []) == ("ignore", "nearly_empty")


def test_long_texts_are_free_text():
    assert role_of(
        "what", [f"{n} called and asked for a very long time about many different things" for n in "abcd"]
    ) == (
        "free_text",
        "long_text",
    )


def test_a_name_with_a_handful_of_values_is_a_category():
    assert role_of("Program Name", [f"Programme {'abc'[n % 3]}" for n in range(400)]) == ("category", "values")


@pytest.mark.parametrize("dtype", ["object", "string[pyarrow]", "category"])
def test_the_dtype_of_the_frame_does_not_matter(dtype: str):
    frame = pd.DataFrame({"first_name": ["Ann", "Bob", None], "mail": ["a@b.de", None, "b@c.de"]}).astype(dtype)
    assert [found.role for found in infer_roles(frame)] == ["given_name", "email"]


def test_numbers_are_read_as_text():
    frame = pd.DataFrame({"zip": [60302.0, None, 60601.0], "ssn": [123456789, 223456789, 323456789]})
    assert [found.role for found in infer_roles(frame)] == ["postcode", "identifier"]


def test_columns_of_one_name_are_both_read():
    frame = pd.DataFrame([["Ann", "a@b.de"], ["Bob", "b@c.de"]], columns=["name", "name"])
    assert [found.role for found in infer_roles(frame)] == ["full_name", "email"]


def test_the_canonical_record_has_a_role_for_every_column():
    found = infer_roles(conform(pd.DataFrame({"full_name": ["Ann Li", "Bob Ray"], "phone": ["5551234", "5551235"]})))
    assert [one.column for one in found] == list(RECORD_COLUMNS)
    assert {one.column for one in found if one.role != "ignore"} == {"full_name", "phone"}


def test_a_column_keeps_its_convention_for_the_next_export():
    frame = pd.DataFrame(
        {"dob": ["25/12/1980", "3/4/1981"], "phone": ["7029191300", "8074229031"], "city": ["Rome", "Bonn"]}
    )
    roles = infer_roles(frame)
    assert [role.convention for role in roles] == ["day-first 2020", "one-is-a-code", None]
    later = pd.DataFrame({"dob": ["3/4/1981"], "phone": ["17029191300"], "city": ["Rome"]})
    values = {one.name: one.values.to_pylist() for one in standardise_records(later, roles)}
    assert values == {"birth_date": ["1981-04-03"], "phone": ["7029191300"], "city": ["rome"]}


def test_each_role_has_a_standardiser_and_each_reason_a_sentence():
    assert set(ROLES) - {"ignore"} == set(STANDARDISERS)
    for reason in ("override", "header", "values", "nearly_empty", "constant", "row_id", "long_text", "unknown"):
        for locale in LOCALES:
            assert text(f"roles.{reason}", locale=locale)
