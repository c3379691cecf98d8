"""Every hostile export: each row accounted for, or one clear line; never a customer's value, nor much memory."""

import json
import sqlite3
from collections import Counter

import pytest

from tests.hostile import place_cases, text_cases, typed_cases
from tests.hostile.case import CANARY, Refusal, Rows
from tests.hostile.command import assert_one_line, configure, guiyi, guiyi_apart, measured

CASES = (*text_cases.CASES, *typed_cases.CASES, *place_cases.CASES)
LIGHT = [case for case in CASES if not case.heavy]
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


def test_there_are_enough():
    assert len(CASES) == len({case.name for case in CASES}) >= 250


@pytest.mark.parametrize("case", LIGHT, ids=name_of)
def test_each(case, tmp_path):
    config = configure(tmp_path, [{"name": "s", **case.write(tmp_path)}])
    with measured() as memory:
        done = guiyi("check", config, "--json")
    assert_expected(case, done)
    assert memory.peak < GIBIBYTE // 2


@pytest.mark.parametrize("case", [case for case in CASES if case.heavy], ids=name_of)
def test_each_of_the_large(case, tmp_path):
    config = configure(tmp_path, [{"name": "s", **case.write(tmp_path)}])
    done, peak = guiyi_apart("check", config, "--json")
    assert_expected(case, done)
    assert peak < GIBIBYTE


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The store of one run over all that can be read, each a source of its own."""
    folder = tmp_path_factory.mktemp("all")
    sources = []
    for number, case in enumerate(READ):
        place = folder / f"s{number}"
        place.mkdir()
        sources.append({"name": f"s{number}", **case.write(place)})
    done = guiyi("run", configure(folder, sources), "--no-prefect", "--json")
    assert CANARY not in done.out + done.err
    assert done.code == 0, done.err
    connection = sqlite3.connect(folder / "guiyi.db")
    yield connection
    connection.close()


def test_every_row_is_in_the_accounts_of_a_run(store):
    counts = "source, rows_read, accepted, superseded, deleted, quarantined, erased"
    found = {source: tuple(counts) for source, *counts in store.execute(f"SELECT {counts} FROM run_source")}
    for number, case in enumerate(READ):
        expected = case.expected
        whole = (expected.read, expected.accepted, expected.superseded, expected.deleted, len(expected.bad), 0)
        assert found[f"s{number}"] == whole, case.name


def test_every_bad_row_is_in_quarantine_with_its_line_and_reasons(store):
    found: dict[str, dict[int, str]] = {}
    for source, line, reasons in store.execute("SELECT source, line, reasons FROM quarantine"):
        found.setdefault(source, {})[line] = reasons
    for number, case in enumerate(READ):
        assert found.get(f"s{number}", {}) == case.expected.bad, case.name


def test_every_accepted_row_is_a_member_of_a_customer(store):
    accepted = sum(case.expected.accepted for case in READ)
    for counted in ("count(*) FROM source_record", "count(*) FROM crosswalk", "sum(record_count) FROM customer"):
        assert store.execute(f"SELECT {counted}").fetchone() == (accepted,), counted


def test_names_are_as_they_were(store):
    for number, case in enumerate(READ):
        if case.expected.names is not None:
            question = "SELECT full_name FROM source_record WHERE source = ? ORDER BY record_key"
            assert tuple(name for (name,) in store.execute(question, [f"s{number}"])) == case.expected.names, case.name
