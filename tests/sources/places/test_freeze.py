import gzip
import hashlib
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from schemas.errors import SourceError
from schemas.messages import LOCALES, text
from sources.places.freeze import find, freeze
from sources.source import Source, stamp

HOUSE = Path(__file__).parents[3]
ROWS = "编号,姓名\n1,张伟\n".encode()


def source(path, **given):
    return Source(name="s", path=str(path), **given)


def names(inputs, folder):
    return [item.name.removeprefix(f"{folder}/") for item in inputs]


def failure(path, spool, **given):
    with pytest.raises(SourceError) as caught:
        freeze(source(path, **given), spool)
    assert not spool.is_dir() or not list(spool.glob("*.part"))
    for locale in LOCALES:
        text(caught.value.key, locale=locale, **caught.value.values)
    return caught.value


def python(script, *arguments, **options):
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=HOUSE, **options)


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "spool"


def test_a_plain_file_stays_where_it_is(tmp_path, spool):
    path = tmp_path / "a.csv"
    path.write_bytes(ROWS)
    (item,) = freeze(source(path), spool)
    assert (item.name, item.path, item.format, item.size) == (str(path), path, "csv", len(ROWS))
    assert item.content_hash == hashlib.blake2b(ROWS, digest_size=20).hexdigest()
    assert item.stamp == stamp(path)
    assert item.unaltered()
    assert not spool.exists()
    (unread,) = freeze(source(path, format="tsv"), spool, hashed=False)
    assert (unread.content_hash, unread.format) == ("", "tsv")
    path.write_bytes(ROWS * 2)
    assert not item.unaltered()


def test_paths_stay_as_they_are_written(tmp_path, spool, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in").mkdir()
    Path("in/a.csv").write_bytes(ROWS)
    assert freeze(source("in/*.csv"), spool)[0].name == "in/a.csv"
    assert freeze(source((tmp_path / "in/a.csv").as_uri()), spool)[0].name == f"{tmp_path}/in/a.csv"


def test_a_packed_file_is_unpacked_to_the_spool(tmp_path, spool):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(ROWS))
    (item,) = freeze(source(path), spool, hashed=False)
    assert (item.name, item.format, item.path.read_bytes()) == (str(path), "csv", ROWS)
    assert item.path == spool / f"{hashlib.blake2b(ROWS, digest_size=20).hexdigest()}.csv"
    assert stat.S_IMODE(item.path.stat().st_mode) == 0o600
    assert freeze(source(path), spool) == (item,), "the same content is there once, untouched"


def test_the_bytes_tell_what_is_packed(tmp_path, spool):
    for name in ("a.csv", "a.csv.zip", "a.csv.GZ"):
        (tmp_path / name).write_bytes(gzip.compress(ROWS))
        assert freeze(source(tmp_path / name), spool)[0].path.read_bytes() == ROWS
    (tmp_path / "b.csv.gz").write_bytes(ROWS)
    assert freeze(source(tmp_path / "b.csv.gz"), spool)[0].path == tmp_path / "b.csv.gz"
    (tmp_path / "export").write_bytes(gzip.compress(ROWS))
    assert freeze(source(tmp_path / "export", format="csv"), spool)[0].format == "csv"


def test_archives_in_archives(tmp_path, spool):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("in/b_20261122.csv.gz", gzip.compress(ROWS))
        archive.writestr("c_20261121.tsv", b"id\n1\n")
    found = freeze(source(path), spool)
    assert names(found, tmp_path) == ["a.zip/c_20261121.tsv", "a.zip/in/b_20261122.csv.gz"]
    assert [item.format for item in found] == ["tsv", "csv"]
    assert found[1].path.read_bytes() == ROWS
    deep = ROWS
    for _ in range(5):
        deep = gzip.compress(deep)
    (tmp_path / "deep.csv.gz").write_bytes(deep)
    assert failure(tmp_path / "deep.csv.gz", spool).key == "sources.nested_archive"


def test_two_sources_of_the_same_content_share_a_file(tmp_path, spool):
    for name in ("a.csv.gz", "b.csv.gz"):
        (tmp_path / name).write_bytes(gzip.compress(ROWS))
    (first,) = freeze(source(tmp_path / "a.csv.gz"), spool)
    (second,) = freeze(source(tmp_path / "b.csv.gz"), spool)
    assert first.path == second.path
    assert first.unaltered()
    assert second.unaltered()
    first.path.write_bytes(ROWS[:5])
    (third,) = freeze(source(tmp_path / "b.csv.gz"), spool)
    assert third.path.read_bytes() == ROWS


