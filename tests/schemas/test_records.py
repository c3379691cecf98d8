import pandas as pd
import pyarrow as pa
import pytest

from schemas.contracts import RECORDS, held
from schemas.records import (
    ATTRIBUTES,
    CONSENT_KINDS,
    CONSENTS,
    LINE,
    PLACE,
    PROVENANCE,
    RECORD_COLUMNS,
    RELATIONS,
    TEXT,
    conform,
    conform_table,
)

NAMES = {attribute.name: attribute for attribute in ATTRIBUTES}


def test_every_consent_has_a_channel_a_purpose_and_a_date():
    assert {name for name, one in NAMES.items() if one.group == "consent"} == {
        f"{name}{end}" for name in CONSENTS for end in ("", "_at")
    }
    assert len(set(CONSENT_KINDS.values())) == len(CONSENT_KINDS)
    assert all((channel == "any") is (purpose != "marketing") for channel, purpose in CONSENT_KINDS.values())


def test_every_relation_is_an_id_and_a_key():
    related = {name for pair in RELATIONS.items() for name in pair}
    assert related | {"merged_into"} == {name for name, one in NAMES.items() if one.group == "relation"}
    assert not NAMES["merged_into"].survives
    assert set(PLACE) < set(PROVENANCE)


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pd.DataFrame({"line": [2], "email": pd.array(["a"], dtype="string")})]
)
def test_columns_that_are_absent_are_null_and_of_their_type(frame):
    found = conform(frame)
    assert list(found.columns) == list(RECORD_COLUMNS)
    assert [found[name].dtype for name in RECORD_COLUMNS] == [LINE if n == "line" else TEXT for n in RECORD_COLUMNS]
    assert found.drop(columns=list(frame.columns)).isna().all(axis=None)


def test_a_table_conforms_as_a_frame_does():
    frame = pd.DataFrame({"line": [2, 3], "email": pd.array(["a", None], dtype="string")})
    table = pa.table({"email": pa.array(["a", None], pa.large_string()), "line": pa.array([2, 3], pa.int32())})
    found = conform_table(table).to_pandas(types_mapper=pd.ArrowDtype)
    pd.testing.assert_frame_equal(found, conform(frame))


def test_no_records_at_all_keep_the_contract():
    held(RECORDS, conform(pd.DataFrame()))
