"""Files that lie elsewhere, on real servers of our own."""

import asyncio
import gzip
import http.server
import socket
import sys
import threading
import time
from pathlib import Path

import asyncssh
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from schemas.errors import SourceError
from schemas.messages import LOCALES, text
from sources.places.freeze import find, freeze
from sources.places.remote import pieces
from sources.source import Source

ROWS = b"id,name\n1,\xe5\xbc\xa0\xe4\xbc\x9f\n"
LARGE = b"id,name\n" + b"1,abcdefghijklmnopqrstuvwxyz\n" * 600_000
SECRET = "Ge-heim"  # noqa: S105  of our own servers


def failure(source, spool):
    with pytest.raises(SourceError) as caught:
        freeze(source, spool)
    error = caught.value
    for locale in LOCALES:
        sentence = text(error.key, locale=locale, **error.values)
        assert SECRET not in sentence
        assert "signature" not in sentence
    assert not spool.exists() or not list(spool.iterdir())
    return error


def contents(source, spool):
    return [(item.name, item.format, item.path.read_bytes()) for item in freeze(source, spool)]


# S3


@pytest.fixture(scope="module")
def bucket():
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = {
        "key": "k",
        "secret": SECRET,
        "client_kwargs": {"endpoint_url": f"http://{host}:{port}", "region_name": "us-east-1"},
    }
    files = fsspec.filesystem("s3", **options)
    files.call_s3("create_bucket", Bucket="exports")
    files.pipe_file("exports/in/contacts-2026-11-20.csv", ROWS)
    files.pipe_file("exports/in/contacts-2026-11-21.csv.gz", gzip.compress(ROWS))
    files.pipe_file("exports/in/contacts-2026-11-22.csv.part", ROWS)
    files.pipe_file("exports/large.csv", LARGE)
    yield options
    server.stop()


def s3(path, options, **given):
    return Source(name="s", path=f"s3://exports/{path}", storage_options=options, timeout=20, **given)


def test_s3(bucket, tmp_path):
    assert contents(s3("in/contacts-2026-11-20.csv", bucket), tmp_path) == [
        ("s3://exports/in/contacts-2026-11-20.csv", "csv", ROWS)
    ]
    assert [each[0] for each in contents(s3("in/*", bucket), tmp_path)] == [
        "s3://exports/in/contacts-2026-11-20.csv",
        "s3://exports/in/contacts-2026-11-21.csv.gz",
    ]
    assert [each[2] for each in contents(s3("in/*", bucket, files="newest", newest_by="name"), tmp_path)] == [ROWS]
    (large,) = freeze(s3("large.csv", bucket), tmp_path)
    assert large.path.read_bytes() == LARGE


def test_newest_of_s3_by_modification(bucket, tmp_path):
    files = fsspec.filesystem("s3", **bucket)
    files.pipe_file("exports/both/b.csv", ROWS)
    time.sleep(1.1)  # S3 tells seconds
    files.pipe_file("exports/both/a.csv", ROWS)
    assert [place.name for place in find(s3("both/*.csv", bucket, files="newest"))] == ["s3://exports/both/a.csv"]
    files.pipe_file("exports/both/c.csv", ROWS)
    assert len(find(s3("both/*.csv", bucket))) == 3, "an old list was taken for the new one"


def test_what_goes_wrong_with_s3(bucket, tmp_path):
    assert failure(s3("none.csv", bucket), tmp_path).key == "sources.missing_remote"
    assert failure(s3("in/*.xlsx", bucket), tmp_path).values["count"] == 3
    assert failure(s3("in", bucket, format="csv"), tmp_path).key == "sources.is_a_folder"
    assert failure(Source(name="s", path="s3://nobody/a.csv", storage_options=bucket), tmp_path).key == (
        "sources.missing_remote"
    )


# SFTP


HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")


class Login(asyncssh.SSHServer):
    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("ann", SECRET)


