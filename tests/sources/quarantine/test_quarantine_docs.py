"""The worked example of ``docs/quarantine.md`` is what happens."""

import csv
import re
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.reasons import explain
from sources.quarantine.corrections import Corrections, take_corrections
from sources.quarantine.file import write_quarantine
from sources.read import read_corrected

DOCS = Path(__file__).parents[3] / "docs"
HEADER = ["id", "name", "mobile", "birthday"]
RAWS = [
    '{"id": "1002", "name": "王芳", "mobile": "+86 138 0013 8000", "birthday": "1985-13-02"}',
    "1003,Bob,,555-0199,1990-01-31",
]


@pytest.mark.parametrize(("page", "locale"), [("quarantine.md", "en"), ("quarantine.zh-CN.md", "zh_CN")])
def test_the_worked_example(tmp_path, page, locale):
    reasons = ["impossible_date:birth_date", "wrong_column_count"]
    rows = pa.table({"file": ["exports/shop.csv"] * 2, "line": [3, 4], "reasons": reasons, "raw": RAWS})
    why = partial(explain, locale=locale)
    path = write_quarantine(
        tmp_path, "shop", rows, header=HEADER, format="csv", encoding="utf-8", delimiter=",", why=why
    ).path
    shown = re.search(r"```csv\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)[1]
    told, written = ([*csv.DictReader(text.splitlines())] for text in (shown, path.read_text("utf-8-sig")))
    for one, other in zip(told, written, strict=True):
        sentence = one.pop("guiyi_why").rstrip("…").rstrip()
        assert other.pop("guiyi_why").startswith(sentence)
        assert one == other

    text = path.read_text("utf-8-sig").replace("1985-13-02", "1985-02-13")
    path.write_text(text.replace('"Bob",,"555-0199"', '"Bob","555-0199","1990-01-31"'), "utf-8")
    take_corrections(tmp_path, "shop", read_corrected)
    applied = Corrections.load(tmp_path, "shop").apply(RAWS, header=HEADER, delimiter=",")
    assert [list(row.values()) for row in applied.table.to_pylist()] == [
        ["1002", "王芳", "+86 138 0013 8000", "1985-02-13"],
        ["1003", "Bob", "555-0199", "1990-01-31"],
    ]
