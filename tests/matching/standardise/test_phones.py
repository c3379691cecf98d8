import pyarrow as pa

from matching.standardise.phones import phone_convention, split_phones, standardise_phones
from matching.standardise.text import drop_blank


def test_a_number_has_one_form(phone_case: dict[str, str]):
    assert standardise_phones(drop_blank(pa.array([phone_case["raw"]]))).to_pylist() == [phone_case["standard"] or None]


def test_a_bare_one_is_a_country_code_among_american_numbers():
    numbers = pa.array(["17029191300", "7029191301", "8074229031"])
    assert standardise_phones(numbers).to_pylist() == ["7029191300", "7029191301", "8074229031"]


def test_a_bare_one_begins_a_mobile_among_chinese_numbers():
    numbers = pa.array(["17029191300", "13800138000", "7029191301"])
    assert standardise_phones(numbers).to_pylist() == ["17029191300", "13800138000", "7029191301"]


def test_a_cell_may_hold_several_numbers():
    cells = pa.array(["0571-88888888 / 13800138000", None, "702-919-1300; 702-919-1301, 702-919-1302, 1", "5551234"])
    parts = [standardise_phones(part).to_pylist() for part in split_phones(cells)]
    assert parts == [
        ["57188888888", None, "7029191300", "5551234"],
        ["13800138000", None, "7029191301", None],
        [None, None, "7029191302", None],
    ]


def test_a_chinese_mobile_keeps_its_digits_among_american_numbers():
    american = [f"(70{i % 9 + 1}) 987-9{i:03d}" for i in range(200)]
    chinese = [f"138{i * 1237 % 10**8:08d}" for i in range(60)]
    column = pa.array([*american, *chinese])
    assert phone_convention(column) == "one-is-a-digit"
    assert standardise_phones(column).to_pylist()[200:] == chinese
    with_code = pa.array([*american, *(f"1702{i % 8 + 2}{i:06d}" for i in range(60))])
    assert phone_convention(with_code) == "one-is-a-code"
