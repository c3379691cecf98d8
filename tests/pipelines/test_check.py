import json
import sqlite3
import sys

import pytest

from pipelines.cli import main
from schemas.messages import use_locale

HEADER = "Contact Id,First Name,Last Name,E-mail Adress,Phone,Date of Birth,Hobby\n"
GOOD = "1,Anna,Berg,anna@berg.example,+1 415 555 0101,1980-01-01,chess\n"


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Runs ``guiyi check`` on the sources of a configuration; gives exit code, stdout and stderr."""

    def run(*lines, options=()):
        config = tmp_path / "guiyi.yaml"
        config.write_text("sources:\n" + "".join(f"{line}\n" for line in lines), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", ["guiyi", "--locale", "en", "check", str(config), *options])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return ended.value.code or 0, shown.out, shown.err

    yield run
    use_locale(None)


SOURCE = ("  - name: crm", "    path: crm.csv", "    preset: zoho_contacts")


def test_it_tells_what_would_become_of_every_row(tmp_path, check):
    (tmp_path / "crm.csv").write_text(HEADER + GOOD + "2,Bo,Clark,,,1980-02-31,\n" + "ragged\n", encoding="utf-8")
    code, out, err = check(*SOURCE)
    assert code == 0
    assert "impossible_date:birth_date" in out
    assert "wrong_column_count" in out
    assert "1 of 3 rows would be accepted. Nothing was written." in out
    assert "Hobby" in out  # kept in extra
    assert "`email: E-mail Adress`" in out  # proposed, not taken
    assert "Anna" not in out + err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["crm.csv", "guiyi.yaml"]


def test_as_json(tmp_path, check):
    (tmp_path / "crm.csv").write_text(HEADER + GOOD, encoding="utf-8")
    code, out, _ = check(*SOURCE, options=["--json"])
    (facts,) = json.loads(out)["sources"]
    assert (code, facts["source"], facts["rows_read"], facts["accepted"]) == (0, "crm", 1, 1)
    assert facts["proposals"] == {"E-mail Adress": "email"}
    assert facts["files"][0]["file"] == "crm.csv"


def test_every_source_is_looked_at_whatever_is_wrong_with_another(tmp_path, check):
    (tmp_path / "crm.csv").write_text(HEADER + GOOD, encoding="utf-8")
    code, out, err = check("  - name: gone", "    path: gone.csv", *SOURCE)
    assert code == 1
    assert "1 of 1 rows" in out
    assert [line for line in err.splitlines() if line.startswith("guiyi: ")] == [err.splitlines()[-1]]
    assert "gone.csv" in err


def test_a_gate_that_would_stop_the_run(tmp_path, check):
    (tmp_path / "crm.csv").write_text(HEADER + GOOD + "2,Bo,Clark,,,,\n", encoding="utf-8")
    rule = "    rules: [{column: phone, required: true, stop_above: 0.1}]"
    code, out, err = check(*SOURCE, rule)
    assert code == 4
    assert "required:phone" in out
    assert "50.0%" in err


def test_a_rule_about_a_column_that_is_not_there(tmp_path, check):
    (tmp_path / "crm.csv").write_text(HEADER + GOOD, encoding="utf-8")
    code, _, err = check(*SOURCE, "    rules: [{column: fone, required: true}]")
    assert code == 2
    assert "Nearest: Phone" in err


def test_a_corrected_file_counts_before_it_is_taken(tmp_path, check):
    (tmp_path / "crm.csv").write_text(HEADER + GOOD + "2,Bo,Clark,,,1980-02-31,\n", encoding="utf-8")
    monkey = tmp_path / "guiyi.yaml"
    check(*SOURCE)
    from pipelines.run import run_pipeline  # noqa: PLC0415  seconds that the other tests do not need

    run_pipeline(monkey)
    path = tmp_path / "quarantine" / "crm.csv"
    path.write_text(path.read_text("utf-8-sig").replace("1980-02-31", "1980-02-28"), "utf-8-sig")
    _, out, _ = check(*SOURCE, options=["--json"])
    (facts,) = json.loads(out)["sources"]
    assert (facts["accepted"], facts["corrected"], facts["quarantined"]) == (2, 1, 0)
    assert "1980-02-28" in path.read_text("utf-8-sig")  # still where it was
    with sqlite3.connect(tmp_path / "guiyi.db") as store:
        assert store.execute("SELECT COUNT(*) FROM source_record").fetchone() == (1,)
