"""What a run keeps of the runs before it: deltas, deletions, refused rows, and rows that people have corrected."""

import json
import sqlite3

import pytest
from openpyxl import Workbook, load_workbook

from pipelines.questions import explain_command
from pipelines.run import run_pipeline

HEADER = "Contact Id,First Name,Last Name,Email,Phone,Date of Birth,Modified Time\n"
NAMES = ["Anna Berg", "Boris Clark", "Clara Dunn", "David Evans", "Emma Flint", "Frank Grant"]


@pytest.fixture
def shop(tmp_path):
    class Shop:
        def config(self, *lines):
            extra = "".join(f"\n    {line}" for line in lines)
            (tmp_path / "guiyi.yaml").write_text(
                f"sources:\n  - name: crm\n    path: export.csv\n    preset: zoho_contacts\n    timezone: UTC{extra}\n",
                encoding="utf-8",
            )

        def export(self, *rows):
            (tmp_path / "export.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")

        def run(self):
            return run_pipeline(tmp_path / "guiyi.yaml").facts

        def current(self, columns="source_id"):
            with sqlite3.connect(tmp_path / "guiyi.db") as store:
                rows = store.execute(
                    f"SELECT {columns} FROM source_record WHERE valid_to IS NULL ORDER BY source_id"
                ).fetchall()
                read = store.execute("SELECT COUNT(*) FROM crosswalk").fetchone()
            assert read[0] == len(rows)
            return [row[0] if len(row) == 1 else row for row in rows]

    shop = Shop()
    shop.folder = tmp_path
    shop.config()
    return shop


def contact(number, *, day=1, phone=None, born="1980-01-01"):
    given, family = NAMES[number].split()
    phone = phone or f"+1 415 555 01{number:02d}"
    return f"{number},{given},{family},{given}@{family}.example,{phone},{born},2026-01-{day:02d} 10:00"


def test_a_delta_brings_only_what_changed(shop):
    shop.config("mode: delta")
    shop.export(*map(contact, range(4)))
    assert shop.run()["records"] == 4
    shop.export(contact(1, day=2, phone="+1 415 555 0777"), contact(4))
    facts = shop.run()
    assert facts["records"] == 5
    (account,) = facts["sources"]
    assert (account["rows_read"], account["accepted"], account["carried"]) == (2, 2, 3)
    assert shop.current("source_id, phone")[1] == ("1", "+1 415 555 0777")
    assert shop.run()["status"] == "unchanged"


def test_an_older_row_of_a_delta_does_not_undo_a_newer_one(shop):
    shop.config("mode: delta")
    shop.export(contact(1, day=5, phone="+1 415 555 0777"), contact(2))
    shop.run()
    shop.export(contact(1, day=3), contact(3))
    (account,) = shop.run()["sources"]
    assert (account["accepted"], account["superseded"], account["carried"]) == (1, 1, 2)
    assert shop.current("source_id, phone")[0] == ("1", "+1 415 555 0777")


def test_an_older_deletion_of_a_delta_does_not_undo_a_newer_row(shop):
    shop.config("mode: delta", "columns: {deleted: Gone}")
    header = HEADER.replace("\n", ",Gone\n")

    def export(*rows):
        (shop.folder / "export.csv").write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")

    export(contact(1, day=5) + ",no", contact(2, day=5) + ",no")
    shop.run()
    export(contact(1, day=3) + ",yes", contact(2, day=9) + ",yes", contact(3) + ",no")
    (account,) = shop.run()["sources"]
    assert (account["accepted"], account["deleted"], account["superseded"], account["carried"]) == (1, 1, 1, 1)
    assert shop.current() == ["1", "3"]


def test_a_full_export_without_a_record_removes_it(shop):
    shop.export(*map(contact, range(4)))
    shop.run()
    shop.export(*map(contact, range(3)))
    (account,) = shop.run()["sources"]
    assert account["absent"] == 1
    assert shop.current() == ["0", "1", "2"]


def test_a_record_whose_new_row_is_refused_keeps_its_last_good_version(shop):
    shop.export(*map(contact, range(4)))
    before = shop.run()
    shop.export(*map(contact, range(3)), contact(3, day=2, born="1980-02-31"))
    facts = shop.run()
    (account,) = facts["sources"]
    assert (account["quarantined"], account["carried"], account["absent"]) == (1, 1, 0)
    assert shop.current("source_id, birth_date")[3] == ("3", "1980-01-01")
    assert facts["customers"] == before["customers"]


