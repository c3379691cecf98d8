import numpy as np
import phonenumbers
import pytest

from benchmarks.synthetic.phone_texts import STYLES, phone_texts
from benchmarks.synthetic.places import american_towns, chinese_towns, landlines, mobiles


@pytest.mark.parametrize("style", range(STYLES))
@pytest.mark.parametrize("chinese", [False, True])
@pytest.mark.parametrize("line", [mobiles, landlines])
def test_every_way_of_writing_is_the_same_valid_number(line, chinese, style):
    rng = np.random.default_rng(3)
    towns = chinese_towns() if chinese else american_towns(rng)
    country = np.full(200, chinese)
    numbers = line(rng, towns.area_code[towns.choose(rng, 200)], country)
    for text, number in zip(phone_texts(numbers, country, np.full(200, style)), numbers, strict=True):
        parsed = phonenumbers.parse(text, "CN" if chinese else "US")
        assert phonenumbers.is_valid_number(parsed), text
        assert parsed.national_number == number


def test_no_number_is_no_text():
    assert phone_texts(np.array([0]), np.array([True]), np.array([2])).tolist() == [""]
