"""Splink's side of `benchmarks.side_by_side`: settings as someone who knows it well would write them for such people.

``PYTHON splink_people.py PEOPLE.parquet OUT.parquet`` with an interpreter that has splink ≥ 5 (extra ``bench``). OUT
has ``row`` and ``cluster_id``, as that of ``guiyi dedupe``. Only Splink and what it brings is imported.
"""

from __future__ import annotations

import logging
import sys
import warnings

import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BORN = "birth_date"
WITHOUT = ("person", "cluster", "source", "unique_id")


def main(people: str, out: str) -> None:
    """Reads, trains, predicts, clusters and writes."""
    frame = pd.read_parquet(people)
    frame = frame.drop(columns=[name for name in WITHOUT if name in frame]).rename(columns={"dob": BORN})
    frame.insert(0, "unique_id", range(len(frame)))
    linker = Linker(DuckDBAPI().register(frame), settings())
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("email"), block_on("given", "surname", BORN)], recall=0.7
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6 if len(frame) < 200_000 else 5e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("surname", BORN))
    training.estimate_parameters_using_expectation_maximisation(block_on("phone"))
    pairs = linker.inference.predict(threshold_match_probability=0.5)
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.9).as_pandas_dataframe()
    found[["unique_id", "cluster_id"]].rename(columns={"unique_id": "row"}).to_parquet(out)


def settings() -> SettingsCreator:
    """Comparisons and blocking rules."""
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("surname", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds(BORN, [1, 2]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("postcode", [1]),
            cl.JaroWinklerAtThresholds("street", [0.9]),
            cl.LevenshteinAtThresholds("phone", [1, 2]),
            cl.JaroWinklerAtThresholds("email", [0.92]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("email"),
            block_on("phone"),
            block_on("surname", BORN),
            block_on("given", BORN),
            block_on("street", "postcode"),
            block_on("given", "surname", "postcode"),
            block_on("substr(given, 1, 3)", "substr(surname, 1, 4)", "city"),
        ],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    main(*sys.argv[1:])
