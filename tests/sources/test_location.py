import fsspec
import pytest

from schemas.errors import SourceError
from sources.location import content_hash, fetch, fingerprint
from sources.source import Source


def test_local_paths_and_urls(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"id\n1\n")
    with fsspec.open("memory://exports/a.csv", "wb") as stream:
        stream.write(b"id\n1\n")
    for place in (str(path), path.as_uri(), "memory://exports/a.csv"):
        source = Source(name="s", path=place)
        assert fetch(source) == b"id\n1\n"
        assert fingerprint(source) == content_hash(b"id\n1\n")


def test_missing_and_folder(tmp_path):
    with pytest.raises(SourceError) as caught:
        fetch(Source(name="s", path=str(tmp_path / "none.csv")))
    assert caught.value.key == "sources.missing_file"
    with pytest.raises(SourceError) as caught:
        fetch(Source(name="s", path=str(tmp_path)))
    assert caught.value.key == "sources.is_a_folder"


def test_a_protocol_that_is_none():
    with pytest.raises(SourceError) as caught:
        fingerprint(Source(name="s", path="nowhere://a.csv"))
    assert caught.value.key == "sources.unreadable_file"
