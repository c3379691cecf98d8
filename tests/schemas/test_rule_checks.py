import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipelines.rule_settings import RuleSettings
from schemas.errors import UsageError
from schemas.records import RECORD_COLUMNS
from schemas.rule_checks import Cells, breaking, is_pattern, repeated, unique_values
from schemas.rules import Pattern, Required, Unique, When

TODAY = dt.date(2026, 11, 21)
CASES = yaml.safe_load(Path(__file__).with_name("rule_cases.yaml").read_text(encoding="utf-8"))


def cells_of(rows):
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})
    records = {name: table[name] for name in table.column_names if name in RECORD_COLUMNS}
    return Cells(records, table.drop_columns(list(records)), len(rows))


@pytest.mark.parametrize("case", CASES, ids=[case["title"] for case in CASES])
def test_cases(case):
    rule = RuleSettings.model_validate(case["rule"]).as_rule()
    rows = case.get("rows") or [{rule.column: cell} for cell in case["cells"]]
    found = np.flatnonzero(breaking(rule, cells_of(rows), today=TODAY)).tolist()
    assert (found if "rows" in case else [case["cells"][i] for i in found]) == case["broken"]


def test_a_column_that_is_not_there_is_named_with_the_nearest():
    cells = cells_of([{"source": "sales", "Zip Code": "1", "email": "a@b.co"}])
    with pytest.raises(UsageError) as caught:
        breaking(Required(column="Zip cod"), cells, today=TODAY)
    assert "`required:Zip_cod` of source `sales`" in str(caught.value)
    assert "Zip Code" in str(caught.value)
    with pytest.raises(UsageError, match="emial"):
        breaking(Required(column="email", when=(When(column="emial"),)), cells, today=TODAY)


def test_a_header_that_is_nothing_like_it_is_not_named_for_it_may_be_a_customer():
    with pytest.raises(UsageError) as caught:
        breaking(Required(column="Loyalty tier"), cells_of([{"Ann Lee": "x"}]), today=TODAY)
    assert "Ann" not in str(caught.value)


def test_without_the_export_only_the_customer_record_has_columns():
    cells = Cells({}, None, 2)
    assert breaking(Required(column="email"), cells, today=TODAY).tolist() == [True, True]
    with pytest.raises(UsageError):
        breaking(Required(column="Tier"), cells, today=TODAY)


def test_no_rows_at_all():
    cells = Cells({}, pa.table({"Tier": pa.array([], pa.string())}), 0)
    for case in CASES:
        rule = RuleSettings.model_validate(case["rule"] | {"column": "Tier", "when": {}}).as_rule()
        if len(rule.columns) == 1:
            assert len(breaking(rule, cells, today=TODAY)) == 0


def test_values_that_must_not_repeat():
    rows = [{"tax_id": value, "Tier": tier} for value, tier in [("A", "x"), ("a", "x"), (None, "x"), ("a", "")]]
    cells = cells_of(rows)
    assert unique_values(Unique(column="tax_id"), cells).to_pylist() == ["A", "a", None, "a"]
    where = Unique(column="tax_id", ignore_case=True, when=(When(column="tier"),))
    assert unique_values(where, cells).to_pylist() == ["a", "a", None, None]
    assert not breaking(Unique(column="tax_id"), cells, today=TODAY).any()


@given(st.lists(st.lists(st.none() | st.sampled_from("abc"), max_size=6), max_size=4))
def test_repeated_as_pandas_has_it(chunks):
    values = pa.chunked_array([pa.array(chunk, pa.string()) for chunk in chunks], pa.string())
    series = pd.Series(values.to_pylist(), dtype=object)
    assert repeated(values).tolist() == (series.duplicated() & series.notna()).tolist()


@pytest.mark.parametrize(
    ("text", "sound"), [(r"\d{6}", True), ("", True), ("(", False), ("a)(b", False), (r"(a)\1", False)]
)
def test_what_is_a_pattern(text, sound):
    assert is_pattern(text) is sound


def test_the_rule_itself_says_what_stands_in_its_reason():
    assert Pattern(column="Zip　Code no", pattern="a").reason == "pattern:Zip_Code_no"
    assert Required(column="email", others=("phone",)).reason == "required:email+phone"
    assert Unique(column="a:b", name="tax").reason == "unique:tax"
