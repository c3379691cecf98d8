import datetime as dt
from collections import Counter
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import validation
from schemas.contracts import batch_contract
from schemas.errors import UsageError
from schemas.reasons import ROW_REASONS
from schemas.records import RECORD_COLUMNS, conform
from schemas.rule_checks import repeated
from schemas.rules import Allowed, Compared, Pattern, Range, Required, Unique, When
from schemas.validation import matchable

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


def validate(records, **options):
    """What becomes of a frame of records, as frames."""
    table = pa.Table.from_pandas(records, preserve_index=False).replace_schema_metadata(None)
    found = validation.validate(table, **options)
    tables = {name: getattr(found, name) for name in ("accepted", "quarantined", "warnings")}
    frames = {name: each.to_pandas(types_mapper=pd.ArrowDtype) for name, each in tables.items()}
    return SimpleNamespace(**frames, broken=found.broken, unique=found.unique)


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


def export(**columns):
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def test_a_rule_quarantines_or_warns():
    rules = [
        Pattern(column="postcode", pattern=r"\d{5}"),
        Required(column="email", others=("phone",), then="warning", name="reachable"),
        Allowed(column="tier", values=("gold",), then="warning"),
        Range(column="birth_date", high="2000-01-01", then="warning"),
    ]
    records = frame(
        {"postcode": "12345", "email": "a@b.co", "birth_date": "1999"},
        {"postcode": "1234", "phone": "55512345", "birth_date": "2001"},
        {"postcode": None, "birth_date": "2001"},
    )
    found = validate(records, rules=rules, raw=export(Tier=["gold", "lead", "lead"]), today=TODAY)
    assert found.quarantined[["position", "reasons"]].to_numpy().tolist() == [[1, "pattern:postcode"]]
    assert found.warnings.drop(columns="record_key").to_numpy().tolist() == [
        ["extra", "required:reachable", 1],
        ["extra", "allowed:tier", 1],
        ["birth_date", "range:birth_date", 1],
    ]
    assert found.broken == {
        "pattern:postcode": 1,
        "required:reachable": 1,
        "allowed:tier": 2,
        "range:birth_date": 2,
    }
    seen = matchable(found.accepted, found.warnings)
    assert seen["birth_date"].isna().tolist() == [False, True]


def test_rules_of_one_reason_are_counted_and_reported_once():
    warn = Required(column="email", then="warning")
    stop = Required(column="email", when=(When(column="city", values=("Paris",)),))
    found = validate(frame({"city": "Paris"}, {}, {"email": "a@b.co"}), rules=[warn, warn, stop, stop], today=TODAY)
    assert found.quarantined["reasons"].tolist() == ["required:email"]
    assert found.warnings["reason"].tolist() == ["required:email"]
    assert found.broken == {"required:email": 2}


def test_a_row_that_breaks_several_rules_has_all_their_reasons():
    rules = [Required(column="Loyalty tier"), Pattern(column="city", pattern="[A-Z].*", name="capital")]
    found = validate(frame({"city": "paris", "full_name": None}), rules=rules, raw=export(**{"Loyalty tier": [" "]}))
    assert found.quarantined["reasons"].tolist() == ["nothing_to_match_on required:Loyalty_tier pattern:capital"]


def test_values_that_must_not_repeat_are_handed_out_for_accepted_rows():
    rows = [{"tax_id": "A"}, {"tax_id": "B", "birth_date": "3000"}, {"tax_id": "A"}, {}]
    found = validate(frame(*rows), rules=[Unique(column="tax_id")], today=TODAY)
    assert found.unique["unique:tax_id"].to_pylist() == ["A", "A", None]
    assert repeated(found.unique["unique:tax_id"]).tolist() == [False, True, False]


def test_two_unique_rules_have_to_be_told_apart():
    rule, other = Unique(column="tax_id"), Unique(column="tax_id", when=(When(column="city"),), name="in_a_city")
    assert set(validate(frame({}), rules=[rule, other]).unique) == {"unique:tax_id", "unique:in_a_city"}
    with pytest.raises(UsageError, match="unique:tax_id"):
        validate(frame({}), rules=[rule, rule])


