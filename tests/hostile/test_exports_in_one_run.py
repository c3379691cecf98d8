"""All hostile exports that can be read, each a source of one run: the invariants hold in its store."""

import sqlite3

import pytest

from tests.hostile.all_cases import READ
from tests.hostile.case import CANARY
from tests.hostile.command import configure, guiyi


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
