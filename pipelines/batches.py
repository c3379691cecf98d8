"""Some rows of a source, mapped, validated, and corrected where a person has corrected them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.quarantine import quarantined
from schemas.rules import Rule
from schemas.validation import validate
from sources.parsed import Parsed
from sources.quarantine.corrections import Corrections
from sources.read import Detected
from sources.records.canonical import Extract, raw_rows, to_canonical
from sources.records.preset import Preset
from sources.source import Input, Source

__all__ = ["VERSION", "WARNINGS", "Batch", "Intake", "correct", "in_one_piece", "judge", "moved", "set_aside"]

VERSION: Final = pa.schema([("record_key", pa.string()), ("updated_at", pa.string()), ("row", pa.int64())])
"""What tells which of a record's rows stands (`sources.versions`)."""
WARNINGS: Final = pa.schema(
    [("record_key", pa.string()), ("attribute", pa.string()), ("reason", pa.string()), ("position", pa.int64())]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is to be read, and how.

    Args:
        source: The source.
        preset: Of its exports.
        inputs: Its frozen files; of rows with the same id and time, those of later files win.
        rules: What its rows have to keep.
        secret: Key of hashed ids.
        today: Nobody is born later.
        corrections: What people have corrected of rows that were quarantined.
    """

    source: Source
    preset: Preset
    inputs: tuple[Input, ...]
    rules: tuple[Rule, ...]
    secret: bytes
    today: date
    corrections: Corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows and what became of them: each is in one of accepted, quarantined and deleted.

    Args:
        rows: How many were read.
        accepted: Records.
        raw: The accepted rows as they were read.
        warnings: `WARNINGS`, with ``position`` in ``accepted``.
        quarantined: As `schemas.quarantine.quarantined` returns them.
        refused: Keys of the quarantined rows that have a key.
        versions: `VERSION` of the accepted rows.
        deleted: `VERSION` of the rows which say that their record is deleted.
        failed: Row of the batch of each that validation quarantined: the last ones of ``quarantined``.
        broken: Reason → rows that it holds for.
        unique: Reason of a rule → the values of its column in ``accepted``.
        extract: What was assumed.
        corrected: How many of the accepted stand there as a person corrected them.
    """

    rows: int
    accepted: pa.Table
    raw: Callable[[npt.NDArray[np.int64]], list[str]]
    warnings: pa.Table
    quarantined: pa.Table
    refused: pa.ChunkedArray
    versions: pa.Table
    deleted: pa.Table
    failed: npt.NDArray[np.int64]
    broken: Counter[str]
    unique: Mapping[str, pa.ChunkedArray]
    extract: Extract
    corrected: int = 0


def judge(parsed: Parsed, intake: Intake, *, file: str, nested: bool, order: str | None) -> Batch:
    """Map rows to canonical records and part them.

    Args:
        parsed: As read.
        intake: What is to be read.
        file: What people call the file.
        nested: Whether cells may hold lists and objects.
        order: Of day and month, where the whole source has shown it.
    """
    source = intake.source
    extract = to_canonical(parsed, source, intake.preset, key=intake.secret, file=file, nested=nested, order=order)
    deleted = extract.deleted & extract.table["record_key"].is_valid().to_numpy()
    alive = np.flatnonzero(~deleted)
    records, rows = extract.table, parsed.table
    if deleted.any():
        records, rows = records.take(pa.array(alive)), rows.take(pa.array(alive))
    validated = validate(records, rules=intake.rules, raw=rows, today=intake.today)
    refused = validated.quarantined["position"].to_numpy()
    sound = np.delete(np.arange(records.num_rows), refused)
    failed = validated.quarantined.append_column("raw", pa.array(raw_rows(rows, refused), pa.string()))
    return Batch(
        rows=extract.table.num_rows + parsed.rejected.num_rows,
        accepted=validated.accepted,
        raw=lambda places: raw_rows(rows, sound[places]),
        warnings=validated.warnings.cast(WARNINGS),
        quarantined=pa.concat_tables([_rejected(parsed.rejected, source.name, file), quarantined(failed)]),
        refused=records["record_key"].take(pa.array(refused)).drop_null(),
        versions=_versions(validated.accepted, alive[sound]),
        deleted=_versions(extract.table, np.flatnonzero(deleted), of=pa.array(np.flatnonzero(deleted))),
        failed=alive[refused],
        broken=Counter(validated.broken),
        unique=validated.unique,
        extract=extract,
    )


def correct(batch: Batch, corrections: Corrections, judged: Callable[[Parsed], Batch], detected: Detected) -> Batch:
    """The batch with what people have corrected in the place of the rows that were quarantined.

    Args:
        batch: As `judge` left it.
        corrections: Of the source.
        judged: Judges the corrected rows.
        detected: How the file was read.
    """
    if not corrections or not len(batch.quarantined):
        return batch
    raws = batch.quarantined["raw"].to_pylist()
    places, table = corrections.apply(raws, header=detected.header, delimiter=detected.delimiter)
    if not len(places):
        return batch
    raw = np.array(raws, object)[places]
    again = judged(Parsed(table, batch.quarantined["line"].to_numpy()[places]))
    still = batch.quarantined.take(pa.array(places[again.failed]))
    still = still.set_column(still.column_names.index("reasons"), "reasons", again.quarantined["reasons"])
    left = batch.quarantined.take(pa.array(np.delete(np.arange(len(raws)), places)))
    rows = again.versions["row"].to_numpy()
    direct = len(batch.accepted)
    return replace(
        batch,
        accepted=pa.concat_tables([batch.accepted, again.accepted]),
        raw=lambda wanted: [*batch.raw(wanted[wanted < direct]), *raw[rows[wanted[wanted >= direct] - direct]]],
        warnings=pa.concat_tables([batch.warnings, moved(again.warnings, "position", direct)]),
        quarantined=pa.concat_tables([left, still]),
        versions=pa.concat_tables([batch.versions, moved(again.versions, "row", batch.rows)]),
        deleted=pa.concat_tables([batch.deleted, moved(again.deleted, "row", batch.rows)]),
        unique={
            reason: pa.chunked_array([*values.chunks, *again.unique[reason].chunks], pa.string())
            for reason, values in batch.unique.items()
        },
        corrected=len(again.accepted),
    )


def set_aside(batch: Batch, marks: Mapping[int, str]) -> Batch:
    """The batch with some of its accepted rows quarantined, for what only the whole source shows.

    Args:
        batch: As `judge` and `correct` left it.
        marks: Row of ``accepted`` → reason.
    """
    places = np.array(sorted(marks), np.int64)
    refused = batch.accepted.take(pa.array(places))
    aside = refused.select(["source", "file", "line"])
    aside = aside.append_column("reasons", pa.array([marks[int(place)] for place in places], pa.string()))
    aside = aside.append_column("raw", pa.array(batch.raw(places), pa.string()))
    kept = np.delete(np.arange(len(batch.accepted)), places)
    where = pa.array(np.searchsorted(kept, batch.warnings["position"].to_numpy()))
    warnings = batch.warnings.set_column(3, "position", where)
    return replace(
        batch,
        accepted=batch.accepted.take(pa.array(kept)),
        warnings=warnings.filter(pc.is_in(batch.warnings["position"], value_set=pa.array(kept))),
        quarantined=pa.concat_tables([batch.quarantined, quarantined(aside)]),
        refused=pa.chunked_array([*batch.refused.chunks, *refused["record_key"].chunks], pa.string()),
        versions=batch.versions.take(pa.array(kept)),
    )


def in_one_piece(batch: Batch) -> Batch:
    """The batch with its accepted rows copied together: what is only counted can do without."""
    return replace(batch, accepted=batch.accepted.combine_chunks())


def moved(table: pa.Table, column: str, by: int) -> pa.Table:
    """The table with a number added to a column."""
    return table.set_column(table.column_names.index(column), column, pc.add(table[column], by))


def _rejected(rejected: pa.Table, source: str, file: str) -> pa.Table:
    """What a reader refuses, with its place."""
    names = {"source": pa.repeat(pa.scalar(source), len(rejected)), "file": pa.repeat(pa.scalar(file), len(rejected))}
    return quarantined(pa.table(names | dict(zip(rejected.column_names, rejected.columns, strict=True))))


def _versions(records: pa.Table, rows: npt.NDArray[np.int64], of: pa.Array | None = None) -> pa.Table:
    """`VERSION` of all records, or of some."""
    columns = records.select(["record_key", "updated_at"])
    columns = columns if of is None else columns.take(of)
    return columns.append_column("row", pa.array(rows, pa.int64())).cast(VERSION)
