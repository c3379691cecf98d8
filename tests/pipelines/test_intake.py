from collections import Counter
from datetime import date

import pytest

from pipelines.batches import Intake
from pipelines.intake import take_in
from pipelines.workspace import Workspace, read_table
from schemas.errors import SourceError
from schemas.rules import Required, Unique
from sources.formats.blocks import Text
from sources.places.freeze import freeze
from sources.quarantine.corrections import Corrections
from sources.records.preset import load_preset
from sources.source import Source

HEADER = "id,full_name,email,phone,birth_date,updated_at,gone\n"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Blocks of a few rows, so that every source has many batches."""
    monkeypatch.setattr(Text.__init__, "__kwdefaults__", {"size": 600})


def job(tmp_path, *contents, rules=(), corrections=None, **settings):
    for number, content in enumerate(contents):
        (tmp_path / f"export-{number}.csv").write_text(HEADER + content, encoding="utf-8")
    source = Source(
        name="crm", path=str(tmp_path / "export-*.csv"), newest_by="name", mapping={"deleted": "gone"}, **settings
    )
    return Intake(
        source=source,
        preset=load_preset(None),
        inputs=freeze(source, tmp_path / "spool"),
        rules=tuple(rules),
        secret=b"key",
        today=date(2026, 11, 21),
        corrections=corrections or Corrections(),
    )


def taken(tmp_path, *contents, **settings):
    """The account, and what was kept."""
    work = Workspace(tmp_path / "work")
    with work.drafting("read", "x") as draft:
        account = take_in(job(tmp_path, *contents, **settings), draft)
    names = ("accepted", "warnings", "quarantined", "deleted", "refused")
    tables = {name: read_table(draft.path, name) for name in names}
    assert account.rows_read == account.accepted + account.quarantined + account.superseded + account.deleted
    assert (account.accepted, account.quarantined) == (tables["accepted"].num_rows, tables["quarantined"].num_rows)
    assert account.deleted == tables["deleted"].num_rows
    checked = take_in(job(tmp_path, *contents, **settings))
    assert (checked.accepted, checked.superseded, checked.reasons) == (
        account.accepted,
        account.superseded,
        account.reasons,
    )
    return account, tables


def rows(count, **cells):
    """Rows that differ in id and name."""
    line = {"email": "", "phone": "+1 415 555 01{n:02d}", "birth_date": "", "updated_at": "", "gone": ""} | cells
    return "".join(f"{n},Person {n}," + ",".join(line.values()).format(n=n) + "\n" for n in range(count))


def test_every_row_is_accounted_for_over_many_batches(tmp_path):
    account, tables = taken(tmp_path, rows(50) + "51,Ragged\n" + ",No Id,a@b.example,,,,\n" + rows(3))
    assert (account.accepted, account.superseded) == (50, 3)
    assert account.reasons == Counter({"wrong_column_count": 1, "missing_id": 1})
    assert tables["accepted"]["record_key"].to_pylist() == [f"crm:{n}" for n in [*range(3, 50), 0, 1, 2]]
    assert tables["quarantined"]["line"].to_pylist() == [52, 53]


def test_of_several_rows_of_an_id_the_newest_is_the_record(tmp_path):
    older = rows(10, updated_at="2026-01-01 10:00", email="old{n}@a.example")
    newer = rows(10, updated_at="2026-02-01 10:00", email="new{n}@a.example")
    for number, files in enumerate([(older, newer), (newer, older), (newer + older,)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        account, tables = taken(folder, *files)
        assert account.superseded == 10
        assert set(tables["accepted"]["email"].to_pylist()) == {f"new{n}@a.example" for n in range(10)}


def test_a_record_that_its_newest_row_calls_deleted_is_none(tmp_path):
    account, tables = taken(tmp_path, rows(5), "1,Person 1,,,,,yes\n2,Person 2,,,,,no\n9,Nobody,,,,,yes\n")
    assert (account.deleted, account.superseded, account.accepted) == (2, 2, 4)
    assert sorted(tables["deleted"]["record_key"].to_pylist()) == ["crm:1", "crm:9"]
    assert "crm:1" not in tables["accepted"]["record_key"].to_pylist()


def test_the_last_date_decides_how_the_first_was_read(tmp_path):
    ambiguous = rows(40, birth_date="03/04/1980")
    account, tables = taken(tmp_path, ambiguous + "99,Last,,+1 415 555 0199,12/25/1980,,\n")
    assert set(tables["accepted"]["birth_date"].to_pylist()) == {"1980-03-04", "1980-12-25"}
    assert account.inferred["date_order"] == "mdy"


def test_an_order_that_nothing_decides_is_reported(tmp_path):
    account, tables = taken(tmp_path, rows(40, birth_date="03/04/1980"))
    assert set(tables["accepted"]["birth_date"].to_pylist()) == {"1980-04-03"}
    assert account.inferred["date_order"] == "dmy?"


def test_values_that_a_rule_wants_unique(tmp_path):
    shared = rows(30, email="{n}@a.example") + "98,Twin,3@a.example,,,,\n99,Twin,,,,,\n"
    account, tables = taken(tmp_path, shared, rules=[Unique(column="email")])
    assert account.reasons == Counter({"unique:email": 1})
    assert tables["quarantined"]["line"].to_pylist() == [32]
    assert '"Twin"' in tables["quarantined"]["raw"].to_pylist()[0]
    account, tables = taken(tmp_path, shared, rules=[Unique(column="email", then="warning")])
    assert account.warnings["unique:email"] == 1
    assert tables["warnings"].to_pylist() == [{"record_key": "crm:98", "attribute": "email", "reason": "unique:email"}]


def test_an_older_version_of_the_same_record_does_not_break_uniqueness(tmp_path):
    account, _ = taken(tmp_path, rows(5, email="{n}@a.example") * 2, rules=[Unique(column="email")])
    assert (account.accepted, account.superseded, account.quarantined) == (5, 5, 0)


def test_rules_are_counted(tmp_path):
    account, _ = taken(tmp_path, rows(20), rules=[Required(column="email")])
    assert account.broken["required:email"] == account.quarantined == 20


def test_a_header_alone_is_an_empty_source(tmp_path):
    account, tables = taken(tmp_path, "")
    assert account.rows_read == 0
    assert tables["accepted"].num_rows == 0


def test_a_file_that_changes_meanwhile_stops_the_run(tmp_path):
    prepared = job(tmp_path, rows(200))
    (file,) = prepared.inputs
    with file.path.open("a", encoding="utf-8") as stream:
        stream.write("more\n")
    with pytest.raises(SourceError) as caught:
        take_in(prepared)
    assert caught.value.key == "sources.changed_meanwhile"


def test_batches_change_nothing(tmp_path, monkeypatch):
    content = rows(60, birth_date="03/04/1980") + "7,Again,,,13/04/1981,2026-01-01,\nbad\n"
    _, small = taken(tmp_path, content)
    monkeypatch.setattr(Text.__init__, "__kwdefaults__", {"size": 1 << 20})
    _, large = taken(tmp_path, content)
    for name, table in small.items():
        assert table.to_pylist() == large[name].to_pylist()
