import csv
import io
import json
import re
import stat

import openpyxl
import pyarrow as pa
import pytest

from schemas.errors import SourceError
from sources.quarantine.corrections import Corrections, take_corrections
from sources.quarantine.file import write_quarantine
from sources.read import read_corrected

HEADER = ("id", "name", "phone", "birth")
RAWS = [
    '{"name": "Ann", "phone": "+86 13800000001", "birth": "2024-01-02"}',
    '{"id": "007", "name": "=B", "phone": "013800138000", "birth": "2024-13-01"}',
    '8,"An, n",1,2024-01-02,',
    "{}",
]


def write(folder, raws=RAWS, *, format="csv", source="sales", header=HEADER, **options):  # noqa: A002
    count = len(raws)
    columns = {"file": ["a"] * count, "line": list(range(count)), "reasons": ["missing_id"] * count, "raw": raws}
    written = write_quarantine(
        folder, source, pa.table(columns), header=header, format=format, why=str, delimiter=",", **options
    )
    return written.path


def edit(path, *changes, delimiter=","):
    """Change cells as a person would: (row, column, new text); rows counted from 0."""
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    for row, column, text in changes:
        rows[row + 1][rows[0].index(column)] = text
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_text(out.getvalue(), "utf-8-sig")


def take(folder, raws=RAWS, source="sales", header=HEADER):
    take_corrections(folder, source, read_corrected)
    applied = Corrections.load(folder, source).apply(raws, header=header, delimiter=",")
    return dict(zip(applied.positions.tolist(), applied.table.to_pylist(), strict=True))


def row(*cells):
    return dict(zip(HEADER, cells, strict=True))


def test_a_corrected_row_stands_in_place_of_the_refused_one(tmp_path):
    edit(write(tmp_path), (0, "id", "6"), (1, "birth", "2024-01-13"))
    assert take(tmp_path) == {
        0: row("6", "Ann", "+86 13800000001", "2024-01-02"),
        1: row("007", "=B", "013800138000", "2024-01-13"),
    }


