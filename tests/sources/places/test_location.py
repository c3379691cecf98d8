import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import SourceError
from schemas.messages import LOCALES, text
from sources.places.location import local_path, local_places, shown


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("exports/客户?#1.csv", "exports/客户?#1.csv"),
        ("file:///a/b.csv", "file:///a/b.csv"),
        ("s3://bucket/a@b/part-?.csv", "s3://bucket/a@b/part-?.csv"),
        ("s3://bucket/a.csv?versionId=x", "s3://bucket/a.csv"),
        ("sftp://ann:pa@ss/word@host:22/out/a#1.csv", "sftp://ann@host:22/out/a#1.csv"),
        ("sftp://ann@host/a.csv", "sftp://ann@host/a.csv"),
        ("sftp://host:22/a@b.csv", "sftp://host:22/a@b.csv"),
        ("https://token@host/a.csv?sig=1#x", "https://host/a.csv"),
        ("https://ann:secret@host/a.csv?email=a@b", "https://host/a.csv"),
        ("postgresql+psycopg://ann:p?s/w#d@host/crm?sslpassword=x", "postgresql+psycopg://ann@host/crm"),
        ("postgresql://ann@/crm?host=/tmp&password=x", "postgresql://ann@/crm"),
        ("sqlite:////tmp/crm.db", "sqlite:////tmp/crm.db"),
        ("simplecache::https://ann:secret@host/a.csv?sig=1", "simplecache::https://host/a.csv"),
        ("zip://*.csv::sftp://ann:secret@host/a.zip", "zip://*.csv::sftp://ann@host/a.zip"),
        ("http://[::1]:80/a.csv", "http://[::1]:80/a.csv"),
    ],
)
def test_what_may_be_shown(path, name):
    assert shown(path) == name


@given(
    st.sampled_from(["sftp", "https", "postgresql", "mysql+pymysql", "ftp"]),
    st.text("abcXYZ019@/?#:=&%$! ", min_size=1, max_size=12),
    st.sampled_from(["host/a.csv", "host:5432/crm", "host.example/crm?sslmode=require"]),
)
def test_a_password_is_never_shown(scheme, password, rest):
    name = shown(f"{scheme}://ann:Ge{password}heim@{rest}")
    assert "heim" not in name
    assert "Ge" not in name


def test_what_is_local(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_path("a/b.csv") == "a/b.csv"
    assert local_path("~/b.csv") == f"{tmp_path}/b.csv"
    assert local_path("file:///a/b.csv") == "/a/b.csv"
    assert local_path("s3://a/b.csv") is None
    assert local_path("zip://b.csv::a.zip") is None


def test_a_pattern_finds_what_is_finished(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in (
        "a.csv",
        "b.csv",
        "~$a.csv",
        ".c.csv",
        "d.csv.part",
        "e.csv.crdownload",
        "f.csv.filepart",
        "g.csv.tmp",
    ):
        (tmp_path / "in" / name).write_bytes(b"")
    (tmp_path / "in" / "deep" / "h.csv").write_bytes(b"")
    (tmp_path / "in" / "folder.csv").mkdir()
    assert {place.name for place in local_places("in/*")} == {"in/a.csv", "in/b.csv"}
    assert {place.name for place in local_places("in/*.csv*")} == {"in/a.csv", "in/b.csv"}
    assert {place.name for place in local_places("**/h.csv")} == {"in/deep/h.csv"}


def test_a_name_with_brackets_is_a_name(tmp_path):
    path = tmp_path / "a[1].csv"
    path.write_bytes(b"")
    assert [place.path for place in local_places(str(path))] == [str(path)]


def test_a_link_is_the_file_that_it_leads_to(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "latest.csv").symlink_to("a.csv")
    (tmp_path / "lost.csv").symlink_to("none.csv")
    assert len(local_places(str(tmp_path / "l*.csv"))) == 1
    with pytest.raises(SourceError) as caught:
        local_places(str(tmp_path / "lost.csv"))
    assert caught.value.key == "sources.missing_file"


def failure(path):
    with pytest.raises(SourceError) as caught:
        local_places(str(path))
    return caught.value


def test_what_is_not_there(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert failure(tmp_path / "none.csv").key == "sources.missing_file"
    assert failure(tmp_path / "a.csv" / "b.csv").key == "sources.missing_file"
    assert failure(tmp_path / "none" / "*.csv").key == "sources.missing_file"
    assert failure(tmp_path / "*.xlsx").values["count"] == 1
    assert failure("a\0.csv").key == "sources.unreadable_file"
    assert failure("a" * 5000).key == "sources.unreadable_file"


def test_a_folder_is_met_with_a_pattern(tmp_path):
    for name in ("a.csv", "b.csv", "c.xlsx", "d.pdf", "e.pdf", "f.pdf"):
        (tmp_path / name).write_bytes(b"")
    for path in (tmp_path, f"{tmp_path}/"):
        assert failure(path).values["proposal"] == f"{tmp_path}/*.csv"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_entered(tmp_path):
    (tmp_path / "closed").mkdir(mode=0)
    assert failure(tmp_path / "closed" / "a.csv").key == "sources.unreadable_file"


@pytest.mark.parametrize(
    ("locale", "places"), [("en", ["configuration", "command line"]), ("zh_CN", ["配置", "命令行"])]
)
def test_a_missing_file_is_told_for_the_command_line_too(locale, places):
    sentence = text("sources.missing_file", locale=locale, path="a.csv")
    assert all(place in sentence for place in places)
    assert set(LOCALES) == {"en", "zh_CN"}
