"""What a hostile file is, and what is expected of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CANARY = "Zebulon-Canary-7"
"""A customer's value: it stands in the data and may be in no message."""

HEADER = "id,name,email\n"
GOOD = f"1,{CANARY},ann@example.com\n"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The file is read, and every row of it is accounted for.

    Args:
        accepted: How many rows.
        bad: Line → reasons of the rows in quarantine.
        superseded: Rows that a newer one of the same id stands for.
        deleted: Rows that say that their record is deleted.
        names: ``full_name`` of the accepted, in order of their ids, where that matters.
    """

    accepted: int
    bad: Mapping[int, str] = field(default_factory=dict)
    superseded: int = 0
    deleted: int = 0
    names: tuple[str, ...] | None = None

    @property
    def read(self) -> int:
        return self.accepted + len(self.bad) + self.superseded + self.deleted


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The run ends with one line.

    Args:
        key: Of the message.
        code: The exit code.
    """

    key: str
    code: int = 1


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile export.

    Args:
        name: What is wrong with it.
        content: Its bytes, or what makes it, given its path.
        file: What it is called.
        source: What the configuration says of it, besides its name; the path is its file's when absent.
        expected: What is to come of it.
        heavy: Takes so much memory or time that it is run in a process of its own.
    """

    name: str
    content: bytes | Callable[[Path], None]
    expected: Rows | Refusal
    file: str = "export.csv"
    source: Mapping[str, object] = field(default_factory=dict)
    heavy: bool = False

    def write(self, folder: Path) -> dict[str, object]:
        """Make the file; what a configuration says of the source."""
        path = folder / self.file
        if isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            self.content(path)
        return {"path": str(path), **{key: _placed(value, folder) for key, value in self.source.items()}}


def _placed(value: object, folder: Path) -> object:
    return value.replace("FOLDER", str(folder)) if isinstance(value, str) else value


def read(  # noqa: PLR0913  a case may say all that is expected
    name, content, accepted, bad=None, *, file="export.csv", heavy=False, superseded=0, deleted=0, names=None, **source
):
    """A case whose rows are all accounted for."""
    expected = Rows(accepted=accepted, bad=bad or {}, superseded=superseded, deleted=deleted, names=names)
    return Case(name=name, content=_bytes(content), expected=expected, file=file, source=source, heavy=heavy)


def refused(name, content, key, *, code=1, file="export.csv", heavy=False, **source):
    """A case that ends the run with one line."""
    return Case(
        name=name, content=_bytes(content), expected=Refusal(key=key, code=code), file=file, source=source, heavy=heavy
    )


def _bytes(content):
    return content.encode() if isinstance(content, str) else content
