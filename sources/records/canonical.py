"""From an export to canonical records: which column is what, and the forms that are not text by nature."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError
from schemas.records import ATTRIBUTES, CONSENTS, PHONES, RECORD_COLUMNS, conform_table
from sources.parsed import Parsed
from sources.records.address import address
from sources.records.cells import NULL, Cells, Column
from sources.records.consent import consents
from sources.records.date_order import DateVotes, date_votes, decide
from sources.records.headers import looks_like_data, nearest
from sources.records.json_text import json_objects
from sources.records.mapping import asked_headers, missing_headers, with_mapping
from sources.records.moments import is_timezone, iso_dates, iso_times
from sources.records.nested import spread_lists, with_paths
from sources.records.preset import Preset
from sources.records.proposals import propose
from sources.records.record_ids import plain_ids, relation_keys, source_ids, without_prefixes
from sources.source import Source

__all__ = ["Extract", "raw_rows", "to_canonical"]

TIMES: Final = tuple(a.name for a in ATTRIBUTES if a.name.endswith("_at"))
_IDS: Final = ("account_id", "parent_id", "merged_into")
_MARKED: Final = (*PHONES, "postcode", "tax_id", "registration_number", "national_id", "external_id")
_KIND_WORDS: Final = {
    "company": ("company", "organisation", "organization", "business", "公司", "企业"),
    "person": ("person", "individual", "contact", "个人", "人"),
}
_ZONED: Final = r"(?i)(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*$"
_SOME: Final = 1000
_PERSON: Final = ("full_name", "given_name", "family_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The canonical records of one batch of an export, and what was assumed to read them.

    Args:
        table: One row a row of the export's table, in its order; every column of `RECORD_COLUMNS`.
        unknown_columns: Headers that the preset and the mapping do not know; their cells are in ``extra``.
        proposals: Unknown header → the canonical column that it very likely means; nothing was taken from it.
        missing: Headers that the mapping names and the batch lacks, where batches may differ (``nested``): a mistake if
            every batch lacks them.
        inferred: What the configuration does not say: ``date_order``, ``timezone``, ``kind`` → the value taken, with
            ``?`` after it where nothing in the batch decided.
        deleted: Of each row, whether it says itself that its record is deleted.
        order: Of day and month, by which dates were read; nothing where none needed it.
        votes: What the batch's dates say of it; add those of all batches, and `sources.records.date_order.decide`.
    """

    table: pa.Table
    unknown_columns: tuple[str, ...]
    missing: tuple[str, ...]
    proposals: Mapping[str, str]
    inferred: Mapping[str, str]
    deleted: npt.NDArray[np.bool_]
    order: str | None
    votes: DateVotes

    @property
    def records(self) -> pd.DataFrame:
        """The table as a frame."""
        frame: pd.DataFrame = self.table.to_pandas(types_mapper=pd.ArrowDtype)
        return frame


