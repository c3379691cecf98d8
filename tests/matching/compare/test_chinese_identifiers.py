from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import yaml

from matching.compare.codes import IdentifierComparer
from matching.comparison import KINDS
from matching.standardise.identifiers import standardise_identifiers

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "zh_identifiers.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def found() -> list[str]:
    standard = standardise_identifiers(pa.array([str(text) for left, right, _ in CASES for text in (left, right)]))
    values = standard.unique()
    codes = np.asarray(pa.compute.index_in(standard, values), dtype=np.int32)
    left, right = codes[::2], codes[1::2]
    levels = np.ones(len(left), dtype=np.int8)
    differ = np.flatnonzero(left != right)
    levels[differ] = IdentifierComparer(values).levels(left[differ], right[differ])
    return [KINDS["identifier"].levels[level - 1] for level in levels]


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{left} | {right}" for left, right, _ in CASES])
def test_numbers_agree_in_every_form_and_no_others_do(found, case):
    assert found[case] == CASES[case][2]
