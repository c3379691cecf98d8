"""``guiyi dedupe`` and ``guiyi evaluate``: duplicates in any files, with no configuration, and how good they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import typer

from matching.evaluate import Evaluation, evaluate
from matching.match import Matched, MatchSettings, match
from matching.model import Model
from pipelines.judgements import by_row, notes, read_judgements
from pipelines.matching_notes import hub_facts, hub_note, warning_facts, warning_notes
from pipelines.model_tables import role_table, rule_table
from pipelines.progress import Narrator
from pipelines.terminal import result_console, result_table
from schemas.errors import UsageError
from schemas.messages import text
from sources.records.headers import looks_like_data
from sources.source import Source
from sources.whole import read_whole

__all__ = ["dedupe_command", "evaluate_command"]

_RULES_TOLD = 12
WRITABLE = (".csv", ".parquet")
_NO_EVIDENCE = frozenset({"ignore", "free_text", "date"})
"""Roles that are not matched on."""


def dedupe_command(
    files: Sequence[str],
    *,
    out: Path,
    model: Path | None,
    ignore: tuple[str, ...],
    threshold: float | None,
    pairs: Path | None,
    as_json: bool,
    judgements: Path | None = None,
) -> None:
    """Read the files as one pool, cluster its rows, write ``file``, ``row`` and ``cluster_id``.

    A row that could not be read (wrong number of cells, …) is a cluster of its own and counted on stderr: no row is
    missing from the output.

    Raises:
        UsageError: A column to ignore is in none of the files, an output has an ending that is not written, or the
            judgements are wrong.
        SourceError: A file cannot be read.
    """
    for path in (out, *([pairs] if pairs else [])):
        if path.suffix.lower() not in WRITABLE:
            raise UsageError("dedupe.ending", path=path, known=", ".join(WRITABLE))
    _keep_inputs(files, [path for path in (out, pairs, model) if path])
    narrator = Narrator()
    with narrator.stage("read"):
        pool, rows = _pool(files)
    unknown = sorted(set(ignore) - set(pool.columns))
    if unknown:
        raise UsageError("dedupe.unknown_column", column=unknown[0], known=", ".join(pool.columns))
    frozen = _model(model)
    judged = by_row(read_judgements(judgements), rows["position"].to_numpy(), judgements) if judgements else None
    with narrator.stage("match") as advance:
        matched = match(
            pool.drop(columns=list(ignore)),
            _match_settings(threshold),
            model=frozen,
            judgements=judged.judgements if judged else None,
            progress=advance,
        )
    with narrator.stage("write"):
        clusters = _all_rows(rows, matched)
        _write(clusters, out)
        if pairs:
            _write(_scored(matched, rows), pairs)
        if model and frozen is None:
            model.write_text(matched.model.to_json(), encoding="utf-8")
    facts = {
        **_counts(clusters, rows, matched),
        "hubs": hub_facts(matched.hubs),
        "warnings": warning_facts(matched.model.warnings),
        "judgements": judged.facts(len(pool)) if judged else None,
        "diagnosis": asdict(matched.diagnosis),
        "seconds": narrator.seconds,
        "out": str(out),
    }
    _tell(facts, matched, as_json=as_json)


def evaluate_command(out: Path, *, truth: Path, truth_column: str, as_json: bool) -> None:
    """Print how well the clusters of ``out`` agree with a column of a file with the same rows.

    Raises:
        UsageError: The column is missing, or the files have different numbers of rows.
    """
    found, known = (read_whole(Source(name=path.stem, path=str(path)))[0].table for path in (out, truth))
    for table, column, path in ((found, "cluster_id", out), (found, "row", out), (known, truth_column, truth)):
        if column not in table.column_names:
            raise UsageError("dedupe.no_column", path=path, column=column, known=", ".join(table.column_names))
    if found.num_rows != known.num_rows:
        raise UsageError("dedupe.rows_differ", out=out, rows=found.num_rows, truth=truth, others=known.num_rows)
    order = pc.sort_indices(found["row"].cast(pa.int64()))
    agreement = evaluate(_codes(found["cluster_id"].take(order)), _codes(known[truth_column]))
    _print_agreement(agreement, as_json=as_json)


def _keep_inputs(files: Sequence[str], outputs: Sequence[Path]) -> None:
    """Refuse to write over what is read."""
    read_from = {Path(file).resolve() for file in files if "://" not in file}
    for path in outputs:
        if path.resolve() in read_from:
            raise UsageError("dedupe.overwrites", path=path)


def _match_settings(threshold: float | None) -> MatchSettings:
    if threshold is None:
        return MatchSettings()
    defaults = MatchSettings()
    return MatchSettings(merge_at=threshold, review_at=min(defaults.review_at, threshold))


def _model(path: Path | None) -> Model | None:
    if path is None or not path.exists():
        return None
    try:
        return Model.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError):
        raise UsageError("dedupe.bad_model", path=path) from None
    except UsageError:
        raise UsageError("dedupe.bad_model", path=path) from None


def _pool(files: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All rows under one another; and of every row its ``file``, ``row`` and ``position`` in the pool (-1: unread)."""
    tables, rows, taken = [], [], 0
    exports = [(path, found) for path in files for found in [read_whole(Source(name="pool", path=path))]]
    named = [(path if len(found) == 1 else each.name, each) for path, found in exports for each in found]
    for path, export in named:
        if looks_like_data(export.detected.header):
            typer.echo(text("dedupe.headerless", path=path), err=True)
        tables.append(export.table)
        lines = np.concatenate([export.lines, pc.fill_null(export.rejected["line"], -1).to_numpy()])
        position = np.concatenate([taken + np.arange(export.table.num_rows), np.full(export.rejected.num_rows, -1)])
        order = np.argsort(lines, kind="stable")
        rows.append(pd.DataFrame({"file": path, "position": position[order]}))
        taken += export.table.num_rows
    pool = pa.concat_tables(tables, promote_options="default")
    every = pd.concat(rows, ignore_index=True)
    every.insert(1, "row", np.arange(len(every)))
    return pool.to_pandas(types_mapper=pd.ArrowDtype), every


