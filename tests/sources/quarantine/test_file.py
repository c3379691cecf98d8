import csv
import json
import stat

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.quarantine import workbook
from sources.quarantine.corrections import Corrections, take_corrections
from sources.quarantine.file import row_hash, write_quarantine
from sources.quarantine.folder import edited_files, stem
from sources.read import read_corrected
from sources.records.json_text import json_objects

FORMATS = ("csv", "tsv", "jsonl", "xlsx", "parquet")
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6)
CELLS = st.none() | TEXT | st.sampled_from(["=1+1", "'=x", "+86 138", "-", "@a", "00123", "NA", "a\nb", '"', "1,2;3"])


def rows_of(raws, reasons="missing_id"):
    count = len(raws)
    files, lines = ["a.csv"] * count, list(range(2, count + 2))
    return pa.table({"file": files, "line": lines, "reasons": [reasons] * count, "raw": raws})


def write(folder, raws, header=("id", "name"), *, format="csv", reasons="missing_id", **options):  # noqa: A002
    rows = rows_of(raws, reasons)
    return write_quarantine(folder, "sales", rows, header=header, format=format, why=lambda code: code * 2, **options)


def cells(path):
    """The export's cells, the guards taken away, as the next run reads them."""
    folder = path.parent
    sidecar = folder / ".sales.written.json"
    sidecar.write_text(json.dumps({**json.loads(sidecar.read_text()), "digests": []}))
    take_corrections(folder, "sales", read_corrected)
    return Corrections.load(folder, "sales").layers[-1].rows


@pytest.mark.parametrize("format_", FORMATS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4),
    header=st.lists(st.sampled_from(["id", "姓名", "=x", "'+y", 'a"b', "a,b"]), min_size=2, max_size=2, unique=True),
    encoding=st.sampled_from([None, "utf-8", "gb18030", "utf-16", "utf-16-le", "cp1252", "gbk"]),
    delimiter=st.sampled_from([None, ",", ";", "\t", "|"]),
)
def test_any_row_comes_back_cell_for_cell(tmp_path_factory, format_, rows, header, encoding, delimiter):
    folder = tmp_path_factory.mktemp("quarantine")
    columns = {name: pa.chunked_array([[row[i] for row in rows]], pa.string()) for i, name in enumerate(header)}
    raws = json_objects(columns, len(rows)).fill_null("{}")
    written = write(folder, raws, header, format=format_, encoding=encoding, delimiter=delimiter)
    assert edited_files(folder, "sales") == []
    found = cells(written.path)
    for i, name in enumerate(header):
        read = found[name].to_pylist() if name in found.column_names else [None] * len(rows)
        assert [cell or None for cell in read] == [row[i] or None for row in rows]
    applied = Corrections.load(folder, "sales").apply(raws, header=header, delimiter=delimiter)
    assert applied.positions.tolist() == []
    assert [row[1:] for row in found["guiyi_row"].to_pylist()] == [row_hash(raw) for raw in raws.to_pylist()]


def test_the_export_s_columns_come_first_then_what_leads_back(tmp_path):
    written = write(tmp_path, ['{"name": "王芳"}', "7,Bob,x"], reasons="missing_id pattern:a", delimiter=";")
    lines = written.path.read_text("utf-8-sig").splitlines()
    assert lines[0] == '"id";"name";"guiyi_reasons";"guiyi_why";"guiyi_file";"guiyi_line";"guiyi_row";"guiyi_raw"'
    why = '"missing_id pattern:a";"missing_idmissing_id pattern:apattern:a"'
    assert lines[1] == f';"王芳";{why};"a.csv";"2";"g{row_hash(json.dumps({"name": "王芳"}, ensure_ascii=False))}";'
    assert lines[2].endswith('";"7,Bob,x"')


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_is_a_formula(tmp_path, format_):
    raws = ['{"id": "=cmd|\' /C calc\'!A0", "name": "+1"}', "@SUM(1),-1,\t=2"]
    written = write(tmp_path, raws, ["id", "=name"], format=format_)
    if format_ == "xlsx":
        sheet = openpyxl.load_workbook(written.path).active
        assert {cell.data_type for row in sheet for cell in row if cell.value is not None} == {"s"}
    elif format_ in {"csv", "tsv"}:
        lines = written.path.read_text("utf-8-sig").splitlines()
        rows = csv.reader(lines, delimiter="," if format_ == "csv" else "\t")
        assert not [cell for row in rows for cell in row if cell and cell[0] in "=+-@\t"]


def test_only_its_owner_may_read_it(tmp_path):
    folder = tmp_path / "quarantine"
    path = write(folder, ["{}"]).path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    assert {each.name for each in folder.iterdir()} == {path.name, ".sales.written.json"}


