import pyarrow as pa

from sources.records.address import address
from sources.records.cells import Cells
from sources.records.preset import Preset

BLOCKS = (
    {"street": ("Street 1",), "city": ("City 1",), "country": ("Country 1",)},
    {"street": ("Street 2",), "city": ("City 2",)},
)


def read(**columns):
    cells = Cells(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    found = address(cells, Preset(name="p", addresses=BLOCKS))
    return {name: column.to_pylist() for name, column in found.items()}, list(cells.rest())


def test_an_address_is_never_put_together_from_two():
    found, rest = read(
        street1=["A", None, None],
        city1=[None, None, ""],
        country1=["X", "X", None],
        street2=["B", "B", None],
        city2=["C"] * 3,
    )
    assert found == {"street": ["A", "B", None], "city": [None, "C", "C"], "country": ["X", None, None]}
    assert rest == ["country1", "street2", "city2"]  # what the first block says of the row whose address is the other's


def test_the_first_is_taken_where_none_is_more_than_a_country():
    found, _ = read(street1=[None], country1=["X"], street2=[None])
    assert found == {"street": [None], "country": ["X"]}


def test_exports_with_one_address_or_none():
    assert read(city2=["C"])[0] == {"city": ["C"]}
    assert read(phone=["1"]) == ({}, ["phone"])
