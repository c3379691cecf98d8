import pandas as pd
import pytest

from schemas.contracts import RECORDS, held
from schemas.errors import InvariantError
from schemas.records import conform


def records(**columns):
    frame = pd.DataFrame(
        {"record_key": ["s:1"], "source": ["s"], "source_id": ["1"], "line": [2], "kind": ["person"]} | columns
    )
    return conform(frame.convert_dtypes(dtype_backend="pyarrow"))


def test_a_frame_that_keeps_the_contract():
    frame = records()
    assert held(RECORDS, frame) is frame


@pytest.mark.parametrize(
    ("columns", "column"),
    [({"kind": ["robot"]}, "kind"), ({"line": [0]}, "line"), ({"consent_email": ["maybe Ann"]}, "consent_email")],
)
def test_a_broken_contract_names_the_column_and_never_the_value(columns, column):
    with pytest.raises(InvariantError) as caught:
        held(RECORDS, records(**columns))
    assert f"column {column}," in str(caught.value)
    assert "robot" not in str(caught.value)
    assert "Ann" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_given_twice_and_a_missing_column():
    twice = pd.concat([records(), records()], ignore_index=True)
    with pytest.raises(InvariantError):
        held(RECORDS, twice)
    with pytest.raises(InvariantError):
        held(RECORDS, records().drop(columns="phone"))
    with pytest.raises(InvariantError):
        held(RECORDS, records().astype(object))
