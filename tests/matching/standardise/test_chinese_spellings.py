import pyarrow as pa
import pytest

from matching.standardise.chinese_spellings import SYSTEMS, spell_family, spell_given, surname_reading


@pytest.mark.parametrize(
    ("family", "readings"),
    [("单", "shan"), ("查", "zha"), ("解", "xie"), ("仇", "qiu"), ("曾", "zeng"), ("欧阳", "ouyang"),
     ("单于", "chanyu"),
     ("尉迟", "yuchi"), ("王", "wang"), ("覃", "qin tan")],
)  # fmt: skip
def test_surnames_have_readings_of_their_own(family, readings):
    assert surname_reading(family) == tuple(readings.split())


@pytest.mark.parametrize(
    ("given", "system", "spelt"),
    [
        ("晓明", "pinyin", "xiaoming"), ("晓明", "wade_giles", "hsiaoming"), ("晓明", "cantonese", "hiuming"),
        ("国强", "wade_giles", "kuochiang"), ("绿", "pinyin", "lv"), ("绿", "pinyin_u", "lu"),
        ("𠮷", "cantonese", None),
        ("建军", "wade_giles", "chienchun"), ("雄", "wade_giles", "hsiung"), ("月娥", "wade_giles", "yueho"),
    ],
)  # fmt: skip
def test_given_names_are_spelt_in_each_system(given, system, spelt):
    assert spell_given(pa.array([given]), system)[0].to_pylist() == [spelt]


@pytest.mark.parametrize("system", SYSTEMS)
def test_latin_names_have_no_spelling(system):
    for spell in (spell_family, spell_given):
        assert all(part.null_count == 2 for part in spell(pa.array(["smith", None]), system))
