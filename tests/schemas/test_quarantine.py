import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from schemas.errors import InvariantError
from schemas.messages import catalogue, text
from schemas.quarantine import QUARANTINE, conform_quarantine, quarantined
from schemas.reasons import CELL_REASONS, ROW_REASONS, RULE_REASONS, explain


def test_frames_are_cast_and_ordered():
    frame = pd.DataFrame(
        {"raw": ["x"], "reasons": ["missing_id"], "line": [3], "source": ["s"], "more": [1]}, index=[9]
    )
    found = conform_quarantine(frame.convert_dtypes(dtype_backend="pyarrow"))
    QUARANTINE.validate(found)
    assert list(found.columns) == ["source", "file", "line", "reasons", "raw"]
    assert found["file"].isna().all()
    assert list(found.index) == [0]


def test_tables_are_held_to_the_same_contract():
    table = pa.table(
        {"raw": ["x"], "position": [0], "reasons": ["missing_id"], "line": [3], "file": [None], "source": ["s"]}
    )
    found = quarantined(table)
    QUARANTINE.validate(found.to_pandas(types_mapper=pd.ArrowDtype))
    assert found.column_names == ["source", "file", "line", "reasons", "raw"]
    assert quarantined(table.slice(0, 0)).num_rows == 0


@pytest.mark.parametrize(("column", "value"), [("line", 0), ("line", None), ("reasons", None), ("source", None)])
def test_a_table_that_breaks_the_contract_is_refused(column, value):
    cells = {"source": ["s"], "file": ["a.csv"], "line": [3], "reasons": ["missing_id"], "raw": ["x"]}
    with pytest.raises(InvariantError, match=f"column {column},"):
        quarantined(pa.table(cells | {column: [value]}))


def test_a_row_without_a_line_is_refused():
    frame = pd.DataFrame({"source": ["s"], "line": [None], "reasons": ["missing_id"], "raw": ["x"]})
    with pytest.raises(InvariantError):
        conform_quarantine(frame.convert_dtypes(dtype_backend="pyarrow"))


CODES = (*ROW_REASONS, *CELL_REASONS, *RULE_REASONS)
HOUSE = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "locale"), [("reasons.md", "en"), ("reasons.zh-CN.md", "zh_CN")])
def test_every_reason_is_documented_in_both_languages_and_no_other(name, locale):
    rows = re.findall(r"^\| `(\w+)` \|(?: .* \|)? (.*) \|$", (HOUSE / "docs" / name).read_text("utf-8"), re.MULTILINE)
    assert dict(rows) == {code: text(f"reasons.{code}", locale=locale) for code in CODES}
    assert [code for code, _ in rows] == list(CODES)
    sentences = {key.removeprefix("reasons.") for key in catalogue(locale) if key.startswith("reasons.")}
    assert sentences == {*CODES, "broken_contract", "of_column"}


def test_no_code_is_in_two_lists():
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize(
    ("reason", "locale", "sentence"),
    [
        ("field_too_long:Zip_Code", "en", "Zip_Code: A cell is longer"),
        ("impossible_date:birth_date", "zh_CN", "出生日期：出生日期在日历上不存在"),
        ("pattern:a:b", "en", "a:b: Does not have the form"),
        ("required:{x}", "en", "{x}: Is empty"),
        ("missing_id", "zh_CN", "没有编号"),
        ("of_a_later_version:x", "en", "of_a_later_version:x"),
        ("broken_contract", "en", "broken_contract"),
        ("of_column", "en", "of_column"),
        ("", "en", ""),
    ],
)
def test_a_reason_explains_itself(reason, locale, sentence):
    assert explain(reason, locale).startswith(sentence)
