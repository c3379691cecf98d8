"""Every hostile export: each of its rows accounted for, or one clear line."""

import json

import pytest

from tests.hostile import place_cases, text_cases, typed_cases
from tests.hostile.case import CANARY, Refusal, Rows
from tests.hostile.command import assert_one_line, configure, guiyi

CASES = (*text_cases.CASES, *typed_cases.CASES, *place_cases.CASES)
READ = [case for case in CASES if isinstance(case.expected, Rows) and not case.heavy]
REFUSED = [case for case in CASES if isinstance(case.expected, Refusal) and not case.heavy]


def name_of(case):
    return case.name


@pytest.mark.parametrize("case", REFUSED, ids=name_of)
def test_one_clear_line(case, tmp_path):
    config = configure(tmp_path, [{"name": "s", **case.write(tmp_path)}])
    done = guiyi("check", config)
    assert CANARY not in done.out + done.err
    assert_one_line(done, case.expected.key, case.expected.code)


@pytest.mark.parametrize("case", READ, ids=name_of)
def test_every_row_accounted_for(case, tmp_path):
    config = configure(tmp_path, [{"name": "s", **case.write(tmp_path)}])
    done = guiyi("check", config, "--json")
    assert CANARY not in done.out + done.err
    assert done.code == 0, done.err
    (facts,) = json.loads(done.out)["sources"]
    expected = case.expected
    assert (facts["rows_read"], facts["accepted"], facts["superseded"], facts["deleted"]) == (
        expected.read,
        expected.accepted,
        expected.superseded,
        expected.deleted,
    ), facts
    assert sum(facts["reasons"].values()) >= facts["quarantined"] == len(expected.bad)
