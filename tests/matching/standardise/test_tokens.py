import pyarrow as pa

from matching.standardise.tokens import join, tokenise


def test_words_go_and_come_back():
    texts = pa.array(["main street", None, "a", "main a street"])
    assert join(tokenise(texts)).to_pylist() == texts.to_pylist()


def test_a_word_is_renamed_wherever_it_stands():
    assert join(tokenise(pa.array(["main street", "street"])).rename({"street": "st"})).to_pylist() == ["main st", "st"]


def test_a_text_that_loses_all_its_words_is_missing():
    tokens = tokenise(pa.array(["mr", "mr x"]))
    assert join(tokens.filter(~tokens.among(("mr",)))).to_pylist() == [None, "x"]
