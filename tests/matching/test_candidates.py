import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from matching.block import Rule
from matching.candidates import Candidates
from matching.prepare import prepare
from matching.roles import ColumnRole

TEXT = pd.ArrowDtype(pa.string())
ROLES = tuple(ColumnRole(column=name, role=name, reason="header") for name in ("email", "phone"))


def prepared(kinds=None):
    records = pd.DataFrame(
        {
            "email": ["a@b.com", "a@b.com", "c@d.com", "e@f.com", "c@d.com"],
            "phone": ["2025550173", "2025550174", "2025550175", "2025550173", "2025550199"],
            "kind": kinds or [None] * 5,
        }
    ).astype(TEXT)
    return prepare(records, ROLES, "kind")


def pairs(candidates, of):
    found = set()
    for part in candidates.parts():
        assert (part.left < part.right).all()
        for left, right in zip(of.order[part.left], of.order[part.right], strict=True):
            found.add((int(min(left, right)), int(max(left, right))))
    return found


RULES = (Rule(atoms=("email.exact",), cap=9), Rule(atoms=("phone.ending",), cap=9))


def test_records_that_share_what_a_rule_says():
    records = prepared()
    candidates = Candidates(records, RULES, {}, everything=False)
    assert pairs(candidates, records) == {(0, 1), (2, 4), (0, 3)}
    assert candidates.report.candidates == 3
    assert [y.new_pairs for y in candidates.report.rules] == [2, 1]


def test_a_person_and_a_company_are_no_candidates():
    records = prepared(["person", "company", None, "person", None])
    assert pairs(Candidates(records, RULES, {}, everything=False), records) == {(2, 4), (0, 3)}


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_everything_is_every_pair(size):
    records = prepare(pd.DataFrame({"email": [f"p{i}@q.com" for i in range(size)]}).astype(TEXT), ROLES, None)
    candidates = Candidates(records, (), {}, everything=True)
    assert len(pairs(candidates, records)) == size * (size - 1) // 2
    assert candidates.report.candidates == size * (size - 1) // 2
    assert [part.reached for part in candidates.parts()] == [1.0]


def test_copies_are_candidates_whatever_the_rules():
    records = prepare(pd.DataFrame({"email": ["a@b.com"] * 50}).astype(TEXT), ROLES, None)
    capped = Candidates(records, (Rule(atoms=("email.exact",), cap=10),), {}, everything=False)
    assert sum(len(part.left) for part in capped.parts()) == 49
    assert capped.report.rules[0].capped == (50,)
    assert np.all(records.repeats == np.arange(1, 50))