class Files(asyncssh.SFTPServer):
    def open(self, path, pflags, attrs):
        file = super().open(path, pflags, attrs)
        if path.endswith(b"growing.csv"):
            with Path(self.map_path(path).decode()).open("ab") as upload:
                upload.write(b"2,b\n")
        return file


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("sftp")
    (root / "out").mkdir()
    (root / "out" / "contacts_20.11.2026.csv").write_bytes(b"old")
    (root / "out" / "contacts_21.11.2026.csv").write_bytes(ROWS)
    (root / "out" / "contacts_22.11.2026.csv.filepart").write_bytes(ROWS)
    (root / "large.csv").write_bytes(LARGE)
    (root / "growing.csv").write_bytes(ROWS)
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()

    async def listen():
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Login,
            server_host_keys=[HOST_KEY],
            sftp_factory=lambda channel: Files(channel, chroot=str(root).encode()),
        )

    listener = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
    yield listener.get_port()
    loop.call_soon_threadsafe(listener.close)


def sftp(path, port, *, password=SECRET, **given):
    return Source(name="s", path=f"sftp://ann:{password}@127.0.0.1:{port}/{path}", timeout=20, **given)


def test_sftp(server, tmp_path):
    name = f"sftp://ann@127.0.0.1:{server}/out/contacts_21.11.2026.csv"
    assert contents(sftp("out/contacts_21.11.2026.csv", server), tmp_path) == [(name, "csv", ROWS)]
    assert [each[2] for each in contents(sftp("out/*", server), tmp_path)] == [b"old", ROWS]
    assert contents(sftp("out/*", server, files="newest"), tmp_path) == [(name, "csv", ROWS)]
    (large,) = freeze(sftp("large.csv", server), tmp_path)
    assert large.path.read_bytes() == LARGE


def test_what_goes_wrong_with_sftp(server, tmp_path):
    assert failure(sftp("none.csv", server), tmp_path).key == "sources.missing_remote"
    assert failure(sftp("out", server, format="csv"), tmp_path).key == "sources.is_a_folder"
    assert failure(sftp("out/*.xlsx", server), tmp_path).values["count"] == 3
    assert (
        failure(sftp("out/contacts_20.11.2026.csv", server, password=SECRET * 2), tmp_path).key == "sources.no_access"
    )
    assert failure(sftp("a.csv", 1), tmp_path).key == "sources.no_connection"


