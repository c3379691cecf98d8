"""Presets: how the export of a known system maps to the canonical record, declared in YAML.

A preset is a file of ``sources/presets`` or one of the user's own. Its keys are the fields of `Preset`; wherever it
names headers it may name several, of which the first that is filled wins, row by row (for ``id``: the first that the
export has). ``Address 1 + Address 2`` names columns that are joined. Headers match loosely (see
`sources.records.headers.normalise`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

import yaml

from schemas.errors import UsageError
from schemas.records import ADDRESS, ATTRIBUTES, CONSENTS, KINDS, RELATIONS

__all__ = ["TARGETS", "Consent", "Flag", "Preset", "load_preset", "preset_names"]

_FOLDER: Final = Path(__file__).parents[1] / "presets"
_OURS: Final = ("extra", *RELATIONS.values())
TARGETS: Final = (
    *("source_id", "natural_key", "kind", "deleted"),
    *(a.name for a in ATTRIBUTES if a.name not in _OURS),
)
"""What a header can be mapped to."""
_CONSENT_VALUES: Final = ("granted", "denied", "unknown")
_ID_FORMS: Final = (None, "salesforce")
_TEXTS: Final = ("title", "department", "timezone", "date_order")
_LISTS: Final = ("id", "id_prefixes", "text_marks", "natural_key", "natural_columns", "extra")

Headers = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One rule that reads consent from an export; of several for an attribute the first that applies wins.

    Args:
        attribute: One of `schemas.records.CONSENTS`.
        value: ``granted`` or ``denied``; ``unknown`` keeps the rules after it from speaking.
        headers: Where it is read; a rule without any applies to every row of the files that ``file`` tells.
        words: The rule applies where the cell is one of these, ignoring case; to any filled cell when absent.
        whole_file: The rule applies to every row of an export that has the header.
        file: The rule applies only to files whose name is like this (``*`` and ``?`` stand for anything).
        at: Where the date of the choice stands.
    """

    attribute: str
    value: str
    headers: Headers = ()
    words: tuple[str, ...] = ()
    whole_file: bool = False
    file: str = ""
    at: Headers = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """What a column says yes by.

    Args:
        headers: Where it is read.
        words: What its cell then is, ignoring case.
    """

    headers: Headers
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How one system's export maps to the canonical record.

    Args:
        name: Of the preset.
        title: The system and export, as people call them.
        department: Whose system it usually is.
        kind: ``person`` or ``company``; read from the records when absent.
        timezone: Zone of times without one; UTC when absent.
        date_order: ``ymd``, ``dmy`` or ``mdy``; inferred when absent.
        id: Headers of the record's own id.
        id_prefixes: What exports put before ids, in any column that holds ids.
        id_form: ``salesforce``: ids of 15 characters get the 3 that make them the same as those of 18.
        text_marks: What exports put before ids, phones and postcodes so that spreadsheets leave them alone.
        natural_key: Headers of what identifies a record where the export has no id: personal data, so hashed.
        natural_columns: Canonical columns that do so together, where it has not even a natural key.
        columns: Canonical column → headers.
        kind_words: What the column of ``kind`` says for ``person`` and ``company``, besides these words themselves.
        relations: ``account_id`` or ``parent_id`` → the presets of the exports whose records the ids name.
        deleted: How a row says that its record is deleted.
        extra: Headers that are known, but that the canonical record has no place for.
        addresses: Blocks of address columns → headers. An address is taken whole from the first block with a street,
            city or postcode.
        consents: Rules in order.
    """

    name: str
    title: str = ""
    department: str = ""
    kind: str | None = None
    timezone: str | None = None
    date_order: str | None = None
    id: Headers = ()
    id_prefixes: tuple[str, ...] = ()
    id_form: str | None = None
    text_marks: tuple[str, ...] = ()
    natural_key: Headers = ()
    natural_columns: tuple[str, ...] = ()
    columns: Mapping[str, Headers] = field(default_factory=dict)
    addresses: tuple[Mapping[str, Headers], ...] = ()
    consents: tuple[Consent, ...] = ()
    kind_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    relations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    deleted: Flag | None = None
    extra: Headers = ()

    @classmethod
    def parse(cls, content: Any, path: str) -> Self:
        """The preset that a YAML mapping declares.

        Raises:
            UsageError: A key or a canonical column is unknown.
            KeyError, TypeError, ValueError, AttributeError: It is not of the right shape.
        """
        if not isinstance(content, dict):
            raise TypeError("a preset is a mapping")
        _keep_known(content, path, [each.name for each in fields(cls)])
        given: dict[str, Any] = {
            "name": content.get("name", Path(path).stem),
            "kind": _one_of(content.get("kind"), (None, *KINDS)),
            "id_form": _one_of(content.get("id_form"), _ID_FORMS),
            "addresses": tuple(map(_named, content.get("addresses", []))),
            "consents": tuple(map(_consent, content.get("consents", []))),
            "deleted": _flag(content["deleted"]) if "deleted" in content else None,
        }
        given |= {name: content[name] for name in _TEXTS if name in content}
        given |= {name: _headers(content[name]) for name in _LISTS if name in content}
        given |= {name: _named(content[name]) for name in ("columns", "relations") if name in content}
        given["kind_words"] = {kind: _words(words) for kind, words in content.get("kind_words", {}).items()}
        return cls(**given)


def preset_names() -> tuple[str, ...]:
    """The presets that come with guiyi."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_preset(name: str | None) -> Preset:
    """The preset of that name, or of that path where it ends in ``.yaml``; ``plain`` when absent.

    Raises:
        UsageError: There is none, or it is not well formed.

    Example:
        >>> load_preset("zoho_contacts").kind
        'person'
    """
    name = name or "plain"
    return _load(name, Path(name)) if name.endswith((".yaml", ".yml")) else _built_in(name)


