"""All hostile exports, and what each is measured by."""

import json
from collections import Counter

from tests.hostile import place_cases, text_cases, typed_cases
from tests.hostile.case import CANARY, Refusal, Rows
from tests.hostile.command import assert_one_line

CASES = (*text_cases.CASES, *typed_cases.CASES, *place_cases.CASES)
LIGHT = [case for case in CASES if not case.heavy]
HEAVY = [case for case in CASES if case.heavy]
READ = [case for case in LIGHT if isinstance(case.expected, Rows)]
GIBIBYTE = 1 << 30


def name_of(case):
    return case.name


def assert_expected(case, done):
    """The accounts, or the line, of a case."""
    assert CANARY not in done.out + done.err
    if isinstance(case.expected, Refusal):
        assert_one_line(done, case.expected.key, case.expected.code)
        return
    assert done.code == 0, done.err
    (facts,) = json.loads(done.out)["sources"]
    names = ("rows_read", "accepted", "superseded", "deleted", "quarantined")
    expected = case.expected
    assert [facts[name] for name in names] == [
        expected.read,
        expected.accepted,
        expected.superseded,
        expected.deleted,
        len(expected.bad),
    ]
    assert facts["reasons"] == Counter(reason for reasons in expected.bad.values() for reason in reasons.split())
