"""One source on its way in: its files read, mapped and validated in batches, and the account of what became of them.

Batches are laid out in turn and worked on by two threads; memory holds a few of them, whatever the size of the files.
What only the end of a source shows is assumed at first, and where the assumption was wrong the source is read again
knowing better: the order of day and month in its dates, and values that a rule wants to be unique.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final, Protocol, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.batches import VERSION, WARNINGS, Batch, Intake, correct, in_one_piece, judge, moved, set_aside
from schemas.errors import SourceError
from schemas.rule_checks import repeated
from schemas.rules import Unique
from sources.parsed import Piece
from sources.read import Detected, Reading, read
from sources.records.date_order import DateVotes, decide
from sources.source import Input
from sources.versions import Settled, Versions

__all__ = ["Account", "FileAccount", "Intake", "Keep", "take_in"]

_AHEAD: Final = 3  # batches that are under way at most, laid out or worked on
_WORKERS: Final = 2
_KEYS: Final = pa.schema([("record_key", pa.string())])
Marks = Mapping[int, Mapping[int, str]]
"""Batch → row of its accepted → reason that the whole source has shown."""


class Keep(Protocol):
    """Where the rows go."""

    def append(self, name: str, table: pa.Table) -> None:
        """Add rows to a table."""

    def table(self, name: str) -> pa.Table:
        """What was added to a table, memory-mapped."""

    def replace(self, name: str, table: pa.Table) -> None:
        """Put other rows in the place of a table's."""

    def restart(self) -> None:
        """Forget all that was added."""


@dataclass(slots=True, kw_only=True)
class FileAccount:
    """One file of a source: how it was read, and how many rows it has."""

    input: Input
    detected: Detected
    rows_read: int = 0


@dataclass(slots=True, kw_only=True)
class Account:
    """What became of a source's rows: read = accepted + quarantined + superseded + deleted.

    Args:
        rows_read: Rows of all files.
        accepted: Rows that are records now.
        quarantined: Rows that were set aside.
        superseded: Older versions of records.
        deleted: Rows which say that their record is deleted.
        warned: Accepted records with a cell that is not matched on.
        corrected: Accepted rows that stand there as a person corrected them.
        reasons: Reason → quarantined rows.
        warnings: Reason → warned cells.
        broken: Reason → rows that it holds for, warnings too.
        files: The files.
        unknown_columns: Headers that nobody asked for.
        proposals: Unknown header → canonical column that it may be meant for.
        inferred: What was assumed (`sources.records.canonical.Extract`).
    """

    rows_read: int = 0
    accepted: int = 0
    quarantined: int = 0
    superseded: int = 0
    deleted: int = 0
    warned: int = 0
    corrected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    files: list[FileAccount] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    proposals: dict[str, str] = field(default_factory=dict)
    inferred: dict[str, str] = field(default_factory=dict)


def take_in(intake: Intake, keep: Keep | None = None, advance: Callable[[float], None] | None = None) -> Account:
    """Read a source from its first row to its last.

    Args:
        intake: What is to be read.
        keep: Gets ``accepted``, ``warnings`` (record_key, attribute, reason), ``quarantined`` (`QUARANTINE`),
            ``deleted`` (record_key, updated_at) and ``refused`` (record_key); when absent, rows are only counted.
        advance: Called with the share of the files that has been read.

    Raises:
        SourceError: A file cannot be read.
        UsageError: The mapping or a rule names what is not there.
    """
    done = _Pass(intake, keep).run(advance)
    order = done.contrary_order()
    if order:
        done = _Pass(intake, keep, order=order).run(advance)
    marks = done.repeats()
    if marks:
        done = _Pass(intake, keep, order=order, marks=marks).run(advance)
    return done.finished()


