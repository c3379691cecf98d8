"""What a source keeps from earlier runs, as the store has it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from golden_records.current import carry_forward, read_keys, read_records, read_warnings
from pipelines.plan import Plan
from pipelines.workspace import read_facts, read_frame, read_table
from schemas.records import conform

__all__ = ["Carried", "carried_of"]

_NO_ROWS: Final = pd.DataFrame(index=pd.RangeIndex(0))
_NO_WARNINGS: Final = pa.schema([(name, pa.string()) for name in ("record_key", "attribute", "reason")]).empty_table()


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What stays current of a source, besides what was read.

    Args:
        source: Its name.
        records: Canonical records.
        warnings: record_key, attribute, reason of them.
        replaced: Keys of rows that were read and are older than what the store has.
        absent: How many records a full export no longer holds.
        outdated: How many rows call a record deleted of which the store has a newer version.
    """

    source: str
    records: pd.DataFrame
    warnings: pd.DataFrame
    replaced: pa.Array
    absent: int
    outdated: int = 0


def carried_of(connection: Connection, plan: Plan, folder: Path) -> Carried:
    """What stays current of the source of a folder that the step ``read`` made.

    Of a full export records are only looked up where the new row of one was refused: all others are in it, or gone.

    Args:
        connection: A reader's.
        plan: The run.
        folder: The source's.
    """
    name = read_facts(folder)["source"]
    mode = plan.source(name).mode
    deleted, refused = read_frame(folder, "deleted"), read_table(folder, "refused")["record_key"]
    accepted = read_frame(folder, "accepted")
    stored = read_keys(connection, name)
    if mode == "full" and not pc.any(pc.is_in(stored, value_set=refused)).as_py():
        named = pd.concat([accepted["record_key"], deleted["record_key"]])
        gone = pc.invert(pc.is_in(stored, value_set=pa.array(named)))
        absent = pc.sum(gone).as_py() or 0
        return Carried(
            source=name,
            records=conform(_NO_ROWS),
            warnings=_NO_WARNINGS.to_pandas(types_mapper=pd.ArrowDtype),
            replaced=stored[:0],
            absent=absent,
        )
    found = carry_forward(read_records(connection, name), accepted, mode=mode, deleted=deleted, refused=refused)
    warnings = read_warnings(connection, name)
    return Carried(
        source=name,
        records=found.records,
        warnings=warnings[warnings["record_key"].isin(found.records["record_key"])],
        replaced=found.replaced,
        outdated=len(found.outdated),
        absent=found.absent,
    )
