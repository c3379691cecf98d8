import numpy as np
import pyarrow as pa
import pytest

from matching.compare.comparers import comparer
from matching.comparison import KINDS
from matching.rarity import rarity

STREETS = [f"{n} {word} {kind}" for n in range(1, 40, 3) for word in ("main", "oak", "park") for kind in ("st", "ave")]


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("ste 900 1450 n city rd", "1450 n city rd ste 900", "same_words"),
        ("1304 poppy hills dr", "1304 popy hills dr", "near"),
        ("1304 poppy hills dr", "1304 poppy hills dr blacklick", "contained"),
        ("1304 poppy hills dr", "1306 poppy hills dr", "other_number"),
        ("1304 poppy hills dr", "8 duke sq", "other"),
        ("上海市中山路3号", "上海市中山路5号", "other_number"),
        ("上海市中山路3号", "中山路3号", "contained"),
    ],
)
def test_level_of_a_street(one, two, level):
    values = pa.array([one, two, *STREETS])
    made = comparer("text", values, rarity(values))
    for a, b in ((0, 1), (1, 0)):
        found = made.levels(np.array([a], np.int32), np.array([b], np.int32))
        assert KINDS["text"].levels[found[0] - 1] == level


@pytest.mark.parametrize(
    ("one", "two", "level"),
    [
        ("hammersmith robert", "robert hammersmith", "same_words"),
        ("robert hammersmith", "robert hamersmith", "near"),
        ("james robert hammersmith", "james hammersmith", "near"),
        ("robert hammersmith", "anna leclerc", "other"),
    ],
)
def test_level_of_a_whole_name(one, two, level):
    values = pa.array([one, two, *(f"person number {i}" for i in range(60))])
    made = comparer("full_name", values, rarity(values))
    found = made.levels(np.array([0], np.int32), np.array([1], np.int32))
    assert KINDS["full_name"].levels[found[0] - 1] == level
