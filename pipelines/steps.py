"""The steps of a run: each takes the folders of the steps before it and returns its own.

``read`` (each source) ▶ ``carry`` ▶ ``match``, with ``stage`` beside it ▶ ``merge`` ▶ ``publish`` ▶ ``report``. They
exchange paths, so that the plain run and Prefect's tasks call the same functions. What there is to decide, they ask the
rooms. The folders of ``read``, and that of ``carry`` after them, go on together (`pipelines.tables`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
from sqlalchemy import Engine

from golden_records.identity import Identified, identify
from golden_records.publication import NewPublication, current, read_known, stage_records, staged
from golden_records.publication import publish as publish_staged
from golden_records.runs import Run, SourceCount, SourceFile, record_run
from golden_records.store import open_store, reading, writing
from golden_records.survivorship import survive
from matching.match import match as match_records
from matching.model import Model
from pipelines.accounts import account_facts, keep_quarantine
from pipelines.carrying import carried_of
from pipelines.decisions import decided, judged_pairs
from pipelines.failures import safely
from pipelines.gates import keep_accounts, keep_gates, keep_retired, keep_sources
from pipelines.inputs import intake
from pipelines.intake import take_in
from pipelines.matching_notes import warning_facts
from pipelines.parameters import match_settings, policy
from pipelines.plan import Plan, load_plan, secret_key, utc_now
from pipelines.progress import Advance
from pipelines.reporting import write_report
from pipelines.tables import accepted, accounts, quarantined, warnings
from pipelines.workspace import digest, logic_version, read_facts, read_frame, read_table
from schemas.contracts import RECORDS, held
from schemas.records import ATTRIBUTES
from schemas.validation import matchable
from sources.quarantine.corrections import Corrections

__all__ = ["carry", "match", "merge", "publish", "read", "report", "stage"]

_NO_EVIDENCE = frozenset({"consent", "ownership", "relation", "time", "extra"})
"""Groups of attributes that say nothing about who a customer is."""
_STAGED = "records.db"
_SETTLED = 2_000
"""Records from which on a trained model is there to stay."""
_Kind = TypeVar("_Kind", SourceCount, SourceFile)
MATCHED_ON = tuple(attribute.name for attribute in ATTRIBUTES if attribute.group not in _NO_EVIDENCE)


@safely
def read(plan_folder: Path, name: str) -> Path:
    """Read a source and validate it.

    Writes ``accepted`` and ``warnings`` (`schemas.validation`), ``quarantined`` (`schemas.quarantine`), ``deleted`` and
    ``refused`` (record keys), the source's quarantine file, and its account as facts.

    Raises:
        SourceError: An export cannot be read, or is still being written.
        GateError: Too large a share of its rows is quarantined, or breaks a rule.
        InvariantError: Rows were lost or doubled on the way.
    """
    plan = load_plan(plan_folder)
    settings, frozen, secret = plan.source(name), plan.inputs[name], secret_key(plan.settings)
    job = intake(
        settings,
        plan.settings,
        inputs=frozen.files,
        secret=secret,
        today=date.fromisoformat(plan.started_at[:10]),
        corrections=Corrections.load(plan.settings.at(plan.settings.quarantine), name),
    )
    names = [file.name for file in frozen.files]
    relations = dict(job.source.relations)
    key = plan.key("read", settings.model_dump(mode="json"), frozen.digest, names, relations, secret.hex())
    if found := plan.workspace.find("read", key):
        return found
    with plan.workspace.drafting("read", key) as draft:
        account = take_in(job, draft)
        draft.facts = account_facts(account, job.source)
        keep_quarantine(plan.settings, job.source, account, draft.table("quarantined"), job.corrections)
        keep_accounts(name, account)
        keep_gates(settings, plan.settings.gates, account)
    return draft.path


@safely
def carry(plan_folder: Path, read_folders: Sequence[Path]) -> Path:
    """Find what stays current of earlier runs: what a delta does not name, and records whose new row was refused.

    Writes ``accepted`` and ``warnings`` as ``read`` does, of the records carried forward; ``replaced``: keys of rows
    that are older than what the store has; and as facts how many there are of each source.
    """
    plan = load_plan(plan_folder)
    key = plan.key("carry", [folder.name for folder in read_folders], plan.parent)
    if found := plan.workspace.find("carry", key):
        return found
    engine = open_store(plan.settings.store_url)
    with reading(engine) as connection:
        carried = [carried_of(connection, plan, folder) for folder in read_folders]
    engine.dispose()
    tables = {
        "accepted": pd.concat([each.records for each in carried], ignore_index=True),
        "warnings": pd.concat([each.warnings for each in carried], ignore_index=True),
        "replaced": pa.table({"record_key": pa.chunked_array([each.replaced for each in carried], pa.string())}),
    }
    facts = {
        each.source: {
            "replaced": len(each.replaced),
            "outdated": each.outdated,
            "carried": len(each.records),
            "absent": each.absent,
        }
        for each in carried
    }
    return plan.workspace.write("carry", key, tables, facts)


@safely
def match(plan_folder: Path, folders: Sequence[Path], advance: Advance | None = None) -> Path:
    """Find out which accepted records are one customer.

    Writes ``pairs`` and ``patterns`` (`schemas.linkage`), ``clusters`` (one integer a record, in the order of
    `accepted`), and the model as a fact.
    """
    plan = load_plan(plan_folder)
    matching = plan.settings.matching.model_dump(mode="json")
    key = plan.key("match", [folder.name for folder in folders], matching, plan.model_id, plan.judgements)
    if found := plan.workspace.find("match", key):
        return found
    records = matchable(held(RECORDS, accepted(folders)), warnings(folders))
    model = Model.from_json(plan.model) if plan.model else None
    if model is not None and _outgrown(model, len(records)):
        model = None
    judged = judged_pairs(plan, records)
    matched = match_records(
        records[["kind", *MATCHED_ON]],
        match_settings(plan.settings.matching),
        model=model,
        judgements=decided(judged, records),
        progress=advance,
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
        "judgements": judged.facts(len(records)) if judged else None,
        "warnings": warning_facts(matched.model.warnings),
        "hubs": [{**asdict(hub), "code": hub.code} for hub in matched.hubs],
        "roles": [asdict(role) for role in matched.roles],
        "diagnosis": asdict(matched.diagnosis),
    }
    return plan.workspace.write("match", key, tables, facts)


@safely
def stage(plan_folder: Path, folders: Sequence[Path]) -> Path:
    """Have the accepted records, the largest part of a publication, ready for the store while they are being matched.

    Writes no tables but the file that ``publish`` attaches; on a dry run nothing.

    Raises:
        StoreError: It cannot be written.
    """
    plan = load_plan(plan_folder)
    compared = plan.parent is not None
    key = plan.key("stage", [folder.name for folder in folders], compared, plan.dry_run)
    if found := plan.workspace.find("stage", key):
        return found

    def fill(path: Path) -> None:
        stage_records(accepted(folders), path, compared=compared)

    return plan.workspace.write("stage", key, {}, {}, {} if plan.dry_run else {_STAGED: fill})


@safely
def merge(plan_folder: Path, folders: Sequence[Path], matched: Path) -> Path:
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
    records = accepted(folders)
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
        warnings=warnings(folders),
    )
    keep_sources(plan.settings.gates, accounts(folders), known.crosswalk)
    keep_retired(plan.settings.gates, identified.counts, known.crosswalk["golden_id"].nunique())
    tables = {
        "crosswalk": identified.crosswalk,
        "events": identified.events,
        "aliases": identified.aliases,
        "customers": golden.customers,
    }
    return plan.workspace.write("merge", key, tables, {"changes": identified.counts})


@safely
def publish(plan_folder: Path, folders: Sequence[Path], matched: Path, merged: Path, waiting: Path) -> Path:
    """Publish the customer table and its Parquet snapshot in one transaction; on a dry run, only say what would change.

    Writes no tables; its facts are ``status`` (published, same or dry_run), ``publication`` and ``snapshot``.

    Raises:
        InvariantError: Records were lost or doubled on the way.
        LockedError: Another process is writing to the store.
        StoreError: The store cannot be written.
    """
    plan = load_plan(plan_folder)
    new = _new_publication(plan, folders, matched, merged)
    engine = open_store(plan.settings.store_url)
    try:
        if plan.dry_run:
            with writing(engine) as connection:
                record_run(
                    connection, replace(new.run, status="dry_run"), new.sources, new.files, publication_id=plan.parent
                )
            facts = {"status": "dry_run", "publication": plan.parent, "snapshot": None}
        else:
            facts = _publish(engine, new, waiting / _STAGED)
    finally:
        engine.dispose()
    return plan.workspace.write("publish", plan.run_id, {}, facts)


@safely
def report(
    plan_folder: Path,
    folders: Sequence[Path],
    matched: Path,
    merged: Path,
    published: Path,
    seconds: Mapping[str, float],
) -> Path:
    """Write the merge report; returns its path."""
    plan = load_plan(plan_folder)
    return write_report(plan, folders, matched, merged, read_facts(published), seconds)


def _new_publication(plan: Plan, folders: Sequence[Path], matched: Path, merged: Path) -> NewPublication:
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
        sources=tuple(_filled_from(account, SourceCount) for account in accounts(folders)),
        files=tuple(_filled_from(file, SourceFile) for account in accounts(folders) for file in account["files"]),
        parent_id=plan.parent,
        published_at=now,
        records=accepted(folders),
        identified=Identified(
            crosswalk=read_frame(merged, "crosswalk"),
            events=read_frame(merged, "events"),
            aliases=read_frame(merged, "aliases"),
        ),
        customers=read_frame(merged, "customers"),
        quarantine=quarantined(folders),
        warnings=warnings(folders),
        pairs=read_table(matched, "pairs"),
        patterns=read_table(matched, "patterns"),
        plan_hash=plan_hash,
        inputs_hash=inputs_hash,
        model_id=made["model_id"],
        model=made["model"],
        snapshot=str(plan.settings.at(plan.settings.snapshots)),
    )


def _filled_from(facts: Mapping[str, Any], kind: type[_Kind]) -> _Kind:
    return kind(**{each.name: facts[each.name] for each in fields(kind) if each.name in facts})


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


def _outgrown(model: Model, records: int) -> bool:
    """Whether a model is provisional: trained on few records where there are now at least twice as many.

    What a handful of records taught is no ground for judging thousands (``docs/decisions/0006-provisional-models.md``).
    """
    return model.records < _SETTLED and records >= 2 * max(model.records, 1)
