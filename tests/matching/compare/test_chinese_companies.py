from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml

from matching.compare.companies import CompanyComparer
from matching.comparison import KINDS
from matching.rarity import rarity
from matching.standardise.companies import standardise_companies

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "zh_companies.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found() -> list[tuple[str, str]]:
    """The level of each case, and of its names the other way round."""
    standard = standardise_companies(pa.array([name for left, right, _ in CASES for name in (left, right)]))
    values = standard.unique()
    codes = np.asarray(pa.compute.index_in(standard, values), dtype=np.int32)
    left, right = codes[::2], codes[1::2]
    comparer = CompanyComparer(values, rarity(values))
    differ = np.flatnonzero(left != right)
    levels = np.ones((2, len(left)), dtype=np.int8)
    levels[0, differ] = comparer.levels(left[differ], right[differ])
    levels[1, differ] = comparer.levels(right[differ], left[differ])
    named = ["missing", *KINDS["company"].levels]
    return [(named[one], named[two]) for one, two in levels.T]


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{left} | {right}" for left, right, _ in CASES])
def test_the_brand_tells_companies_apart(found, case):
    assert found[case] == (CASES[case][2], CASES[case][2])
