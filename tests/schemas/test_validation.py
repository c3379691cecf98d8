import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.contracts import RECORDS
from schemas.quarantine import ROW_REASONS
from schemas.records import conform
from schemas.validation import matchable, validate

TODAY = dt.date(2026, 11, 21)


def frame(*rows):
    base = {"source": "s", "file": "a.csv", "kind": "person", "full_name": "Ann Lee"}
    filled = [base | {"source_id": str(i), "record_key": f"s:{i}", "line": i + 2} | row for i, row in enumerate(rows)]
    wide = pd.DataFrame(filled).astype(object)
    columns = {
        c: pd.array(
            wide[c].where(wide[c].notna(), None).tolist(), dtype="int64[pyarrow]" if c == "line" else "string[pyarrow]"
        )
        for c in wide.columns
    }
    return conform(pd.DataFrame(columns))


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ({"source_id": None, "record_key": None}, "missing_id"),
        *[({"source_id": value}, "missing_id") for value in ("#N/A", "NULL", "-", "未知")],
        ({"source_id": "00000000-0000-0000-0000-000000000000"}, "missing_id"),
        *[({"source_id": value}, "damaged_id") for value in ("1.23457E+17", "1E+12", "7\x0b1", "a\ufffdb")],
        ({"source_id": "x" * 201}, "field_too_long:source_id"),
        ({"full_name": "x" * 201}, "field_too_long:full_name"),
        ({"full_name": "x" * 201, "postcode": "1" * 41}, "field_too_long:full_name field_too_long:postcode"),
        ({"birth_date": "2023-02-30"}, "impossible_date:birth_date"),
        ({"birth_date": "2023-13"}, "impossible_date:birth_date"),
        ({"birth_date": "1849-12-31"}, "impossible_date:birth_date"),
        ({"birth_date": "2026-11-22"}, "impossible_date:birth_date"),
        ({"birth_date": "2080"}, "impossible_date:birth_date"),
        ({"full_name": None}, "nothing_to_match_on"),
        (
            {"full_name": None, "birth_date": "2023-02-30", "source_id": None},
            "missing_id impossible_date:birth_date nothing_to_match_on",
        ),
    ],
)
def test_each_reason_for_quarantine(row, reasons):
    found = validate(frame({}, row, {}), today=TODAY)
    assert found.quarantined.to_dict("records") == [
        {"source": "s", "file": "a.csv", "line": 3, "position": 1, "reasons": reasons}
    ]
    assert found.broken == dict.fromkeys(reasons.split(), 1)
    assert found.accepted["source_id"].tolist() == ["0", "2"]
    assert list(found.accepted.index) == [0, 1]


@pytest.mark.parametrize(
    "row",
    [
        {"full_name": "字" * 200},
        {"birth_date": "2024-02-29"},
        {"birth_date": "1850"},
        {"birth_date": "1980-02"},
        {"full_name": None, "phone": "555 123 4567"},
        {"full_name": None, "email": "a@x.com"},
        {"full_name": None, "tax_id": "X"},
        {"full_name": "NA"},
        *[{"source_id": value} for value in ("0", "1E5", "12E+4", "E+1", "A 1", "张三")],
    ],
)
def test_rows_that_are_fit(row):
    found = validate(frame(row), today=TODAY)
    assert len(found.accepted) == 1
    assert len(found.warnings) == 0


def test_of_the_same_id_the_first_sound_row_is_kept():
    same = {"source_id": "7", "record_key": "s:7"}
    found = validate(frame(same | {"birth_date": "2023-02-30"}, same, same, {}), today=TODAY)
    assert found.accepted["line"].tolist() == [3, 5]
    assert found.quarantined["reasons"].tolist() == ["impossible_date:birth_date", "duplicate_id"]


