import pyarrow as pa

from matching.standardise.phones import phone_convention, split_phones, standardise_phones
from matching.standardise.text import drop_blank


def test_a_number_has_one_form_however_it_is_written(zh_phone_case: dict[str, str]):
    cells = split_phones(drop_blank(pa.array([zh_phone_case["raw"]])))
    numbers = [standardise_phones(part.cast(pa.string()), "one-is-a-digit")[0].as_py() for part in cells]
    assert " ".join(number for number in numbers if number) == zh_phone_case["numbers"]


def test_chinese_landlines_are_not_taken_for_american_numbers():
    landlines = pa.array(["021-64123456", "0571-88886666", "(020)87654321", "010-62345678", "13824681357"])
    assert phone_convention(landlines) == "one-is-a-digit"
    assert standardise_phones(landlines).to_pylist()[-1] == "13824681357"
