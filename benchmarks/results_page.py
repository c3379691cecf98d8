"""``RESULTS.md`` from what `benchmarks.results` measured."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from benchmarks.calibration import LEAST

__all__ = ["page"]

_SHOWN: Final = ("pairs", "error", "worst")


def page(facts: Mapping[str, Any]) -> str:
    """``RESULTS.md`` from what was measured; parts that were not are left out."""
    writers: tuple[tuple[str, Callable[[Any], Iterable[str]]], ...] = (
        ("machine", _machine_lines),
        ("accuracy", _accuracy_lines),
        ("calibration", _calibration_lines),
        ("speed", _speed_lines),
        ("whole_job", _whole_job_lines),
    )
    lines = ["# Results", "", "Written by `python -m benchmarks.results --data DIR`; not by hand.", ""]
    if facts.get("quick"):
        lines += [
            "**A quick look: the times of these parts are not to be quoted:** " + ", ".join(facts["quick"]) + ".",
            "",
        ]
    for part, write in writers:
        if part in facts:
            lines += [*write(facts[part]), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _machine_lines(machine: Mapping[str, Any]) -> Iterable[str]:
    libraries = ", ".join(f"{name} {found}" for name, found in machine["libraries"].items())
    yield from _paragraph(
        f"Measured {machine['measured']} on {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['system']}, Python {machine['python']}: {libraries}. Times move "
        "with the machine: compare figures of one page only."
    )


def _accuracy_lines(rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    yield "## Accuracy with no configuration"
    yield ""
    yield from _paragraph(
        "Pairwise after clustering, rows shuffled, the same defaults for every set; `benchmarks/accuracy.py` says "
        "where each comes from and how it is read. Splink 5 runs with the settings of its own published examples, "
        "GoldenMatch 3.22 with none. The *generated* sets are made by `benchmarks.generate`: small, and no measure of "
        "real data."
    )
    yield ""
    heads = (
        "set",
        "rows",
        "precision",
        "recall",
        "F1",
        "B-cubed F1",
        "floor",
        "goal",
        "Splink",
        "GoldenMatch",
        "pairs",
    )
    yield from _table((*heads, "seconds"), (_accuracy_cells(row) for row in rows))


def _accuracy_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    aims = (row["floor"], row["goal"], row["splink"], row["goldenmatch"])
    figures = (row["precision"], row["recall"], row["f1"], row["bcubed_f1"])
    return (
        row["set"].replace("_", " "),
        f"{row['records']:,}",
        *(f"{figure:.4f}" for figure in figures),
        *("" if aim is None else f"{aim:g}" for aim in aims),
        f"{row['candidate_pairs']:,}",
        f"{row['seconds']:.1f}",
    )


def _calibration_lines(facts: Mapping[str, Any]) -> Iterable[str]:
    yield "## Calibration"
    yield ""
    yield from _paragraph(
        "Match probabilities before clustering against the truth. *Kept* are the pairs from `review_at` on, *all* "
        "every candidate pair. ECE is the expected calibration error (Naeini et al. 2015), *worst* the greatest gap of "
        f"a bin with {LEAST} pairs or more. Pooled, a pair counts the same whichever set it is from."
    )
    yield ""
    yield "![Reliability curves](calibration.svg)"
    yield ""
    rows = (
        (
            one["set"],
            *(f"{one[w][f]:,}" if f == "pairs" else f"{one[w][f]:.4f}" for w in ("kept", "all") for f in _SHOWN),
        )
        for one in facts["sets"]
    )
    yield from _table(("set", "kept pairs", "ECE", "worst", "all pairs", "ECE", "worst"), rows)
    yield ""
    bins = (
        (f"{b['from']:g} – {b['to']:g}", f"{b['pairs']:,}", f"{b['expected']:.3f}", f"{b['observed']:.3f}")
        for b in facts["pooled"]["all"]
    )
    yield from _table(("probability, pooled", "pairs", "predicted", "observed"), bins)


def _speed_lines(sizes: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    yield "## Speed beside Splink"
    yield ""
    yield from _paragraph(
        "Generated people, from a Parquet file to clusters on disk; whole processes by turns, medians. guiyi has no "
        "configuration, Splink 5 on DuckDB has settings as an expert would write them (`benchmarks/splink_people.py`)."
    )
    yield ""
    rows = (
        (f"{facts['rows']:,}", name, f"{one['seconds']:.1f}", *_ratio(facts, name), str(len(one["times"])))
        for facts in sizes
        for name, one in facts["tools"].items()
    )
    yield from _table(("records", "", "seconds", "of Splink's", "peak GiB", "F1", "rounds"), rows)
    hubs = [facts for facts in sizes if "with_hub" in facts]
    for facts in hubs:
        yield ""
        yield from _paragraph(
            f"With one phone on {facts['with_hub']['hub']:,} of the {facts['rows']:,} records guiyi takes "
            f"{facts['hub_ratio']:.2f} times as long."
        )
    if len(sizes) > 1:
        yield ""
        first, last = (facts["tools"]["guiyi"]["seconds"] for facts in (sizes[0], sizes[-1]))
        grown = math.log(last / first) / math.log(sizes[-1]["rows"] / sizes[0]["rows"])
        yield f"From {sizes[0]['rows']:,} to {sizes[-1]['rows']:,} records its time grows like rows^{grown:.2f}."


def _ratio(facts: Mapping[str, Any], name: str) -> tuple[str, str, str]:
    one, splink = facts["tools"][name], facts["tools"].get("splink")
    ratio = f"{one['seconds'] / splink['seconds']:.2f}" if splink else ""
    return ratio, f"{one['peak_gib']:.2f}", f"{one['f1']:.4f}"


def _whole_job_lines(facts: Mapping[str, Any]) -> Iterable[str]:
    yield "## The whole job"
    yield ""
    yield from _paragraph(
        f"{facts['rows']:,} generated records, from four exports on disk to the published store, its Parquet snapshot "
        f"and the merge report: **{facts['seconds']} s**, {facts['peak_gib']} GiB, precision {facts['precision']:.4f}, "
        f"recall {facts['recall']:.4f}, F1 {facts['f1']:.4f} (median of {facts['rounds']})."
    )
    yield ""
    rest = facts["seconds"] - sum(facts["stages"].values())
    stages = {**facts["stages"], "start and end": rest}
    rows = ((name, f"{taken:.1f}", f"{taken / facts['seconds']:.0%}") for name, taken in stages.items())
    yield from _table(("stage", "seconds", "share"), rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _paragraph(words: str) -> list[str]:
    return textwrap.wrap(words, width=110, break_long_words=False, break_on_hyphens=False)
