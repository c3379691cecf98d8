"""Feeds the parsers of our own with whatever breaks them: ``python -m benchmarks.fuzz TARGET... --minutes 60``.

With atheris (``pip install guiyi[fuzz]``) guided by what the code does with each input, else by hypothesis, which draws
at random and shrinks what it finds. An input that breaks something is written to ``--found``; ``--replay FILE`` runs it
again. What must hold is in `benchmarks.fuzz_targets`.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import multiprocessing
import sys
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["main"]

_SLICE = 300.0
"""Seconds of a process; the next one goes on with the inputs that it found."""


def main() -> None:
    """Fuzz one target after another, each in a process of its own; exit code 1 where one was broken."""
    arguments = _arguments()
    if arguments.replay:
        _targets()[arguments.targets[0]](arguments.replay.read_bytes())
        print("holds")
        return
    broken = [name for name in arguments.targets or list(_targets()) if not _holds(name, arguments)]
    print(f"broken: {', '.join(broken) or 'none'}")
    sys.exit(bool(broken))


def _holds(name: str, arguments: argparse.Namespace) -> bool:
    """Fuzz one target, in slices, for atheris takes ever more memory; whether nothing broke it."""
    run = _guided if importlib.util.find_spec("atheris") else _drawn
    stop = time.monotonic() + 60 * arguments.minutes
    while (seconds := min(_SLICE, stop - time.monotonic())) > 1:
        print(f"{name}: {seconds:.0f} seconds", flush=True)
        process = multiprocessing.get_context("spawn").Process(target=run, args=(name, seconds, arguments.found))
        process.start()
        process.join()
        if process.exitcode:
            return False
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help="which of benchmarks.fuzz_targets; all when absent")
    parser.add_argument("--minutes", type=float, default=1.0, help="for each target")
    parser.add_argument("--found", type=Path, default=Path(".bench/fuzz"), help="where inputs are kept")
    parser.add_argument("--replay", type=Path, help="an input to run again")
    return parser.parse_args()


def _targets() -> dict[str, Callable[[bytes], None]]:
    from benchmarks.fuzz_targets import TARGETS  # noqa: PLC0415  atheris instruments what is imported after it

    return dict(TARGETS)


def _guided(name: str, seconds: float, found: Path) -> None:
    """Atheris: libFuzzer, guided by the branches that an input reaches (https://github.com/google/atheris)."""
    atheris = importlib.import_module("atheris")  # an extra that not every machine has a wheel of
    with atheris.instrument_imports(include=["sources", "benchmarks.fuzz_targets"]):
        target = _targets()[name]
    corpus = found / name
    corpus.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={int(seconds)}", "-max_len=600", "-timeout=300", "-rss_limit_mb=3000", "-print_final_stats=1",
        f"-artifact_prefix={found}/{name}-", "-verbosity=0",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(corpus)], target, internal_libfuzzer=True)
    atheris.Fuzz()


def _drawn(name: str, seconds: float, found: Path) -> None:
    """Hypothesis: batches of examples drawn at random until the time is up."""
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415  needed without atheris only
    from hypothesis import strategies as st  # noqa: PLC0415  the same

    target = _targets()[name]
    tried = 0
    last = b""

    @settings(
        max_examples=2000,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(st.binary(max_size=400))
    def hold(data: bytes) -> None:
        nonlocal tried, last
        tried, last = tried + 1, data
        target(data)

    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        try:
            hold()
        except BaseException:
            found.mkdir(parents=True, exist_ok=True)
            (found / f"{name}-crash").write_bytes(last)
            raise
    print(f"{name}: {tried:,} inputs held")


if __name__ == "__main__":
    main()
