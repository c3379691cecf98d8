"""Reading and validating a large CSV beside Arrow's own reader: ``python -m benchmarks.reading --gigabytes 2``.

The file is a generated Zoho CRM export, repeated with other ids until it is large enough (kept in DIR for the next
time). Three processes of their own take turns: ``guiyi check`` on it; ``pyarrow.csv.read_csv`` of all of it as text,
with both cores; and ``pyarrow.csv.open_csv``, which streams. Printed are the medians of the wall clock, the peak
memory, and the ratios: what guiyi does besides parsing (lines, faults, mapping, dates, checks, newest versions) is what
they measure.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import yaml

from benchmarks.generate import Request
from benchmarks.whole_job import exports

__all__ = ["main"]

_HOUSE: Final = Path(__file__).parents[1]
_GUIYI: Final = "import sys; from pipelines.cli import main; sys.argv = ['guiyi', 'check', sys.argv[1]]; main()"
_ARROW: Final = """
import sys, pyarrow as pa, pyarrow.csv as csv
names = open(sys.argv[1], encoding="utf-8-sig").readline().strip().split(",")
parsing = csv.ParseOptions(newlines_in_values=True, invalid_row_handler=lambda row: "skip")
text = csv.ConvertOptions(column_types={name: pa.string() for name in names})
"""
_WHOLE: Final = _ARROW + "print(csv.read_csv(sys.argv[1], parse_options=parsing, convert_options=text).num_rows)"
_STREAM: Final = (
    _ARROW + "print(sum(b.num_rows for b in csv.open_csv(sys.argv[1], parse_options=parsing, convert_options=text)))"
)


def large_export(folder: Path, size: int) -> Path:
    """A Zoho export of at least so many bytes."""
    path = folder / f"zoho-{size}.csv"
    if path.exists():
        return path
    header, _, rows = exports(Request(rows=200_000), folder)["sales"].read_bytes().partition(b"\n")
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(header + b"\n")
        copy = 0
        while file.tell() < size:
            file.write(rows.replace(b"zcrm_", b"zcrm_%03d" % copy))
            copy += 1
    draft.replace(path)
    return path


def measured(program: str, path: Path) -> tuple[float, int]:
    """Wall-clock seconds and peak bytes of a Python program in a process of its own."""
    start = time.perf_counter()
    with Path(os.devnull).open("wb") as nothing:
        process = subprocess.Popen(  # noqa: S603  our own programs
            [sys.executable, "-c", program, str(path)], stdout=nothing, stderr=nothing, cwd=_HOUSE
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"a program ended with {process.returncode}")
    return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description="Reading, beside Arrow.")
    parser.add_argument("--gigabytes", type=float, default=2.0)
    parser.add_argument("--dir", type=Path, default=Path(".bench"), help="where the export is kept")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    path = large_export(chosen.dir, int(chosen.gigabytes * 1e9))
    config = path.with_suffix(".yaml")
    source = {"name": "sales", "path": str(path.resolve()), "preset": "zoho_contacts"}
    config.write_text(yaml.safe_dump({"sources": [source]}), encoding="utf-8")
    programs = {"guiyi check": (_GUIYI, config), "read_csv": (_WHOLE, path), "open_csv": (_STREAM, path)}
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in programs}
    for _ in range(chosen.rounds):
        for name, (program, argument) in programs.items():
            found[name].append(measured(program, argument))
    gigabytes = path.stat().st_size / 1e9
    ours = statistics.median(seconds for seconds, _ in found["guiyi check"])
    print(f"{gigabytes:.2f} GB, median of {chosen.rounds}")
    for name, results in found.items():
        seconds = statistics.median(each for each, _ in results)
        peak = max(each for _, each in results) / 1e9
        print(
            f"  {name:<12}{seconds:8.1f} s{1000 * gigabytes / seconds:8.0f} MB/s{peak:8.2f} GB  {seconds / ours:6.2f}"
        )


if __name__ == "__main__":
    main()
