"""What stops a run: rows that are not accounted for, and the quality gates of its configuration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipelines.intake import Account
from pipelines.settings import GateSettings, SourceSettings
from schemas.errors import GateError, InvariantError

__all__ = ["keep_accounts", "keep_gates", "keep_retired", "keep_sources"]


def keep_accounts(source: str, account: Account) -> None:
    """Every row that was read is in one of the places where rows can be.

    Raises:
        InvariantError: Rows were lost or doubled on the way.
    """
    kept = account.accepted + account.quarantined + account.superseded + account.deleted
    if account.rows_read != kept:
        raise InvariantError("run.rows_lost", source=source, rows=account.rows_read, kept=kept)


def keep_gates(source: SourceSettings, gates: GateSettings, account: Account) -> None:
    """Not too many of a source's rows are bad.

    Raises:
        GateError: Too large a share is quarantined, or breaks a rule that has a limit.
    """
    rows = max(account.rows_read, 1)
    share, limit = account.quarantined / rows, gates.quarantined_share
    if limit is not None and share > limit:
        raise GateError("run.gate_quarantined", source=source.name, share=f"{share:.1%}", limit=f"{limit:.1%}")
    for rule in (each.as_rule() for each in source.rules):
        share, limit = account.broken[rule.reason] / rows, rule.stop_above
        if limit is not None and share > limit:
            raise GateError(
                "run.gate_rule", source=source.name, rule=rule.reason, share=f"{share:.1%}", limit=f"{limit:.1%}"
            )


def keep_sources(gates: GateSettings, accounts: Sequence[Mapping[str, Any]], crosswalk: pd.DataFrame) -> None:
    """No source that had records before has none now.

    Raises:
        GateError: One has.
    """
    if gates.empty_source == "allow":
        return
    for account in accounts:
        source = account["source"]
        if account["accepted"] + account["carried"] == 0 and crosswalk["record_key"].str.startswith(f"{source}:").any():
            raise GateError("run.gate_empty", source=source)


def keep_retired(gates: GateSettings, changes: Mapping[str, int], customers: int) -> None:
    """Not too many of yesterday's customers would vanish.

    Raises:
        GateError: They would.
    """
    limit = gates.retired_share
    share = changes.get("retired", 0) / max(customers, 1)
    if limit is not None and share > limit:
        raise GateError("run.gate_retired", share=f"{share:.1%}", limit=f"{limit:.1%}")
