import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.phonetics import phonetic, romanised


@pytest.mark.parametrize(
    ("one", "two"), [("robert", "rupert"), ("smith", "smyth"), ("王伟", "wang wei"), ("meyer", "meier")]
)
def test_heard_alike(one, two):
    codes = phonetic(pa.array([one, two])).to_pylist()
    assert codes[0] == codes[1]


def test_no_letters_no_sound():
    assert phonetic(pa.array(["", "123", None])).to_pylist() == [None, None, None]


def test_only_chinese_is_romanised():
    assert romanised(pa.array(["张三", "café", "李 4"])).to_pylist() == ["zhangsan", "café", "li 4"]


@given(st.lists(st.text(max_size=20), max_size=10))
def test_any_text_is_read(values):
    assert len(phonetic(pa.array(values, pa.string()))) == len(values)
