"""Rules of one's own that the rows of a source must keep, on top of those that are built in.

::

    Rule                     its kind is the code of its reason
    ├── Required             required   one column, or any of several, is filled
    ├── Pattern              pattern    the whole value matches a regular expression
    ├── Range                range      a number or a date lies between two others
    ├── Allowed              allowed    the value is one of a list
    ├── Compared             order      the value is at most that of another column
    │                        equal      … the same
    │                        different  … another
    └── Unique               unique     no earlier record of the source has the value

A rule names columns: of the canonical record, or of the export by their header. An empty cell keeps every rule but
`Required`. `schemas.rule_checks` finds the rows that break one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal, TypeAlias

from schemas.records import ATTRIBUTES

__all__ = ["KINDS", "Allowed", "Compared", "Pattern", "Range", "Required", "Rule", "Then", "Unique", "When"]

KINDS: Final = ("required", "pattern", "range", "allowed", "order", "equal", "different", "unique")
"""The codes of what rules find, as they stand in reasons."""
_ATTRIBUTES: Final = frozenset(attribute.name for attribute in ATTRIBUTES)
Then: TypeAlias = Literal["quarantine", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The rows that a rule is about.

    Args:
        column: A column.
        values: One of these, ignoring case; any value at all where none is named.
        filled: Whether the column has such a value; False: whether it has none.
    """

    column: str
    values: tuple[str, ...] = ()
    filled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has.

    Args:
        column: The column that it is about.
        then: ``quarantine`` the row that breaks it, or accept it with a ``warning``.
        when: It is about the rows for which all of these hold.
        name: Stands in the reason in place of the column.
        stop_above: The run stops where a larger share of the rows read breaks it.
    """

    column: str
    then: Then = "quarantine"
    when: tuple[When, ...] = ()
    name: str | None = None
    stop_above: float | None = None

    kind: ClassVar[str]

    @property
    def code(self) -> str:
        """The code of its reason."""
        return self.kind

    @property
    def reason(self) -> str:
        r"""What stands in ``reasons`` of a row that breaks it: ``code:column``.

        Example:
            >>> Pattern(column="Zip Code", pattern=r"\d{5}").reason, Required(column="email", name="reachable").reason
            ('pattern:Zip_Code', 'required:reachable')
        """
        return f"{self.code}:{'_'.join((self.name or '+'.join(self.columns)).split())}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose values it looks at, without those of ``when``."""
        return (self.column,)

    @property
    def attribute(self) -> str:
        """What its warnings are about: one attribute, or ``extra`` for several columns and for those of the export.

        Example:
            >>> Unique(column="tax_id").attribute, Unique(column="Tier").attribute
            ('tax_id', 'extra')
        """
        return self.column if self.columns == (self.column,) and self.column in _ATTRIBUTES else "extra"


@dataclass(frozen=True, slots=True, kw_only=True)
class Required(Rule):
    """One column, or any of several, is filled.

    Args:
        others: Columns of which any may be filled in its place.
    """

    others: tuple[str, ...] = ()

    kind: ClassVar[str] = "required"

    @property
    def columns(self) -> tuple[str, ...]:
        """All of which one has to be filled."""
        return (self.column, *self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern(Rule):
    """The whole value matches.

    Args:
        pattern: A regular expression as RE2 has them (no backreferences, no looking around).
        ignore_case: Whether ``a`` is ``A``.
    """

    pattern: str
    ignore_case: bool = False

    kind: ClassVar[str] = "pattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Rule):
    """A number or a date lies between two others, which belong to it; what is neither lies outside.

    Args:
        low: A number, an ISO date (``2020``, ``2020-05``, ``2020-05-17``) or ``today``; no bound when absent.
        high: The same; of a day, a month or a year, the whole of it belongs to the range.
    """

    low: str | None = None
    high: str | None = None

    kind: ClassVar[str] = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed(Rule):
    """The value is one of a list.

    Args:
        values: The list.
        ignore_case: Whether ``a`` is ``A``.
    """

    values: tuple[str, ...]
    ignore_case: bool = False

    kind: ClassVar[str] = "allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(Rule):
    """Two columns of a row agree.

    Args:
        relation: ``order``: numbers or dates, the first is at most the second, and what is neither is not; ``equal``;
            ``different``.
        other: The second column.
        ignore_case: Whether ``a`` is ``A``, where they are equal or different.
    """

    relation: Literal["order", "equal", "different"]
    other: str
    ignore_case: bool = False

    kind: ClassVar[str] = "compared"

    @property
    def code(self) -> str:
        """Its relation."""
        return self.relation

    @property
    def columns(self) -> tuple[str, ...]:
        """Both."""
        return (self.column, self.other)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique(Rule):
    """No earlier record of the source has the value.

    One batch does not see the others: `schemas.validation.validate` hands out the values, and
    `schemas.rule_checks.repeated` finds the second and later ones among all of them.

    Args:
        ignore_case: Whether ``a`` is ``A``.
    """

    ignore_case: bool = False

    kind: ClassVar[str] = "unique"
