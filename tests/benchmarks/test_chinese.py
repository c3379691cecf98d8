import re

import numpy as np
import pandas as pd
import pytest
from stdnum.cn import ric, uscc

from benchmarks.chinese import KINDS, kinds_found, main, make_pool
from benchmarks.synthetic.chinese_spellings import cantonese, look_alike, wade_giles
from benchmarks.synthetic.chinese_towns import towns_of

ROWS = 3_000


@pytest.fixture(scope="module")
def persons():
    return make_pool(ROWS, "person")


@pytest.fixture(scope="module")
def firms():
    return make_pool(ROWS, "company")


def labels(pool) -> set[str]:
    return {label for text in pool.corruptions for label in text.split()}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_pool_of_the_size_asked_for(kind):
    one, two = (make_pool(400, kind, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.records, two.records)
    assert (one.entity == two.entity).all()
    assert len(one.records) == 400
    assert not make_pool(400, kind, seed=4).records.equals(one.records)


def test_every_kind_of_damage_occurs(persons, firms):
    assert labels(persons) >= {
        "traditional", "homophone", "look_alike", "space_inside", "dot_inside", "honorific", "surname_only", "pinyin",
        "pinyin_given_first", "wade_giles", "cantonese", "phone:+86", "phone:0086", "phone:masked", "phone:scientific",
        "phone:several", "landline:extension", "address:short", "address:omitted", "address:numerals", "id:15_digits",
    }  # fmt: skip
    assert labels(firms) >= {
        "short:brand", "short:brand_trade", "legal_form", "brackets", "full_place", "english", "traditional",
        "missing:tax_id", "other_contact",
    }  # fmt: skip


def test_what_is_not_damaged_is_one_entity_told_one_way(persons):
    clean = persons.corruptions == ""
    told = pd.DataFrame({"entity": persons.entity[clean], "name": persons.records["姓名"][clean]}).drop_duplicates()
    assert told["entity"].is_unique


def test_numbers_carry_their_check_characters(persons, firms):
    whole = persons.records["身份证号"].dropna().str.upper()
    whole = whole[whole.str.len() == 18]
    assert len(whole) > 50
    assert all(ric.calc_check_digit(number) == number[-1] for number in whole)
    codes = firms.records["统一社会信用代码"][~pd.Series(firms.corruptions).str.contains("tax_id")].dropna()
    assert all(uscc.is_valid(code) for code in codes)


def test_there_are_hard_negatives(persons, firms):
    numbers = pd.to_numeric(persons.records["手机"].where(persons.records["手机"].str.fullmatch(r"1\d{10}")).dropna())
    assert np.isin(numbers + 1, numbers).any()
    names = firms.records["客户名称"]
    parents = names[~names.str.contains("分公司")].str.removesuffix("有限公司")
    branches = names[names.str.fullmatch(r".*有限公司..分公司")].str.replace(r"有限公司.*", "", regex=True)
    assert np.isin(branches, parents).any()
    namesakes = pd.DataFrame({"name": persons.records["姓名"], "entity": persons.entity}).groupby("name")["entity"]
    assert namesakes.nunique().gt(1).sum() > 20


def test_recall_is_counted_by_kind():
    pool = make_pool(600, "person")
    perfect = kinds_found(pool, pool.entity)
    assert (perfect["recall"] == 1).all()
    alone = kinds_found(pool, np.arange(600))
    assert (alone.loc[alone["pairs"] > 0, "recall"] == 0).all()


def test_zero_configuration_finds_chinese_customers(capsys):
    for kind in ("person", "company"):
        main(["--rows", "700", "--kind", kind])
        assert float(re.findall(r"F1 ([\d.]+)", capsys.readouterr().out)[0]) >= 0.95


def test_the_pool_and_its_truth_are_written(tmp_path):
    main(["--rows", "300", "--kind", "mixed", "--out", str(tmp_path), "--no-match"])
    pool = pd.read_csv(tmp_path / "pool.csv", dtype=str)
    truth = pd.read_csv(tmp_path / "truth.csv")
    assert list(pool.columns[:2]) == ["客户编号", "姓名"]
    assert (truth["row"] == np.arange(300)).all()


def test_towns_come_from_the_divisions_where_these_are_at_hand(tmp_path):
    folder = tmp_path / "zh_admin_divisions"
    folder.mkdir()
    (folder / "provinces.csv").write_text('code,name\n11,"北京市"\n33,"浙江省"\n', encoding="utf-8")
    (folder / "cities.csv").write_text(
        'code,name,provinceCode\n1101,"市辖区",11\n3301,"杭州市",33\n3325,"丽水市",33\n', encoding="utf-8"
    )
    (folder / "areas.csv").write_text(
        'code,name,cityCode,provinceCode\n110101,"东城区",1101,11\n330106,"西湖区",3301,33\n331102,"莲都区",3325,33\n',
        encoding="utf-8",
    )
    towns = towns_of(tmp_path)
    assert towns.city.tolist() == ["北京市", "杭州市", "丽水市"]
    assert towns.area_code[:2].tolist() == [10, 571]
    assert towns.districts[2] == ("莲都区",)


def test_names_are_spelt_as_passports_have_them():
    spelt = [wade_giles(one) for one in ("zhang", "xiao", "qing", "guo", "long", "lv", "jie", "rong")]
    assert spelt == ["chang", "hsiao", "ching", "kuo", "lung", "lu", "chieh", "jung"]
    assert cantonese("张", "志强") == ("cheung", ["chi", "keung"])
    assert cantonese("张", "𠮷") is None
    assert look_alike("㛃", 0.5) == "㛃"
