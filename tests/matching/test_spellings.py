from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml

from matching.attributes import standardise_records
from matching.comparison import KINDS, plan_comparisons
from matching.match import MatchSettings, match
from matching.pairs import PairComparer
from matching.roles import infer_roles

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "zh_names.yaml").read_text(encoding="utf-8"))
AGREES = {"exact", "one_edit", "similar", "swapped"}


@pytest.fixture(scope="module")
def verdicts() -> list[str]:
    """What each case's two names are to one another, all compared in one table."""
    names = [name for left, right, _ in CASES for name in (left, right)]
    frame = pd.DataFrame({"姓名": names}, dtype=pd.ArrowDtype(pa.string()))
    attributes = {found.name: found for found in standardise_records(frame, infer_roles(frame, {"姓名": "full_name"}))}
    comparisons = plan_comparisons(attributes.values())
    shares = {name: np.zeros(len(found.values) + 1) for name, found in attributes.items()}
    left = np.arange(0, len(names), 2, dtype=np.int32)
    levels = PairComparer(comparisons, attributes, shares, {}).compare(left, left + 1).levels
    at = {comparison.name: column for column, comparison in enumerate(comparisons)}
    return [_verdict(row[at["given_name"]], row[at["family_name"]]) for row in levels]


def _verdict(given: int, family: int) -> str:
    named = ["missing", *KINDS["name"].levels]
    if named[given] in AGREES and named[family] in {*AGREES, "missing"}:
        return "same"
    return "surname" if named[given] == "missing" and named[family] in AGREES else "different"


@pytest.mark.parametrize("case", range(len(CASES)), ids=[f"{left} | {right}" for left, right, _ in CASES])
def test_names_of_one_person_agree_and_those_of_others_do_not(verdicts, case):
    assert verdicts[case] == CASES[case][2]


def test_pinyin_alone_joins_nobody():
    people = [("王伟", "13800138001"), ("Wang Wei", "13900139002"), ("李娜", "13700137003"), ("Li Na", "13600136004")]
    frame = pd.DataFrame(people * 2, columns=["姓名", "手机"], dtype=pd.ArrowDtype(pa.string()))
    frame["手机"] = [f"1{3 + i}{i}0013{i}0{i}{i}1"[:11] for i in range(8)]
    clusters = match(frame, MatchSettings()).clusters
    for chinese in (0, 2, 4, 6):
        for latin in (1, 3, 5, 7):
            assert clusters[chinese] != clusters[latin]


def test_a_table_without_chinese_names_has_no_spellings():
    frame = pd.DataFrame({"name": ["Anna Smith", "John Doe"]}, dtype=pd.ArrowDtype(pa.string()))
    attributes = {found.name: found for found in standardise_records(frame, infer_roles(frame, {"name": "full_name"}))}
    comparisons = plan_comparisons(attributes.values())
    shares = {name: np.zeros(len(found.values) + 1) for name, found in attributes.items()}
    assert PairComparer(comparisons, attributes, shares, {})._spellings is None