def to_canonical(
    parsed: Parsed,
    source: Source,
    preset: Preset,
    *,
    key: bytes,
    file: str,
    nested: bool,
    order: str | None = None,
) -> Extract:
    """Map one batch of an export to the canonical record.

    Cells are trimmed and empty ones are null; times become UTC, dates ISO 8601, consent ``granted`` or ``denied``. A
    natural key, and an id that is an email, enters ``source_id`` as a keyed hash, for it is personal data.

    Args:
        parsed: As read.
        source: Where it comes from; its ``mapping`` goes over the preset's columns.
        preset: How such exports are laid out.
        key: Secret of the keyed hash.
        file: What people call the file; goes to the column ``file``, and errors name it.
        nested: Whether cells may hold JSON lists and objects, as in JSON lines and Parquet.
        order: The order of day and month that all batches together decided; inferred from this batch when absent.

    Raises:
        SourceError: A header that the mapping names, or the column of ids, is not in the export; no such time zone.
        UsageError: The mapping names a canonical column that does not exist.
    """
    table = with_paths(parsed.table, asked_headers(preset, source)) if nested else parsed.table
    missing = missing_headers(source, table.column_names)
    if missing and not nested:  # other batches of nested data may have them
        raise _no_column("missing_header", file, table.column_names, missing)
    preset = with_mapping(preset, source, table.column_names)
    cells = Cells(table)
    present = _columns(cells, preset, nested=nested)
    ids = source_ids(cells, present, preset, key)
    if ids is None:
        raise _no_column("no_id", file, table.column_names, preset.id or preset.natural_key)
    present |= consents(cells, preset, file)
    present |= relation_keys(present, source, key)
    deleted = _deleted(cells, present, preset)
    present, order, votes, inferred = _in_iso(present, source, preset, order, file)
    present, inferred_kind = _with_kind(present, source.kind, preset, table.num_rows)
    cells.know(preset.extra)
    unknown = cells.unknown()
    present["extra"] = json_objects(cells.rest(), table.num_rows)
    return Extract(
        table=_records(present, ids, source.name, file, parsed.lines),
        unknown_columns=tuple(unknown),
        missing=tuple(missing),
        proposals=propose(unknown, set(RECORD_COLUMNS) - present.keys(), preset),
        inferred=inferred | inferred_kind,
        deleted=deleted,
        order=order,
        votes=votes,
    )


def raw_rows(table: pa.Table, positions: npt.ArrayLike) -> list[str]:
    """Rows of an export as they were read, each a JSON object of its filled cells.

    Args:
        table: As read.
        positions: 0-based rows of it.
    """
    rows = table.take(pa.array(np.asarray(positions, np.int64)))
    objects = json_objects(dict(zip(rows.column_names, rows.columns, strict=True)), rows.num_rows)
    raw: list[str] = pc.fill_null(objects, "{}").to_pylist()
    return raw


def _no_column(key: str, file: str, header: Sequence[str], wanted: Sequence[str]) -> SourceError:
    """The error of a header that is not there; it names others only if they are like it, and no customer's data."""
    if looks_like_data(header):
        return SourceError("sources.headerless", path=file, columns=len(header))
    named, near = ", ".join(wanted[:3]), nearest(wanted, header)
    if near:
        return SourceError(f"sources.{key}", path=file, header=named, hint=", ".join(near))
    return SourceError(f"sources.{key}_far", path=file, header=named, columns=len(header))


def _columns(cells: Cells, preset: Preset, *, nested: bool) -> dict[str, Column]:
    """The canonical columns that an export has, as text."""
    named = {name: headers for name, headers in preset.columns.items() if name not in CONSENTS}
    found = {name: cells.first_filled(headers, wholly=name != "kind") for name, headers in named.items()}
    present = {name: column for name, column in found.items() if column is not None}
    present |= address(cells, preset)
    present = spread_lists(present) if nested else present
    present |= {name: plain_ids(present[name], preset) for name in _IDS if name in present}
    marked = [name for name in _MARKED if name in present] if preset.text_marks else []
    return present | {name: without_prefixes(present[name], preset.text_marks) for name in marked}


def _deleted(cells: Cells, columns: Mapping[str, Column], preset: Preset) -> npt.NDArray[np.bool_]:
    """Which rows say that their record is deleted; one that was merged into another lives on in that."""
    flag = preset.deleted
    said = cells.first_filled(flag.headers, wholly=False) if flag else None
    if flag is None or said is None:
        return np.zeros(cells.rows, np.bool_)
    gone = pc.is_in(pc.utf8_lower(said), value_set=pa.array(flag.words, pa.string()))
    if "merged_into" in columns:
        gone = pc.and_(gone, pc.is_null(columns["merged_into"]))
    flags: npt.NDArray[np.bool_] = gone.to_numpy().astype(np.bool_)
    return flags


def _lacks_zone(times: Column) -> bool:
    """Whether a time of the first ones says no zone."""
    some = times.drop_null().slice(0, _SOME)
    return pc.any(pc.invert(pc.match_substring_regex(some, _ZONED))).as_py() is True


