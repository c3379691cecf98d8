"""Which records are fit to be matched: vectorised checks give each row its reasons, pandera guards what is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import checks, placeholders
from schemas.contracts import batch_contract, held
from schemas.errors import UsageError
from schemas.records import ATTRIBUTES, CONSENTS, EMAILS, PHONES
from schemas.rule_checks import Cells, breaking, unique_values
from schemas.rules import Rule, Unique

__all__ = ["Validated", "matchable", "validate"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Columns: TypeAlias = Mapping[str, pa.ChunkedArray]

_NAMES: Final = ("full_name", "given_name", "family_name", "company_name")
_IDENTIFIERS: Final = ("tax_id", "registration_number", "national_id", "external_id")
_IDENTIFYING: Final = (*_NAMES, *_IDENTIFIERS, *PHONES, *EMAILS)
_TIMES: Final = tuple(a.name for a in ATTRIBUTES if a.name.endswith("_at"))
_LIMITS: Final = {"source_id": 200} | {a.name: a.limit for a in ATTRIBUTES}

_FEW: Final = 300  # one row in so many

_CHECKED: Final = (*PHONES, *EMAILS, *CONSENTS, *_TIMES, "birth_date", "extra")  # or with a form of their own
_SURNAME_LIKE: Final = (*_NAMES, "owner")
_CODES: Final = ("state", "country", "language")
_OTHERS: Final = tuple(a.name for a in ATTRIBUTES if a.name not in {*_CHECKED, *_SURNAME_LIKE, *_CODES})

_TEXTS: Final = tuple(a.name for a in ATTRIBUTES if a.group in {"name", "company", "address"} and a.name != "website")

_CellCheck: TypeAlias = tuple[str, tuple[str, ...], Callable[[pa.ChunkedArray], Mask]]
_CELL_CHECKS: Final[tuple[_CellCheck, ...]] = (
    ("bad_phone", PHONES, checks.bad_phones),
    ("bad_email", EMAILS, checks.bad_emails),
    ("bad_date", ("birth_date",), checks.unreadable_dates),
    ("bad_date", _TIMES, checks.bad_times),
    ("bad_tax_id", ("tax_id",), checks.bad_tax_ids),
    ("bad_national_id", ("national_id",), checks.bad_national_ids),
    ("placeholder", ("birth_date",), placeholders.are_default_dates),
    ("placeholder", _SURNAME_LIKE, placeholders.are_surely_placeholders),
    ("placeholder", _CODES, placeholders.are_placeholders_or_codes),
    ("placeholder", _OTHERS, placeholders.are_placeholders),
    ("damaged_text", _TEXTS, checks.damaged_texts),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """What became of the records of one batch: every row is in exactly one of the first two.

    Args:
        accepted: Canonical records that keep the ``BATCH`` contract, in their order, with a fresh index.
        quarantined: ``source``, ``file``, ``line``, ``position`` (0-based row of what was validated), ``reasons``
            (joined by a space); no values.
        warnings: ``record_key``, ``attribute``, ``reason`` of accepted cells that are kept and not matched on, and
            ``position`` (0-based row of ``accepted``). What a rule says of a column of the export, or of several
            columns, stands under ``extra``.
        broken: Reason → rows that it holds for, of all that were validated; cells' reasons with their attribute
            (``bad_phone:mobile``). A rule that nothing breaks is not named.
        unique: Reason of each `schemas.rules.Unique` → the values of its column in ``accepted``, for
            `schemas.rule_checks.repeated` over all batches.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    warnings: pd.DataFrame
    broken: Mapping[str, int]
    unique: Mapping[str, pa.ChunkedArray]


