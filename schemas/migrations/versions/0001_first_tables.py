"""The first tables.

Frozen: written out rather than taken from `schemas.tables`, which moves on. There is no way down from the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RECORD = """source source_id line:int kind full_name salutation given_name middle_name family_name company_name
job_title department industry tax_id registration_number national_id external_id birth_date gender language phone mobile
other_phone email other_email website street district city state postcode country consent_email consent_email_at
consent_phone consent_phone_at consent_sms consent_sms_at owner account_id parent_id created_at updated_at extra"""
CUSTOMER = """kind display_name full_name salutation given_name middle_name family_name company_name job_title
department industry tax_id registration_number national_id external_id birth_date gender language phone mobile
other_phone email other_email website street district city state postcode country consent_email consent_email_at
consent_phone consent_phone_at consent_sms consent_sms_at owner account_id parent_id created_at updated_at
phones emails record_count:int sources lineage_records lineage"""

TABLES = {
    "run": "run_id! started_at finished_at status command logic_version plan_hash error publication_id:int stages",
    "run_source": """run_id! source! department file format encoding delimiter content_hash rows_read:int*
        accepted:int* quarantined:int* superseded:int* deleted:int* erased:int* warned:int*""",
    "publication": """publication_id:int! run_id* parent_id:int published_at* plan_hash inputs_hash model_id snapshot
        records:int customers:int created:int kept:int grown:int merged:int split:int shrunk:int returned:int
        retired:int pinned:int*""",
    "pointer": "one:int! publication_id:int*",
    "model": "model_id! created_at parameters",
    "quarantine": "run_id* source* line:int reasons raw",
    "source_record": f"record_key! valid_from:int! valid_to:int {RECORD}",
    "crosswalk_version": "record_key! valid_from:int! valid_to:int golden_id*",
    "customer_version": f"golden_id! valid_from:int! valid_to:int {CUSTOMER}",
    "warning_version": "record_key! attribute! reason! valid_from:int! valid_to:int",
    "evidence_version": """left_key! right_key! valid_from:int! valid_to:int match_weight:float*
        match_probability:float* pattern_id:int*""",
    "match_pattern": "pattern_id:int! levels*",
    "golden_identity": "golden_id! issued_in:int* alias_of retired_in:int",
    "identity_change": "publication_id:int* golden_id* event* other_id records:int*",
}
INDEXES = {
    "quarantine_run": ("quarantine", "run_id"),
    "crosswalk_golden": ("crosswalk_version", "golden_id"),
    "identity_change_golden": ("identity_change", "golden_id"),
}
NARROW = {"crosswalk_version", "warning_version", "evidence_version", "golden_identity"}
TYPES = {"int": sa.Integer, "float": sa.Float, "text": sa.Text}


def _column(word: str, table: str) -> sa.Column[object]:
    """A column from ``name[:type][!|*]``: ``!`` is part of the primary key, ``*`` is never null."""
    key, required = word.endswith("!"), word.endswith("*")
    name, _, kind = word.rstrip("!*").partition(":")
    return sa.Column(
        name,
        TYPES[kind or "text"],
        primary_key=key,
        nullable=not (key or required),
        autoincrement="auto" if table == "match_pattern" else False,
    )


def upgrade() -> None:
    """Create every table and index."""
    for table, words in TABLES.items():
        columns = [_column(word, table) for word in words.split()]
        unique = [sa.UniqueConstraint("levels")] if table == "match_pattern" else []
        op.create_table(table, *columns, *unique, sqlite_with_rowid=table not in NARROW)
    for index, (table, column) in INDEXES.items():
        op.create_index(index, table, [column])
