import numpy as np
import pyarrow as pa
import pytest

from matching.compare.acronyms import Acronyms


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("ibm", "international business machines", True),
        ("ucl", "university college of london", True),
        ("ucol", "university college of london", True),
        ("ibm", "bayerische motoren werke", False),
        ("bm", "business machines", False),
        ("ibm", "ibm credit", False),
        ("国际", "国际商业机器", False),
    ],
)
def test_initials(*, one: str, two: str, expected: bool):
    acronyms = Acronyms(pa.array([one, two, "acme bakery"]))
    for a, b in ((0, 1), (1, 0)):
        assert acronyms.meet(np.array([a], np.int32), np.array([b], np.int32)).tolist() == [expected]
