"""A rule of a source as the configuration writes it: a column, and one thing that holds for its values."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from schemas.quantities import span_of
from schemas.rule_checks import is_pattern
from schemas.rules import Allowed, Compared, Pattern, Range, Required, Rule, Unique, When

__all__ = ["RuleSettings"]


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _as_text(value: Any) -> Any:
    """A number or a date of YAML as it is written; anything else as it is."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Text: TypeAlias = Annotated[str, Field(min_length=1)]
Texts: TypeAlias = Annotated[
    tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...]), Field(min_length=1)
]
Bound: TypeAlias = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | float)]


class RuleSettings(BaseModel):
    """One rule: `column`, and one of `required`, `pattern`, `min`/`max`, `allowed`, `at_most`, `equals`, `differs_from`
    and `unique`.

    A column is one of the customer record, or a header of the export.
    """  # noqa: D205  the schema for editors shows it whole

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    column: Texts
    """The column; with `required`, several of which any may be filled."""
    required: Literal[True] | None = None
    """The column is filled."""
    pattern: str | None = None
    """Regular expression (RE2) that the whole value matches."""
    min: Bound | None = None
    """The smallest number, or the first date (`2020-01-31`, `2020-01`, `today`)."""
    max: Bound | None = None
    """The largest number, or the last date."""
    allowed: Texts | None = None
    """The values that there may be."""
    at_most: Text | None = None
    """Column that holds a number or date at least as large."""
    equals: Text | None = None
    """Column that holds the same value."""
    differs_from: Text | None = None
    """Column that holds another value."""
    unique: Literal[True] | None = None
    """No two records of the source have the same value."""
    ignore_case: bool = False
    """Whether `a` is `A`, for `pattern`, `allowed`, `equals`, `differs_from` and `unique`."""
    when: Mapping[Text, Texts | bool] = {}
    """Only rows where each of these columns has the value, or one of the values; `true`: any value, `false`: none."""
    then: Literal["quarantine", "warning"] = "quarantine"
    """What becomes of a row that breaks the rule: set aside, or accepted without the cell being matched on."""
    name: Annotated[str, Field(pattern=r"^[^\s:]+$", max_length=60)] | None = None
    """Stands in the reason in place of the column."""
    stop_above: Annotated[float, Field(ge=0, le=1)] | None = None
    """The run stops where a larger share of the source's rows breaks the rule."""

    @field_validator("pattern")
    @classmethod
    def _sound_pattern(cls, pattern: str | None) -> str | None:
        if pattern is not None and not is_pattern(pattern):
            raise ValueError("bad_pattern:")
        return pattern

    @field_validator("min", "max")
    @classmethod
    def _sound_bound(cls, bound: str | None) -> str | None:
        if bound is not None and _kind_of(bound) is None:
            raise ValueError("bad_bound:")
        return bound

    @model_validator(mode="after")
    def _one_thing(self) -> RuleSettings:
        if len(self._said()) != 1:
            raise ValueError("rule_says_one_thing:" + ", ".join(self._said()))
        if len(self.column) > 1 and not self.required:
            raise ValueError("rule_of_one_column:")
        kinds = {_kind_of(bound) for bound in (self.min, self.max) if bound is not None}
        if len(kinds) > 1 or not _in_order(self.min, self.max):
            raise ValueError("bounds:")
        return self

    def as_rule(self) -> Rule:
        """The rule as `schemas.validation.validate` takes it."""
        case = {"ignore_case": self.ignore_case}
        bounds = {"low": self.min, "high": self.max}
        kinds: dict[str, tuple[type[Rule], dict[str, Any]]] = {
            "required": (Required, {"others": self.column[1:]}),
            "pattern": (Pattern, {"pattern": self.pattern, **case}),
            "min": (Range, bounds),
            "max": (Range, bounds),
            "allowed": (Allowed, {"values": self.allowed, **case}),
            "at_most": (Compared, {"relation": "order", "other": self.at_most}),
            "equals": (Compared, {"relation": "equal", "other": self.equals, **case}),
            "differs_from": (Compared, {"relation": "different", "other": self.differs_from, **case}),
            "unique": (Unique, case),
        }
        kind, own = kinds[self._said()[0]]
        when = tuple(_when(column, wanted) for column, wanted in self.when.items())
        return kind(column=self.column[0], then=self.then, when=when, name=self.name, stop_above=self.stop_above, **own)

    def _said(self) -> list[str]:
        """What the rule says of its column; a range once."""
        words = ("required", "pattern", "min", "max", "allowed", "at_most", "equals", "differs_from", "unique")
        said = [word for word in words if getattr(self, word) is not None]
        return [word for word in said if word != "max" or "min" not in said]


def _when(column: str, wanted: tuple[str, ...] | bool) -> When:  # noqa: FBT001  true and false are what YAML says
    return When(column=column, filled=wanted) if isinstance(wanted, bool) else When(column=column, values=wanted)


def _kind_of(bound: str) -> str | None:
    if bound == "today" or span_of(bound):
        return "date"
    try:
        return "number" if math.isfinite(float(bound)) else None
    except ValueError:
        return None


def _in_order(low: str | None, high: str | None) -> bool:
    if low is None or high is None or "today" in {low, high}:
        return True
    dates = span_of(low), span_of(high)
    if dates[0] and dates[1]:
        return dates[0][0] <= dates[1][1]
    return float(low) <= float(high)
