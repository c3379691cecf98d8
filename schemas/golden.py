"""What golden_records hands on: the crosswalk, the customers and what happened to their ids.

A golden value's origin is one character pair in ``lineage``: which of the records named in ``lineage_records`` supplied
it and by which rule. ``*`` stands for "every value is the only member's". `LINEAGE_ATTRIBUTES` gives the positions and
`RULES` the letters; both only ever grow at their end, because published rows keep their text.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from schemas.records import ATTRIBUTES, TEXT

__all__ = [
    "COUNT",
    "CROSSWALK",
    "CROSSWALK_COLUMNS",
    "CUSTOMERS",
    "CUSTOMER_COLUMNS",
    "EVENTS",
    "EVENT_COLUMNS",
    "EVENT_KINDS",
    "LINEAGE_ATTRIBUTES",
    "LINEAGE_DIGITS",
    "NO_VALUE",
    "ONLY_MEMBER",
    "RULES",
    "SURVIVORS",
]

COUNT: Final = pd.ArrowDtype(pa.int64())

SURVIVORS: Final = tuple(attribute.name for attribute in ATTRIBUTES if attribute.survives)
CROSSWALK_COLUMNS: Final = ("record_key", "golden_id")
CUSTOMER_COLUMNS: Final = (
    "golden_id",
    "kind",
    "display_name",
    *SURVIVORS,
    "phones",
    "emails",
    "record_count",
    "sources",
    "lineage_records",
    "lineage",
)

_ADDED: Final = frozenset(
    (
        *(f"consent_{name}" for name in ("post", "fax", "messaging", "processing", "profiling", "sharing")),
        *(f"consent_{name}_at" for name in ("post", "fax", "messaging", "processing", "profiling", "sharing")),
        "account_key",
        "parent_key",
    )
)
LINEAGE_ATTRIBUTES: Final = (
    "kind",
    *(name for name in SURVIVORS if name not in _ADDED),
    *(name for name in SURVIVORS if name in _ADDED),
)
LINEAGE_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_VALUE: Final = ".."
ONLY_MEMBER: Final = "*"
RULES: Final = {
    "only_value": "o",  # all members that have a value have the same
    "manual_override": "m",
    "whole": "w",  # of a group that survives as a whole: its core parts are there
    "source_trust": "t",
    "recency": "r",
    "frequency": "f",
    "completeness": "c",
    "longest": "l",
    "smallest": "s",
    "earliest": "e",
    "latest": "a",
    "undated_refusal": "u",  # consent: a refusal that no dated consent overrules
    "latest_choice": "d",  # consent: the latest dated explicit choice
    "least_permissive": "p",  # consent: all undated, or tied
}

EVENT_COLUMNS: Final = ("golden_id", "event", "other_id", "records")
EVENT_KINDS: Final = ("created", "kept", "grown", "merged", "split", "shrunk", "returned", "retired")


_REQUIRED: Final = frozenset({"golden_id", "sources", "lineage_records", "lineage"})


def _text(*, nullable: bool = False, unique: bool = False) -> pandera.Column:
    return pandera.Column(TEXT, nullable=nullable, unique=unique)


CROSSWALK: Final = pandera.DataFrameSchema(
    {"record_key": _text(unique=True), "golden_id": _text()}, strict=True, name="crosswalk"
)
EVENTS: Final = pandera.DataFrameSchema(
    {"golden_id": _text(), "event": _text(), "other_id": _text(nullable=True), "records": pandera.Column(COUNT)},
    strict=True,
    name="identity events",
)
CUSTOMERS: Final = pandera.DataFrameSchema(
    {
        name: pandera.Column(COUNT, pandera.Check.gt(0))
        if name == "record_count"
        else _text(nullable=name not in _REQUIRED, unique=name == "golden_id")
        for name in CUSTOMER_COLUMNS
    },
    strict=True,
    ordered=True,
    name="customers",
)
