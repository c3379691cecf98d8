"""What can go wrong, as a person is told of it.

::

    GuiyiError                 exit 1: the run failed, nothing was published
    ├── UsageError             exit 2: the command line or the configuration is wrong
    ├── SourceError            exit 1: an export cannot be read as it stands
    ├── InvariantError         exit 1: records were lost or doubled, so nothing is published
    ├── StoreError             exit 1: the store cannot be opened, read or written
    ├── LockedError            exit 3: another run holds the lock
    └── GateError              exit 4: a quality gate stopped the publication

An error is a key of the message catalogue and the values that fill it: what happened, where, and what to do. The values
are names of files, columns, keys and counts; never a customer's data.
"""

from __future__ import annotations

from typing import ClassVar

from schemas.messages import text

__all__ = ["GateError", "GuiyiError", "InvariantError", "LockedError", "SourceError", "StoreError", "UsageError"]


class GuiyiError(Exception):
    """An error with a way out, shown to people in their own language.

    Args:
        key: A key of the message catalogue, such as ``sources.missing_file``.
        **values: What fills the message's placeholders: places, names and counts, never a customer's values.

    Example:
        >>> from schemas.errors import SourceError
        >>> error = SourceError("sources.missing_file", path="exports/sales.csv")
        >>> error.exit_code, "exports/sales.csv" in str(error)
        (1, True)
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        """The message in the language of the process (see `schemas.messages`)."""
        return text(self.key, locale=None, **self.values)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep key and values when an error crosses a process."""
        return _rebuild, (type(self), self.key, self.values)


def _rebuild(kind: type[GuiyiError], key: str, values: dict[str, object]) -> GuiyiError:
    return kind(key, **values)


class UsageError(GuiyiError):
    """The command line or the configuration is wrong."""

    exit_code = 2


class SourceError(GuiyiError):
    """An export cannot be read as it stands."""


class InvariantError(GuiyiError):
    """Records were lost or doubled on the way, so nothing is published."""


class StoreError(GuiyiError):
    """The store cannot be opened, read or written."""


class LockedError(GuiyiError):
    """Another run holds the lock."""

    exit_code = 3


class GateError(GuiyiError):
    """A quality gate stopped the publication."""

    exit_code = 4
