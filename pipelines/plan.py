"""What a run starts from, frozen: its inputs by content, its parent publication, its model."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from golden_records.publication import current, read_model
from golden_records.store import open_store, reading
from pipelines.configuration import load_settings
from pipelines.failures import safely
from pipelines.inputs import frozen
from pipelines.judgements import read_judgements
from pipelines.settings import Settings, SourceSettings
from pipelines.workspace import Workspace, digest, logic_version, read_facts
from schemas.errors import SourceError
from sources.quarantine.corrections import Corrections, take_corrections
from sources.quarantine.folder import is_missing
from sources.read import read_corrected
from sources.source import Input

__all__ = ["Plan", "freeze", "load_plan", "new_run_id", "secret_key", "utc_now"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What a source brings.

    Args:
        files: Its files.
        digest: Hash of their content, and of what people have corrected of it.
    """

    files: tuple[Input, ...]
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One attempt at a publication.

    Args:
        folder: Where the plan lies; what steps exchange.
        settings: The configuration.
        run_id: Unique for each attempt.
        started_at: UTC, ISO 8601.
        inputs: Source → its files as they were when the run started.
        parent: The publication that was current then.
        model: The frozen model as JSON; absent on the first run, which trains one.
        model_id: Its content hash.
        judgements: What people have decided, as `pipelines.judgements` reads it, column by column.
        must_teach: A model is to be trained on the judgements; too few of them are an error.
        inputs_hash: Of configuration, inputs, model and logic: what the content follows from.
        unchanged: The current publication was made from exactly these, and its report is there.
        dry_run: Do all but publish.
        full: Reuse nothing of earlier runs but the store and its model.
    """

    folder: Path
    settings: Settings
    config: Path
    run_id: str
    started_at: str
    inputs: Mapping[str, Frozen]
    parent: int | None
    model: str | None
    model_id: str | None
    judgements: Mapping[str, Any] | None
    must_teach: bool
    unchanged: bool
    dry_run: bool
    full: bool

    @property
    def workspace(self) -> Workspace:
        """Where the steps of this run leave their results."""
        return Workspace(self.settings.work_folder)

    def source(self, name: str) -> SourceSettings:
        """The settings of one source."""
        return next(source for source in self.settings.sources if source.name == name)

    def key(self, *parts: object) -> str:
        """The name of a step's result: the hash of what makes it. A full run shares nothing with earlier ones."""
        return digest(logic_version(), self.run_id if self.full else None, *parts)

    def inputs_hash(self, model_id: str | None) -> str:
        """What the published content follows from, given the model: all but the parent publication."""
        return _inputs_hash(self.settings, self.inputs, self.judgements, model_id)


def utc_now() -> str:
    """Now, in ISO 8601."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def new_run_id() -> str:
    """Unique for each attempt, and in order of time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"


@safely
def freeze(
    config: Path,
    run_id: str,
    *,
    dry_run: bool,
    full: bool,
    retrain: bool = False,
    judgements: Path | None = None,
) -> Path:
    """Freeze the inputs of a run; returns the plan's folder.

    Args:
        config: The configuration.
        run_id: Unique for each attempt.
        dry_run: Do all but publish.
        full: Reuse nothing of earlier runs but the store and its model.
        retrain: Train another model.
        judgements: A file of judgements to learn from, in place of the configuration's.

    Raises:
        UsageError: The file of judgements is missing or wrong.
        SourceError: An export is missing or cannot be read.
        StoreError: The store cannot be opened.
    """
    settings = load_settings(config)
    started_at = utc_now()
    judged = _judgements(settings, judgements)
    engine = open_store(settings.store_url)
    with reading(engine) as connection:
        publication = current(connection)
        model_id = publication.model_id if publication and not retrain else None
        model = read_model(connection, model_id) if model_id else None
    engine.dispose()
    secret_key(settings)  # made now if need be: sources are read at the same time, and must find the same one
    spool = Workspace(settings.work_folder).spool
    with ThreadPoolExecutor(max_workers=2) as readers:
        found = list(readers.map(lambda source: _freeze_source(source, settings, spool), settings.sources))
    inputs = {source.name: files for source, files in zip(settings.sources, found, strict=True)}
    unchanged = (
        publication is not None
        and not full
        and publication.inputs_hash == _inputs_hash(settings, inputs, judged, model_id)
        and settings.at(settings.report).exists()
        and not any(is_missing(settings.at(settings.quarantine), name) for name in inputs)
    )
    facts = {
        "config": str(config.resolve()),
        "run_id": run_id,
        "started_at": started_at,
        "inputs": {name: asdict(found) for name, found in inputs.items()},
        "parent": publication.publication_id if publication else None,
        "model": model,
        "model_id": model_id,
        "judgements": judged,
        "must_teach": judgements is not None,
        "unchanged": unchanged,
        "dry_run": dry_run,
        "full": full,
    }
    return Workspace(settings.work_folder).write("plan", run_id, {}, facts)


def load_plan(folder: Path) -> Plan:
    """The plan of a folder."""
    facts: dict[str, Any] = read_facts(folder)
    config = Path(facts.pop("config"))
    facts["inputs"] = {name: _thawed(found) for name, found in facts["inputs"].items()}
    return Plan(folder=folder, config=config, settings=load_settings(config), **facts)


def _freeze_source(source: SourceSettings, settings: Settings, spool: Path) -> Frozen:
    files = frozen(source, settings, spool)
    folder = settings.at(settings.quarantine)
    take_corrections(folder, source.name, read_corrected)
    corrections = Corrections.load(folder, source.name)
    return Frozen(files=files, digest=digest([file.content_hash for file in files], corrections.digest))


def _thawed(facts: Mapping[str, Any]) -> Frozen:
    files = [{**file, "path": Path(file["path"]), "stamp": tuple(file["stamp"])} for file in facts["files"]]
    return Frozen(files=tuple(Input(**file) for file in files), digest=facts["digest"])


def secret_key(settings: Settings) -> bytes:
    """The key of hashed record ids: ``GUIYI_KEY``, else a file beside the store, made at first need.

    Raises:
        SourceError: The file cannot be written.
    """
    given = os.environ.get("GUIYI_KEY")
    if given:
        return given.encode()
    path = settings.key_path
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
        except OSError as error:
            raise SourceError("run.no_key_file", path=path, why=error.strerror) from None
    return path.read_bytes()


def _judgements(settings: Settings, given: Path | None) -> dict[str, Any] | None:
    """What the file of judgements says: the one given, else the configuration's."""
    path = given or (settings.at(settings.matching.judgements) if settings.matching.judgements else None)
    if path is None:
        return None
    found = read_judgements(path)
    return {"path": str(path), **{str(name): found[name].tolist() for name in found}}


def _inputs_hash(
    settings: Settings, inputs: Mapping[str, Frozen], judgements: Mapping[str, Any] | None, model_id: str | None
) -> str:
    content = settings.model_dump(mode="json", include={"sources", "matching", "survivorship"})
    files = {name: found.digest for name, found in inputs.items()}
    return digest(logic_version(), content, files, model_id, *([judgements] if judgements else []))
