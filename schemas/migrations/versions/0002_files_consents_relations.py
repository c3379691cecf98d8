"""Files of a run, consent by purpose, relations between records.

A row of ``run_source`` told of one file: what it said of it moves to ``run_file``. Columns are added at the end of the
wide tables, which costs nothing however many rows there are. The pairs of ``lineage`` grow by those of the new
attributes, so that customers that did not change keep their version.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CONSENTS = """consent_post consent_post_at consent_fax consent_fax_at consent_messaging consent_messaging_at
consent_processing consent_processing_at consent_profiling consent_profiling_at consent_sharing consent_sharing_at"""
COLUMNS = {
    "source_record": f"file {CONSENTS} account_key parent_key merged_into",
    "customer_version": f"{CONSENTS} account_key parent_key",
    "quarantine": "file",
}
OF_FILES = ("file", "format", "encoding", "delimiter", "content_hash")
NEW_PAIRS = 14  # CONSENTS, account_key, parent_key: each "..", no value


def upgrade() -> None:
    """Add the table and the columns, and move what is known of files."""
    for table, names in COLUMNS.items():
        for name in names.split():
            op.add_column(table, sa.Column(name, sa.Text))
    op.execute(f"UPDATE customer_version SET lineage = lineage || '{'..' * NEW_PAIRS}' WHERE lineage <> '*'")
    op.create_table(
        "run_file",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text) for name in OF_FILES),
        sa.Column("size", sa.Integer),
        sa.Column("modified", sa.Text),
        sa.Column("rows_read", sa.Integer, nullable=False),
    )
    op.create_index("run_file_run", "run_file", ["run_id"])
    listed = ", ".join(("run_id", "source", *OF_FILES, "rows_read"))
    op.execute(f"INSERT INTO run_file ({listed}) SELECT {listed} FROM run_source WHERE file IS NOT NULL")
    with op.batch_alter_table("run_source") as batch:
        for name in OF_FILES:
            batch.drop_column(name)
        for name in ("absent", "carried"):
            batch.add_column(sa.Column(name, sa.Integer, nullable=False, server_default="0"))
