"""The canonical customer record: what every export is mapped to, and what every room speaks of.

One row is one source record. Every column is nullable text (`TEXT`, Arrow-backed) but for ``line``. Where a value is
not text by nature it has one form: dates are ISO 8601 (``1980-02-29``; ``1980-02`` and ``1980`` where the export says
no more), times are UTC ``2026-11-02T09:30:00Z``, consent is ``granted`` or ``denied`` (absent: unknown), ``kind`` is
``person`` or ``company``, ``extra`` is a JSON object of every column that the canonical record has no place for.

``file`` and ``line`` say where the row stood. ``account_id`` and ``parent_id`` are ids as the source has them,
``account_key`` and ``parent_key`` the ``record_key`` of the records that they name; ``merged_into`` is the
``source_id`` of the record that the source itself merged this one into.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa

__all__ = [
    "ADDRESS",
    "ATTRIBUTES",
    "CONSENTS",
    "CONSENT_KINDS",
    "EMAILS",
    "KINDS",
    "LINE",
    "PHONES",
    "PLACE",
    "PROVENANCE",
    "RECORD_COLUMNS",
    "RELATIONS",
    "TEXT",
    "Attribute",
    "conform",
    "conform_table",
]

TEXT: Final = pd.ArrowDtype(pa.string())
LINE: Final = pd.ArrowDtype(pa.int64())
KINDS: Final = ("person", "company")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One attribute of the canonical customer record.

    Args:
        name: The column's name.
        group: What it belongs to: name, company, identifier, phone, email, address, personal, consent, relation,
            ownership, time.
        limit: Characters at most; a longer value sends its row to quarantine (``field_too_long``).
        survives: Whether it is a column of the golden record.
    """

    name: str
    group: str
    limit: int = 200
    survives: bool = True


ATTRIBUTES: Final[tuple[Attribute, ...]] = (
    Attribute(name="full_name", group="name"),
    Attribute(name="salutation", group="name", limit=60),
    Attribute(name="given_name", group="name"),
    Attribute(name="middle_name", group="name"),
    Attribute(name="family_name", group="name"),
    Attribute(name="company_name", group="company", limit=400),
    Attribute(name="job_title", group="company"),
    Attribute(name="department", group="company"),
    Attribute(name="industry", group="company"),
    Attribute(name="tax_id", group="identifier", limit=60),
    Attribute(name="registration_number", group="identifier", limit=60),
    Attribute(name="national_id", group="identifier", limit=60),
    Attribute(name="external_id", group="identifier"),
    Attribute(name="birth_date", group="personal", limit=40),
    Attribute(name="gender", group="personal", limit=40),
    Attribute(name="language", group="personal", limit=60),
    Attribute(name="phone", group="phone"),
    Attribute(name="mobile", group="phone"),
    Attribute(name="other_phone", group="phone"),
    Attribute(name="email", group="email", limit=320),
    Attribute(name="other_email", group="email", limit=320),
    Attribute(name="website", group="company", limit=2000),
    Attribute(name="street", group="address", limit=500),
    Attribute(name="district", group="address"),
    Attribute(name="city", group="address"),
    Attribute(name="state", group="address"),
    Attribute(name="postcode", group="address", limit=40),
    Attribute(name="country", group="address"),
    Attribute(name="consent_email", group="consent", limit=20),
    Attribute(name="consent_email_at", group="consent", limit=40),
    Attribute(name="consent_phone", group="consent", limit=20),
    Attribute(name="consent_phone_at", group="consent", limit=40),
    Attribute(name="consent_sms", group="consent", limit=20),
    Attribute(name="consent_sms_at", group="consent", limit=40),
    Attribute(name="consent_post", group="consent", limit=20),
    Attribute(name="consent_post_at", group="consent", limit=40),
    Attribute(name="consent_fax", group="consent", limit=20),
    Attribute(name="consent_fax_at", group="consent", limit=40),
    Attribute(name="consent_messaging", group="consent", limit=20),
    Attribute(name="consent_messaging_at", group="consent", limit=40),
    Attribute(name="consent_processing", group="consent", limit=20),
    Attribute(name="consent_processing_at", group="consent", limit=40),
    Attribute(name="consent_profiling", group="consent", limit=20),
    Attribute(name="consent_profiling_at", group="consent", limit=40),
    Attribute(name="consent_sharing", group="consent", limit=20),
    Attribute(name="consent_sharing_at", group="consent", limit=40),
    Attribute(name="owner", group="ownership"),
    Attribute(name="account_id", group="relation"),
    Attribute(name="account_key", group="relation", limit=400),
    Attribute(name="parent_id", group="relation"),
    Attribute(name="parent_key", group="relation", limit=400),
    Attribute(name="merged_into", group="relation", survives=False),
    Attribute(name="created_at", group="time", limit=40),
    Attribute(name="updated_at", group="time", limit=40),
    Attribute(name="extra", group="extra", limit=1_000_000, survives=False),
)

