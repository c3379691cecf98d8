"""Measures everything and writes ``RESULTS.md``: machine, versions, accuracy, calibration, speed, the whole job.

    python -m benchmarks.results --data DIR [--quick] [--only PART ...] [--splink-python PATH] [--people N ...]

PARTS are ``accuracy``, ``calibration``, ``speed`` (beside Splink, by `benchmarks.side_by_side`) and ``whole_job``. What
was measured is kept in ``results.json`` beside this module, so that parts can be measured one at a time; the page is
written from there. ``--quick`` takes each time once and 100,000 rows; times that are to be quoted are medians of three,
with nothing else running.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import yaml

from benchmarks import whole_job
from benchmarks.accuracy import GENERATED, SETS, DataSet, freeze, measure
from benchmarks.agreement import agreement
from benchmarks.calibration import calibrate, pool, svg
from benchmarks.generate import Request
from benchmarks.results_page import page
from matching.reliability import EDGES

__all__ = ["PARTS", "Job", "machine", "main"]

_HERE: Final = Path(__file__).parent
_HUB: Final = 50  # one value on every fiftieth record
_LIBRARIES: Final = ("numpy", "pandas", "pyarrow", "rapidfuzz", "scipy", "sqlalchemy", "duckdb", "splink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to measure with.

    Args:
        data: Where the public sets lie.
        rounds: How often each time is taken.
        people: Rows of the comparisons with Splink, ascending.
        rows: Records of the whole job.
        splink_python: A Python that has Splink, where this one has not.
        folder: Where generated exports are kept.
    """

    data: Path
    rounds: int
    people: tuple[int, ...]
    rows: int
    splink_python: str | None
    folder: Path


def machine() -> dict[str, Any]:
    """Where the figures were taken, and with which versions; no name of it."""
    found = {}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "libraries": found,
    }


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown")


def _accuracy(job: Job) -> list[dict[str, Any]]:
    """Every set matched with no configuration; also frozen."""
    rows, last = [], {}
    for data_set in (*SETS, *GENERATED):
        rounds = [measure(data_set, job.data) for _ in range(job.rounds)]
        one = last[data_set.name] = rounds[-1]
        rows.append(
            {
                "set": data_set.name,
                **one.figures(),
                "bcubed_f1": round(one.agreement.bcubed_f1, 4),
                "seconds": round(statistics.median(r.seconds for r in rounds), 2),
                **_aims(data_set),
            }
        )
        _say(f"{data_set.name}: F1 {rows[-1]['f1']}, {rows[-1]['seconds']} s")
    freeze(last)
    return rows


def _aims(data_set: DataSet) -> dict[str, float | None]:
    return {name: getattr(data_set, name) for name in ("floor", "goal", "splink", "goldenmatch")}


def _calibration(job: Job) -> dict[str, Any]:
    """The reliability on the labelled public sets; the curves go to ``calibration.svg``."""
    of_sets = tuple(calibrate(data_set, job.data) for data_set in SETS)
    together = pool(of_sets)
    (_HERE / "calibration.svg").write_text(svg((together, *of_sets)), encoding="utf-8")
    tables = {
        name: [
            {"from": low, "to": high, "pairs": int(pairs), "expected": float(expected), "observed": float(observed)}
            for low, high, pairs, expected, observed in zip(
                EDGES, EDGES[1:], table.pairs, table.expected, table.observed, strict=False
            )
            if pairs
        ]
        for name, table in (("kept", together.kept), ("all", together.all))
    }
    _say(f"calibration: {together.kept.error:.4f} over the pairs kept")
    return {"sets": [one.facts() for one in (together, *of_sets)], "pooled": tables}


def _speed(job: Job) -> list[dict[str, Any]]:
    """Matching beside Splink, each a process of its own, by turns; the least size also with a hub, others once."""
    return [_side_by_side(rows, job, least=rows == job.people[0]) for rows in job.people]


def _side_by_side(rows: int, job: Job, *, least: bool) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        found = Path(folder) / "speed.json"
        command = [sys.executable, "-m", "benchmarks.side_by_side", "--people", str(rows), "--json", str(found)]
        command += ["--rounds", str(job.rounds), "--hub", str(rows // _HUB)] if least else ["--rounds", "1"]
        command += ["--splink-python", job.splink_python] if job.splink_python else []
        subprocess.run(command, check=True, cwd=_HERE.parent)  # noqa: S603  our own command
        facts: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    return facts


def _whole_job(job: Job) -> dict[str, Any]:
    """From exports on disk to the published table and its report."""
    request = Request(rows=job.rows)
    files = whole_job.exports(request, job.folder)
    runs = []
    for turn in range(job.rounds):
        folder = files["truth"].parent / "run"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        config = folder / "guiyi.yaml"
        config.write_text(yaml.safe_dump(whole_job.configuration(files), allow_unicode=True), encoding="utf-8")
        runs.append(whole_job.measure(config))
        _say(f"whole job {turn + 1}: {runs[-1].seconds:.1f} s")
    found = agreement(folder / "guiyi.db", files["truth"])
    middle = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
    return {
        "rows": job.rows,
        "rounds": job.rounds,
        "seconds": round(middle.seconds, 1),
        "peak_gib": round(middle.peak_bytes / 2**30, 2),
        "stages": {name: round(float(taken), 2) for name, taken in middle.facts.get("stages", {}).items()},
        "precision": round(found.precision, 4),
        "recall": round(found.recall, 4),
        "f1": round(found.f1, 4),
    }


PARTS: Final[Mapping[str, Callable[[Job], Any]]] = {
    "accuracy": _accuracy,
    "calibration": _calibration,
    "speed": _speed,
    "whole_job": _whole_job,
}


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="*", choices=tuple(PARTS), default=[])
    parser.add_argument("--splink-python")
    parser.add_argument("--people", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dir", type=Path, default=Path(".bench"), help="where generated exports are kept")
    chosen = parser.parse_args(arguments)
    most = 100_000 if chosen.quick else max(*chosen.people, chosen.rows)
    job = Job(
        data=chosen.data,
        rounds=1 if chosen.quick else 3,
        people=tuple(sorted({min(rows, most) for rows in chosen.people})),
        rows=min(chosen.rows, most),
        splink_python=chosen.splink_python,
        folder=chosen.dir,
    )
    kept = _HERE / "results.json"
    facts = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    facts["machine"] = machine()
    for part in chosen.only or PARTS:
        facts[part] = PARTS[part](job)
        facts["quick"] = sorted({*facts.get("quick", ()), part} if chosen.quick else {*facts.get("quick", ())} - {part})
        kept.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    (_HERE / "RESULTS.md").write_text(page(facts), encoding="utf-8")


if __name__ == "__main__":
    main()
