import pandas as pd
import pytest

from schemas.errors import InvariantError
from schemas.quarantine import QUARANTINE, conform_quarantine


def test_frames_are_cast_and_ordered():
    frame = pd.DataFrame(
        {"raw": ["x"], "reasons": ["missing_id"], "line": [3], "source": ["s"], "more": [1]}, index=[9]
    )
    found = conform_quarantine(frame.convert_dtypes(dtype_backend="pyarrow"))
    QUARANTINE.validate(found)
    assert list(found.columns) == ["source", "line", "reasons", "raw"]
    assert list(found.index) == [0]


def test_a_row_without_a_line_is_refused():
    frame = pd.DataFrame({"source": ["s"], "line": [None], "reasons": ["missing_id"], "raw": ["x"]})
    with pytest.raises(InvariantError):
        conform_quarantine(frame.convert_dtypes(dtype_backend="pyarrow"))