def test_a_column_that_nobody_knows_is_told_of_even_where_there_is_no_row():
    with pytest.raises(UsageError):
        validate(frame({}).iloc[:0], rules=[Required(column="Loyalty")], raw=export(Name=[]))


def test_a_batch_may_hold_a_record_twice():
    same = {"source_id": "7", "record_key": "s:7"}
    found = validate(frame(same, same | {"email": "ann"}))
    assert found.accepted["line"].tolist() == [2, 3]
    assert found.warnings["position"].tolist() == [1]


@pytest.mark.parametrize("bad", [0, 1, 5, 400])
def test_many_rows_of_which_few_or_many_are_set_aside(bad):
    places = set(range(3, 3 + 3 * bad, 3))
    rows = [{"birth_date": "1980-02-30" if i in places else None, "given_name": f"n{i}"} for i in range(1300)]
    found = validate(frame(*rows), today=TODAY)
    assert set(found.quarantined["position"]) == places
    assert found.accepted["given_name"].tolist() == [f"n{i}" for i in range(1300) if i not in places]
    batch_contract(RECORD_COLUMNS).validate(found.accepted)


def test_nothing_at_all():
    found = validate(frame({}).iloc[:0])
    assert len(found.accepted) == len(found.quarantined) == len(found.warnings) == 0
    batch_contract(RECORD_COLUMNS).validate(found.accepted)


CELLS = st.none() | st.sampled_from(["", "x", "1980-02-30", "a@x.com", "12345678", "x" * 500])


ROWS = st.lists(
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
RULES = (
    Required(column="email", others=("phone",)),
    Pattern(column="full_name", pattern="x*", then="warning"),
    Compared(column="email", other="phone", relation="different"),
    Range(column="Phone", low="12345678", then="warning"),
    Unique(column="phone"),
)


@settings(deadline=None, max_examples=25)
@given(rows=ROWS)
def test_every_row_is_accounted_for(rows):
    keyed = [row | {"record_key": None if row["source_id"] is None else f"s:{row['source_id']}"} for row in rows]
    records = frame(*keyed)
    found = validate(records, today=TODAY)
    lines = [*found.accepted["line"], *found.quarantined["line"]]
    assert sorted(lines) == records["line"].tolist()
    assert set(found.warnings["record_key"]) <= set(found.accepted["record_key"])
    codes = {reason.partition(":")[0] for reasons in found.quarantined["reasons"] for reason in reasons.split()}
    assert codes <= set(ROW_REASONS)


@settings(deadline=None, max_examples=25)
@given(rows=ROWS, cut=st.integers(0, 12))
def test_batches_come_to_the_same_as_the_whole(rows, cut):
    keyed = [row | {"record_key": None if row["source_id"] is None else f"s:{row['source_id']}"} for row in rows]
    records, raw = frame(*keyed), export(Phone=[row["phone"] for row in rows])
    cut = min(cut, len(rows))

    def judge(start, end):
        part = records.iloc[start:end].reset_index(drop=True)
        rest = raw.slice(start, end - start)
        return validate(part, rules=RULES, raw=rest, today=TODAY)

    whole, parts = judge(0, len(rows)), [judge(0, cut), judge(cut, len(rows))]
    assert [*whole.accepted["line"]] == [line for part in parts for line in part.accepted["line"]]
    assert [*whole.accepted["line"]] == sorted(whole.accepted["line"])
    assert sorted([*whole.accepted["line"], *whole.quarantined["line"]]) == records["line"].tolist()
    for name in ("line", "reasons"):
        assert [*whole.quarantined[name]] == [value for part in parts for value in part.quarantined[name]]
    assert Counter(whole.broken) == Counter(parts[0].broken) + Counter(parts[1].broken)
    values = whole.unique["unique:phone"].to_pylist()
    assert values == [value for part in parts for value in part.unique["unique:phone"].to_pylist()]

    def told(part, first):
        rows = part.warnings.assign(position=part.warnings["position"] + first)
        return sorted(map(tuple, rows[["position", "attribute", "reason", "record_key"]].to_numpy()))

    assert told(whole, 0) == sorted([*told(parts[0], 0), *told(parts[1], len(parts[0].accepted))])