class _Pass:
    """Once through all files of a source."""

    def __init__(
        self, intake: Intake, keep: Keep | None, *, order: str | None = None, marks: Marks | None = None
    ) -> None:
        self._intake, self._keep, self._order, self._marks = intake, keep, order, marks or {}
        self._account = Account()
        self._versions = Versions()
        self._votes = DateVotes()
        self._orders: set[str] = set()
        self._missing: list[str] = []  # headers that the mapping names and no batch has
        self._sizes: list[int] = []  # accepted rows of each batch
        self._warnings: list[pa.Table] = []
        self._deleted: list[pa.Table] = []
        self._unique: dict[str, list[pa.Array]] = {}
        if keep:
            keep.restart()

    def run(self, advance: Callable[[float], None] | None) -> Self:
        """Read all files; two batches are worked on while the next is laid out."""
        under_way: deque[tuple[int, Future[Batch]]] = deque()
        with ThreadPoolExecutor(max_workers=_WORKERS) as workers:
            for number, (file, reading, piece) in enumerate(self._pieces(advance)):
                under_way.append((file, workers.submit(self._work, number, file, reading, piece)))
                if len(under_way) > _AHEAD:
                    self._add(*_finished(under_way.popleft()))
            while under_way:
                self._add(*_finished(under_way.popleft()))
        if self._missing:
            path = self._intake.inputs[0].name
            columns = len(self._account.files[0].detected.header)
            raise SourceError("sources.missing_header_far", path=path, header=self._missing[0], columns=columns)
        return self

    @cached_property
    def _settled(self) -> Settled:
        return self._versions.settle()

    def contrary_order(self) -> str | None:
        """The order of day and month that the whole source shows, if a batch was read by another."""
        intake = self._intake
        if intake.source.date_order or intake.preset.date_order:
            return None
        order = decide(self._votes, intake.source.country).order
        return order if self._orders - {order} else None

    def repeats(self) -> Marks:
        """The rows with a value that an earlier record has, where a rule quarantines them: batch → row → reason."""
        superseded = self._settled.superseded if self._unique else None
        first = np.cumsum([0, *self._sizes])
        marks: dict[int, dict[int, str]] = {}
        for rule in self._intake.rules:
            if isinstance(rule, Unique) and rule.then == "quarantine" and superseded is not None:
                for place in self._repeated(rule, superseded):
                    batch = int(np.searchsorted(first, place, side="right")) - 1
                    marks.setdefault(batch, {})[int(place - first[batch])] = rule.reason
        return marks

    def finished(self) -> Account:
        """The account; what was kept is without the rows that newer ones stand for."""
        account, settled = self._account, self._settled
        account.accepted = sum(self._sizes) - int(settled.superseded.sum())
        account.deleted = int(settled.deleted.sum())
        account.superseded = int(settled.superseded.sum()) + len(settled.deleted) - account.deleted
        warnings = self._all_warnings(settled.superseded)
        for rule in self._intake.rules:
            if isinstance(rule, Unique):
                account.broken[rule.reason] = account.reasons[rule.reason] + int(
                    pc.sum(pc.equal(warnings["reason"], rule.reason)).as_py() or 0
                )
        account.warned = pc.count_distinct(warnings["position"]).as_py()
        account.warnings = _counted(warnings["reason"])
        decided = decide(self._votes, self._intake.source.country)
        if decided.needed and not (self._intake.source.date_order or self._intake.preset.date_order):
            account.inferred["date_order"] = decided.order if decided.decided else f"{decided.order}?"
        if self._keep:
            if settled.superseded.any():
                self._keep.replace("accepted", self._keep.table("accepted").filter(pa.array(~settled.superseded)))
            deleted = pa.concat_tables([VERSION.empty_table(), *self._deleted]).filter(pa.array(settled.deleted))
            self._keep.append("deleted", deleted.drop_columns("row"))
            self._keep.append("warnings", warnings.drop_columns("position"))
        return account

    def _pieces(self, advance: Callable[[float], None] | None) -> Iterator[tuple[int, Reading, Piece]]:
        """The pieces of all files, in their order."""
        total = sum(each.size for each in self._intake.inputs) or 1
        before = 0
        for number, each in enumerate(self._intake.inputs):
            reading = read(each, self._intake.source)
            self._account.files.append(FileAccount(input=each, detected=reading.detected))
            for piece in reading.pieces():
                yield number, reading, piece
                if advance:
                    advance((before + reading.position) / total)
            self._account.files[number].detected = reading.detected
            before += each.size

    def _work(self, batch: int, file: int, reading: Reading, piece: Piece) -> Batch:
        """Map and validate a piece, with what people have corrected of it."""
        judged = partial(
            judge,
            intake=self._intake,
            file=self._intake.inputs[file].name,
            nested=reading.detected.nested,
            order=self._order,
        )
        done = correct(judged(piece()), self._intake.corrections, judged, reading.detected)
        done = set_aside(done, self._marks[batch]) if batch in self._marks else done
        return in_one_piece(done) if self._keep else done

    def _add(self, file: int, batch: Batch) -> None:
        account = self._account
        account.rows_read += batch.rows
        account.files[file].rows_read += batch.rows
        account.quarantined += len(batch.quarantined)
        account.corrected += batch.corrected
        account.reasons += _counted(batch.quarantined["reasons"])
        account.broken += batch.broken
        account.unknown_columns = list(dict.fromkeys([*account.unknown_columns, *batch.extract.unknown_columns]))
        account.proposals |= batch.extract.proposals
        account.inferred = {**batch.extract.inferred, **account.inferred}
        self._missing = [name for name in batch.extract.missing if not self._sizes or name in self._missing]
        self._votes += batch.extract.votes
        self._orders |= {batch.extract.order} if batch.extract.order else set()
        self._versions.add(batch.versions, batch.deleted, batch.rows)
        self._deleted.append(batch.deleted)
        self._warnings.append(moved(batch.warnings, "position", sum(self._sizes)))
        self._sizes.append(len(batch.accepted))
        for reason, values in batch.unique.items():
            self._unique.setdefault(reason, []).extend(values.chunks)
        if self._keep:
            self._keep.append("accepted", batch.accepted)
            self._keep.append("quarantined", batch.quarantined)
            self._keep.append("refused", pa.table([batch.refused], schema=_KEYS))

    def _repeated(self, rule: Unique, superseded: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """The accepted rows with a value that an earlier one has."""
        values = pa.chunked_array(self._unique[rule.reason], pa.string())
        return np.flatnonzero(repeated(pc.if_else(pa.array(superseded), pa.scalar(None, pa.string()), values)))

    def _all_warnings(self, superseded: npt.NDArray[np.bool_]) -> pa.Table:
        """The warnings of the rows that stand, those of unique values among them."""
        repeats = [
            self._warned(rule, self._repeated(rule, superseded))
            for rule in self._intake.rules
            if isinstance(rule, Unique) and rule.then == "warning"
        ]
        warnings = pa.concat_tables([WARNINGS.empty_table(), *self._warnings, *repeats])
        return warnings.filter(pa.array(~superseded[warnings["position"].to_numpy()]))

    def _warned(self, rule: Unique, places: npt.NDArray[np.int64]) -> pa.Table:
        keys = pa.nulls(len(places), pa.string())
        if self._keep:
            keys = self._keep.table("accepted")["record_key"].take(pa.array(places)).combine_chunks()
        attribute, reason = (pa.repeat(pa.scalar(word), len(places)) for word in (rule.attribute, rule.reason))
        return pa.table([keys, attribute, reason, pa.array(places)], schema=WARNINGS)


def _finished(under_way: tuple[int, Future[Batch]]) -> tuple[int, Batch]:
    return under_way[0], under_way[1].result()


def _counted(reasons: pa.ChunkedArray) -> Counter[str]:
    """How often each reason occurs; several are joined by a space."""
    counts = pc.value_counts(reasons)
    found: Counter[str] = Counter()
    for each in counts.to_pylist():
        for reason in each["values"].split():
            found[reason] += each["counts"]
    return found
