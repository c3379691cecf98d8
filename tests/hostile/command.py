"""The command as a person meets it, within this process or in one of its own."""

import contextlib
import io
import os
import re
import signal
import string
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import yaml

from pipelines.cli import main
from schemas.messages import catalogue, use_locale

GUIYI = Path(sys.executable).parent / "guiyi"


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


def guiyi(*arguments):
    """Run the command within this process."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["guiyi", *map(str, arguments)]),
        mock.patch.dict(os.environ, {"GUIYI_LOCALE": "en", "COLUMNS": "200"}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        use_locale(None)
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Done(code, out.getvalue(), err.getvalue())


class Memory:
    """The most memory of this process beyond what it had, in bytes."""

    peak = 0


@contextlib.contextmanager
def measured():
    """Measure the memory of what is done; nought where the system does not tell (it is Linux that does)."""
    memory = Memory()
    status, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")
    try:
        before = _kilobytes(status, "VmRSS")
        reset.write_text("5")  # forget the peak so far: proc(5)
    except OSError:
        yield memory
        return
    yield memory
    memory.peak = 1024 * (_kilobytes(status, "VmHWM") - before)


def _kilobytes(status, name):
    return int(re.search(rf"{name}:\s+(\d+)", status.read_text())[1])


_STARTER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
os.write(int(os.environ["GUIYI_PEAK"]), str(usage.ru_maxrss).encode())
os._exit(os.waitstatus_to_exitcode(status) % 256)
"""


def guiyi_apart(*arguments, seconds=120):
    """Run the command in a process of its own; also the most memory it had, in bytes.

    A small process starts it: what a process is charged with begins with the memory of the one it was forked from.
    """
    environment = {**os.environ, "GUIYI_LOCALE": "en", "COLUMNS": "200"}
    environment.pop("PREFECT_API_URL", None)
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        command = [sys.executable, "-c", _STARTER, GUIYI, *map(str, arguments)]
        with tempfile.TemporaryFile("w+") as peak:
            environment["GUIYI_PEAK"] = str(peak.fileno())
            process = subprocess.Popen(
                command, env=environment, stdout=out, stderr=err, pass_fds=[peak.fileno()], start_new_session=True
            )
            clock = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
            clock.start()
            process.wait()
            clock.cancel()
            peak.seek(0)
            kilobytes = int(peak.read() or 0)
        out.seek(0)
        err.seek(0)
        return Done(process.returncode, out.read(), err.read()), kilobytes * 1024


def configure(folder, sources, **settings):
    """Write a configuration."""
    path = folder / "guiyi.yaml"
    path.write_text(yaml.safe_dump({"sources": sources, **settings}, allow_unicode=True), encoding="utf-8")
    return path


def says(key):
    """A pattern of the sentence of a key."""
    parts = string.Formatter().parse(catalogue("en")[key])
    sentence = "".join(re.escape(literal) + ("(?s:.*)" if field else "") for literal, field, *_ in parts)
    return re.compile(f"guiyi: {sentence}\n?")


def assert_one_line(done, key, code):
    """The run ended with that exit code, and one line that names the thing, the place and the way out."""
    lines = [line for line in done.err.splitlines() if line.startswith("guiyi: ")]
    assert "Traceback" not in done.out + done.err
    assert len(lines) == 1, done.err
    assert says(key).fullmatch(lines[0]), lines[0]
    assert done.code == code
