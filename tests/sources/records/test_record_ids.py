import pyarrow as pa
import pytest

from sources.records.cells import Cells
from sources.records.preset import Preset
from sources.records.record_ids import plain_ids, source_ids, without_prefixes

SALESFORCE = Preset(name="p", id=("Id",), id_form="salesforce")


def column(*values):
    return pa.chunked_array([pa.array(values, pa.string())])


def ids(preset, columns=None, **cells):
    table = Cells(pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()}))
    found = source_ids(table, columns or {}, preset, b"key")
    return None if found is None else found.to_pylist()


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("0015g00000XyZaB", "0015g00000XyZaBAAV"),
        ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
        ("ABCDEFGHIJKLMNO", "ABCDEFGHIJKLMNO555"),
        ("abcdefghijklmno", "abcdefghijklmnoAAA"),
    ],
)
def test_salesforce_ids_of_15_and_18_characters_are_one(short, long):
    assert plain_ids(column(short, long, None, "x"), SALESFORCE).to_pylist() == [long, long, None, "x"]


def test_salesforce_ids_that_are_none_stay():
    assert plain_ids(column("0015g00000XyZ-B", "中文中文中", "", None), SALESFORCE).to_pylist()[:2] == [
        "0015g00000XyZ-B",
        "中文中文中",
    ]


def test_prefixes_go_wherever_they_are():
    assert without_prefixes(column("zcrm_1", "2", "zcrm_", None), ["zcrm_"]).to_pylist() == ["1", "2", None, None]
    assert without_prefixes(column("'7", "''8"), ["'"]).to_pylist() == ["7", "'8"]
    assert without_prefixes(column("号1", "号2"), ["号"]).to_pylist() == ["1", "2"]


def test_what_identifies_a_record_where_it_has_no_id():
    preset = Preset(name="p", id=("Id",), natural_key=("Email", "Phone"), natural_columns=("full_name", "city"))
    by_id = ids(preset, Id=["1", None], Email=["a@x.com", "b@x.com"])
    assert by_id == ["1", None]  # an id that is missing is not made up
    names = {"full_name": column("Ann", "Bob", "Cid", None)}
    first = ids(preset, names, Email=["a@x.com", None, None, None], Phone=["1", "2", None, None])
    assert first[3] is None
    assert len(set(first[:3])) == 3
    email, phone, name = (
        ids(preset, c, **t)[0]
        for c, t in [
            ({}, {"Email": ["A@x.com"]}),
            ({}, {"Phone": ["2"]}),
            ({"full_name": column("cid")}, {"Note": [None]}),
        ]
    )
    assert first[:3] == [email, phone, name]
    assert ids(preset, Note=["x"]) is None


def test_a_column_that_a_batch_lacks_is_as_one_that_is_empty():
    preset = Preset(name="p", natural_columns=("full_name", "phone"))
    lacking = ids(preset, {"full_name": column("Ann")}, Note=[None])
    assert lacking == ids(preset, {"full_name": column("Ann"), "phone": column(None)}, Note=[None])
