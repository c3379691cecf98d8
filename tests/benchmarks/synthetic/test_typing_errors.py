from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks.synthetic.typing_errors import KINDS, homophone, mistype

TEXTS = st.text(alphabet=st.characters(categories=("L", "Nd", "Zs")), min_size=1, max_size=30)
CHANCES = st.floats(0, 1, exclude_max=True)


@given(text=TEXTS, kind=st.sampled_from(KINDS), chance=CHANCES)
def test_a_slip_is_one_small_change(text, kind, chance):
    wrong = mistype(text, kind, chance)
    assert wrong != text
    assert OSA.distance(text, wrong) <= 2  # a misread "m" is "rn"


@given(text=TEXTS, chance=CHANCES)
def test_a_homophone_keeps_the_length(text, chance):
    assert len(homophone(text, chance)) == len(text)


def test_homophones_sound_alike():
    assert homophone("晓梅", 0.0) == "小梅"
