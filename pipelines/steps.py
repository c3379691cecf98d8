"""The steps of a run: each takes the folders of the steps before it and returns its own.

``read`` (each source) ▶ ``match``, with ``stage`` beside it ▶ ``merge`` ▶ ``publish`` ▶ ``report``. They exchange
paths, so that the plain run and Prefect's tasks call the same functions. What there is to decide, they ask the rooms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Engine

from golden_records.identity import Identified, identify
from golden_records.publication import NewPublication, current, read_known, stage_records, staged
from golden_records.publication import publish as publish_staged
from golden_records.runs import Run, SourceCount, record_run
from golden_records.store import open_store, reading, writing
from golden_records.survivorship import survive
from matching.match import match as match_records
from matching.model import Model
from pipelines.failures import safely
from pipelines.parameters import as_source, match_settings, policy
from pipelines.plan import Plan, load_plan, secret_key, utc_now
from pipelines.progress import Advance
from pipelines.reporting import write_report
from pipelines.tables import accepted, accounts, quarantined, warnings
from pipelines.workspace import digest, logic_version, read_facts, read_frame, read_table
from schemas.errors import GateError, InvariantError, SourceError
from schemas.quarantine import conform_quarantine
from schemas.records import ATTRIBUTES
from schemas.validation import matchable, validate
from sources.canonical import raw_rows, to_canonical
from sources.preset import load_preset
from sources.read import read as read_export

__all__ = ["match", "merge", "publish", "read", "report", "stage"]

_NO_EVIDENCE = frozenset({"consent", "ownership", "relation", "time", "extra"})
"""Groups of attributes that say nothing about who a customer is."""
_STAGED = "records.db"
_SETTLED = 2_000
"""Records from which on a trained model is there to stay."""
MATCHED_ON = tuple(attribute.name for attribute in ATTRIBUTES if attribute.group not in _NO_EVIDENCE)


@safely
def read(plan_folder: Path, name: str) -> Path:
    """Read one export and validate it.

    Writes ``accepted`` and ``warnings`` (`schemas.validation`), ``quarantined`` (`schemas.quarantine`), and the
    accounts of the source as facts.

    Raises:
        SourceError: The export cannot be read, or is still being written.
        GateError: Too large a share of its rows is quarantined.
        InvariantError: Rows were lost or doubled on the way.
    """
    plan = load_plan(plan_folder)
    settings = plan.source(name)
    secret = secret_key(plan.settings)
    key = plan.key("read", settings.model_dump(mode="json"), plan.inputs[name], secret.hex())
    if found := plan.workspace.find("read", key):
        return found
    source = as_source(settings, plan.settings)
    export = read_export(source)
    if export.content_hash != plan.inputs[name]:
        raise SourceError("run.changed_while_running", source=name)
    extract = to_canonical(export, source, load_preset(source.preset), key=secret)
    validated = validate(extract.records, today=date.fromisoformat(plan.started_at[:10]))
    refused = validated.quarantined
    refused = refused.assign(raw=pd.array(raw_rows(export, refused["position"].to_numpy()), dtype="string[pyarrow]"))
    quarantined = pd.concat([export.rejected, conform_quarantine(refused)], ignore_index=True)
    counts = {
        "rows_read": export.table.num_rows + len(export.rejected),
        "accepted": len(validated.accepted),
        "quarantined": len(quarantined),
        "superseded": 0,
        "deleted": 0,
        "erased": 0,
        "warned": int(validated.warnings["record_key"].nunique()),
    }
    _keep_accounts(name, counts)
    _keep_gate(plan, name, counts)
    facts = {
        "source": name,
        "department": source.department,
        "file": source.path,
        "content_hash": export.content_hash,
        "format": export.detected.format,
        "encoding": export.detected.encoding,
        "delimiter": export.detected.delimiter,
        "unknown_columns": list(extract.unknown_columns),
        "inferred": dict(extract.inferred),
        **counts,
    }
    tables = {"accepted": validated.accepted, "warnings": validated.warnings, "quarantined": quarantined}
    return plan.workspace.write("read", key, tables, facts)


@safely
def match(plan_folder: Path, read_folders: Sequence[Path], advance: Advance | None = None) -> Path:
    """Find out which accepted records are one customer.

    Writes ``pairs`` and ``patterns`` (`schemas.linkage`), ``clusters`` (one integer a record, in the order of
    `accepted`), and the model as a fact.
    """
    plan = load_plan(plan_folder)
    key = plan.key(
        "match", [folder.name for folder in read_folders], plan.settings.matching.model_dump(mode="json"), plan.model_id
    )
    if found := plan.workspace.find("match", key):
        return found
    records = matchable(accepted(read_folders), warnings(read_folders))
    model = Model.from_json(plan.model) if plan.model else None
    if model is not None and _outgrown(model, len(records)):
        model = None
    matched = match_records(
        records[["kind", *MATCHED_ON]], match_settings(plan.settings.matching), model=model, progress=advance
    )
    tables = {
        "pairs": matched.pairs,
        "patterns": matched.patterns,
        "clusters": pa.table({"cluster": pa.array(matched.clusters)}),
    }
    facts = {
        "model": matched.model.to_json(),
        "model_id": matched.model.model_id,
        "trained": model is None,
        "roles": [asdict(role) for role in matched.roles],
        "blocking": asdict(matched.blocking),
    }
    return plan.workspace.write("match", key, tables, facts)


@safely
def stage(plan_folder: Path, read_folders: Sequence[Path]) -> Path:
    """Have the accepted records, the largest part of a publication, ready for the store while they are being matched.

    Writes no tables but the file that ``publish`` attaches; on a dry run nothing.

    Raises:
        StoreError: It cannot be written.
    """
    plan = load_plan(plan_folder)
    compared = plan.parent is not None
    key = plan.key("stage", [folder.name for folder in read_folders], compared, plan.dry_run)
    if found := plan.workspace.find("stage", key):
        return found

    def fill(path: Path) -> None:
        stage_records(accepted(read_folders), path, compared=compared)

    return plan.workspace.write("stage", key, {}, {}, {} if plan.dry_run else {_STAGED: fill})


@safely
def merge(plan_folder: Path, read_folders: Sequence[Path], matched: Path) -> Path:
    """Give every cluster its golden id and its surviving values.

    Writes ``crosswalk``, ``events``, ``aliases`` and ``customers`` (`schemas.golden`).

    Raises:
        GateError: Too large a share of yesterday's customers would vanish.
    """
    plan = load_plan(plan_folder)
    survivorship = plan.settings.survivorship.model_dump(mode="json")
    trust = {source.name: source.trust for source in plan.settings.sources}
    key = plan.key("merge", matched.name, plan.parent, survivorship, trust)
    if found := plan.workspace.find("merge", key):
        return found
    records = accepted(read_folders)
    members = pd.DataFrame(
        {"record_key": records["record_key"], "cluster": read_table(matched, "clusters")["cluster"].to_numpy()}
    )
    engine = open_store(plan.settings.store_url)
    with reading(engine) as connection:
        known = read_known(connection)
    engine.dispose()
    identified = identify(members, known)
    golden = survive(
        records,
        identified.crosswalk,
        policy=policy(plan.settings.survivorship),
        trust=trust,
        warnings=warnings(read_folders),
    )
    _keep_sources(plan, read_folders, known.crosswalk)
    _keep_retired(plan, identified.counts, known.crosswalk["golden_id"].nunique())
    tables = {
        "crosswalk": identified.crosswalk,
        "events": identified.events,
        "aliases": identified.aliases,
        "customers": golden.customers,
    }
    return plan.workspace.write("merge", key, tables, {"changes": identified.counts})


@safely
def publish(plan_folder: Path, read_folders: Sequence[Path], matched: Path, merged: Path, waiting: Path) -> Path:
    """Publish the customer table and its Parquet snapshot in one transaction; on a dry run, only say what would change.

    Writes no tables; its facts are ``status`` (published, same or dry_run), ``publication`` and ``snapshot``.

    Raises:
        InvariantError: Records were lost or doubled on the way.
        LockedError: Another process is writing to the store.
        StoreError: The store cannot be written.
    """
    plan = load_plan(plan_folder)
    new = _new_publication(plan, read_folders, matched, merged)
    engine = open_store(plan.settings.store_url)
    try:
        if plan.dry_run:
            with writing(engine) as connection:
                record_run(connection, replace(new.run, status="dry_run"), new.sources, publication_id=plan.parent)
            facts = {"status": "dry_run", "publication": plan.parent, "snapshot": None}
        else:
            facts = _publish(engine, new, waiting / _STAGED)
    finally:
        engine.dispose()
    return plan.workspace.write("publish", plan.run_id, {}, facts)


@safely
def report(
    plan_folder: Path,
    read_folders: Sequence[Path],
    matched: Path,
    merged: Path,
    published: Path,
    seconds: Mapping[str, float],
) -> Path:
    """Write the merge report; returns its path."""
    plan = load_plan(plan_folder)
    return write_report(plan, read_folders, matched, merged, read_facts(published), seconds)


def _new_publication(plan: Plan, read_folders: Sequence[Path], matched: Path, merged: Path) -> NewPublication:
    made = read_facts(matched)
    now = utc_now()
    inputs_hash = plan.inputs_hash(made["model_id"])
    plan_hash = digest(plan.parent, inputs_hash)
    return NewPublication(
        run=Run(
            run_id=plan.run_id,
            started_at=plan.started_at,
            finished_at=now,
            logic_version=logic_version(),
            plan_hash=plan_hash,
        ),
        sources=tuple(
            SourceCount(**{name: account[name] for name in SourceCount.__dataclass_fields__})
            for account in accounts(read_folders)
        ),
        parent_id=plan.parent,
        published_at=now,
        records=accepted(read_folders),
        identified=Identified(
            crosswalk=read_frame(merged, "crosswalk"),
            events=read_frame(merged, "events"),
            aliases=read_frame(merged, "aliases"),
        ),
        customers=read_frame(merged, "customers"),
        quarantine=quarantined(read_folders),
        warnings=warnings(read_folders),
        pairs=read_table(matched, "pairs"),
        patterns=read_table(matched, "patterns"),
        plan_hash=plan_hash,
        inputs_hash=inputs_hash,
        model_id=made["model_id"],
        model=made["model"],
        snapshot=str(plan.settings.at(plan.settings.snapshots)),
    )


def _publish(engine: Engine, new: NewPublication, records: Path) -> dict[str, Any]:
    """Publish, unless this very run has already: a repeated step finds what the first one committed."""
    with reading(engine) as connection:
        before = current(connection)
    if before is not None and before.run_id == new.run.run_id:
        return {"status": "published", "publication": before.publication_id, "snapshot": before.snapshot}
    with staged(engine, new, records) as ready, writing(engine, ready.files) as connection:
        published = publish_staged(connection, publication=ready)
        after = current(connection)
    status = "published" if published.changed else "same"
    return {"status": status, "publication": published.publication_id, "snapshot": after.snapshot if after else None}


def _keep_accounts(source: str, counts: dict[str, int]) -> None:
    fates = ("accepted", "quarantined", "superseded", "deleted", "erased")
    if counts["rows_read"] != sum(counts[fate] for fate in fates):
        raise InvariantError("run.rows_lost", source=source, rows=counts["rows_read"], kept=counts["accepted"])


def _keep_gate(plan: Plan, source: str, counts: dict[str, int]) -> None:
    limit = plan.settings.gates.quarantined_share
    share = counts["quarantined"] / max(counts["rows_read"], 1)
    if limit is not None and share > limit:
        raise GateError("run.gate_quarantined", source=source, share=f"{share:.1%}", limit=f"{limit:.1%}")


def _outgrown(model: Model, records: int) -> bool:
    """Whether a model is provisional: trained on few records where there are now at least twice as many.

    What a handful of records taught is no ground for judging thousands (``docs/decisions/0006-provisional-models.md``).
    """
    return model.records < _SETTLED and records >= 2 * max(model.records, 1)


def _keep_sources(plan: Plan, read_folders: Sequence[Path], crosswalk: pd.DataFrame) -> None:
    if plan.settings.gates.empty_source == "allow":
        return
    for account in accounts(read_folders):
        source = account["source"]
        if account["accepted"] == 0 and crosswalk["record_key"].str.startswith(f"{source}:").any():
            raise GateError("run.gate_empty", source=source)


def _keep_retired(plan: Plan, changes: dict[str, int], customers: int) -> None:
    limit = plan.settings.gates.retired_share
    share = changes.get("retired", 0) / max(customers, 1)
    if limit is not None and share > limit:
        raise GateError("run.gate_retired", share=f"{share:.1%}", limit=f"{limit:.1%}")
