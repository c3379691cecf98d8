"""From an export to canonical records: which column is what, and the forms that are not text by nature."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import SourceError, UsageError
from schemas.records import ATTRIBUTES, CONSENTS, conform
from sources.address import address
from sources.cells import NULL, Cells, Column
from sources.consent import consents
from sources.headers import looks_like_data, nearest, normalise
from sources.json_text import json_objects
from sources.moments import infer_date_order, is_timezone, iso_dates, iso_times
from sources.nested import spread_lists, with_paths
from sources.preset import TARGETS, Preset
from sources.read import Export
from sources.source import Source

__all__ = ["Extract", "raw_rows", "to_canonical"]

TIMES: Final = tuple(a.name for a in ATTRIBUTES if a.name.endswith("_at"))
_IDS: Final = ("source_id", "account_id", "parent_id")
_RECORD_IDS: Final = ("source_id", "natural_key")
_MAY_NEST: Final = ("jsonl", "parquet")
_PERSON: Final = ("full_name", "given_name", "family_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """The canonical records of one export, and what was assumed to read them.

    Args:
        records: One row a row of the export's table, in its order; every column of `RECORD_COLUMNS`.
        unknown_columns: Headers that the preset and the mapping do not know; their cells are in ``extra``.
        inferred: What the configuration does not say: ``date_order``, ``timezone``, ``kind`` → the value taken, with
            ``?`` after it where nothing in the export decided.
    """

    records: pd.DataFrame
    unknown_columns: tuple[str, ...]
    inferred: Mapping[str, str]


def to_canonical(export: Export, source: Source, preset: Preset, *, key: bytes) -> Extract:
    """Map an export to the canonical record.

    Cells are trimmed and empty ones are null; times become UTC, dates ISO 8601, consent ``granted`` or ``denied``. A
    natural key, and an id that is an email, enters ``source_id`` as a keyed hash, for it is personal data.

    Args:
        export: As read.
        source: Where it comes from; its ``mapping`` goes over the preset's columns.
        preset: How such exports are laid out.
        key: Secret of the keyed hash.

    Raises:
        SourceError: A header that the mapping names, or the column of ids, is not in the export; no such time zone.
        UsageError: The mapping names a canonical column that does not exist.
    """
    table = with_paths(export.table, _asked(preset, source)) if export.detected.format in _MAY_NEST else export.table
    preset = _with_mapping(preset, source, table.column_names)
    cells = Cells(table)
    ids = _source_ids(cells, preset, source, key)
    found = {name: cells.first_filled(headers) for name, headers in preset.columns.items() if name not in CONSENTS}
    present = {name: column for name, column in found.items() if column is not None}
    present |= address(cells, preset)
    present = spread_lists(present) if export.detected.format in _MAY_NEST else present
    present |= consents(cells, preset)
    present |= {n: _without_prefixes(present[n], preset.id_prefixes) for n in _IDS if n in present}
    present, inferred = _in_iso(present, source, preset)
    declared = source.kind or (None if "kind" in source.mapping else preset.kind)
    present["kind"], inferred_kind = _kinds(present, declared, export.table.num_rows)
    present["extra"] = json_objects(cells.rest(), export.table.num_rows)
    return Extract(
        records=_records(present, ids, source.name, export.lines),
        unknown_columns=tuple(cells.unknown()),
        inferred=inferred | inferred_kind,
    )


def raw_rows(export: Export, positions: npt.ArrayLike) -> list[str]:
    """Rows of an export as they were read, each a JSON object of its filled cells.

    Args:
        export: As read.
        positions: 0-based rows of its table.
    """
    rows = export.table.take(pa.array(np.asarray(positions, np.int64)))
    objects = json_objects(dict(zip(rows.column_names, rows.columns, strict=True)), rows.num_rows)
    raw: list[str] = pc.fill_null(objects, "{}").to_pylist()
    return raw


def _asked(preset: Preset, source: Source) -> Iterable[str]:
    """The headers that a mapping names, and a preset for its columns."""
    blocks = (preset.columns, *preset.addresses)
    return (*source.mapping.values(), *(name for block in blocks for names in block.values() for name in names))


def _with_mapping(preset: Preset, source: Source, header: Sequence[str]) -> Preset:
    """The preset with the configuration's own mapping over it: a header that it names is nobody else's."""
    known = {normalise(name) for name in header}
    for target, name in source.mapping.items():
        if target not in TARGETS:
            hint = ", ".join(nearest([target], TARGETS) or TARGETS)
            raise UsageError("sources.unknown_key", path=source.name, key=target, hint=hint)
        if normalise(name) not in known:
            raise _missing("missing_header", source, header, [name])
    own: dict[str, tuple[str, ...]] = {target: (name,) for target, name in source.mapping.items()}
    ids, keys = own.pop("source_id", ()), own.pop("natural_key", ())
    if not ids and not keys:
        ids, keys = preset.id, preset.natural_key
    claimed = {normalise(name) for names in own.values() for name in names}
    guessed = {k: tuple(v for v in names if normalise(v) not in claimed) for k, names in preset.columns.items()}
    blocks = tuple(
        {k: tuple(v for v in names if normalise(v) not in claimed) for k, names in block.items() if k not in own}
        for block in preset.addresses
    )
    rules = tuple(rule for rule in preset.consents if rule.attribute not in own)
    columns = {**guessed, **own}
    return replace(preset, columns=columns, addresses=blocks, consents=rules, id=ids, natural_key=keys)


def _source_ids(cells: Cells, preset: Preset, source: Source, key: bytes) -> Column:
    """The id of each record: from the column of ids, else a keyed hash of the natural key."""
    if names := cells.present(preset.id):
        return _without_emails(_without_prefixes(cells.take(names[0]), preset.id_prefixes), key)
    if names := cells.present(preset.natural_key):
        return _hashed(cells.take(names[0]), key)
    wanted = preset.id or preset.natural_key
    raise _missing("no_id", source, list(cells.rest()), wanted)


def _missing(key: str, source: Source, header: Sequence[str], wanted: Sequence[str]) -> SourceError:
    """The error of a header that is not there; it names others only if they are like it, and no customer's data."""
    if looks_like_data(header):
        return SourceError("sources.headerless", path=source.path, columns=len(header))
    named, near = ", ".join(wanted[:3]), nearest(wanted, header)
    if near:
        return SourceError(f"sources.{key}", path=source.path, header=named, hint=", ".join(near))
    return SourceError(f"sources.{key}_far", path=source.path, header=named, columns=len(header))