def test_the_same_id_in_two_sources_is_two_records():
    found = validate(frame({"source_id": "7", "record_key": "a:7"}, {"source_id": "7", "record_key": "b:7"}))
    assert len(found.accepted) == 2


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("phone", "12", "bad_phone"),
        ("mobile", "0000000000", "bad_phone"),
        ("other_phone", "1.38E+10", "bad_phone"),
        ("email", "ann.x.com", "bad_email"),
        ("other_email", "n/a", "bad_email"),
        ("birth_date", "unknown", "bad_date"),
        ("created_at", "yesterday", "bad_date"),
        ("tax_id", "91350211M000100Y47", "bad_tax_id"),
        ("national_id", "11010519491231002Y", None),
        ("national_id", "110105194912310021", "bad_national_id"),
        ("national_id", "11010519491231002X", None),
        *[("city", value, "placeholder") for value in ("n/a", "unknown", "NULL", "#N/A")],
        *[("street", value, "placeholder") for value in ("none", "N/A", "-", "无", "未知", "暂无")],
        ("postcode", "-", "placeholder"),
        ("city", "NA", "placeholder"),
        ("country", "NA", None),
        ("country", "n/a", "placeholder"),
        ("tax_id", "N/A", "placeholder"),
        ("family_name", "NA", None),
        ("family_name", "Null", None),
        ("given_name", "None", None),
        ("family_name", "n/a", "placeholder"),
        ("company_name", "未知", "placeholder"),
        ("company_name", "None", None),
        ("birth_date", "n/a", "bad_date"),  # one reason is enough
        ("extra", "-", None),
        *[("birth_date", value, "placeholder") for value in ("1900-01-01", "0000-00-00", "0001-01-01", "9999-12-31")],
        *[("updated_at", value, "impossible_time") for value in ("2026-11-23T00:00:00Z", "1900-01-01T00:00:00Z")],
        ("updated_at", "2026-11-22T14:00:00Z", None),  # it is tomorrow in Tonga
        ("consent_email_at", "9999-12-31T00:00:00Z", "impossible_time"),
        *[("given_name", value, "damaged_text") for value in ("Jos\ufffd", "AnnaÃ©", "王??", "锟斤拷", "A\x0bnn")],
        ("street", "1 Main St\nFlat 2", None),
        ("given_name", "Who?", None),
        ("given_name", "Ã\u00c9", None),
    ],
)
def test_a_bad_cell_is_kept_and_not_matched_on(attribute, value, reason):
    found = validate(frame({}, {attribute: value}), today=TODAY)
    expected = [{"record_key": "s:1", "attribute": attribute, "reason": reason, "position": 1}] if reason else []
    assert found.warnings.to_dict("records") == expected
    assert found.broken == ({f"{reason}:{attribute}": 1} if reason else {})
    assert found.accepted[attribute].tolist()[1] == value
    seen = matchable(found.accepted, found.warnings)
    assert seen[attribute].isna().tolist()[1] == bool(reason)
    assert seen["full_name"].tolist() == ["Ann Lee", "Ann Lee"]


def test_matchable_changes_nothing_it_was_given():
    found = validate(frame({"phone": "1"}, {"phone": "555 123 4567"}))
    before = found.accepted.copy()
    seen = matchable(found.accepted, found.warnings)
    assert seen["phone"].isna().tolist() == [True, False]
    assert seen.dtypes.equals(found.accepted.dtypes)
    pd.testing.assert_frame_equal(found.accepted, before)


def test_nothing_at_all():
    found = validate(frame({}).iloc[:0])
    assert len(found.accepted) == len(found.quarantined) == len(found.warnings) == 0
    RECORDS.validate(found.accepted)


CELLS = st.none() | st.sampled_from(["", "x", "1980-02-30", "a@x.com", "12345678", "x" * 500])


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "source_id": st.none() | st.sampled_from("123"),
                "full_name": CELLS,
                "birth_date": CELLS,
                "phone": CELLS,
                "email": CELLS,
            }
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_is_accounted_for(rows):
    keyed = [row | {"record_key": None if row["source_id"] is None else f"s:{row['source_id']}"} for row in rows]
    records = frame(*keyed)
    found = validate(records, today=TODAY)
    lines = [*found.accepted["line"], *found.quarantined["line"]]
    assert sorted(lines) == records["line"].tolist()
    assert found.accepted["record_key"].is_unique
    assert set(found.warnings["record_key"]) <= set(found.accepted["record_key"])
    codes = {reason.partition(":")[0] for reasons in found.quarantined["reasons"] for reason in reasons.split()}
    assert codes <= set(ROW_REASONS)