def _in_iso(
    columns: dict[str, Column], source: Source, preset: Preset, order: str | None, file: str
) -> tuple[dict[str, Column], str | None, DateVotes, dict[str, str]]:
    """The columns with dates and times in ISO 8601, the order that they needed, their votes, and what was assumed."""
    moments = {name: column for name, column in columns.items() if name in TIMES or name == "birth_date"}
    inferred: dict[str, str] = {}
    votes = date_votes(moments.values())
    needed = decide(votes, source.country)
    if declared := source.date_order or preset.date_order:
        order = declared
    elif needed.needed:
        order = order or needed.order
        inferred["date_order"] = order if needed.decided else f"{order}?"
    zone = source.timezone or preset.timezone
    if zone is not None and not is_timezone(zone):
        raise SourceError("sources.unknown_timezone", path=file, timezone=zone)
    if zone is None and any(_lacks_zone(column) for name, column in moments.items() if name in TIMES):
        inferred["timezone"] = "UTC?"
    read = {
        name: iso_dates(column, order or "dmy")
        if name == "birth_date"
        else iso_times(column, zone or "UTC", order or "dmy")
        for name, column in moments.items()
    }
    return columns | read, order if needed.needed else None, votes, inferred


def _with_kind(
    columns: dict[str, Column], declared: str | None, preset: Preset, rows: int
) -> tuple[dict[str, Column], dict[str, str]]:
    """The columns with person or company: as declared, else as the row says, else by the preset or by the names."""
    if declared is not None or (preset.kind is not None and "kind" not in columns):
        return columns | {"kind": pa.chunked_array([pa.repeat(pa.scalar(declared or preset.kind), rows)])}, {}
    guess = pa.scalar(preset.kind) if preset.kind is not None else _guessed_kind(columns, rows)
    if "kind" not in columns:
        return columns | {"kind": guess}, {"kind": "person|company?"}
    said = pc.utf8_lower(columns["kind"])
    for kind, words in _KIND_WORDS.items():
        own = pa.array((*words, *preset.kind_words.get(kind, ())), pa.string())
        guess = pc.if_else(pc.is_in(said, value_set=own), kind, guess)
    columns = columns | {"kind": guess}
    return _persons_among_companies(columns) if preset.kind == "company" else columns, {}


def _guessed_kind(columns: Mapping[str, Column], rows: int) -> Column:
    """A company where only a company is named."""
    none = pa.chunked_array([pa.nulls(rows, pa.string())])
    person = pc.is_valid(pc.coalesce(none, *[columns[name] for name in _PERSON if name in columns]))
    company = pc.is_valid(columns.get("company_name", none))
    return pc.if_else(pc.and_(company, pc.invert(person)), "company", "person")


def _persons_among_companies(columns: dict[str, Column]) -> dict[str, Column]:
    """In an export of companies, the name of a record that is a person is a person's (Salesforce: person accounts)."""
    if "company_name" not in columns:
        return columns
    name = columns["company_name"]
    full_name = columns.get("full_name", pa.chunked_array([pa.nulls(len(name), pa.string())]))
    person = pc.and_(pc.equal(columns["kind"], "person"), pc.is_null(full_name))
    return columns | {"full_name": pc.if_else(person, name, full_name), "company_name": pc.if_else(person, NULL, name)}


def _records(
    columns: Mapping[str, Column], ids: Column, name: str, file: str, lines: npt.NDArray[np.int64]
) -> pa.Table:
    own: dict[str, Column] = {
        "record_key": pc.binary_join_element_wise(name, ids, ":"),
        "source": pa.repeat(pa.scalar(name), len(lines)),
        "source_id": ids,
        "file": pa.repeat(pa.scalar(file), len(lines)),
        "line": pa.array(lines),
    }
    return conform_table(pa.table({**own, **columns}))
