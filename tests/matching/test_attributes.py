import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.attributes import StandardAttribute, standardise_records
from matching.roles import ColumnRole, infer_roles

Table = dict[str, list[str | None]]


def attributes_of(table: Table, roles: dict[str, str]) -> dict[str, StandardAttribute]:
    frame = pd.DataFrame({name: pd.array(values, dtype="string[pyarrow]") for name, values in table.items()})
    columns = tuple(ColumnRole(column=name, role=role, reason="override") for name, role in roles.items())
    return {attribute.name: attribute for attribute in standardise_records(frame, columns)}


def values_of(attribute: StandardAttribute) -> list[list[str | None]]:
    """What each slot says, record by record."""
    values = [*attribute.values.to_pylist(), None]
    return [[values[code] for code in slot] for slot in attribute.slots]


def test_columns_of_one_thing_are_slots_of_one_attribute():
    found = attributes_of(
        {"phone": ["702-919-1300", None, "5551234"], "mobile": ["+1 702 919 1301", "5551234", "555-1234"]},
        {"phone": "phone", "mobile": "phone"},
    )
    assert values_of(found["phone"]) == [["7029191300", "5551234", "5551234"], ["7029191301", None, None]]


def test_a_cell_with_several_numbers_fills_several_slots():
    found = attributes_of({"phone": ["5551234 / 5551235", "5551235"]}, {"phone": "phone"})
    assert values_of(found["phone"]) == [["5551234", "5551235"], ["5551235", None]]


def test_a_fax_is_no_phone_and_identifiers_do_not_mix():
    found = attributes_of(
        {"Phone": ["5551234"], "Fax": ["5551235"], "Passport Number": ["A12"], "SSN": ["123-45-6789"]},
        {"Phone": "phone", "Fax": "phone", "Passport Number": "identifier", "SSN": "identifier"},
    )
    assert {name: values_of(attribute) for name, attribute in found.items()} == {
        "phone": [["5551234"]],
        "fax": [["5551235"]],
        "passport": [["A12"]],
        "ssn": [["123456789"]],
    }


def test_a_full_name_alone_gives_its_parts():
    found = attributes_of({"name": ["Smith, John A", "王杰", "Acme Ltd", None]}, {"name": "full_name"})
    assert values_of(found["given_name"]) == [["john", "杰", None, None]]
    assert values_of(found["middle_name"]) == [["a", None, None, None]]
    assert values_of(found["family_name"]) == [["smith", "王", None, None]]
    assert values_of(found["company_name"]) == [[None, None, "acme", None]]


def test_a_full_name_beside_its_parts_only_fills_gaps_and_adds_other_names():
    found = attributes_of(
        {
            "first": ["John", None, "Jie", "Jie"],
            "last": ["Smith", None, "Wang", "Wang"],
            "full": ["John Smith", "Ann Li", "Wang Jie", "王杰"],
        },
        {"first": "given_name", "last": "family_name", "full": "full_name"},
    )
    assert values_of(found["given_name"]) == [["john", "ann", "jie", "jie"], [None, None, None, "杰"]]
    assert values_of(found["family_name"]) == [["smith", "li", "wang", "wang"], [None, None, None, "王"]]


def test_a_full_name_that_only_repeats_adds_nothing():
    found = attributes_of(
        {
            "given": ["Mary Ann", "小明", "Li"],
            "family": ["Smith", "李", "Wu"],
            "full": ["mary ann SMITH", "李小明", "Wu, Li"],
        },
        {"given": "given_name", "family": "family_name", "full": "full_name"},
    )
    assert {name: values_of(attribute) for name, attribute in found.items()} == {
        "given_name": [["mary ann", "小明", "li"]],
        "family_name": [["smith", "李", "wu"]],
    }


def test_a_whole_address_fills_what_its_columns_leave_open():
    found = attributes_of(
        {
            "address": ["123 Main Street, Las Vegas NV 89132", "1 Elm St, Reno, NV 89501", "5 Oak Rd"],
            "city": [None, "Sparks", "Elko"],
        },
        {"address": "street", "city": "city"},
    )
    assert values_of(found["street"]) == [["123 main st", "1 elm st", "5 oak rd"]]
    assert values_of(found["city"]) == [["las vegas", "sparks", "elko"]]
    assert values_of(found["state"]) == [["nv", "nv", None]]
    assert values_of(found["postcode"]) == [["89132", "89501", None]]


def test_genders_and_kinds_of_all_systems_are_one():
    found = attributes_of(
        {"性别": ["男", "F", "Female"], "RECORD_TYPE": ["ORGANIZATION", "个人", "Person"]},
        {"性别": "category", "RECORD_TYPE": "category"},
    )
    assert values_of(found["gender"]) == [["m", "f", "f"]]
    assert values_of(found["kind"]) == [["company", "person", "person"]]


def test_what_is_ignored_absent_or_empty_gives_no_attribute():
    found = attributes_of({"a": ["x"], "b": [None]}, {"a": "ignore", "b": "city", "c": "phone"})
    assert found == {}


CELLS = st.sampled_from(
    ["Ann Li", "Li, Ann", "王杰", "5551234/5551235", "a@b.de", "1 Elm St, Reno, NV 89501", "", None]
)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), min_size=1, max_size=8),
    seed=st.integers(0, 9),
)
def test_attributes_do_not_depend_on_the_order_of_rows(rows: list[tuple[str | None, ...]], seed: int):
    roles = {"name": "full_name", "first": "given_name", "phone": "phone", "address": "street"}
    order = np.random.default_rng(seed).permutation(len(rows))
    straight = attributes_of({name: [row[i] for row in rows] for i, name in enumerate(roles)}, roles)
    shuffled = attributes_of({name: [rows[o][i] for o in order] for i, name in enumerate(roles)}, roles)
    assert set(straight) == set(shuffled)
    for name, attribute in straight.items():
        expected = [[slot[o] for o in order] for slot in values_of(attribute)]
        assert values_of(shuffled[name]) == expected


def test_codes_are_compact_and_point_at_distinct_values():
    frame = pd.DataFrame({"city": ["Berlin", "berlin ", None, "Bonn"], "id": ["1", "2", "3", "4"]})
    (attribute,) = standardise_records(frame, infer_roles(frame))
    assert attribute.slots[0].dtype == np.int32
    assert attribute.slots[0].tolist() == [0, 0, -1, 1]
    assert attribute.values.to_pylist() == ["berlin", "bonn"]
