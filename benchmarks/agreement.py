"""How far a published customer table agrees with the truth of generated exports."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

__all__ = ["Agreement", "agreement", "pairwise"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Figures of one publication.

    Args:
        precision: Of the pairs of records under one golden id, the share that are one entity.
        recall: Of the pairs of records of one entity, the share under one golden id.
        f1: Their harmonic mean.
        records: Records compared: accepted ones that the truth knows.
        missed: Records that the truth calls good and the store does not hold.
        let_through: Records that the truth wants in quarantine and the store accepted.
    """

    precision: float
    recall: float
    f1: float
    records: int
    missed: int
    let_through: int


def agreement(store: Path, truth: Path) -> Agreement:
    """Compare the current publication of an SQLite store with a ``truth.csv``.

    Args:
        store: The store; its views ``record`` and ``crosswalk`` are read.
        truth: Columns source, source_id, line, entity, corruptions (see `benchmarks.generate`).
    """
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        query = "SELECT source, line, golden_id FROM record JOIN crosswalk USING (record_key)"
        published = pd.read_sql_query(query, connection)
    expected = pd.read_csv(truth, dtype={"entity": str, "source": str, "source_id": str}, keep_default_na=False)
    doubled = expected["corruptions"] == "quarantine:duplicate_id"
    ids = pd.MultiIndex.from_frame(expected[["source", "source_id"]])
    older = ids.isin(ids[doubled]) & ~doubled  # of equal rows with one id the last stands
    bad = expected["corruptions"].str.startswith("quarantine:") & ~doubled | older
    joined = expected.assign(bad=bad).merge(published, on=["source", "line"], how="left", validate="one_to_one")
    there = joined["golden_id"].notna()
    both = joined[there & ~joined["bad"]]
    precision, recall, f1 = pairwise(both["golden_id"], both["entity"])
    return Agreement(
        precision=precision,
        recall=recall,
        f1=f1,
        records=len(both),
        missed=int((~there & ~joined["bad"]).sum()),
        let_through=int((there & joined["bad"]).sum()),
    )


def pairwise(found: pd.Series[str], true: pd.Series[str]) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1 of one partition of N records against another.

    Example:
        >>> pairwise(pd.Series(["a", "a", "b", "b"]), pd.Series(["x", "x", "x", "y"]))
        (0.5, 0.3333333333333333, 0.4)
    """
    found_code, true_code = pd.factorize(found)[0].astype(np.int64), pd.factorize(true)[0].astype(np.int64)
    together = _pairs(found_code * (true_code.max(initial=0) + 1) + true_code)
    inside, truly = _pairs(found_code), _pairs(true_code)
    precision = together / inside if inside else 1.0
    recall = together / truly if truly else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if together else 0.0


def _pairs(codes: np.typing.NDArray[np.int64]) -> int:
    """How many pairs of positions carry the same code."""
    sizes = np.unique(codes, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())
