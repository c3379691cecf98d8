"""Some rows of a source, mapped, validated, and corrected where a person has corrected them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.quarantine import conform_quarantine
from schemas.rules import Rule
from schemas.validation import Validated, validate
from sources.parsed import Parsed
from sources.quarantine.corrections import Corrections
from sources.read import Detected
from sources.records.canonical import Extract, raw_rows, to_canonical
from sources.records.preset import Preset
from sources.source import Input, Source

__all__ = ["VERSION", "WARNINGS", "Batch", "Intake", "correct", "judge", "moved", "set_aside"]

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
        quarantined: ``QUARANTINE``.
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
    accepted: pd.DataFrame
    raw: Callable[[npt.NDArray[np.int64]], list[str]]
    warnings: pa.Table
    quarantined: pd.DataFrame
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
    deleted = extract.deleted & extract.records["record_key"].notna().to_numpy()
    alive = np.flatnonzero(~deleted)
    records, rows = extract.records, parsed.table
    if deleted.any():
        records, rows = records.iloc[alive].reset_index(drop=True), rows.take(pa.array(alive))
    validated = validate(records, rules=intake.rules, raw=rows, today=intake.today)
    refused = validated.quarantined["position"].to_numpy(dtype=np.int64)
    sound = np.delete(np.arange(len(records)), refused)
    rejected = parsed.rejected.to_pandas(types_mapper=pd.ArrowDtype).assign(source=source.name, file=file)
    failed = validated.quarantined.assign(raw=pd.array(raw_rows(rows, refused), dtype="string[pyarrow]"))
    return Batch(
        rows=len(extract.records) + len(rejected),
        accepted=validated.accepted,
        raw=lambda places: raw_rows(rows, sound[places]),
        warnings=_warnings(validated),
        quarantined=conform_quarantine(_together(rejected, failed)),
        refused=_texts(records["record_key"].iloc[refused].dropna()),
        versions=_versions(validated.accepted, alive[sound]),
        deleted=_versions(extract.records, np.flatnonzero(deleted), of=np.flatnonzero(deleted)),
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
    raws = batch.quarantined["raw"].tolist()
    places, table = corrections.apply(raws, header=detected.header, delimiter=detected.delimiter)
    if not len(places):
        return batch
    raw = batch.quarantined["raw"].iloc[places].to_numpy()
    again = judged(Parsed(table, batch.quarantined["line"].to_numpy(dtype=np.int64)[places]))
    still = batch.quarantined.iloc[places[again.failed]].assign(reasons=again.quarantined["reasons"].to_numpy())
    left = batch.quarantined.drop(index=places.tolist())
    rows = again.versions["row"].to_numpy()
    direct = len(batch.accepted)
    return replace(
        batch,
        accepted=_together(batch.accepted, again.accepted),
        raw=lambda wanted: [*batch.raw(wanted[wanted < direct]), *raw[rows[wanted[wanted >= direct] - direct]]],
        warnings=pa.concat_tables([batch.warnings, moved(again.warnings, "position", direct)]),
        quarantined=conform_quarantine(_together(left, still)),
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
    refused = batch.accepted.iloc[places]
    reasons = [marks[int(place)] for place in places]
    aside = refused[["source", "file", "line"]].assign(reasons=reasons, raw=batch.raw(places))
    kept = np.delete(np.arange(len(batch.accepted)), places)
    where = pa.array(np.searchsorted(kept, batch.warnings["position"].to_numpy()))
    warnings = batch.warnings.set_column(3, "position", where)
    return replace(
        batch,
        accepted=batch.accepted.iloc[kept].reset_index(drop=True),
        warnings=warnings.filter(pc.is_in(batch.warnings["position"], value_set=pa.array(kept))),
        quarantined=_together(batch.quarantined, conform_quarantine(aside)),
        refused=pa.chunked_array([*batch.refused.chunks, *_texts(refused["record_key"]).chunks], pa.string()),
        versions=batch.versions.take(pa.array(kept)),
    )


def moved(table: pa.Table, column: str, by: int) -> pa.Table:
    """The table with a number added to a column."""
    return table.set_column(table.column_names.index(column), column, pc.add(table[column], by))


def _together(*frames: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def _texts(values: pd.Series) -> pa.ChunkedArray:
    array = pa.array(values, pa.string())
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _warnings(validated: Validated) -> pa.Table:
    return pa.Table.from_pandas(validated.warnings[WARNINGS.names], preserve_index=False).cast(WARNINGS)


def _versions(records: pd.DataFrame, rows: npt.NDArray[np.int64], of: npt.NDArray[np.int64] | None = None) -> pa.Table:
    """`VERSION` of all records, or of some."""
    columns = [_texts(records[name]) for name in ("record_key", "updated_at")]
    if of is not None:
        columns = [column.take(pa.array(of)) for column in columns]
    return pa.table([*columns, pa.array(rows, pa.int64())], schema=VERSION)