def test_a_corrected_row_moves_into_the_table(shop):
    shop.export(*map(contact, range(3)), contact(3, born="1980-02-31"), "4,Emma,Flint")
    (account,) = shop.run()["sources"]
    assert (account["accepted"], account["quarantined"]) == (3, 2)
    quarantine = shop.folder / "quarantine" / "crm.csv"
    text = quarantine.read_text(encoding="utf-8-sig")
    assert "impossible_date" in text
    quarantine.write_text(text.replace('"1980-02-31"', '"1980-02-28"'), encoding="utf-8-sig")
    for _ in range(2):  # the export is as bad as before, tonight and tomorrow
        facts = shop.run()
        assert shop.current("source_id, birth_date, line")[3] == ("3", "1980-02-28", 5)
    assert facts["status"] == "unchanged"
    with sqlite3.connect(shop.folder / "guiyi.db") as store:
        (counts,) = store.execute(
            "SELECT rows_read, accepted, quarantined FROM run_source ORDER BY rowid DESC LIMIT 1"
        ).fetchall()
    assert counts == (5, 4, 1)
    assert "impossible_date" not in quarantine.read_text(encoding="utf-8-sig")


def test_a_quarantine_file_that_was_deleted_is_written_anew(shop):
    shop.export(*map(contact, range(3)), contact(3, born="1980-02-31"))
    shop.run()
    quarantine = shop.folder / "quarantine" / "crm.csv"
    quarantine.unlink()
    assert shop.run()["status"] == "same"
    assert quarantine.exists()


def test_two_records_that_their_system_has_merged_stay_together(shop, capsys):
    (shop.folder / "export.csv").write_text(
        "Id,MasterRecordId,FirstName,LastName,Email,IsDeleted\n"
        "003A000001AAAAAIA0,,Ann,Lee,ann@acme.example,false\n"
        "003A000001BBBBBIA0,003A000001AAAAAIA0,Zoe,Roe,zoe@gmail.example,true\n",
        encoding="utf-8",
    )
    (shop.folder / "guiyi.yaml").write_text(
        "sources: [{name: crm, path: export.csv, preset: salesforce_contacts}]\n", encoding="utf-8"
    )
    facts = shop.run()
    assert (facts["records"], facts["customers"]) == (2, 1)
    explain_command(
        "crm:003A000001AAAAAIA0", "crm:003A000001BBBBBIA0", config=shop.folder / "guiyi.yaml", as_json=False
    )
    assert "Their own system has merged the two" in capsys.readouterr().out


def test_a_correction_says_nothing_of_a_row_that_has_changed(shop):
    shop.export(*map(contact, range(3)), contact(3, born="1980-02-31"))
    shop.run()
    quarantine = shop.folder / "quarantine" / "crm.csv"
    text = quarantine.read_text(encoding="utf-8-sig")
    quarantine.write_text(text.replace('"1980-02-31"', '"1980-02-28"'), encoding="utf-8-sig")
    shop.run()
    shop.export(*map(contact, range(3)), contact(3, day=9, born="1980-02-27"))
    shop.run()
    assert shop.current("source_id, birth_date")[3] == ("3", "1980-02-27")
    assert not quarantine.exists()


def test_records_of_another_place_are_the_same_records(shop):
    shop.export(*map(contact, range(4)))
    shop.run()
    shop.export(contact(4), *map(contact, range(4)))
    shop.run()
    with sqlite3.connect(shop.folder / "guiyi.db") as store:
        assert store.execute("SELECT COUNT(*) FROM source_record").fetchone() == (5,)


def as_workbook(path, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


def correct_workbook(path, before, after):
    book = load_workbook(path)
    (cell,) = [cell for row in book.active.iter_rows() for cell in row if cell.value == before]
    cell.value = after
    book.save(path)


def as_json_lines(path, rows):
    header, *rest = rows
    lines = [json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in rest]
    path.write_text("\n".join(lines), encoding="utf-8")


def as_gb18030(path, rows):
    path.write_bytes("".join(";".join(row) + "\r\n" for row in rows).encode("gb18030"))


def correct_text(path, before, after):
    data = path.read_bytes()
    assert data.count(before.encode()) == 1
    path.write_bytes(data.replace(before.encode(), after.encode()))


@pytest.mark.parametrize(
    ("name", "write", "correct"),
    [
        ("export.xlsx", as_workbook, correct_workbook),
        ("export.jsonl", as_json_lines, correct_text),
        ("export.csv", as_gb18030, correct_text),
    ],
)
def test_every_source_is_corrected_in_its_own_format(shop, name, write, correct):
    header = ["编号", "姓名", "手机", "出生日期"]
    rows = [[str(n), f"王小{n}", f"1380013800{n}", "1980-01-01"] for n in range(4)]
    rows[2][3] = "1980-13-45"
    write(shop.folder / name, [header, *rows])
    columns = "{full_name: 姓名, mobile: 手机, birth_date: 出生日期}"
    source = f"  - name: crm\n    path: {name}\n    kind: person\n    id: 编号\n    columns: {columns}\n"
    (shop.folder / "guiyi.yaml").write_text(f"sources:\n{source}", encoding="utf-8")
    shop.run()
    assert shop.current() == ["0", "1", "3"]
    quarantine = shop.folder / "quarantine" / f"crm{(shop.folder / name).suffix}"
    correct(quarantine, "1980-13-45", "1980-12-25")
    shop.run()
    assert shop.current("full_name, birth_date")[2] == ("王小2", "1980-12-25")
    assert not quarantine.exists()