def test_a_file_goes_when_its_rows_do(tmp_path):
    assert write(tmp_path, ["{}"], format="jsonl").path.name == "sales.jsonl"
    assert write(tmp_path, ["{}"], format="xlsx").path.name == "sales.xlsx"
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".json"] == ["sales.xlsx"]
    assert write(tmp_path, []) is None
    assert list(tmp_path.iterdir()) == []
    assert write(tmp_path / "never", []) is None
    assert not (tmp_path / "never").exists()


def test_what_a_person_changed_meanwhile_is_never_overwritten(tmp_path):
    path = write(tmp_path, ['{"name": "Ann"}']).path
    path.write_text(path.read_text("utf-8-sig").replace("\n,", '\n"1",'), "utf-8-sig")
    assert write(tmp_path, ['{"name": "Ann"}', '{"name": "Bob"}']).rows == 2
    aside = edited_files(tmp_path, "sales")
    assert [each.parent.name for each in aside] == ["edited"]
    take_corrections(tmp_path, "sales", read_corrected)
    assert edited_files(tmp_path, "sales") == []
    applied = Corrections.load(tmp_path, "sales").apply(['{"name": "Ann"}'], header=["id", "name"], delimiter=",")
    assert applied.table.to_pylist() == [{"id": "1", "name": "Ann"}]


def test_a_crash_between_the_sidecar_and_the_file_changes_nothing(tmp_path, monkeypatch):
    path = write(tmp_path, ['{"name": "Ann"}']).path
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("sources.quarantine.file.sync", lambda _: None)
        patch.setattr("sources.quarantine.file.Sidecar.write", _write_and_stop)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, ['{"name": "Bob"}'])
    assert path.read_bytes() == before
    assert edited_files(tmp_path, "sales") == []
    assert not list(tmp_path.glob("*.draft"))


def _write_and_stop(self, path):
    path.write_text(json.dumps({"digests": self.digests, "encoding": None, "delimiter": None, "header": []}), "utf-8")
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("cell", "limit"),
    [
        ("x" * 32_768, None),
        ("\x01", None),
        ("a\rb", None),
        ("_x0041_", None),
        ("x", "_LAST_ROW"),
        ("x", "_LAST_COLUMN"),
    ],
)
def test_what_no_workbook_holds_is_written_as_csv(tmp_path, monkeypatch, cell, limit):
    if limit:
        monkeypatch.setattr(workbook, limit, 1)
    raw = json.dumps({"id": cell})
    written = write(tmp_path, [raw, raw], format="xlsx")
    assert (written.path.name, written.instead_of) == ("sales.csv", "xlsx")
    assert cells(written.path)["id"].to_pylist() == [cell] * 2


def test_what_an_encoding_lacks_is_written_in_another(tmp_path):
    path = write(tmp_path, ['{"name": "王芳"}'], encoding="cp1252").path
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    path = write(tmp_path, ['{"name": "é"}'], encoding="cp1252").path
    assert '"é"' in path.read_text("cp1252")


def test_what_is_no_delimited_text_is_not_parted_at_commas(tmp_path):
    path = write(tmp_path, ["[1, 2]", '{"id": 1, "id": 2, "name": "x"}'], format="jsonl").path
    first, second = map(json.loads, path.read_text("utf-8").splitlines())
    assert "id" not in first
    assert (first["guiyi_raw"], second["id"], second["name"]) == ("[1, 2]", "2", "x")


def test_many_rows_and_long_ones(tmp_path):
    raws = [json.dumps({"id": str(i), "name": "x" * (i % 7)}) for i in range(40_000)] + [
        json.dumps({"id": "y" * 10**6})
    ]
    found = cells(write(tmp_path, raws).path)
    assert found.num_rows == 40_001
    assert found["id"].to_pylist()[39_999] == "39999"


def test_the_export_s_own_columns_of_our_names_give_way(tmp_path):
    path = write(tmp_path, ['{"id": "1", "guiyi_row": "x"}'], ["id", "guiyi_row"], format="jsonl").path
    row = json.loads(path.read_text())
    assert row["guiyi_row"] == "r" + row_hash('{"id": "1", "guiyi_row": "x"}')


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceError) as caught:
        write(tmp_path / "file", ["{}"])
    assert caught.value.key == "quarantine.unwritable"
    assert "sales" in str(caught.value)


@pytest.mark.parametrize("source", ["../x", "a/b", ".hidden", "客户", "a.b", "~$x", "x%"])
def test_a_source_s_name_leads_nowhere_else(source):
    assert "/" not in stem(source)
    assert not stem(source).startswith(".")
