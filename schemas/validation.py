"""Which records are fit to be matched: vectorised checks give each row its reasons, pandera guards what is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from schemas import checks, placeholders
from schemas.contracts import RECORDS, held
from schemas.quarantine import ROW_REASONS
from schemas.records import ATTRIBUTES, CONSENTS, EMAILS, PHONES

__all__ = ["Validated", "matchable", "validate"]

Mask: TypeAlias = npt.NDArray[np.bool_]
Columns: TypeAlias = Mapping[str, pa.ChunkedArray]

_NAMES: Final = ("full_name", "given_name", "family_name", "company_name")
_IDENTIFIERS: Final = ("tax_id", "registration_number", "national_id", "external_id")
_IDENTIFYING: Final = (*_NAMES, *_IDENTIFIERS, *PHONES, *EMAILS)
_TIMES: Final = tuple(a.name for a in ATTRIBUTES if a.name.endswith("_at"))

_CHECKED: Final = (*PHONES, *EMAILS, *CONSENTS, *_TIMES, "birth_date", "extra")  # or with a form of their own
_SURNAME_LIKE: Final = (*_NAMES, "owner")
_CODES: Final = ("state", "country", "language")
_OTHERS: Final = tuple(a.name for a in ATTRIBUTES if a.name not in {*_CHECKED, *_SURNAME_LIKE, *_CODES})

_CELL_CHECKS: Final[tuple[tuple[str, tuple[str, ...], Callable[[pa.ChunkedArray], Mask]], ...]] = (
    ("bad_phone", PHONES, checks.bad_phones),
    ("bad_email", EMAILS, checks.bad_emails),
    ("bad_date", ("birth_date",), checks.unreadable_dates),
    ("bad_date", _TIMES, checks.bad_times),
    ("bad_tax_id", ("tax_id",), checks.bad_tax_ids),
    ("bad_national_id", ("national_id",), checks.bad_national_ids),
    ("placeholder", _SURNAME_LIKE, placeholders.are_surely_placeholders),
    ("placeholder", _CODES, placeholders.are_placeholders_or_codes),
    ("placeholder", _OTHERS, placeholders.are_placeholders),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """What became of records: every row is in exactly one of the first two.

    Args:
        accepted: Canonical records that keep the ``RECORDS`` contract, in their order, with a fresh index.
        quarantined: ``source``, ``line``, ``position`` (0-based row of what was validated), ``reasons`` (codes joined
            by a space); no values.
        warnings: ``record_key``, ``attribute``, ``reason`` of accepted cells that are kept and not matched on.
    """

    accepted: pd.DataFrame
    quarantined: pd.DataFrame
    warnings: pd.DataFrame


def validate(records: pd.DataFrame, *, today: dt.date | None = None) -> Validated:
    """Part records into accepted and quarantined, and find the cells not to match on.

    Of records with the same key, the first that is otherwise sound is accepted.

    Args:
        records: Canonical records as `schemas.records.conform` returns them, of one source or several.
        today: Nobody is born later; the clock's date when absent.

    Raises:
        InvariantError: What was accepted breaks the contract: a mistake in the code.
    """
    columns = _filled_columns(records)
    reasons = _row_reasons(columns, len(records), today or dt.datetime.now(dt.UTC).date())
    clean = ~np.logical_or.reduce(list(reasons.values()))
    keys = records["record_key"]
    reasons["duplicate_id"] = np.zeros(len(records), np.bool_)
    reasons["duplicate_id"][clean] = keys[clean].duplicated().to_numpy()
    clean &= ~reasons["duplicate_id"]
    sound = records if clean.all() else records[clean]
    accepted = held(RECORDS, sound.reset_index(drop=True))
    cells = columns if clean.all() else _filled_columns(accepted)
    return Validated(
        accepted=accepted,
        quarantined=_quarantined(records, reasons, np.flatnonzero(~clean)),
        warnings=_warnings(cells),
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


def _filled_columns(records: pd.DataFrame) -> Columns:
    """The columns with any value, as Arrow."""
    table = pa.Table.from_pandas(records, preserve_index=False)
    pairs = zip(table.column_names, table.columns, strict=True)
    return {name: column for name, column in pairs if column.null_count < len(column)}


def _row_reasons(columns: Columns, rows: int, today: dt.date) -> dict[str, Mask]:
    """Where each reason for quarantine holds, but for duplicates."""
    none = np.zeros(rows, np.bool_)
    lengths = [checks.too_long(columns[a.name], a.limit) for a in ATTRIBUTES if a.name in columns]
    identifying = [_valid(columns[name]) for name in _IDENTIFYING if name in columns]
    return {
        "missing_id": ~_valid(columns["source_id"]) if "source_id" in columns else ~none,
        "field_too_long": np.logical_or.reduce([none, *lengths]),
        "impossible_date": checks.impossible_dates(columns["birth_date"], today) if "birth_date" in columns else none,
        "nothing_to_match_on": ~np.logical_or.reduce([none, *identifying]),
    }


def _valid(column: pa.ChunkedArray) -> Mask:
    mask: Mask = pc.is_valid(column).to_numpy().astype(np.bool_, copy=False)
    return mask


def _quarantined(records: pd.DataFrame, reasons: Mapping[str, Mask], positions: npt.NDArray[np.int64]) -> pd.DataFrame:
    codes = [
        pc.if_else(pa.array(reasons[code][positions]), code, pa.scalar(None, pa.string()))
        for code in ROW_REASONS
        if code in reasons
    ]
    joined = pc.binary_join_element_wise(*codes, " ", null_handling="skip")
    rows = pa.Table.from_pandas(records[["source", "line"]].iloc[positions], preserve_index=False)
    rows = rows.append_column("position", pa.array(positions, pa.int64())).append_column("reasons", joined)
    frame: pd.DataFrame = rows.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _warnings(columns: Columns) -> pd.DataFrame:
    """One row a cell that is not to be matched on."""
    found: list[tuple[str, str, npt.NDArray[np.int64]]] = []
    for reason, attributes, check in _CELL_CHECKS:
        found += [(name, reason, np.flatnonzero(check(columns[name]))) for name in attributes if name in columns]
    counts = [len(places) for _, _, places in found]
    positions = np.concatenate([np.zeros(0, np.int64), *(places for _, _, places in found)])
    table = pa.table(
        {
            "record_key": columns["record_key"].take(pa.array(positions))
            if len(positions)
            else pa.array([], pa.string()),
            "attribute": _repeated([name for name, _, _ in found], counts),
            "reason": _repeated([reason for _, reason, _ in found], counts),
        }
    )
    frame: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _repeated(values: list[str], counts: list[int]) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(np.repeat(np.arange(len(values)), counts), pa.int64()))