@lru_cache
def _built_in(name: str) -> Preset:
    return _load(name, _FOLDER / f"{name}.yaml")


def _load(name: str, path: Path) -> Preset:
    if not path.is_file():
        near = get_close_matches(name, preset_names(), n=3, cutoff=0.3) or preset_names()
        raise UsageError("sources.unknown_preset", preset=name, hint=", ".join(near))
    try:
        return Preset.parse(yaml.safe_load(path.read_text(encoding="utf-8")), name)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError("sources.broken_preset", path=name) from error


def _keep_known(content: Mapping[str, Any], path: str, keys: list[str]) -> None:
    """Complain of the first name in a preset that is not known, naming those that are nearest to it."""
    _known(content, keys, path)
    for name, known in (("columns", TARGETS), ("natural_columns", TARGETS), ("kind_words", KINDS)):
        _known(content.get(name, ()), known, path)
    _known(content.get("relations", ()), RELATIONS, path)
    _known(content.get("deleted", ()), [each.name for each in fields(Flag)], path)
    for block in content.get("addresses", []):
        _known(block, ADDRESS, path)
    for rule in content.get("consents", []):
        _known(rule, [each.name for each in fields(Consent)], path)
        _known([rule["attribute"]], CONSENTS, path)


def _consent(rule: Mapping[str, Any]) -> Consent:
    headers, file = _headers(rule.get("headers")), str(rule.get("file", "")).casefold()
    if not headers and not file:
        raise ValueError("a rule of consent needs headers or a file")
    return Consent(
        attribute=rule["attribute"],
        value=_one_of(rule["value"], _CONSENT_VALUES),
        headers=headers,
        words=_words(rule.get("words", ())),
        whole_file=bool(rule.get("whole_file", False)),
        file=file,
        at=_headers(rule.get("at")),
    )


def _flag(given: Mapping[str, Any]) -> Flag:
    return Flag(headers=_headers(given["headers"]), words=_words(given["words"]))


def _named(given: Mapping[str, Any]) -> dict[str, Headers]:
    return {name: _headers(value) for name, value in given.items()}


def _words(given: Any) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _headers(given))


def _headers(value: Any) -> Headers:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise ValueError(f"not one of {allowed}")
    return value


def _known(given: Any, known: Any, path: str) -> None:
    for name in given:
        if name not in known:
            near = get_close_matches(str(name), list(known), n=3, cutoff=0.4) or list(known)
            raise UsageError("sources.unknown_key", path=path, key=name, hint=", ".join(near))
