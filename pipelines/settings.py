"""The configuration, as frozen types; `pipelines.configuration` reads it from its file.

Relative paths start at the configuration's folder. Secrets never stand here: ``GUIYI_KEY`` comes from the environment,
and ``${NAME}`` in any value is filled from it.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from matching.classifiers import CLASSIFIERS
from matching.given_rules import atom_names, nearest
from matching.roles import ROLES
from pipelines.rule_settings import RuleSettings
from schemas.records import ATTRIBUTES

__all__ = [
    "BlockingRuleSettings",
    "FlowSettings",
    "GateSettings",
    "MatchingSettings",
    "Settings",
    "SourceSettings",
    "SurvivorshipSettings",
]

Probability = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Rule = Literal["source_trust", "recency", "frequency", "completeness", "longest", "smallest", "earliest", "latest"]
CANONICAL = tuple(attribute.name for attribute in ATTRIBUTES)
MAPPABLE = (*CANONICAL, "kind", "deleted")
_MAY_IDENTIFY = tuple(a.name for a in ATTRIBUTES if a.group in {"identifier", "company", "personal"})
"""Columns that keep their own name when they are matched on as identifiers or categories."""


APART = "\x1f"
"""Between a name that is not known and those that are, in the message of a validator."""


def _all_known(names: Iterable[str], known: Collection[str], code: str) -> None:
    """Complain of the first name that is not known, naming those that are nearest to it."""
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3) or known
            raise ValueError(f"{code}:{name}{APART}" + ", ".join(near))


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SourceSettings(_Section):
    """One export: where it lies, how it is read, and how much it is trusted."""

    name: Annotated[str, Field(pattern=r"^[^\s:]+$", max_length=60)]
    """Short name of the system; the first part of every record key. No spaces, no colon."""
    path: str
    """Local path or any fsspec URL (`s3://…`, `sftp://…`, `https://…`), with `*` for several files; with a `query`, the
    URL of a database (`postgresql://…`, `sqlite:///…`)."""
    files: Literal["all", "newest"] = "all"
    """Of several files: all of them together, or only the newest."""
    newest_by: Literal["modified", "name"] = "modified"
    """What makes a file new: when it was modified, or the date or number in its name."""
    member: str | None = None
    """Which files of a zip archive, such as `*.csv`; all readable ones when absent."""
    query: str | None = None
    """SQL that the database at `path` answers with the records."""
    timeout: Annotated[float, Field(gt=0, le=86_400)] = 60.0
    """Seconds without an answer after which a server or a database is given up."""
    mode: Literal["full", "delta"] = "full"
    """`full`: a record that is not in the export is gone. `delta`: the export brings only what changed."""
    relations: Mapping[Literal["account_id", "parent_id"], str] = {}
    """`account_id` or `parent_id` → the source whose records these ids name; by the presets when absent."""
    rules: tuple[RuleSettings, ...] = ()
    """What the rows have to keep besides what is checked anyway."""
    preset: str | None = None
    """A known export format: one of the files in `sources/presets/`."""
    columns: Mapping[str, str] = {}
    """Canonical column → header in the export; over the preset, or in place of one."""
    id: str | None = None
    """Header of the record id, where there is no preset."""
    natural_key: str | None = None
    """Header of what identifies a record where there is no id, such as its email; kept as a keyed hash only."""
    department: str = ""
    """sales, service, marketing, …"""
    trust: Annotated[int, Field(ge=1)] = 1
    """Rank among the sources; 1 is trusted most. Survivorship prefers the more trusted."""
    kind: Literal["person", "company"] | None = None
    """What the records are, where the preset does not say."""
    format: Literal["csv", "tsv", "xlsx", "jsonl", "parquet", "sql"] | None = None
    """By the file's ending when absent."""
    encoding: str | None = None
    """Detected when absent."""
    delimiter: str | None = None
    """Detected when absent."""
    sheet: str | None = None
    """Name of the Excel sheet; the first when absent."""
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO code of the country that phones and addresses without one belong to."""
    timezone: str | None = None
    """IANA name of the zone of times without an offset; UTC when absent."""
    date_order: Literal["ymd", "dmy", "mdy"] | None = None
    """Inferred from the whole column when absent, and reported."""
    storage_options: Mapping[str, Any] = {}
    """Passed to fsspec."""

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: Mapping[str, Any]) -> Mapping[str, Any]:
        _all_known(columns, MAPPABLE, "unknown_column")
        return columns


class BlockingRuleSettings(_Section):
    """Which records are compared: those that share every atom."""

    atoms: Annotated[tuple[str, ...], Field(min_length=1, max_length=3)]
    """What two records have to share, such as `phone.ending`; `guiyi model show` prints those in use."""
    cap: Annotated[int, Field(ge=2, le=10_000)] = 40
    """Records that may share them; what more records share is left to narrower rules, and reported."""

    @field_validator("atoms")
    @classmethod
    def _known_atoms(cls, atoms: tuple[str, ...]) -> tuple[str, ...]:
        known = atom_names(_MAY_IDENTIFY)
        for name in atoms:
            if name not in known:
                raise ValueError(f"unknown_atom:{name}{APART}" + ", ".join(nearest(name, known)))
        return atoms


class MatchingSettings(_Section):
    """When two records are one customer."""

    merge_at: Probability = 0.5
    """Match probability from which two records are merged."""
    review_at: Probability = 0.1
    """Match probability from which a pair is kept as evidence and waits for a person."""
    roles: Mapping[str, str] = {}
    """Canonical column → role, over what is inferred."""
    ignore: tuple[str, ...] = ()
    """Canonical columns that are not to be matched on."""
    rules: tuple[BlockingRuleSettings, ...] = ()
    """Blocking rules in order, in place of those that planning would choose; read when a model is trained."""
    classifier: str = "fellegi_sunter"
    """`fellegi_sunter`, or one of recordlinkage's: `ecm`, or from judgements `logistic_regression`, `svm` or
    `naive_bayes`."""
    judgements: str | None = None
    """A file of judgements: `left` and `right` (record keys) and `verdict` (`same` or `different`). They hold, and a
    model that is trained learns from them."""
    seed: int = 0
    """Of the samples that training draws."""

    @field_validator("roles")
    @classmethod
    def _known_roles(cls, roles: Mapping[str, str]) -> Mapping[str, str]:
        _all_known(roles, CANONICAL, "unknown_column")
        _all_known(roles.values(), ROLES, "unknown_role")
        return roles

    @field_validator("ignore")
    @classmethod
    def _known_ignored(cls, ignore: tuple[str, ...]) -> tuple[str, ...]:
        _all_known(ignore, CANONICAL, "unknown_column")
        return ignore

    @field_validator("classifier")
    @classmethod
    def _known_classifier(cls, classifier: str) -> str:
        _all_known([classifier], ("fellegi_sunter", *CLASSIFIERS), "unknown_classifier")
        return classifier

    @model_validator(mode="after")
    def _thresholds_in_order(self) -> MatchingSettings:
        if self.review_at > self.merge_at:
            raise ValueError("thresholds:")
        return self


class SurvivorshipSettings(_Section):
    """Which value of a merged customer survives."""

    rules: tuple[Rule, ...] = ("source_trust", "recency", "frequency", "completeness", "longest", "smallest")
    """The chain, asked from left to right until one value is left."""
    attributes: Mapping[str, tuple[Rule, ...]] = {}
    """Canonical column → a chain of its own; `name` and `address` stand for the columns that survive as a whole."""


class GateSettings(_Section):
    """What stops a publication (exit code 4)."""

    quarantined_share: Share | None = None
    """The run stops where a larger share of a source's rows is quarantined."""
    retired_share: Share | None = None
    """The run stops where a larger share of yesterday's customers would vanish."""
    empty_source: Literal["stop", "allow"] = "stop"
    """Whether the run stops where a source that had records yesterday has none today."""


