import numpy as np
import pyarrow as pa

from matching.rarity import BUCKETS, grams, hash_values, numbers, rarity, words


def test_words_end_at_spaces_and_each_chinese_character_is_one():
    assert np.bincount(words(pa.array(["main st 12", "", "中山路3号"])).rows, minlength=3).tolist() == [3, 0, 5]


def test_equal_words_have_equal_hashes_wherever_they_stand():
    tokens = words(pa.array(["main street", "street main", "streets"]))
    first, second, third = (set(tokens.hashes[tokens.rows == i].tolist()) for i in range(3))
    assert first == second
    assert not first & third


def test_grams_mark_the_ends():
    one, two = (set(grams(pa.array([v])).hashes.tolist()) for v in ("abc", "abcd"))
    assert len(one) == 3
    assert len(one & two) == 2


def test_numbers_are_sets():
    found = numbers(pa.array(["12 main st", "main st 12", "13 main st", "main st"]))
    assert found[0] == found[1] != found[2]
    assert found[3] == 0


def test_rare_weighs_more_than_common():
    values = pa.array([f"acme {i}" for i in range(200)])
    table = rarity(values)
    tokens = words(values)
    weights = table.weigh(tokens.hashes, of="words")
    common = tokens.hashes == np.bincount(tokens.hashes % BUCKETS).argmax()
    assert weights[tokens.hashes % BUCKETS == tokens.hashes[0] % BUCKETS].max() < weights.max()
    assert not common.all()


def test_hashes_of_values_are_the_same_in_every_process():
    assert hash_values(pa.array(["a", "归一"])).tolist() == hash_values(pa.array(["a", "归一"])).tolist()
