"""What must hold before a publication may become the current one; each is one question to the store."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from schemas.errors import InvariantError
from schemas.golden import LINEAGE_ATTRIBUTES, ONLY_MEMBER

__all__ = ["check"]

_UNACCOUNTED: Final = """SELECT source, rows_read, accepted + quarantined + superseded + deleted + erased
    FROM run_source WHERE run_id = :run
    AND rows_read <> accepted + quarantined + superseded + deleted + erased ORDER BY source LIMIT 1"""
_QUARANTINED: Final = """SELECT (SELECT COALESCE(SUM(quarantined), 0) FROM run_source WHERE run_id = :run),
    (SELECT COUNT(*) FROM quarantine WHERE run_id = :run)"""
_KEPT: Final = """SELECT (SELECT COALESCE(SUM(accepted + carried), 0) FROM run_source WHERE run_id = :run),
    (SELECT COUNT(*) FROM source_record WHERE valid_to IS NULL)"""
_MEMBERS: Final = """SELECT (SELECT COUNT(*) FROM source_record WHERE valid_to IS NULL),
    (SELECT COUNT(*) FROM crosswalk_version WHERE valid_to IS NULL)"""
_FILLED: Final = " + ".join(f"({name} IS NOT NULL)" for name in LINEAGE_ATTRIBUTES)
_CUSTOMERS: Final = f"""SELECT COUNT(*), COALESCE(SUM(record_count), 0), COALESCE(SUM(
        CASE WHEN valid_from <> :publication THEN 0
        WHEN lineage = '{ONLY_MEMBER}' THEN record_count <> 1
        ELSE length(replace(lineage, '.', '')) <> 2 * ({_FILLED}) END), 0)
    FROM customer_version WHERE valid_to IS NULL"""


def check(connection: Connection, *, run_id: str, publication_id: int) -> tuple[int, int]:
    """Check that no record was lost or doubled, and that every golden value has its lineage.

    Args:
        connection: A writer's; the publication is written, the pointer not yet moved.
        run_id: The run.
        publication_id: Its publication.

    Returns:
        Current records and current customers.

    Raises:
        InvariantError: One does not hold.
    """
    names = {"run": run_id, "publication": publication_id}
    for source, read, accounted in connection.execute(text(_UNACCOUNTED), names):
        raise InvariantError("golden.unaccounted", source=source, read=read, accounted=accounted)
    counted, kept = connection.execute(text(_QUARANTINED), names).one()
    if counted != kept:
        raise InvariantError("golden.quarantine_differs", counted=counted, kept=kept)
    counted, kept = connection.execute(text(_KEPT), names).one()
    if counted != kept:
        raise InvariantError("golden.records_differ", counted=counted, kept=kept)
    records, members = connection.execute(text(_MEMBERS)).one()
    customers, counted, without_origin = connection.execute(text(_CUSTOMERS), names).one()
    if not records == members == counted:
        raise InvariantError("golden.members_differ", records=records, crosswalk=members, members=counted)
    if without_origin:
        raise InvariantError("golden.without_lineage", customers=without_origin)
    return records, customers
