"""Every hostile export: each row accounted for, or one clear line; never a customer's value, nor much memory."""

import pytest

from tests.hostile.all_cases import CASES, GIBIBYTE, LIGHT, assert_expected, name_of
from tests.hostile.command import configure, guiyi, measured


def test_there_are_enough():
    assert len(CASES) == len({case.name for case in CASES}) >= 250


@pytest.mark.parametrize("case", LIGHT, ids=name_of)
def test_each(case, tmp_path):
    config = configure(tmp_path, [{"name": "s", **case.write(tmp_path)}])
    with measured() as memory:
        done = guiyi("check", config, "--json")
    assert_expected(case, done)
    assert memory.peak < GIBIBYTE // 2
