import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contracts import RECORDS, batch_contract, held, surely_kept
from schemas.errors import InvariantError
from schemas.records import RECORD_COLUMNS, conform


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


ROW = st.fixed_dictionaries(
    {
        "record_key": st.sampled_from(["s:1", None]),
        "source": st.just("s"),
        "source_id": st.sampled_from(["1", None]),
        "line": st.sampled_from([1, 2, 0, None]),
        "kind": st.sampled_from(["person", "company", "robot", None]),
        "consent_email": st.sampled_from(["granted", "denied", None, "perhaps"]),
        "consent_fax": st.none(),
    }
)


@given(rows=st.lists(ROW, max_size=3))
def test_what_is_surely_kept_is_what_pandera_finds_kept(rows):
    columns = {name: [row[name] for row in rows] for name in ("record_key", "source", "source_id", "line", "kind")}
    columns |= {name: [row[name] for row in rows] for name in ("consent_email", "consent_fax")}
    frame = conform(pd.DataFrame(columns).astype({"line": "Int64"}))
    contract = batch_contract(("consent_email",))
    try:
        held(contract, frame[list(contract.columns)])
        kept = True
    except InvariantError:
        kept = False
    assert surely_kept(pa.Table.from_pandas(frame, preserve_index=False)) is kept


def test_other_columns_or_types_are_not_surely_kept():
    table = pa.Table.from_pandas(records(), preserve_index=False)
    assert surely_kept(table)
    assert not surely_kept(table.select(list(reversed(RECORD_COLUMNS))))
    assert not surely_kept(table.drop_columns("phone"))
    assert not surely_kept(
        table.cast(pa.schema([(f.name, pa.large_string()) if f.name == "phone" else f for f in table.schema]))
    )