class FlowSettings(_Section):
    """How the Prefect flow repeats what can fail for a moment: reading and publishing."""

    retries: Annotated[int, Field(ge=0, le=20)] = 2
    retry_delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 10


class Settings(_Section):
    """The whole configuration of one customer table."""

    sources: Annotated[tuple[SourceSettings, ...], Field(min_length=1)]
    """The exports, one entry each."""
    store: str = "guiyi.db"
    """SQLite file, or an SQLAlchemy URL."""
    report: str = "report.html"
    """The merge report."""
    snapshots: str = "parquet"
    """Folder of the Parquet snapshots."""
    quarantine: str = "quarantine"
    """Folder of the rows that were set aside, a file a source, to be corrected there."""
    locale: Literal["en", "zh_CN"] | None = None
    """Language of messages and report; the environment's when absent."""
    matching: MatchingSettings = MatchingSettings()
    survivorship: SurvivorshipSettings = SurvivorshipSettings()
    gates: GateSettings = GateSettings()
    flow: FlowSettings = FlowSettings()
    folder: Path = Field(default=Path(), exclude=True, json_schema_extra={"readOnly": True})
    """Where the configuration lies; relative paths start here. Filled in by `load_settings`."""

    @field_validator("sources")
    @classmethod
    def _names_differ(cls, sources: tuple[SourceSettings, ...]) -> tuple[SourceSettings, ...]:
        names = [source.name for source in sources]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"twice:{name}")
        for source in sources:
            _all_known(source.relations.values(), names, "unknown_source")
        return sources

    def at(self, path: str) -> Path:
        """A path of the configuration, from its folder."""
        return Path(os.path.realpath(self.folder / path))  # Path.resolve fails on a link to itself

    @property
    def store_url(self) -> str:
        """The store as an SQLAlchemy URL, relative SQLite files resolved."""
        if "://" not in self.store:
            return f"sqlite:///{self.at(self.store)}"
        prefix = "sqlite:///"
        if self.store.startswith(prefix) and not self.store.startswith(prefix + "/"):
            return f"{prefix}{self.at(self.store.removeprefix(prefix))}"
        return self.store

    @property
    def work_folder(self) -> Path:
        """Where steps leave their results."""
        return self.folder / ".guiyi"

    @property
    def key_path(self) -> Path:
        """The file of the key of hashed record ids."""
        return self._beside_store("key")

    def _beside_store(self, ending: str) -> Path:
        prefix = "sqlite:///"
        if self.store_url.startswith(prefix):
            return Path(f"{self.store_url.removeprefix(prefix)}.{ending}")
        return self.folder / f".guiyi-{ending}"
