"""What analysts read: the current publication's tables, as views over the versioned ones."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from schemas.golden import CUSTOMER_COLUMNS, LINEAGE_ATTRIBUTES, LINEAGE_DIGITS, ONLY_MEMBER, RULES
from schemas.records import CONSENT_KINDS, RECORD_COLUMNS, RELATIONS

__all__ = ["VIEWS", "create_views", "drop_views", "view_sql"]

_PUBLIC: Final = tuple(name for name in CUSTOMER_COLUMNS if not name.startswith("lineage"))

VIEWS: Final = (
    "customer",
    "crosswalk",
    "record",
    "record_warning",
    "match_evidence",
    "customer_contact",
    "customer_consent",
    "customer_relation",
    "lineage",
    "identity_event",
    "customer_as_of",
    "customer_changes",
)


def create_views(connection: Connection) -> None:
    """Make every view, in an order in which each finds what it reads."""
    for name in VIEWS:
        connection.exec_driver_sql(f"CREATE VIEW {name} AS {view_sql(name, connection.dialect.name)}")


def drop_views(connection: Connection) -> None:
    """Drop every view that is there."""
    for name in reversed(VIEWS):
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def view_sql(name: str, dialect: str) -> str:
    """The SELECT behind a view.

    Args:
        name: One of `VIEWS`.
        dialect: ``sqlite`` or ``postgresql``; they take JSON apart in different ways.
    """
    if name == "customer_contact":
        return " UNION ALL ".join(_contact(channel, dialect) for channel in ("phone", "email"))
    if name == "customer_consent":
        return _consent(dialect)
    return _lineage(dialect) if name == "lineage" else _PLAIN[name]


def _columns(names: tuple[str, ...], prefix: str = "") -> str:
    return ", ".join(prefix + name for name in names)


def _current(table: str, names: tuple[str, ...]) -> str:
    return f"SELECT {_columns(names)} FROM {table} WHERE valid_to IS NULL"


def _contact(channel: str, dialect: str) -> str:
    listed = f"{channel}s"
    if dialect == "sqlite":
        each, value, rank = f"json_each(c.{listed})", "e.value", "e.key + 1"
    else:
        each = f"jsonb_array_elements_text(CAST(c.{listed} AS jsonb)) WITH ORDINALITY"
        value, rank = "e.value", "e.ordinality"
        each += " AS e(value, ordinality)"
    source = f"customer_version c, {each}{' e' if dialect == 'sqlite' else ''}"
    return (
        f"SELECT c.golden_id, '{channel}' AS channel, {value} AS value, {rank} AS rank FROM {source}"
        f" WHERE c.valid_to IS NULL AND c.{listed} IS NOT NULL"
    )


def _consent(dialect: str) -> str:
    """One row a consent that the golden record holds, with its origin."""
    kinds = [(LINEAGE_ATTRIBUTES.index(name), *kind, name) for name, kind in CONSENT_KINDS.items()]
    attributes = ", ".join(f"({position}, '{channel}', '{purpose}')" for position, channel, purpose, _ in kinds)
    status = " ".join(f"WHEN {position} THEN c.{name}" for position, _, _, name in kinds)
    at = " ".join(f"WHEN {position} THEN c.{name}_at" for position, _, _, name in kinds)
    return f"""WITH attribute(position, channel, purpose) AS (VALUES {attributes}),
        chosen AS (
            SELECT c.golden_id, a.channel, a.purpose, CASE a.position {status} END AS status,
                CASE a.position {at} END AS chosen_at, {_record_key(dialect)} AS record_key
            FROM customer_version c CROSS JOIN attribute a WHERE c.valid_to IS NULL)
        SELECT golden_id, channel, purpose, status, chosen_at, record_key, {_source(dialect)} AS source
        FROM chosen WHERE status IS NOT NULL"""


def _relation(relation: str, key: str) -> str:
    """Whose records name whose: through the crosswalk, so that relations follow records that are merged."""
    return f"""SELECT own.golden_id, '{relation}' AS relation, other.golden_id AS related_id,
            r.record_key, r.{key} AS related_key
        FROM source_record r
        JOIN crosswalk_version own ON own.record_key = r.record_key AND own.valid_to IS NULL
        JOIN crosswalk_version other ON other.record_key = r.{key} AND other.valid_to IS NULL
        WHERE r.valid_to IS NULL AND r.{key} IS NOT NULL AND other.golden_id <> own.golden_id"""


def _lineage(dialect: str) -> str:
    """One row a golden value, from the character pairs of ``customer_version.lineage`` (see `schemas.golden`)."""
    attributes = ", ".join(f"({position}, '{name}')" for position, name in enumerate(LINEAGE_ATTRIBUTES))
    value = " ".join(f"WHEN {position} THEN c.{name}" for position, name in enumerate(LINEAGE_ATTRIBUTES))
    rule = " ".join(f"WHEN '{letter}' THEN '{name}'" for name, letter in RULES.items())
    return f"""WITH attribute(position, name) AS (VALUES {attributes}),
        origin AS (
            SELECT c.golden_id, a.name AS attribute, CASE a.position {value} END AS value,
                {_record_key(dialect)} AS record_key,
                CASE WHEN {_SINGLE} THEN 'only_value'
                    ELSE CASE substr(c.lineage, 2 * a.position + 2, 1) {rule} END END AS rule
            FROM customer_version c CROSS JOIN attribute a WHERE c.valid_to IS NULL)
        SELECT golden_id, attribute, value, record_key, {_source(dialect)} AS source, rule
        FROM origin WHERE value IS NOT NULL"""


def _record_key(dialect: str) -> str:
    """Which record supplied the attribute at ``a.position`` of the customer ``c``."""
    place = "instr" if dialect == "sqlite" else "strpos"
    ordinal = f"{place}('{LINEAGE_DIGITS}', substr(c.lineage, 2 * a.position + 1, 1)) - 1"
    if dialect == "sqlite":
        first = "json_extract(c.lineage_records, '$[0]')"
        nth = f"json_extract(c.lineage_records, '$[' || ({ordinal}) || ']')"
    else:
        listed = "CAST(c.lineage_records AS jsonb)"
        first, nth = f"{listed} ->> 0", f"{listed} ->> ({ordinal})"
    return f"CASE WHEN {_SINGLE} THEN {first} WHEN {ordinal} >= 0 THEN {nth} END"


def _source(dialect: str) -> str:
    place = "instr" if dialect == "sqlite" else "strpos"
    return f"substr(record_key, 1, {place}(record_key, ':') - 1)"


_SINGLE: Final = f"c.lineage = '{ONLY_MEMBER}'"
_PLAIN: Final = {
    "customer": f"SELECT {_columns(_PUBLIC)} FROM customer_version WHERE valid_to IS NULL",
    "crosswalk": _current("crosswalk_version", ("record_key", "golden_id")),
    "record": _current("source_record", RECORD_COLUMNS),
    "record_warning": _current("warning_version", ("record_key", "attribute", "reason")),
    "match_evidence": """SELECT e.left_key, e.right_key, e.match_weight, e.match_probability, p.levels
        FROM evidence_version e JOIN match_pattern p ON p.pattern_id = e.pattern_id WHERE e.valid_to IS NULL""",
    "customer_relation": " UNION ALL ".join(
        _relation(name.removesuffix("_id"), key) for name, key in RELATIONS.items()
    ),
    "identity_event": """SELECT i.issued_in AS publication_id, i.golden_id, 'created' AS event, NULL AS other_id,
            (SELECT COUNT(*) FROM crosswalk_version c
                WHERE c.golden_id = i.golden_id AND c.valid_from = i.issued_in) AS records
        FROM golden_identity i
        UNION ALL SELECT publication_id, golden_id, event, other_id, records FROM identity_change""",
    "customer_as_of": f"""SELECT p.publication_id, p.published_at, {_columns(_PUBLIC, "c.")}
        FROM publication p JOIN customer_version c ON c.valid_from <= p.publication_id
            AND (c.valid_to IS NULL OR c.valid_to > p.publication_id)""",
    "customer_changes": """SELECT n.valid_from AS publication_id, n.golden_id,
            CASE WHEN o.golden_id IS NULL THEN 'added' ELSE 'changed' END AS change
        FROM customer_version n LEFT JOIN customer_version o
            ON o.golden_id = n.golden_id AND o.valid_to = n.valid_from
        UNION ALL SELECT o.valid_to, o.golden_id, 'removed'
        FROM customer_version o LEFT JOIN customer_version n
            ON n.golden_id = o.golden_id AND n.valid_from = o.valid_to
        WHERE o.valid_to IS NOT NULL AND n.golden_id IS NULL""",
}
