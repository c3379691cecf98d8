"""The account of a source as later steps, the store and people see it, and its quarantine file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipelines.intake import Account, FileAccount
from pipelines.settings import Settings
from schemas.messages import catalogue, current_locale, text
from schemas.reasons import explain
from sources.quarantine.corrections import Corrections
from sources.quarantine.file import Written, write_quarantine
from sources.source import Source

__all__ = ["COUNTS", "account_facts", "keep_quarantine", "remarks"]

COUNTS: Final = ("rows_read", "accepted", "quarantined", "superseded", "deleted", "warned", "corrected")
_NAMED: Final = 20  # columns that a sentence names at most


def account_facts(account: Account, source: Source) -> dict[str, Any]:
    """What JSON can write of an account: counts, reasons, files and columns, never a value."""
    return {
        "source": source.name,
        "department": source.department,
        "mode": source.mode,
        **{name: getattr(account, name) for name in COUNTS},
        "erased": 0,
        "reasons": dict(account.reasons.most_common()),
        "warnings": dict(account.warnings.most_common()),
        "unknown_columns": account.unknown_columns,
        "proposals": account.proposals,
        "inferred": account.inferred,
        "files": [_file(file, source) for file in account.files],
    }


def keep_quarantine(
    settings: Settings, source: Source, account: Account, quarantined: pa.Table, corrections: Corrections
) -> Written | None:
    """Write the rows of a source that were set aside where people can correct them.

    Raises:
        SourceError: It cannot be written.
    """
    detected = account.files[-1].detected
    return write_quarantine(
        settings.at(settings.quarantine),
        source.name,
        quarantined,
        header=list(dict.fromkeys(name for file in account.files for name in file.detected.header)),
        format="csv" if source.query is not None else detected.format,
        encoding=detected.encoding,
        delimiter=detected.delimiter,
        why=partial(explain, locale=settings.locale or current_locale()),
        corrections=corrections,
    )


def remarks(facts: Mapping[str, Any], locale: str) -> list[str]:
    """What was set aside or assumed in reading a source, in the reader's language.

    Args:
        facts: As `account_facts` gives them.
        locale: ``en`` or ``zh_CN``.
    """
    source = facts["source"]
    found = []
    if facts["unknown_columns"]:
        columns = ", ".join(facts["unknown_columns"][:_NAMED])
        columns += ", …" if len(facts["unknown_columns"]) > _NAMED else ""
        found.append(text("run.kept_in_extra", locale=locale, source=source, columns=columns))
    for header, column in facts["proposals"].items():
        name = catalogue(locale).get(f"report.attribute_{column}", column)
        found.append(text("run.proposed_column", locale=locale, source=source, header=header, column=column, name=name))
    for what, value in facts["inferred"].items():
        if value.endswith("?"):
            found.append(text(f"run.assumed_{what}", locale=locale, source=source, value=value.rstrip("?")))
    return found


def _file(file: FileAccount, source: Source) -> dict[str, Any]:
    asked = source.query is not None
    copied = (
        Path(file.input.name).name != file.input.path.name
    )  # packed, or from elsewhere: its time is that of the copy
    modified = f"{datetime.fromtimestamp(file.input.stamp[1] / 1e9, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "source": source.name,
        "file": file.input.name,
        "rows_read": file.rows_read,
        "format": "sql" if asked else file.detected.format,
        "encoding": file.detected.encoding,
        "delimiter": file.detected.delimiter,
        "content_hash": file.input.content_hash or None,
        "size": None if asked else file.input.size,
        "modified": None if asked or copied else modified,
    }
