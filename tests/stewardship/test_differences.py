from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stewardship.differences import Span, differences

words = st.text(max_size=40)


def joined(spans):
    return "".join(span.text for span in spans)


@pytest.mark.parametrize(
    ("left", "right", "only_left", "only_right"),
    [
        ("Maier", "Mayer", ["i"], ["y"]),
        ("陈伟明", "陳偉明", ["陈伟"], ["陳偉"]),
        ("1975-11-03", "1975-11-03", [], []),
        ("12 Elm St", "12 Elm Street", [], ["reet"]),
        ("chen.wei@example.cn", "chen-wei@example.cn", ["."], ["-"]),
        ("carl.bray@gmail.com", "sales@acme.example", ["carl.bray@gmail.com"], ["sales@acme.example"]),
    ],
)
def test_marks_what_the_other_has_not(left, right, only_left, only_right):
    marked = [[span.text for span in side if span.differs] for side in differences(left, right)]
    assert marked == [only_left, only_right]


def test_nothing_to_hold_against_marks_nothing():
    assert differences("a", None) == ((Span(text="a", differs=False),), ())
    assert differences(None, None) == ((), ())


def test_long_values_are_cut():
    left, right = differences("x" * 1000, "x" * 999)
    assert len(joined(left)) == len(joined(right)) == 240


@given(words, words)
def test_nothing_is_lost_and_the_common_part_is_common(left, right):
    a, b = differences(left, right)
    assert (joined(a), joined(b)) == (left, right)
    common = [joined([span for span in side if not span.differs]) for side in (a, b)]
    assert common[0] == common[1]


@given(words, words)
def test_neighbouring_spans_alternate(left, right):
    for side in differences(left, right):
        assert all(one.differs != two.differs for one, two in pairwise(side))