def _without_emails(ids: Column, key: bytes) -> Column:
    """Ids with those that are emails hashed, each by itself, so that no other row can change a record's key."""
    emails = pc.match_substring(ids, "@")
    return pc.coalesce(_hashed(pc.if_else(emails, ids, NULL), key), ids) if pc.any(emails).as_py() else ids


def _hashed(values: Column, key: bytes) -> Column:
    """Keyed BLAKE2b (RFC 7693), 12 bytes as hexadecimal digits, of each value in lower case."""
    lowered = pc.utf8_lower(values).to_pylist()
    keyed = hashlib.blake2b(key=hashlib.sha256(key).digest(), digest_size=12)

    def digest(value: str) -> str:
        each = keyed.copy()
        each.update(value.encode())
        return each.hexdigest()

    return pa.chunked_array([pa.array([None if v is None else digest(v) for v in lowered], pa.string())])


def _without_prefixes(ids: Column, prefixes: Sequence[str]) -> Column:
    for prefix in prefixes:
        starts = pc.starts_with(ids, prefix)
        if pc.any(starts).as_py():
            ids = pc.if_else(starts, pc.utf8_slice_codeunits(ids, len(prefix)), ids)
    return ids


def _in_iso(columns: dict[str, Column], source: Source, preset: Preset) -> tuple[dict[str, Column], dict[str, str]]:
    """The columns with dates and times in ISO 8601, and what had to be assumed for it."""
    moments = {name: column for name, column in columns.items() if name in TIMES or name == "birth_date"}
    inferred: dict[str, str] = {}
    order = source.date_order or preset.date_order
    if order is None and moments:
        order, needed, decided = infer_date_order(moments.values(), source.country)
        inferred |= {"date_order": order if decided else f"{order}?"} if needed else {}
    zone = source.timezone or preset.timezone
    if zone is not None and not is_timezone(zone):
        raise SourceError("sources.unknown_timezone", path=source.path, timezone=zone)
    if zone is None and any(name in TIMES for name in moments):
        zone = "UTC"
        inferred["timezone"] = "UTC?"
    read = {
        name: iso_dates(column, order or "dmy")
        if name == "birth_date"
        else iso_times(column, zone or "UTC", order or "dmy")
        for name, column in moments.items()
    }
    return columns | read, inferred


def _kinds(columns: Mapping[str, Column], kind: str | None, rows: int) -> tuple[Column | pa.Array, dict[str, str]]:
    """Person or company: as declared, else as the row says, else a company where only a company is named."""
    if kind is not None:
        return pa.repeat(pa.scalar(kind), rows), {}
    named = [columns[name] for name in _PERSON if name in columns]
    person = pc.is_valid(pc.coalesce(*named)) if named else pa.scalar(value=False)
    company = pc.is_valid(columns["company_name"]) if "company_name" in columns else pa.scalar(value=False)
    guess = pc.if_else(pc.and_(company, pc.invert(person)), "company", "person")
    if isinstance(guess, pa.Scalar):
        guess = pa.repeat(guess, rows)
    if "kind" not in columns:
        return guess, {"kind": "person|company?"}
    said = pc.utf8_lower(columns["kind"])
    is_company = pc.is_in(said, value_set=pa.array(["company", "organisation", "organization", "公司", "企业"]))
    is_person = pc.is_in(said, value_set=pa.array(["person", "individual", "contact", "个人", "人"]))
    return pc.if_else(is_company, "company", pc.if_else(is_person, "person", guess)), {}


def _records(columns: Mapping[str, Column], ids: Column, name: str, lines: npt.NDArray[np.int64]) -> pd.DataFrame:
    own: dict[str, Column] = {
        "record_key": pc.binary_join_element_wise(name, ids, ":"),
        "source": pa.repeat(pa.scalar(name), len(lines)),
        "source_id": ids,
        "line": pa.array(lines),
    }
    return conform(pa.table({**own, **columns}).to_pandas(types_mapper=pd.ArrowDtype))
