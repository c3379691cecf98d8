"""Matching beside Splink: the same people, each a process of its own, by turns, start-up and writing included.

``python -m benchmarks.side_by_side --people N [--rounds R] [--splink-python PATH] [--hub K] [--json FILE]`` makes N
records (`benchmarks.synthetic.population`), or takes ``--file PEOPLE.parquet`` with the same columns and the truth in
``person`` or ``cluster``. Prints median seconds, greatest peak memory and pairwise F1 of each, and guiyi's share of
Splink's. guiyi has no configuration; Splink has the settings of ``benchmarks/splink_people.py``, and is left out where
no interpreter that has it is named. ``--hub K`` also measures the people with one phone on K of them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from benchmarks.synthetic.population import population
from matching.evaluate import evaluate

__all__ = ["Side", "main", "measure"]

_HOUSE = Path(__file__).parents[1]
_TRUTH = ("person", "cluster")
_SILENT = ("person", "cluster", "source", "unique_id")
_GUIYI = "import sys; from pipelines.cli import main; sys.exit(main())"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one of them did.

    Args:
        seconds: Median wall clock of the whole process.
        times: Of each round.
        peak_gib: Greatest resident set of any round.
        precision: Pairwise, after clustering.
        recall: Likewise.
        f1: Likewise.
    """

    seconds: float
    times: tuple[float, ...]
    peak_gib: float
    precision: float
    recall: float
    f1: float


def measure(people: Path, rounds: int = 3, splink_python: str | None = None) -> dict[str, Side]:
    """Runs each by turns.

    Args:
        people: A Parquet file with the columns of `population`, the truth in ``person`` or ``cluster``.
        rounds: How often each runs.
        splink_python: An interpreter with splink; None leaves it out.

    Returns:
        ``guiyi`` and, where it was run, ``splink``.

    Raises:
        RuntimeError: One of them failed; what it said is on stderr.
    """
    names = set(pq.read_schema(people).names)
    truth = _codes(people, next(name for name in _TRUTH if name in names))
    commands = {"guiyi": [sys.executable, "-c", _GUIYI, "dedupe", str(people), "--out"]}
    ignored = [part for name in _SILENT if name in names for part in ("--ignore", name)]
    if splink_python:
        commands["splink"] = [splink_python, str(Path(__file__).with_name("splink_people.py")), str(people)]
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    agreed = {}
    with TemporaryDirectory() as folder:
        for _ in range(rounds):
            for name, command in commands.items():
                out = Path(folder) / f"{name}.parquet"
                runs[name].append(_run([*command, str(out), *(ignored if name == "guiyi" else [])]))
                agreed[name] = evaluate(_clusters(out), truth)
    return {
        name: Side(
            seconds=round(statistics.median(seconds for seconds, _ in done), 2),
            times=tuple(round(seconds, 2) for seconds, _ in done),
            peak_gib=round(max(peak for _, peak in done), 2),
            precision=round(agreed[name].precision, 4),
            recall=round(agreed[name].recall, 4),
            f1=round(agreed[name].f1, 4),
        )
        for name, done in runs.items()
    }


def _run(command: Sequence[str]) -> tuple[float, float]:
    """Seconds and peak memory (GiB) of a process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=_HOUSE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603  our own commands
    assert process.stderr is not None  # noqa: S101  a pipe was asked for
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.buffer.write(said)
        raise RuntimeError(f"{Path(command[0]).name} ended with {process.returncode}")
    return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 2**30


def _clusters(out: Path) -> npt.NDArray[np.int64]:
    found = pq.read_table(out, columns=["row", "cluster_id"])
    codes = np.asarray(found["cluster_id"].combine_chunks().dictionary_encode().indices, dtype=np.int64)
    return codes[np.argsort(found["row"].to_numpy())]


def _codes(people: Path, column: str) -> npt.NDArray[np.int64]:
    column_of = pq.read_table(people, columns=[column])[column].combine_chunks()
    return np.asarray(column_of.dictionary_encode().indices, dtype=np.int64)


def _facts(sides: dict[str, Side], rows: int, hub: int) -> dict[str, Any]:
    """Everything that was measured, for a machine to read."""
    tools = {name: asdict(side) for name, side in sides.items()}
    facts: dict[str, Any] = {"rows": rows, "rounds": len(sides["guiyi"].times), "hub": hub, "tools": tools}
    if "splink" in sides:
        ours, theirs = sides["guiyi"], sides["splink"]
        facts["time_ratio"] = round(ours.seconds / theirs.seconds, 3)
        facts["memory_ratio"] = round(ours.peak_gib / theirs.peak_gib, 3)
    return facts


def _print(facts: dict[str, Any]) -> None:
    print(f"{facts['rows']:,} people" + (f", one phone on {facts['hub']:,} of them" if facts["hub"] else ""))
    print(f"{'':10}{'median s':>10}{'peak GiB':>10}{'prec':>8}{'recall':>8}{'F1':>8}   rounds")
    for name, side in facts["tools"].items():
        times = " ".join(f"{seconds:.1f}" for seconds in side["times"])
        print(
            f"{name:10}{side['seconds']:10.1f}{side['peak_gib']:10.2f}{side['precision']:8.4f}"
            f"{side['recall']:8.4f}{side['f1']:8.4f}   {times}"
        )
    if "time_ratio" in facts:
        print(f"{'ratio':10}{facts['time_ratio']:10.3f}{facts['memory_ratio']:10.3f}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    """Prints the table, and writes it as JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000, help="records to make")
    parser.add_argument("--file", type=Path, help="records at hand")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--splink-python", help="an interpreter that has splink")
    parser.add_argument("--hub", type=int, default=0, help="also measure with one phone on so many records")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        people = options.file or Path(folder) / "people.parquet"
        if not options.file:
            pq.write_table(population(options.people), people)
        rows = pq.read_metadata(people).num_rows
        found = _facts(measure(people, options.rounds, options.splink_python), rows, 0)
        _print(found)
        if options.hub:
            crowded = Path(folder) / "hub.parquet"
            pq.write_table(population(options.people, hub=options.hub), crowded)
            with_hub = _facts(measure(crowded, options.rounds), options.people, options.hub)
            found["with_hub"] = with_hub
            found["hub_ratio"] = round(with_hub["tools"]["guiyi"]["seconds"] / found["tools"]["guiyi"]["seconds"], 3)
            _print(with_hub)
            print(f"{'ratio':10}{found['hub_ratio']:10.3f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
