import pyarrow as pa
import pytest

from sources.records.nested import spread_lists, with_paths


def column(*values):
    return pa.chunked_array([list(values)], pa.string())


@pytest.mark.parametrize(
    ("name", "cell", "other", "spread"),
    [
        ("phone", '["1", "2", "3"]', None, {"phone": "1", "other_phone": "2", "mobile": "3"}),
        ("phone", '["1", "2", "3", "4", "5"]', None, {"phone": "1", "other_phone": "2; 4; 5", "mobile": "3"}),
        ("phone", '["1", "2", "3"]', "9", {"phone": "1", "other_phone": "9; 3", "mobile": "2"}),
        ("phone", '["1", "2"]', '["8", "9"]', {"phone": "1", "other_phone": "8; 9", "mobile": "2"}),
        ("mobile", "[1380, 1390]", None, {"mobile": "1380", "other_phone": "1390"}),
        ("phone", '["1"]', "9", {"phone": "1", "other_phone": "9"}),
        ("email", '["a@x.com", null, " "]', None, {"email": "a@x.com", "other_email": None}),
        ("other_email", '["a@x.com", "b@x.com"]', None, {"other_email": "a@x.com; b@x.com"}),
        ("street", '["1 Main St", "Apt 2"]', None, {"street": "1 Main St, Apt 2"}),
        ("full_name", '["Ann", "Lee"]', None, {"full_name": "Ann; Lee"}),
        ("phone", '[{"type": "home"}]', None, {"phone": '[{"type": "home"}]'}),
        ("street", "[Building 2] Main St", None, {"street": "[Building 2] Main St"}),
        ("phone", "1", None, {"phone": "1"}),
    ],
)
def test_lists_go_where_they_have_a_place(name, cell, other, spread):
    columns = {name: column(cell, None)}
    if other is not None:
        columns["other_phone"] = column(other, None)
    found = {k: v.to_pylist() for k, v in spread_lists(columns).items()}
    assert {k: v[0] for k, v in found.items() if v[0] is not None} == {k: v for k, v in spread.items() if v is not None}
    assert all(v[1] is None for v in found.values())


def test_paths_lead_into_objects():
    table = pa.table({"Profile": column('{"Full Name": "Ann", "zip": {"code": 1.10}, "vip": true}', "text", None)})
    asked = ["profile.full_name", "profile.zip.code", "profile.vip", "profile.none", "other.name", "Profile", "a.b"]
    found = with_paths(table, asked).to_pydict()
    assert found.pop("Profile") == table["Profile"].to_pylist()
    assert found == {
        "profile.full_name": ["Ann", None, None],
        "profile.zip.code": ["1.10", None, None],
        "profile.vip": ["true", None, None],
        "profile.none": [None, None, None],
    }


def test_a_header_with_a_point_stays_itself():
    table = pa.table({"a": column('{"b": "1"}'), "a.b": column("2")})
    assert with_paths(table, ["a.b"]).equals(table)