def validate(
    records: pd.DataFrame,
    *,
    rules: Sequence[Rule] = (),
    raw: pa.Table | None = None,
    today: dt.date | None = None,
) -> Validated:
    """Part the records of a batch into accepted and quarantined, and find the cells not to match on.

    A record can be among them more than once: which of its versions stands, only all batches together can tell.

    Args:
        records: Canonical records as `schemas.records.conform` returns them.
        rules: What the source's rows have to keep besides.
        raw: The batch as it was read, row by row the same, for rules that name its headers.
        today: Nobody is born later; the clock's date when absent.

    Raises:
        UsageError: A rule names a column that is not there, or two unique ones cannot be told apart.
        InvariantError: What was accepted breaks the contract: a mistake in the code.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    table = pa.Table.from_pandas(records, preserve_index=False).replace_schema_metadata(None)
    columns = _filled_columns(table)
    reasons = _row_reasons(columns, len(records), today)
    cells = Cells(columns, raw, len(records))
    found = [(rule, breaking(rule, cells, today=today)) for rule in rules]
    for rule, mask in found:
        if rule.then == "quarantine" and mask.any():
            reasons[rule.reason] = reasons.get(rule.reason, False) | mask
    clean = ~np.logical_or.reduce([np.zeros(len(records), np.bool_), *reasons.values()])
    kept = _rows(table, columns, clean)
    filled = _filled_columns(kept)
    accepted = kept.to_pandas(types_mapper=pd.ArrowDtype)
    contract = batch_contract(tuple(filled))
    held(contract, accepted[list(contract.columns)])
    warned = [(rule, mask[clean]) for rule, mask in found if rule.then == "warning"]
    warnings = _warnings(filled, warned, today)
    return Validated(
        accepted=accepted,
        quarantined=_quarantined(table, reasons, np.flatnonzero(~clean)),
        warnings=warnings,
        broken=_counts(reasons, found, warnings),
        unique=_unique(rules, cells, clean),
    )


def matchable(accepted: pd.DataFrame, warnings: pd.DataFrame) -> pd.DataFrame:
    """The accepted records without the cells that a warning is about: what matching sees.

    Args:
        accepted: As `validate` returns it, or several of them together.
        warnings: Theirs: ``record_key``, ``attribute``, ``reason``.
    """
    blanked = dict(accepted.items())
    for attribute, group in warnings.groupby("attribute", sort=False):
        warned = accepted["record_key"].isin(group["record_key"])
        blanked[str(attribute)] = accepted[attribute].mask(warned)
    return pd.DataFrame(blanked)


def _filled_columns(table: pa.Table) -> Columns:
    """The columns with any value."""
    pairs = zip(table.column_names, table.columns, strict=True)
    return {name: column for name, column in pairs if column.null_count < len(column)}


def _rows(table: pa.Table, filled: Columns, wanted: Mask) -> pa.Table:
    """The wanted rows of a table; where few are not, as stretches in between, which costs a third of filtering."""
    unwanted = np.flatnonzero(~wanted)
    if not len(unwanted):
        return table
    some = table.select(list(filled))
    if len(unwanted) * _FEW > len(wanted):
        some = some.filter(pa.array(wanted))
    else:
        starts, ends = np.append(0, unwanted + 1), np.append(unwanted, len(wanted))
        stretches = [some.slice(start, end - start) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        some = pa.concat_tables(stretches).combine_chunks()
    empty = table.slice(0, some.num_rows)
    return pa.table({name: (some if name in filled else empty)[name] for name in table.column_names})


def _row_reasons(columns: Columns, rows: int, today: dt.date) -> dict[str, Mask]:
    """Where each built-in reason for quarantine holds; those that hold nowhere are left out."""
    none = np.zeros(rows, np.bool_)
    identifying = [_valid(columns[name]) for name in _IDENTIFYING if name in columns]
    reasons = _id_reasons(columns["source_id"]) if "source_id" in columns else {"missing_id": ~none}
    reasons |= {f"field_too_long:{n}": checks.too_long(columns[n], at) for n, at in _LIMITS.items() if n in columns}
    if "birth_date" in columns:
        reasons["impossible_date:birth_date"] = checks.impossible_dates(columns["birth_date"], today)
    reasons["nothing_to_match_on"] = ~np.logical_or.reduce([none, *identifying])
    return {reason: mask for reason, mask in reasons.items() if mask.any()}


def _id_reasons(ids: pa.ChunkedArray) -> dict[str, Mask]:
    return {
        "missing_id": ~_valid(ids) | placeholders.are_no_ids(ids),
        "damaged_id": checks.damaged_ids(ids),
    }


def _valid(column: pa.ChunkedArray) -> Mask:
    mask: Mask = pc.is_valid(column).to_numpy().astype(np.bool_, copy=False)
    return mask


def _quarantined(records: pa.Table, reasons: Mapping[str, Mask], positions: npt.NDArray[np.int64]) -> pd.DataFrame:
    codes = [
        pc.if_else(pa.array(mask[positions]), reason, pa.scalar(None, pa.string())) for reason, mask in reasons.items()
    ]
    joined = pc.binary_join_element_wise(*codes, " ", null_handling="skip") if codes else pa.array([], pa.string())
    rows = records.select(["source", "file", "line"]).take(pa.array(positions))
    rows = rows.append_column("position", pa.array(positions, pa.int64())).append_column("reasons", joined)
    frame: pd.DataFrame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _warnings(columns: Columns, warned: Sequence[tuple[Rule, Mask]], today: dt.date) -> pd.DataFrame:
    """One row a cell that is not to be matched on."""
    not_yet: _CellCheck = ("impossible_time", _TIMES, partial(checks.impossible_times, today=today))
    found = [
        (name, reason, np.flatnonzero(check(columns[name])))
        for reason, attributes, check in (*_CELL_CHECKS, not_yet)
        for name in attributes
        if name in columns
    ]
    by_reason: dict[tuple[str, str], Mask] = {}
    for rule, mask in warned:
        place = (rule.attribute, rule.reason)
        by_reason[place] = by_reason.get(place, False) | mask
    found += [(name, reason, np.flatnonzero(mask)) for (name, reason), mask in by_reason.items()]
    counts = [len(places) for _, _, places in found]
    positions = pa.array(np.concatenate([np.zeros(0, np.int64), *(places for _, _, places in found)]))
    keys = columns["record_key"].take(positions) if len(positions) else pa.array([], pa.string())
    table = pa.table(
        {
            "record_key": keys,
            "attribute": _repeated([name for name, _, _ in found], counts),
            "reason": _repeated([reason for _, reason, _ in found], counts),
            "position": positions,
        }
    )
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _unique(rules: Sequence[Rule], cells: Cells, kept: Mask) -> dict[str, pa.ChunkedArray]:
    found: dict[str, pa.ChunkedArray] = {}
    for rule in rules:
        if isinstance(rule, Unique):
            if rule.reason in found:
                raise UsageError("rules.unique_twice", rule=rule.reason)
            found[rule.reason] = unique_values(rule, cells).filter(pa.array(kept))
    return found


def _counts(reasons: Mapping[str, Mask], found: Sequence[tuple[Rule, Mask]], warnings: pd.DataFrame) -> dict[str, int]:
    rows = dict(reasons)
    for rule, mask in found:
        rows[rule.reason] = rows.get(rule.reason, False) | mask
    broken = {reason: int(np.count_nonzero(mask)) for reason, mask in rows.items() if mask.any()}
    builtin = warnings[~warnings["reason"].isin([rule.reason for rule, _ in found])]
    cells = (builtin["reason"] + ":" + builtin["attribute"]).value_counts()
    return {**{str(reason): int(count) for reason, count in cells.items()}, **broken}


def _repeated(values: list[str], counts: list[int]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(np.repeat(np.arange(len(values)), counts), pa.int64()))
