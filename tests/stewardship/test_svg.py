from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from stewardship.svg import drawing, element, fitted, label

printable = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("<>&\"'"), max_size=30)


@given(printable)
def test_text_comes_back_as_it_went_in(words):
    root = ET.fromstring(str(drawing(words, 10, 10, label(1, 2, words))))  # noqa: S314  our own markup
    assert [node.text or "" for node in root] == [words, words]


@given(printable)
def test_attributes_come_back_as_they_went_in(words):
    node = ET.fromstring(str(element("rect", class_=words)))  # noqa: S314  our own markup
    assert node.get("class") == words


@given(st.text(max_size=50), st.integers(20, 400))
def test_fitted_words_fit(words, width):
    cut = fitted(words, width)
    assert cut == words or (cut.endswith("…") and words.startswith(cut[:-1]))
