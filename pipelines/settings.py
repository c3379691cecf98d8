"""The configuration: a YAML file, parsed once into frozen types; errors name the file, the key and the way out.

Relative paths start at the configuration's folder. Secrets never stand here: ``GUIYI_KEY`` comes from the environment,
and ``${NAME}`` inside ``store``, ``path`` and ``storage_options`` is filled from it.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from schemas.errors import UsageError
from schemas.records import ATTRIBUTES

__all__ = [
    "FlowSettings",
    "GateSettings",
    "MatchingSettings",
    "Settings",
    "SourceSettings",
    "SurvivorshipSettings",
    "load_settings",
]

Probability = Annotated[float, Field(gt=0, lt=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Rule = Literal["source_trust", "recency", "frequency", "completeness", "longest", "smallest", "earliest", "latest"]
CANONICAL = tuple(attribute.name for attribute in ATTRIBUTES)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class SourceSettings(_Section):
    """One export: where it lies, how it is read, and how much it is trusted."""

    name: Annotated[str, Field(pattern=r"^[^\s:]+$", max_length=60)]
    """Short name of the system; the first part of every record key. No spaces, no colon."""
    path: str
    """Local path or any fsspec URL (`s3://…`, `sftp://…`, `https://…`)."""
    preset: str | None = None
    """A known export format: one of the files in `sources/presets/`."""
    columns: Mapping[str, str] = {}
    """Canonical column → header in the export; over the preset, or in place of one."""
    id: str | None = None
    """Header of the record id, where there is no preset."""
    department: str = ""
    """sales, service, marketing, …"""
    trust: Annotated[int, Field(ge=1)] = 1
    """Rank among the sources; 1 is trusted most. Survivorship prefers the more trusted."""
    kind: Literal["person", "company"] | None = None
    """What the records are, where the preset does not say."""
    format: Literal["csv", "tsv", "xlsx", "jsonl", "parquet"] | None = None
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
        for name in columns:
            if name not in CANONICAL:
                near = difflib.get_close_matches(name, CANONICAL, n=3)
                raise ValueError("unknown_column:" + ", ".join(near or CANONICAL))
        return columns


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
    classifier: str = "fellegi_sunter"
    """`fellegi_sunter`, or one of recordlinkage's."""
    seed: int = 0
    """Of the samples that training draws."""

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
        return sources

    def at(self, path: str) -> Path:
        """A path of the configuration, from its folder."""
        return (self.folder / path).resolve()

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


def load_settings(path: Path) -> Settings:
    """Read, check and freeze a configuration.

    Raises:
        UsageError: The file is missing, is no YAML, or a key is unknown, missing or of the wrong kind. Names the file,
            the line or key, and what would be right; not the value, which could be a secret.
    """
    try:
        body = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UsageError("config.missing", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("config.unreadable", path=path, why=type(error).__name__) from None
    try:
        content = yaml.load(body, Loader=_StrictLoader)  # noqa: S506  _StrictLoader is a SafeLoader
    except _TwiceError as error:
        raise UsageError("config.key_twice", path=path, key=error.key, line=error.line) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise UsageError("config.not_yaml", path=path, line=mark.line + 1 if mark else "?") from None
    if not isinstance(content, dict):
        raise UsageError("config.not_a_mapping", path=path)
    if "folder" in content:
        raise UsageError("config.unknown_key", path=path, key="folder", hint=", ".join(_keys(())))
    try:
        return Settings.model_validate({**_filled(content, path), "folder": path.resolve().parent})
    except ValidationError as error:
        raise _explained(error, path) from None


class _TwiceError(Exception):
    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class _StrictLoader(yaml.SafeLoader):
    """A safe loader to which a key given twice is an error, and to which only true and false are booleans.

    YAML 1.1 takes ``no``, ``on`` and ``y`` for booleans too: a column may well be called so.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  as PyYAML's
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise _TwiceError(str(key.value), key.start_mark.line + 1)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_BOOLEAN = "tag:yaml.org,2002:bool"
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def _filled(content: Any, path: Path) -> Any:
    """``${NAME}`` filled from the environment, throughout."""
    if isinstance(content, dict):
        return {key: _filled(value, path) for key, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, path) for value in content]
    if not isinstance(content, str):
        return content

    def value(match: re.Match[str]) -> str:
        if match[1] not in os.environ:
            raise UsageError("config.missing_variable", path=path, name=match[1])
        return os.environ[match[1]]

    return re.sub(r"\$\{(\w+)\}", value, content)


def _explained(error: ValidationError, path: Path) -> UsageError:
    """The first thing that is wrong, in words; values are left out, for they can be secrets."""
    first = error.errors(include_url=False, include_input=True, include_context=True)[0]
    place = tuple(part for part in first["loc"] if not str(part).startswith(("function-", "constrained-")))
    key = ".".join(f"{part + 1}" if isinstance(part, int) else part for part in place) or "sources"
    if first["type"] == "extra_forbidden":
        known = _keys(place[:-1])
        near = difflib.get_close_matches(str(place[-1]), known, n=3) or known
        return UsageError("config.unknown_key", path=path, key=key, hint=", ".join(near))
    if first["type"] == "missing":
        return UsageError("config.missing_key", path=path, key=key)
    if first["type"] == "value_error":
        code, _, detail = str(first["ctx"]["error"]).partition(":")
        return UsageError(f"config.{code}", path=path, key=key, hint=detail)
    kind = type(first["input"]).__name__
    return UsageError("config.wrong_kind", path=path, key=key, kind=kind, hint=first["msg"])


def _keys(place: tuple[int | str, ...]) -> list[str]:
    """The keys that the section at a place knows."""
    sections: dict[str, type[BaseModel]] = {
        "sources": SourceSettings,
        "matching": MatchingSettings,
        "survivorship": SurvivorshipSettings,
        "gates": GateSettings,
        "flow": FlowSettings,
    }
    section = sections[str(place[0])] if place else Settings
    return [name for name in section.model_fields if name != "folder"]
