"""The whole job on generated exports: from files on disk to a published customer table and its report.

``python -m benchmarks.whole_job --rows N [--dir DIR] [--language …] [--kind …] [--seed S]`` generates the exports (kept
in DIR, ``.bench`` by default, for the next time), runs ``guiyi run CONFIG --no-prefect --json`` on an empty store in a
process of its own, and prints the wall-clock seconds, the peak memory, the share of each stage, and how far the
published table agrees with the truth.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.agreement import agreement
from benchmarks.generate import Request, generate

__all__ = ["Measured", "configuration", "exports", "main", "measure"]

_HOUSE = Path(__file__).parents[1]
_SYSTEMS: dict[str, dict[str, Any]] = {
    "sales": {"department": "sales", "preset": "zoho_contacts", "trust": 1},
    "accounts": {"department": "sales", "preset": "fxiaoke_customers", "trust": 1, "country": "CN"},
    "service": {"department": "service", "preset": "zendesk_users", "trust": 2},
    "marketing": {"department": "marketing", "preset": "mailchimp_audience", "trust": 3},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run, measured from outside.

    Args:
        seconds: Wall clock, from starting the process to its end.
        peak_bytes: The largest resident set of the process, or of any of its own that it waited for.
        facts: What ``guiyi run --json`` printed.
    """

    seconds: float
    peak_bytes: int
    facts: dict[str, Any]


def exports(request: Request, folder: Path) -> dict[str, Path]:
    """The files of a request by source, and ``truth``: made once, and again when the generator has changed.

    Args:
        request: What to generate.
        folder: Where sets are kept, each in a folder of its own.
    """
    name = f"{request.rows}-{request.language}-{request.kind}-{request.seed}-{_version()}"
    index = folder / name / "files.json"
    if not index.exists():
        files = generate(request, folder / name)
        index.write_text(json.dumps({source: path.name for source, path in files.items()}), encoding="utf-8")
    return {source: folder / name / file for source, file in json.loads(index.read_text(encoding="utf-8")).items()}


def _version() -> str:
    """Changes with every change of the generator's code and words."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in [here / "generate.py", *sorted((here / "synthetic").glob("*.[py]*"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def configuration(files: dict[str, Path]) -> dict[str, Any]:
    """A configuration of guiyi for the exports, as the keys of its YAML file."""
    sources = [
        {"name": source, "path": str(files[source].resolve()), **keys}
        for source, keys in _SYSTEMS.items()
        if source in files
    ]
    return {"sources": sources, "store": "guiyi.db", "report": "report.html", "snapshots": "parquet"}


def measure(config: Path) -> Measured:
    """Run the job in a process of its own.

    Args:
        config: The configuration's file.

    Raises:
        RuntimeError: The job failed; what it said is on stderr.
    """
    command = [sys.executable, "-c", "import sys; from pipelines.cli import main; sys.exit(main())"]
    output = config.with_suffix(".json")
    start = time.perf_counter()
    with output.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  our own command
            [*command, "run", str(config), "--no-prefect", "--json"], stdout=out, cwd=_HOUSE
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"guiyi run ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    facts = json.loads(output.read_text(encoding="utf-8"))
    return Measured(seconds=seconds, peak_bytes=usage.ru_maxrss * unit, facts=facts)


def _print(request: Request, measured: Measured, truth: Path, store: Path) -> None:
    facts = measured.facts
    print(f"whole job, {request.rows:,} records ({request.language}, {request.kind}, seed {request.seed})")
    print(f"  wall     {measured.seconds:8.1f} s")
    print(f"  peak     {measured.peak_bytes / 2**30:8.2f} GiB")
    stages = {name: float(seconds) for name, seconds in facts.get("stages", {}).items()}
    stages["start and end"] = measured.seconds - sum(stages.values())
    for name, seconds in stages.items():
        print(f"    {name:<14}{seconds:8.2f} s  {100 * seconds / measured.seconds:5.1f} %")
    print(f"  customers {facts.get('customers', 0):,} from {facts.get('records', 0):,} records")
    found = agreement(store, truth)
    print(f"  truth    precision {found.precision:.4f}  recall {found.recall:.4f}  F1 {found.f1:.4f}")
    print(f"           {found.missed:,} good records missed, {found.let_through:,} bad ones let through")


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_job", description="The whole job, measured.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="records over all exports")
    parser.add_argument("--dir", type=Path, default=Path(".bench"), help="where exports and results are kept")
    parser.add_argument("--language", choices=("en", "zh", "mixed"), default="mixed")
    parser.add_argument("--kind", choices=("person", "company", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    request = Request(rows=chosen.rows, language=chosen.language, kind=chosen.kind, seed=chosen.seed)
    files = exports(request, chosen.dir)
    folder = files["truth"].parent / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    config = folder / "guiyi.yaml"
    config.write_text(yaml.safe_dump(configuration(files), allow_unicode=True, sort_keys=False), encoding="utf-8")
    _print(request, measure(config), files["truth"], folder / "guiyi.db")


if __name__ == "__main__":
    main()
