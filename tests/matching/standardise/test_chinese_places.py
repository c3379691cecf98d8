import pyarrow as pa

from matching.standardise.chinese_places import divisions, place_names, short_place, short_places


def test_the_divisions_of_today_are_known():
    names = {one.name: one for one in divisions()}
    assert names["杭州市"].code == "330100"
    assert names["浦东新区"].level == "district"
    assert {"崇文区", "宣武区", "市辖区"}.isdisjoint(names)
    assert sum(one.level == "state" for one in divisions()) >= 31
    assert sum(one.level == "city" for one in divisions()) > 300
    assert sum(one.level == "district" for one in divisions()) > 2_700


def test_a_short_name_that_two_places_bear_names_neither():
    assert place_names("district")["义乌"].name == "义乌市"
    assert "朝阳" not in place_names("district")
    assert place_names("city", "district")["朝阳"].code == "211300"


def test_a_rank_is_dropped_alike_in_one_name_and_in_many():
    names = [one.name for one in divisions()]
    assert short_places(pa.array(names)).to_pylist() == [short_place(name) for name in names]