def test_a_cleared_cell_is_empty_and_a_lost_column_is_as_it_was(tmp_path):
    path = write(tmp_path)
    edit(path, (1, "birth", ""))
    rows = [[cell for i, cell in enumerate(row) if i != 2] for row in csv.reader(path.open(encoding="utf-8-sig"))]
    with path.open("w", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    assert take(tmp_path) == {1: row("007", "=B", "013800138000", None)}


def test_what_is_unchanged_or_deleted_changes_nothing(tmp_path):
    path = write(tmp_path)
    lines = path.read_text("utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], *lines[3:]]) + "\n\n", "utf-8")
    assert take(tmp_path) == {}
    assert not path.exists()


def test_a_row_of_text_is_right_as_it_stands_when_its_reasons_are_emptied(tmp_path):
    edit(write(tmp_path), (2, "guiyi_reasons", ""))
    assert take(tmp_path) == {2: row("8", "An, n", "1", "2024-01-02")}


def test_it_says_nothing_once_the_row_is_another(tmp_path):
    edit(write(tmp_path), (0, "id", "6"))
    assert take(tmp_path, [RAWS[0].replace("Ann", "Anne"), *RAWS[1:]]) == {}


def test_the_same_row_twice_is_corrected_twice_and_none_is_added(tmp_path):
    edit(write(tmp_path, [RAWS[0]]), (0, "id", "6"))
    assert list(take(tmp_path, [RAWS[0], RAWS[1], RAWS[0]])) == [0, 2]
    assert take(tmp_path, []) == {}
    assert take(tmp_path, [None, ""]) == {}


def test_of_several_the_newest_that_changes_a_row_wins(tmp_path):
    edit(write(tmp_path), (0, "id", "6"), (1, "id", "17"))
    take(tmp_path)
    edit(write(tmp_path), (0, "id", "66"))
    assert [take(tmp_path)[i]["id"] for i in (0, 1)] == ["66", "17"]
    newest = max(path for path in (tmp_path / "corrected").iterdir() if path.suffix == ".csv")
    newest.unlink()
    assert [take(tmp_path)[i]["id"] for i in (0, 1)] == ["6", "17"]


def test_a_row_that_is_still_refused_is_shown_as_it_was_corrected_and_can_be_again(tmp_path):
    edit(write(tmp_path), (0, "id", "6"), (2, "id", "88"))
    take(tmp_path)
    path = write(tmp_path, corrections=Corrections.load(tmp_path, "sales"))
    edit(path, (0, "name", "Anna"))
    assert take(tmp_path) == {
        0: row("6", "Anna", "+86 13800000001", "2024-01-02"),
        2: row("88", "An, n", "1", "2024-01-02"),
    }


def test_what_a_spreadsheet_does_to_the_others_is_undone(tmp_path):
    """As Excel of a Chinese Windows saves a CSV: numbers, dates, delimiter, encoding."""
    path = write(tmp_path)
    edit(
        path,
        (0, "id", "6"),
        (0, "birth", "2024/1/2"),
        (1, "id", "7"),
        (1, "phone", "13800138000"),
        (2, "birth", "2024/1/2"),
    )
    path.write_text(path.read_text("utf-8-sig").replace("Ann", "安"), "gb18030")
    assert take(tmp_path) == {0: row("6", "安", "+86 13800000001", "2024-01-02")}


def test_in_json_lines_there_is_no_such_damage(tmp_path):
    path = write(tmp_path, format="jsonl")
    path.write_text(path.read_text("utf-8").replace('"007"', '"7"').replace('"+86', "\"'=+86"), "utf-8")
    assert take(tmp_path) == {
        0: row(None, "Ann", "'=+86 13800000001", "2024-01-02"),
        1: row("7", "=B", "013800138000", "2024-13-01"),
    }


def test_a_file_saved_as_a_workbook_is_taken(tmp_path):
    path = write(tmp_path)
    book = openpyxl.Workbook()
    for cells in csv.reader(path.open(encoding="utf-8-sig")):
        book.active.append([float(cell) if cell.isdigit() else cell for cell in cells])
    book.active["B2"] = "Anna"
    book.save(tmp_path / "sales.xlsx")
    assert take(tmp_path) == {0: row(None, "Anna", "+86 13800000001", "2024-01-02")}
    assert path.exists()


def test_a_corrected_workbook(tmp_path):
    path = write(tmp_path, format="xlsx")
    book = openpyxl.load_workbook(path)
    book.active["A2"] = 6
    book.save(path)
    assert take(tmp_path) == {0: row("6", "Ann", "+86 13800000001", "2024-01-02")}


def test_a_key_that_the_header_does_not_have_yet(tmp_path):
    path = write(tmp_path, format="jsonl")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    lines[3] |= {"id": "9", "email": "x@example.com"}
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert take(tmp_path) == {3: {"id": "9", "name": None, "phone": None, "birth": None, "email": "x@example.com"}}


def test_rows_of_text_are_compared_as_they_were_laid_out(tmp_path):
    """Another header or delimiter today does not make an untouched row a corrected one."""
    edit(write(tmp_path, ["1;2;3", "4;5;6"], header=("a", "b")), (1, "a", "4"), (1, "b", "x"))
    corrections = take(tmp_path, ["1;2;3", "4;5;6"], header=("b", "c", "a"))
    assert corrections == {1: {"b": "x", "c": None, "a": "4"}}


def test_nor_does_it_where_the_file_was_set_aside(tmp_path):
    edit(write(tmp_path, ["1;2;3", "4;5;6"], header=("a", "b")), (1, "a", "4"), (1, "b", "x"))
    write(tmp_path, ["1;2;3", "4;5;6"], header=("b", "c", "a"))
    assert take(tmp_path, ["1;2;3", "4;5;6"], header=("b", "c", "a")) == {1: {"b": "x", "c": None, "a": "4"}}
    assert list((tmp_path / "edited").iterdir()) == []


def test_taking_is_safe_to_repeat_and_private(tmp_path):
    path = write(tmp_path)
    assert take_corrections(tmp_path, "sales", read_corrected) == ()
    assert Corrections.load(tmp_path, "sales").digest == ""
    edit(path, (0, "id", "6"))
    (kept,) = take_corrections(tmp_path, "sales", read_corrected)
    assert take_corrections(tmp_path, "sales", read_corrected) == ()
    assert kept.name.startswith("sales-0001-")
    assert kept.suffix == ".csv"
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept.parent.iterdir()} == {0o600}
    one = Corrections.load(tmp_path, "sales")
    edit(write(tmp_path), (0, "id", "66"))
    take(tmp_path)
    assert one.digest != Corrections.load(tmp_path, "sales").digest
    assert (one.digest != "", len(one)) == (True, 4)


def test_interrupted_it_is_taken_once(tmp_path, monkeypatch):
    path = write(tmp_path)
    edit(path, (0, "id", "6"))
    with monkeypatch.context() as patch:
        patch.setattr("sources.quarantine.correction_files.sync", lambda _: _stop())
        with pytest.raises(KeyboardInterrupt):
            take_corrections(tmp_path, "sales", read_corrected)
    assert path.exists()
    assert len(Corrections.load(tmp_path, "sales")) == 0
    assert list(take(tmp_path)) == [0]
    assert len(Corrections.load(tmp_path, "sales").layers) == 1


def _stop():
    raise KeyboardInterrupt


def test_sources_of_like_names_do_not_mix(tmp_path):
    for name in ("sales", "sales-0001-0123456789abcdef", "客户/1"):
        edit(write(tmp_path, source=name), (0, "id", name))
    for name in ("sales", "sales-0001-0123456789abcdef", "客户/1"):
        assert take(tmp_path, source=name)[0]["id"] == name


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda text: text.replace("guiyi_row", "row"), "no_row_column"),
        (lambda _: "", "unreadable_file"),
        (lambda text: text + "9,new,,,,,,,,\n", "new_row"),
        (lambda text: re.sub('"g(?=[0-9a-f]{16}")', '"', text), "new_row"),
        (lambda text: text + "9,new\n", "unreadable_row"),
    ],
)
def test_a_file_that_cannot_be_taken_stays_and_is_named(tmp_path, change, key):
    path = write(tmp_path)
    path.write_text(change(path.read_text("utf-8-sig")), "utf-8")
    before = path.read_bytes()
    with pytest.raises(SourceError) as caught:
        take_corrections(tmp_path, "sales", read_corrected)
    assert caught.value.key.partition(".")[2] == key
    assert "sales.csv" in str(caught.value)
    assert path.read_bytes() == before


def test_lost_cells_are_an_error(tmp_path):
    edit(write(tmp_path), (0, "id", "6"))
    (kept,) = take_corrections(tmp_path, "sales", read_corrected)
    kept.with_name(kept.name + ".arrow").write_bytes(b"")
    with pytest.raises(SourceError) as caught:
        Corrections.load(tmp_path, "sales")
    assert caught.value.key == "quarantine.lost_cells"


def test_a_file_that_is_still_being_saved_is_left_alone(tmp_path):
    path = write(tmp_path)
    edit(path, (0, "id", "6"))

    def read(path, encoding, delimiter):
        parsed = list(read_corrected(path, encoding, delimiter))
        path.write_text("more", "utf-8")
        return parsed

    with pytest.raises(SourceError) as caught:
        take_corrections(tmp_path, "sales", read)
    assert caught.value.key == "quarantine.changing"
    assert path.exists()