PROVENANCE: Final = ("record_key", "source", "source_id", "file", "line", "kind")
PLACE: Final = ("file", "line")
"""Where a record stood when this version of it was first read; a record that only moved is no other record."""
RECORD_COLUMNS: Final = (*PROVENANCE, *(a.name for a in ATTRIBUTES))
PHONES: Final = tuple(a.name for a in ATTRIBUTES if a.group == "phone")
EMAILS: Final = tuple(a.name for a in ATTRIBUTES if a.group == "email")
ADDRESS: Final = tuple(a.name for a in ATTRIBUTES if a.group == "address")
CONSENT_KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "consent_email": ("email", "marketing"),
    "consent_phone": ("phone", "marketing"),
    "consent_sms": ("sms", "marketing"),
    "consent_post": ("post", "marketing"),
    "consent_fax": ("fax", "marketing"),
    "consent_messaging": ("messaging", "marketing"),  # WeChat, WhatsApp and their like
    "consent_processing": ("any", "processing"),
    "consent_profiling": ("any", "profiling"),
    "consent_sharing": ("any", "sharing"),
}
"""Attribute → the channel and the purpose that the person agreed to; its date is in ``<attribute>_at``."""
CONSENTS: Final = tuple(CONSENT_KINDS)
RELATIONS: Final[Mapping[str, str]] = {"account_id": "account_key", "parent_id": "parent_key"}
"""An id that names another record → the attribute that holds that record's ``record_key``."""


def conform(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with every canonical column, in order and of the one dtype of its kind.

    This is the one cast at a hand-off: pandera refuses ``large_string``, ``string[pyarrow]`` and ``object`` columns.

    Args:
        frame: Any subset of `RECORD_COLUMNS`, of any string dtype; ``line`` of any integer dtype.

    Returns:
        N rows with a fresh ``RangeIndex``; columns that were absent are null.
    """
    rows = len(frame)
    absent = {
        kind: pd.arrays.ArrowExtensionArray(pa.nulls(rows, kind.pyarrow_dtype)) for kind in (LINE, TEXT)
    }  # one for all columns of a kind: it is never written to
    kinds = {name: LINE if name == "line" else TEXT for name in RECORD_COLUMNS}
    columns = {
        name: frame[name].array.astype(kind) if name in frame.columns else absent[kind] for name, kind in kinds.items()
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))


def conform_table(table: pa.Table) -> pa.Table:
    """The same of an Arrow table: the batches of a source are no frames, for to make them costs more than most checks.

    Args:
        table: Any subset of `RECORD_COLUMNS`, of any string type; ``line`` of any integer type.
    """
    kinds = {name: pa.int64() if name == "line" else pa.string() for name in RECORD_COLUMNS}
    absent = {kind: pa.chunked_array([pa.nulls(table.num_rows, kind)]) for kind in (pa.int64(), pa.string())}
    present = set(table.column_names)
    columns = [table[name].cast(kind) if name in present else absent[kind] for name, kind in kinds.items()]
    return pa.table(columns, names=list(kinds))
