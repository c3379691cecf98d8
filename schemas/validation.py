"""Which records are fit to be matched: vectorised checks give each row its reasons, pandera guards what is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import checks, placeholders
from schemas.contracts import batch_contract, held, surely_kept
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
        accepted: Canonical records that keep `schemas.contracts.batch_contract`, in their order.
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

    accepted: pa.Table
    quarantined: pa.Table
    warnings: pa.Table
    broken: Mapping[str, int]
    unique: Mapping[str, pa.ChunkedArray]


class _Warned(NamedTuple):
    """Rows of which an attribute is not to be matched on, for one reason."""

    attribute: str
    reason: str
    rows: npt.NDArray[np.int64]


def validate(
    table: pa.Table,
    *,
    rules: Sequence[Rule] = (),
    raw: pa.Table | None = None,
    today: dt.date | None = None,
) -> Validated:
    """Part the records of a batch into accepted and quarantined, and find the cells not to match on.

    A record can be among them more than once: which of its versions stands, only all batches together can tell.

    Args:
        table: Canonical records as `schemas.records.conform_table` returns them.
        rules: What the source's rows have to keep besides.
        raw: The batch as it was read, row by row the same, for rules that name its headers.
        today: Nobody is born later; the clock's date when absent.

    Raises:
        UsageError: A rule names a column that is not there, or two unique ones cannot be told apart.
        InvariantError: What was accepted breaks the contract: a mistake in the code.
    """
    today = today or dt.datetime.now(dt.UTC).date()
    columns = _filled_columns(table)
    reasons = _row_reasons(columns, table.num_rows, today)
    cells = Cells(columns, raw, table.num_rows)
    found = [(rule, breaking(rule, cells, today=today)) for rule in rules]
    for rule, mask in found:
        if rule.then == "quarantine" and mask.any():
            reasons[rule.reason] = reasons.get(rule.reason, False) | mask
    clean = ~np.logical_or.reduce([np.zeros(table.num_rows, np.bool_), *reasons.values()])
    accepted = _rows(table, clean)
    if not surely_kept(accepted):
        contract = batch_contract(tuple(columns))
        held(contract, accepted.select(list(contract.columns)).to_pandas(types_mapper=pd.ArrowDtype))
    warned = [_Warned(name, reason, places[clean[places]]) for name, reason, places in _odd_cells(columns, today)]
    by_rule = [_Warned(*place, np.flatnonzero(mask & clean)) for place, mask in _by_place(found).items()]
    return Validated(
        accepted=accepted,
        quarantined=_quarantined(table, reasons, np.flatnonzero(~clean)),
        warnings=_warnings(columns, [*warned, *by_rule], clean),
        broken=_counts(reasons, found, warned),
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


def _rows(table: pa.Table, wanted: Mask) -> pa.Table:
    """The wanted rows of a table; where few are not, the stretches in between, of which nothing is copied."""
    unwanted = np.flatnonzero(~wanted)
    if not len(unwanted):
        return table
    if len(unwanted) * _FEW > len(wanted):
        return table.filter(pa.array(wanted))
    starts, ends = np.append(0, unwanted + 1), np.append(unwanted, len(wanted))
    some = [(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True) if start < end]
    return pa.concat_tables([table.slice(start, end - start) for start, end in some])


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


def _quarantined(records: pa.Table, reasons: Mapping[str, Mask], positions: npt.NDArray[np.int64]) -> pa.Table:
    codes = [
        pc.if_else(pa.array(mask[positions]), reason, pa.scalar(None, pa.string())) for reason, mask in reasons.items()
    ]
    joined = pc.binary_join_element_wise(*codes, " ", null_handling="skip") if codes else pa.array([], pa.string())
    rows = records.select(["source", "file", "line"]).take(pa.array(positions))
    return rows.append_column("position", pa.array(positions, pa.int64())).append_column("reasons", joined)


def _odd_cells(columns: Columns, today: dt.date) -> Iterator[tuple[str, str, npt.NDArray[np.int64]]]:
    """Attribute and reason of what the built-in checks find, and the rows."""
    not_yet: _CellCheck = ("impossible_time", _TIMES, partial(checks.impossible_times, today=today))
    for reason, attributes, check in (*_CELL_CHECKS, not_yet):
        for name in attributes:
            if name in columns:
                yield name, reason, np.flatnonzero(check(columns[name]))


def _by_place(found: Sequence[tuple[Rule, Mask]]) -> dict[tuple[str, str], Mask]:
    """Attribute and reason → the rows that a rule warns of."""
    masks: dict[tuple[str, str], Mask] = {}
    for rule, mask in found:
        if rule.then == "warning":
            place = (rule.attribute, rule.reason)
            masks[place] = masks.get(place, False) | mask
    return masks


def _warnings(columns: Columns, warned: Sequence[_Warned], accepted: Mask) -> pa.Table:
    """One row a cell of an accepted row that is not to be matched on."""
    counts = [len(each.rows) for each in warned]
    rows = np.concatenate([np.zeros(0, np.int64), *(each.rows for each in warned)])
    return pa.table(
        {
            "record_key": columns["record_key"].take(pa.array(rows)) if len(rows) else pa.array([], pa.string()),
            "attribute": _repeated([each.attribute for each in warned], counts),
            "reason": _repeated([each.reason for each in warned], counts),
            "position": rows - np.searchsorted(np.flatnonzero(~accepted), rows),
        }
    )


def _unique(rules: Sequence[Rule], cells: Cells, kept: Mask) -> dict[str, pa.ChunkedArray]:
    found: dict[str, pa.ChunkedArray] = {}
    for rule in rules:
        if isinstance(rule, Unique):
            if rule.reason in found:
                raise UsageError("rules.unique_twice", rule=rule.reason)
            found[rule.reason] = unique_values(rule, cells).filter(pa.array(kept))
    return found


def _counts(
    reasons: Mapping[str, Mask], found: Sequence[tuple[Rule, Mask]], warned: Sequence[_Warned]
) -> dict[str, int]:
    rows = dict(reasons)
    for rule, mask in found:
        rows[rule.reason] = rows.get(rule.reason, False) | mask
    broken = {reason: int(np.count_nonzero(mask)) for reason, mask in rows.items() if mask.any()}
    return {f"{each.reason}:{each.attribute}": len(each.rows) for each in warned if len(each.rows)} | broken


def _repeated(values: list[str], counts: list[int]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(np.repeat(np.arange(len(values)), counts), pa.int64()))
