"""What the store knows of golden ids: read before they are given out, written when they are."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, text

from golden_records.bulk_read import read_columns
from golden_records.identity import Known

__all__ = ["add_identities", "read_known"]

_CHANGES: Final = (
    """INSERT INTO golden_identity (golden_id, issued_in)
        SELECT golden_id, :publication FROM staged_identity_change WHERE event = 'created'""",
    """UPDATE golden_identity SET alias_of = NULL, retired_in = NULL
        WHERE golden_id IN (SELECT golden_id FROM staged_identity_change WHERE event = 'returned')""",
    """UPDATE golden_identity SET retired_in = :publication
        WHERE golden_id IN (SELECT golden_id FROM staged_identity_change WHERE event = 'retired')""",
    """UPDATE golden_identity SET retired_in = :publication,
        alias_of = (SELECT a.golden_id FROM staged_alias a WHERE a.alias_id = golden_identity.golden_id)
        WHERE alias_of IS NULL AND golden_id IN (SELECT alias_id FROM staged_alias)""",
    """INSERT INTO identity_change (publication_id, golden_id, event, other_id, records)
        SELECT :publication, golden_id, event, other_id, records FROM staged_identity_change
        WHERE event <> 'created'""",
)


def read_known(connection: Connection) -> Known:
    """What the store knows of golden ids, for `golden_records.identity.identify`."""
    numbers = frozenset({"since", "once", "until", "issued_in"})
    held = {"record_key": "c.record_key", "golden_id": "c.golden_id"}
    crosswalk = read_columns(
        connection, "FROM crosswalk_version c WHERE valid_to IS NULL", {**held, "since": "c.valid_from"}, numbers
    )
    once = read_columns(
        connection,
        """FROM (SELECT n.record_key, n.golden_id, MIN(o.valid_from) AS once
            FROM crosswalk_version o CROSS JOIN crosswalk_version n
            WHERE o.valid_to IS NOT NULL AND n.valid_to IS NULL
                AND n.record_key = o.record_key AND n.golden_id = o.golden_id
            GROUP BY n.record_key, n.golden_id) c""",
        {**held, "once": "c.once"},
        numbers,
    )
    if len(once):  # a record that left an id and came back to it has known it since the first time
        crosswalk = crosswalk.merge(once, on=["record_key", "golden_id"], how="left")
        crosswalk = crosswalk.assign(since=crosswalk["once"].fillna(crosswalk["since"])).drop(columns="once")
    earlier = read_columns(
        connection,
        """FROM golden_identity i JOIN crosswalk_version c ON c.golden_id = i.golden_id AND c.valid_to = i.retired_in
            WHERE i.retired_in IS NOT NULL""",
        {**held, "until": "c.valid_to"},
        numbers,
    )
    issued = read_columns(
        connection,
        "FROM golden_identity i",
        {"golden_id": "i.golden_id", "issued_in": "i.issued_in", "alias_of": "i.alias_of"},
        numbers,
    )
    return Known(crosswalk=crosswalk, earlier=earlier, issued=issued)


def add_identities(connection: Connection, number: int) -> None:
    """Write down new ids, ids that ended (as an alias or retired), ids that came back, and what happened.

    Args:
        connection: A writer's, with ``staged_identity_change`` and ``staged_alias`` attached.
        number: The new publication.
    """
    names = {"publication": number}
    for statement in _CHANGES:
        connection.execute(text(statement), names)
