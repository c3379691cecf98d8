"""Presets: how the export of a known system maps to the canonical record, declared in YAML.

A preset is a file of ``sources/presets`` or one of the user's own. Its keys are the fields of `Preset`; wherever it
names headers it may name several, of which the first that is filled wins, row by row (for ``id`` and ``natural_key``:
the first that the export has). Headers match loosely (see `sources.headers.normalise`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, Self

import yaml

from schemas.errors import UsageError
from schemas.records import ADDRESS, ATTRIBUTES, CONSENTS, KINDS

__all__ = ["TARGETS", "Consent", "Preset", "load_preset", "preset_names"]

_FOLDER: Final = Path(__file__).parent / "presets"
TARGETS: Final = ("source_id", "natural_key", "kind", *(a.name for a in ATTRIBUTES if a.name != "extra"))

Headers = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One rule that reads consent from an export; of several for an attribute the first that applies wins.

    Args:
        attribute: ``consent_email``, ``consent_phone`` or ``consent_sms``.
        value: ``granted`` or ``denied``.
        headers: Where it is read.
        words: The rule applies where the cell is one of these, ignoring case; to any filled cell when absent.
        whole_file: The rule applies to every row of an export that has the header.
        at: Where the date of the choice stands.
    """

    attribute: str
    value: str
    headers: Headers
    words: tuple[str, ...] = ()
    whole_file: bool = False
    at: Headers = ()


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
        natural_key: Headers of what identifies a record where the export has no id: personal data, so hashed.
        columns: Canonical column → headers.
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
    natural_key: Headers = ()
    columns: Mapping[str, Headers] = field(default_factory=dict)
    addresses: tuple[Mapping[str, Headers], ...] = ()
    consents: tuple[Consent, ...] = ()

    @classmethod
    def parse(cls, content: Any, path: str) -> Self:
        """The preset that a YAML mapping declares.

        Raises:
            UsageError: A key or a canonical column is unknown.
            KeyError, TypeError, ValueError, AttributeError: It is not of the right shape.
        """
        if not isinstance(content, dict):
            raise TypeError("a preset is a mapping")
        _known(content, [each.name for each in fields(cls)], path)
        columns = content.get("columns", {})
        addresses = content.get("addresses", [])
        consents = content.get("consents", [])
        _known(columns, TARGETS, path)
        for block in addresses:
            _known(block, ADDRESS, path)
        for rule in consents:
            _known(rule, [each.name for each in fields(Consent)], path)
            _known([rule["attribute"]], CONSENTS, path)
        return cls(
            name=content.get("name", Path(path).stem),
            title=content.get("title", ""),
            department=content.get("department", ""),
            kind=_one_of(content.get("kind"), (None, *KINDS)),
            timezone=content.get("timezone"),
            date_order=content.get("date_order"),
            id=_headers(content.get("id")),
            id_prefixes=_headers(content.get("id_prefixes")),
            natural_key=_headers(content.get("natural_key")),
            columns={name: _headers(value) for name, value in columns.items()},
            addresses=tuple({name: _headers(value) for name, value in block.items()} for block in addresses),
            consents=tuple(_consent(rule) for rule in consents),
        )


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
    own = name.endswith((".yaml", ".yml"))
    path = Path(name) if own else _FOLDER / f"{name}.yaml"
    if not path.is_file():
        near = get_close_matches(name, preset_names(), n=3, cutoff=0.3) or preset_names()
        raise UsageError("sources.unknown_preset", preset=name, hint=", ".join(near))
    try:
        return Preset.parse(yaml.safe_load(path.read_text(encoding="utf-8")), name)
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError("sources.broken_preset", path=name) from error


def _consent(rule: Mapping[str, Any]) -> Consent:
    words = tuple(str(word).casefold() for word in rule.get("words", ()))
    return Consent(
        attribute=rule["attribute"],
        value=_one_of(rule["value"], ("granted", "denied")),
        headers=_headers(rule["headers"]),
        words=words,
        whole_file=bool(rule.get("whole_file", False)),
        at=_headers(rule.get("at")),
    )


def _headers(value: Any) -> Headers:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise ValueError(f"not one of {allowed}")
    return value


def _known(given: Any, known: Any, path: str) -> None:
    for name in given:
        if name not in known:
            near = get_close_matches(str(name), list(known), n=3, cutoff=0.4) or list(known)
            raise UsageError("sources.unknown_key", path=path, key=name, hint=", ".join(near))
