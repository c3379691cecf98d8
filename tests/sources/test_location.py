import sys

import fsspec
import pytest

from schemas.errors import SourceError
from schemas.messages import LOCALES, text
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


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("said", "path", "package"),
    [
        (
            'HTTPFileSystem requires "requests" and "aiohttp" to be installed',
            "https://x.example/a.csv",
            "aiohttp requests",
        ),
        ("Install s3fs to access S3", "s3://b/a.csv", "s3fs"),
        ("Please install gcsfs to access Google Storage", "gs://b/a.csv", "gcsfs"),
        ('SFTPFileSystem requires "paramiko" to be installed', "sftp://h/a.csv", "paramiko"),
        ('SMB requires "smbprotocol" or "smbprotocol[kerberos]" installed', "smb://h/a.csv", "smbprotocol"),
        ("something else", "odd://h/a.csv", "fsspec[odd]"),
    ],
)
def test_a_package_that_is_not_installed_is_named(said, path, package, locale):
    class Lacking(fsspec.AbstractFileSystem):
        def __init__(self, *_args, **_options):
            raise ImportError(said)

    protocol = path.partition(":")[0]
    registered = fsspec.registry.get(protocol)
    fsspec.register_implementation(protocol, Lacking, clobber=True)
    try:
        with pytest.raises(SourceError) as caught:
            fetch(Source(name="s", path=path))
    finally:
        sys.modules["fsspec.registry"]._registry.pop(protocol)
        if registered:
            fsspec.register_implementation(protocol, registered, clobber=True)
    assert caught.value.key == "sources.missing_package"
    assert f"pip install {package}" in text(caught.value.key, locale=locale, **caught.value.values)


@pytest.mark.parametrize(
    ("locale", "places"), [("en", ["configuration", "command line"]), ("zh_CN", ["配置", "命令行"])]
)
def test_a_missing_file_is_told_for_the_command_line_too(locale, places):
    sentence = text("sources.missing_file", locale=locale, path="a.csv")
    assert all(place in sentence for place in places)