def _all_rows(rows: pd.DataFrame, matched: Matched) -> pd.DataFrame:
    """The cluster of every row; unread rows follow with numbers of their own."""
    position = rows["position"].to_numpy()
    unread = position < 0
    cluster = np.empty(len(rows), dtype=np.int64)
    cluster[~unread] = matched.clusters[position[~unread]]
    first = int(matched.clusters.max(initial=-1)) + 1
    cluster[unread] = first + np.arange(unread.sum())
    return pd.DataFrame({"file": rows["file"], "row": rows["row"], "cluster_id": cluster})


def _scored(matched: Matched, rows: pd.DataFrame) -> pd.DataFrame:
    """The scored pairs by row number, with the levels that each comparison reached."""
    read_rows = rows[rows["position"] >= 0].sort_values("position")["row"].to_numpy()
    levels = matched.patterns.to_pandas().set_index("pattern")["levels"]
    pairs = matched.pairs.to_pandas()
    return pd.DataFrame(
        {
            "left_row": read_rows[pairs["left"]],
            "right_row": read_rows[pairs["right"]],
            "match_weight": pairs["match_weight"],
            "match_probability": pairs["match_probability"],
            "levels": levels.reindex(pairs["pattern"]).to_numpy(),
        }
    )


def _write(frame: pd.DataFrame, path: Path) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() == ".parquet":
        pq.write_table(table, path)
    else:
        pyarrow.csv.write_csv(table, path)


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """Integers for the distinct values; a missing one is an entity of its own."""
    encoded = column.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    missing = codes < 0
    codes[missing] = len(encoded.dictionary) + np.arange(missing.sum())
    return np.asarray(codes)


def _counts(clusters: pd.DataFrame, rows: pd.DataFrame, matched: Matched) -> dict[str, Any]:
    entities = int(clusters["cluster_id"].nunique())
    return {
        "rows": len(clusters),
        "unread_rows": int((rows["position"] < 0).sum()),
        "clusters": entities,
        "duplicates": len(clusters) - entities,
        "pairs": matched.pairs.num_rows,
        "model_id": matched.model.model_id,
    }


def _tell(facts: dict[str, Any], matched: Matched, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    if facts["unread_rows"]:
        typer.echo(text("dedupe.unread", rows=facts["unread_rows"]), err=True)
    _tell_choices(matched)
    found = matched.model.warnings
    for note in (*notes(facts["judgements"]), *hub_note(facts["hubs"]), *warning_notes(found)):
        typer.echo(note, err=True)
    if all(role.role in _NO_EVIDENCE for role in matched.roles):
        typer.echo(text("dedupe.nothing_to_go_by"), err=True)
    typer.echo(text("dedupe.done", **{name: facts[name] for name in ("rows", "clusters", "duplicates", "out")}))


def _tell_choices(matched: Matched) -> None:
    """What each column was taken for, and which records were compared because of what."""
    diagnosis, rules = matched.diagnosis, matched.model.rules[:_RULES_TOLD] if matched.diagnosis.rules else ()
    console = result_console(stderr=True)
    console.print(text("dedupe.roles"), role_table(matched.roles, diagnosis), sep="\n")
    if not rules:
        return
    console.print(text("dedupe.rules", pairs=f"{diagnosis.candidates:,}"), rule_table(rules, diagnosis), sep="\n")
    if len(rules) < len(matched.model.rules):
        console.print(text("dedupe.more_rules", count=len(matched.model.rules) - len(rules)))


def _print_agreement(agreement: Evaluation, *, as_json: bool) -> None:
    measures = {
        "pairwise": {
            "precision": agreement.precision,
            "recall": agreement.recall,
            "f1": agreement.f1,
        },
        "b_cubed": {
            "precision": agreement.bcubed_precision,
            "recall": agreement.bcubed_recall,
            "f1": agreement.bcubed_f1,
        },
    }
    if as_json:
        typer.echo(json.dumps(measures))
        return
    table = result_table("", text("dedupe.precision"), text("dedupe.recall"), "F1", right=(1, 2, 3))
    for name, figures in measures.items():
        table.add_row(text(f"dedupe.{name}"), *(f"{figure:.4f}" for figure in figures.values()))
    result_console().print(table)
