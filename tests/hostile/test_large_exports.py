"""Hostile exports that are large or unpack to much: as the others, each in a process of its own."""

import pytest

from tests.hostile.all_cases import GIBIBYTE, HEAVY, assert_expected, name_of
from tests.hostile.command import configure, guiyi_apart


@pytest.mark.parametrize("case", HEAVY, ids=name_of)
def test_each(case, tmp_path):
    config = configure(tmp_path, [{"name": "s", **case.write(tmp_path)}])
    done, peak = guiyi_apart("check", config, "--json")
    assert_expected(case, done)
    assert peak < GIBIBYTE