def test_a_server_that_is_not_the_one_it_was(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    known = tmp_path / ".ssh" / "known_hosts"
    known.parent.mkdir()
    source = sftp("out/contacts_20.11.2026.csv", server)
    for key in (HOST_KEY, asyncssh.generate_private_key("ssh-ed25519")):
        known.write_bytes(f"[127.0.0.1]:{server} ".encode() + key.export_public_key())
        if key is HOST_KEY:
            assert contents(source, tmp_path / "spool")
        else:
            error = failure(source, tmp_path / "other")
            assert (error.key, error.values["cause"]) == ("sources.no_access", "BadHostKeyException")


def test_a_file_that_grows_while_it_is_read(server, tmp_path):
    assert failure(sftp("growing.csv", server), tmp_path).key == "sources.changed_meanwhile"


def test_a_server_that_says_nothing(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        begun = time.monotonic()
        for path in (f"sftp://ann:{SECRET}@127.0.0.1:{port}/a.csv", f"http://127.0.0.1:{port}/a.csv"):
            assert failure(Source(name="s", path=path, timeout=0.5), tmp_path).key == "sources.silent"
        assert time.monotonic() - begun < 20


# HTTP


class Answers(http.server.BaseHTTPRequestHandler):
    """A web server that refuses HEAD, as addresses signed for GET do."""

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/a.csv":
            self.answer(200, ROWS, len(ROWS))
        elif path == "/large.csv.gz":
            data = gzip.compress(LARGE)
            self.answer(200, data, len(data))
        elif path == "/encoded.csv":
            data = gzip.compress(ROWS)
            self.answer(200, data, len(data), {"Content-Encoding": "gzip"})
        elif path == "/short.csv":
            self.answer(200, ROWS, 1000)
        elif path == "/stalled.csv":
            self.answer(200, ROWS, 1000)
            self.wfile.flush()
            time.sleep(5)
        elif path == "/list/":
            self.answer(
                200, page := b'<a href="b-2.csv">b</a> <a href="b-10.csv">b</a> <a href="c.pdf">c</a>', len(page)
            )
        elif path.startswith("/list/b-"):
            self.answer(200, path.encode(), len(path))
        else:
            self.answer(int(path.strip("/") or 404), b"", 0)

    def answer(self, status, data, size, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_http(web, tmp_path):
    source = Source(name="s", path=f"{web}/a.csv?signature=1")
    assert contents(source, tmp_path) == [(f"{web}/a.csv", "csv", ROWS)]
    assert contents(Source(name="s", path=f"{web}/encoded.csv"), tmp_path)[0][2] == ROWS
    assert contents(Source(name="s", path=f"{web}/large.csv.gz"), tmp_path)[0][2] == LARGE


def test_a_list_of_links(web, tmp_path):
    found = contents(Source(name="s", path=f"{web}/list/*.csv"), tmp_path)
    assert [each[:2] for each in found] == [(f"{web}/list/b-2.csv", "csv"), (f"{web}/list/b-10.csv", "csv")]
    (newest,) = contents(Source(name="s", path=f"{web}/list/*.csv", files="newest", newest_by="name"), tmp_path)
    assert newest[2] == b"/list/b-10.csv"


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("404", "missing_remote"),
        ("401", "no_access"),
        ("403", "no_access"),
        ("500", "http_status"),
        ("short.csv", "cut_off"),
        ("stalled.csv", "silent"),
    ],
)
def test_what_goes_wrong_with_http(web, tmp_path, path, key):
    address = web.replace("://", f"://ann:{SECRET}@") + f"/{path}?signature=1"
    seconds = 0.5 if key == "silent" else 20
    error = failure(Source(name="s", path=address, format="csv", timeout=seconds), tmp_path)
    assert error.key == f"sources.{key}"
    assert error.values["path"] == f"{web}/{path}"


def test_nobody_listens(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert failure(Source(name="s", path=f"http://127.0.0.1:{port}/a.csv"), tmp_path).key == "sources.no_connection"


# Any other


def test_memory(tmp_path):
    for name in ("a-1.csv", "a-2.csv"):
        fsspec.filesystem("memory").pipe_file(f"/remote/{name}", name.encode())
    assert contents(Source(name="s", path="memory://remote/a-?.csv"), tmp_path) == [
        ("memory://remote/a-1.csv", "csv", b"a-1.csv"),
        ("memory://remote/a-2.csv", "csv", b"a-2.csv"),
    ]


def test_a_protocol_that_is_none(tmp_path):
    assert failure(Source(name="s", path="nowhere://a.csv"), tmp_path).key == "sources.unknown_protocol"


@pytest.mark.parametrize(
    ("said", "path", "package"),
    [
        ("No module named aiohttp", "https://x.example/a.csv", "'guiyi[http]'"),
        ("Install s3fs to access S3", "s3://b/a.csv", "'guiyi[s3]'"),
        ('SFTPFileSystem requires "paramiko" to be installed', "sftp://h/a.csv", "'guiyi[sftp]'"),
        ("Please install gcsfs to access Google Storage", "gs://b/a.csv", "gcsfs"),
        ('SMB requires "smbprotocol" or "smbprotocol[kerberos]" installed', "smb://h/a.csv", "smbprotocol"),
        ("something else", "odd://h/a.csv", "fsspec[odd]"),
    ],
)
def test_a_package_that_is_not_installed_is_named(said, path, package, tmp_path):
    class Lacking(fsspec.AbstractFileSystem):
        def __init__(self, *_args, **_options):
            raise ImportError(said)

    protocol = path.partition(":")[0]
    registered = fsspec.registry.get(protocol)
    fsspec.register_implementation(protocol, Lacking, clobber=True)
    try:
        error = failure(Source(name="s", path=path), tmp_path)
    finally:
        sys.modules["fsspec.registry"]._registry.pop(protocol)
        if registered:
            fsspec.register_implementation(protocol, registered, clobber=True)
    assert error.key == "sources.missing_package"
    assert all(f"pip install {package}" in text(error.key, locale=locale, **error.values) for locale in LOCALES)


def test_pieces_are_as_large_as_memory_allows(tmp_path):
    fsspec.filesystem("memory").pipe_file("/large.csv", LARGE)
    (place,) = find(Source(name="s", path="memory:///large.csv"))
    sizes = [len(piece) for piece in pieces(place, seconds=5)]
    assert sum(sizes) == len(LARGE)
    assert max(sizes) <= 8 << 20
