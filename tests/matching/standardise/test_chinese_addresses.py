import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.standardise import standardise
from matching.standardise.addresses import split_addresses, standardise_streets
from matching.standardise.chinese_addresses import house_numbers, split_areas
from matching.standardise.chinese_places import divisions

ADDRESSES = st.text("上海市浦东新区杭州西湖北京路街道号栋楼室一二三123省县中山 ", max_size=16)


def test_an_address_is_taken_apart_however_it_is_abbreviated(zh_address_case: dict[str, str]):
    parts = split_addresses(pa.array([zh_address_case["raw"]]))
    found = {role: standardise(role, getattr(parts, role))[0].as_py() or "" for role in ("district", "city", "state")}
    found["street"] = standardise_streets(parts.street)[0].as_py() or ""
    assert found == {role: zh_address_case[role] for role in found}


def test_every_district_is_found_behind_its_city():
    cities = {one.code[:4]: one.name for one in divisions() if one.level == "city"}
    districts = [one for one in divisions() if one.level == "district" and one.code[:4] in cities]
    areas = split_areas(pa.array([f"{cities[one.code[:4]]}{one.name}新华路1号" for one in districts]))
    found = areas.district.to_pylist()
    missed = [one.name for one, name in zip(districts, found, strict=True) if name != one.name]
    assert len(missed) < len(districts) / 200, missed


@settings(max_examples=20)
@given(st.lists(ADDRESSES, min_size=1, max_size=40))
def test_nothing_of_an_address_is_lost_or_made_up(addresses: list[str]):
    packed = pa.array([text.replace(" ", "") for text in addresses])
    areas = split_areas(packed)
    for text, rest in zip(packed.to_pylist(), areas.rest.to_pylist(), strict=True):
        assert text.endswith(rest)


@given(st.lists(ADDRESSES, min_size=1, max_size=8))
def test_house_numbers_have_one_form(streets: list[str]):
    once = house_numbers(pa.array(streets))
    assert house_numbers(once).to_pylist() == once.to_pylist()