def test_all_files_or_the_newest(tmp_path, spool):
    for age, name in enumerate(("c_2026-11-20.csv", "b_2026-11-22.csv", "a_2026-11-21.csv")):
        (tmp_path / name).write_bytes(name.encode())
        os.utime(tmp_path / name, (age, age))
    pattern = tmp_path / "*.csv"
    assert names(freeze(source(pattern), spool), tmp_path) == [
        "c_2026-11-20.csv",
        "a_2026-11-21.csv",
        "b_2026-11-22.csv",
    ]
    assert names(find(source(pattern, files="newest")), tmp_path) == ["a_2026-11-21.csv"]
    assert names(find(source(pattern, files="newest", newest_by="name")), tmp_path) == ["b_2026-11-22.csv"]


def test_a_pipe_is_no_file(tmp_path, spool):
    os.mkfifo(tmp_path / "a.csv")
    assert failure(tmp_path / "a.csv", spool).key == "sources.no_plain_file"


def test_a_file_that_is_still_written(tmp_path, spool):
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(64 << 20))
    done = threading.Event()

    def grow():
        with path.open("ab") as file:
            while not done.is_set():
                file.write(b"x\n")
                file.flush()
                time.sleep(0.001)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        assert failure(path, spool).key == "sources.changed_meanwhile"
    finally:
        done.set()
        thread.join()


def test_what_cannot_be_told(tmp_path, spool):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert failure(tmp_path / "a.pdf", spool).key == "sources.unknown_format"
    (tmp_path / "a.gz").write_bytes(gzip.compress(ROWS))
    assert failure(tmp_path / "a.gz", spool).key == "sources.unknown_format"
    (tmp_path / "folder").mkdir()
    assert failure(tmp_path / "folder", spool).key == "sources.is_a_folder"
    assert failure(tmp_path / "none.csv", spool).key == "sources.missing_file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path, spool):
    (tmp_path / "a.csv").touch(mode=0)
    assert failure(tmp_path / "a.csv", spool).key == "sources.unreadable_file"


def test_a_bomb(tmp_path, spool):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(bytes(128 << 20)))
    assert failure(path, spool).key == "sources.bomb"


def test_a_spool_that_cannot_be_written_to(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(ROWS))
    (tmp_path / "spool").write_bytes(b"")
    assert failure(tmp_path / "a.csv.gz", tmp_path / "spool").key == "sources.no_spool"


def test_no_room(tmp_path, spool):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(ROWS * 100_000))
    script = """
import resource, signal, sys
from pathlib import Path
from schemas.errors import SourceError
from sources.places.freeze import freeze
from sources.source import Source
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
try:
    freeze(Source(name="s", path=sys.argv[1]), Path(sys.argv[2]))
except SourceError as error:
    print(error.key)
"""
    assert python(script, tmp_path / "a.csv.gz", spool).stdout.strip() == "sources.disk_full"
    assert not list(spool.iterdir())


def test_a_process_that_is_killed_leaves_nothing_that_looks_whole(tmp_path, spool):
    script = (
        "import sys; from pathlib import Path; from sources.places.freeze import freeze;"
        " from sources.source import Source;"
        " freeze(Source(name='s', path=sys.argv[1]), Path(sys.argv[2]))"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.csv"
        process = subprocess.Popen([sys.executable, "-c", script, address, spool], cwd=HOUSE)
        with server.accept()[0] as connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + ROWS)
            deadline = time.monotonic() + 30
            while not list(spool.glob("*.part")) and time.monotonic() < deadline:
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert [path.suffix for path in spool.iterdir()] == [".part"]


def test_memory_does_not_follow_the_file(tmp_path, spool):
    block = os.urandom(1 << 19).hex().encode() + b"\n"
    for name, count in (("few.csv.gz", 1), ("many.csv.gz", 40)):
        with gzip.open(tmp_path / name, "wb", compresslevel=1) as file:
            for _ in range(count):
                file.write(block)
    script = """
import resource, sys
from pathlib import Path
from sources.places.freeze import freeze
from sources.source import Source
def peak(path):
    freeze(Source(name="s", path=path), Path(sys.argv[3]))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
few = peak(sys.argv[1])
print(peak(sys.argv[2]) - few)
"""
    told = python(script, tmp_path / "few.csv.gz", tmp_path / "many.csv.gz", spool)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) < 20_000, "KiB"
