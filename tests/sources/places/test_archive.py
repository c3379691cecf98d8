import bz2
import gzip
import lzma
import stat
import struct
import zipfile

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from schemas.errors import SourceError
from sources.places.archive import metered, packing, require_space, unpacked

ROWS = "编号,姓名\n1,张伟\n".encode()


def zstd(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(data)
    return sink.getvalue().to_pybytes()


PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress, "zstd": zstd}


def archive(path, members, **options):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return path


def members(path, *, member=None, declared=None):
    kind = packing(path, name=path.name)
    found = unpacked(path, kind, name=path.name, member=member, declared=declared)
    return {each.name: b"".join(each.pieces) for each in found}


def failure(path, **options):
    with pytest.raises(SourceError) as caught:
        members(path, **options)
    assert path.name in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize("kind", PACKERS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=3), many=st.sampled_from([1, 5000]))
def test_what_is_packed_comes_back_byte_for_byte(kind, parts, many, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"".join(PACKERS[kind](part * many) for part in parts))
    assert packing(path, name="a.csv") == kind
    assert members(path) == {"a.csv": b"".join(part * many for part in parts)}


@pytest.mark.parametrize("kind", PACKERS)
def test_what_is_cut_off_or_damaged_is_refused(kind, tmp_path):
    path = tmp_path / "a.csv"
    whole = PACKERS[kind](b"".join(b"%d,%d\n" % (i, i * i) for i in range(50_000)))
    for data in (whole[:-1], whole[:-9], whole[: len(whole) // 2], whole[:20], whole + b"garbage"):
        path.write_bytes(data)
        assert failure(path) == "sources.damaged_archive"
    for place in (len(whole) // 3, len(whole) // 2):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        assert failure(path) == "sources.damaged_archive"


def test_xz_may_be_padded(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(lzma.compress(ROWS) + bytes(8) + lzma.compress(ROWS) + bytes(4))
    assert members(path) == {"a.csv": ROWS * 2}


def test_the_name_that_gzip_tells(tmp_path):
    path = tmp_path / "dump.gz"
    with path.open("wb") as raw, gzip.GzipFile("/home/ann/contacts.tsv", "wb", fileobj=raw) as file:
        file.write(ROWS)
    assert members(path) == {"dump.gz/contacts.tsv": ROWS}


@pytest.mark.parametrize("data", [b"", b"PAR1", b"id,name\n", b"BZh,1\n", b"\x1f\x8b", b"PK,1\n"])
def test_what_is_not_packed(data, tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert packing(path, name="a.csv") is None


def test_a_packed_file_that_is_damaged_where_it_begins(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(b"\x1e" + gzip.compress(ROWS)[1:])
    with pytest.raises(SourceError) as caught:
        packing(path, name="a.csv.gz")
    assert caught.value.key == "sources.damaged_archive"
    for plain in (ROWS, ROWS.decode().encode("utf-16"), b"PAR1\x15\x04", b""):
        path.write_bytes(plain)
        assert packing(path, name="a.csv.gz") is None


def test_a_workbook_is_no_archive(tmp_path):
    path = tmp_path / "a.xlsx"
    Workbook().save(path)
    assert packing(path, name="whatever") is None
    path.write_bytes(path.read_bytes()[:-30])
    assert packing(path, name="a.xlsx") is None
    assert packing(archive(tmp_path / "a.ods", {"mimetype": "application/vnd.oasis.opendocument"}), name="a") is None
    assert packing(archive(tmp_path / "books.zip", {"a.xlsx": ""}), name="books.zip") == "zip"


def test_the_readable_members_of_a_zip(tmp_path):
    path = archive(
        tmp_path / "a.zip",
        {
            "b_2026-11-21.csv": b"new",
            "in/c_2026-11-20.csv.gz": b"old",
            "__MACOSX/in/._c.csv": b"no",
            "in/.DS_Store": b"no",
            "~$d.xlsx": b"no",
            "readme.pdf": b"no",
            "folder.csv/": b"",
        },
    )
    assert list(members(path).items()) == [("a.zip/in/c_2026-11-20.csv.gz", b"old"), ("a.zip/b_2026-11-21.csv", b"new")]
    assert list(members(path, member="*.pdf")) == ["a.zip/readme.pdf"]
    assert list(members(path, member="c_*")) == ["a.zip/in/c_2026-11-20.csv.gz"]
    assert list(members(path, declared="csv")) == ["a.zip/in/c_2026-11-20.csv.gz", "a.zip/b_2026-11-21.csv"]
    assert failure(path, declared="parquet") == "sources.no_member"
    assert failure(path, member="x*") == "sources.unmatched_member"


def test_a_declared_format_makes_members_without_an_end_readable(tmp_path):
    assert list(members(archive(tmp_path / "a.zip", {"CONTACTS.DAT": ROWS}), declared="csv")) == ["a.zip/CONTACTS.DAT"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_the_encoding_of_windows(encoding, tmp_path):
    name = "客户资料.csv"
    stand_in = "x" * len(name.encode(encoding))
    path = archive(tmp_path / "a.zip", {stand_in: ROWS})
    path.write_bytes(path.read_bytes().replace(stand_in.encode(), name.encode(encoding)))
    assert members(path) == {f"a.zip/{name}": ROWS}


def test_a_zip_without_anything(tmp_path):
    assert failure(archive(tmp_path / "a.zip", {})) == "sources.no_member"
    assert failure(archive(tmp_path / "a.zip", {"readme.pdf": b""})) == "sources.no_member"


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "in/../../a.csv", "in\\..\\..\\a.csv"])
def test_a_member_that_leads_out(name, tmp_path):
    assert failure(archive(tmp_path / "a.zip", {name: ROWS})) == "sources.unsafe_member"


def test_a_member_that_is_a_link(tmp_path):
    info = zipfile.ZipInfo("a.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert failure(archive(tmp_path / "a.zip", {info: "/etc/passwd"})) == "sources.unsafe_member"


def flagged(path, offset_local, offset_central, value):
    """A zip of one member with a field of both of its headers changed."""
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, data.index(b"PK\x03\x04") + offset_local, value)
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + offset_central, value)
    path.write_bytes(data)
    return path


def test_a_zip_with_a_password(tmp_path):
    path = archive(tmp_path / "a.zip", {"a.csv": ROWS})
    assert failure(flagged(path, 6, 8, 1)) == "sources.locked_archive"


def test_a_method_that_is_not_known(tmp_path):
    path = archive(tmp_path / "a.zip", {"a.csv": ROWS})
    assert failure(flagged(path, 8, 10, 9)) == "sources.unknown_packing"  # Deflate64


def test_a_zip_that_is_cut_off_or_damaged(tmp_path):
    path = archive(tmp_path / "a.zip", {"a.csv": b"".join(b"%d\n" % (i * i) for i in range(20_000))})
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert failure(path) == "sources.damaged_archive"
    path.write_bytes(whole[: len(whole) // 2])
    assert failure(path) == "sources.damaged_archive"
    place = len(whole) // 2
    path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
    assert failure(path) == "sources.damaged_archive"


def test_a_bomb_is_defused(tmp_path):
    piece = bytes(1 << 20)
    passed = []
    with pytest.raises(SourceError) as caught:
        passed.extend(metered((piece for _ in range(1000)), 60_000, tmp_path, name="a.csv.gz"))
    assert caught.value.key == "sources.bomb"
    assert sum(map(len, passed)) <= 64 << 20
    assert sum(map(len, metered((piece for _ in range(64)), 10, tmp_path, name="a.csv.gz"))) == 64 << 20
    assert sum(map(len, metered((piece for _ in range(100)), 1 << 20, tmp_path, name="a.csv.gz"))) == 100 << 20


def test_a_disk_is_never_filled(tmp_path):
    require_space(0, tmp_path, name="a.zip/a.csv")
    with pytest.raises(SourceError) as caught:
        require_space(1 << 60, tmp_path, name="a.zip/a.csv")
    assert caught.value.key == "sources.disk_full"
