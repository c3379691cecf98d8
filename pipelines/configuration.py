"""Reads a configuration from its file, once; errors name the file, the line or key, and the way out."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.rule_settings import RuleSettings
from pipelines.settings import (
    APART,
    BlockingRuleSettings,
    FlowSettings,
    GateSettings,
    MatchingSettings,
    Settings,
    SourceSettings,
    SurvivorshipSettings,
)
from schemas.errors import UsageError
from schemas.messages import catalogue, text

__all__ = ["load_settings"]


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


_KINDS = {
    str: "text",
    int: "number",
    float: "number",
    bool: "truth",
    list: "list",
    dict: "section",
    type(None): "nothing",
}


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
        name, _, hint = detail.rpartition(APART)
        return UsageError(f"config.{code}", path=path, key=key, name=name, hint=hint)
    kind = text(f"config.kind_{_KINDS.get(type(first['input']), 'other')}")
    return UsageError("config.wrong_kind", path=path, key=key, kind=kind, hint=_expected(first))


def _expected(problem: ErrorDetails) -> str:
    """What would be right, in the reader's language."""
    context = {name: str(value) for name, value in problem.get("ctx", {}).items()}
    if problem["type"] == "literal_error":
        words = context["expected"].replace("'", "").replace(" or ", ", ")
        return text("config.expected_one_of", choices=words)
    name = f"config.expected_{problem['type']}"
    return text(name, **context) if name in catalogue("en") else text("config.expected_other")


def _keys(place: tuple[int | str, ...]) -> list[str]:
    """The keys that the section at a place knows."""
    sections: dict[str, type[BaseModel]] = {
        "sources": SourceSettings,
        "matching": MatchingSettings,
        "survivorship": SurvivorshipSettings,
        "gates": GateSettings,
        "flow": FlowSettings,
    }
    if place[:2] == ("matching", "rules") and len(place) > 2:
        return list(BlockingRuleSettings.model_fields)
    section = RuleSettings if "rules" in place[2:] else sections[str(place[0])] if place else Settings
    return [name for name in section.model_fields if name != "folder"]
