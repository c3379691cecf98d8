"""Why a row is set aside, and the contract of the frame that holds it.

A reason is a code, or ``code:column`` where it is about one column; the code's sentence in each language is
``reasons.<code>`` of the message catalogue (`explain`), and ``docs/reasons.md`` lists them all. A row with a reason
goes to quarantine; a cell with one stays in its record and is not matched on; what a rule finds goes where it says.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from schemas.contracts import held
from schemas.messages import catalogue, current_locale, text
from schemas.records import LINE, TEXT
from schemas.rules import KINDS

__all__ = ["CELL_REASONS", "QUARANTINE", "ROW_REASONS", "RULE_REASONS", "conform_quarantine", "explain", "quarantined"]

ROW_REASONS: Final = (
    "undecodable_bytes",  # by the reader, from here …
    "nul_byte",
    "unclosed_quote",
    "wrong_column_count",
    "not_json",
    "duplicate_key",
    "before_header",
    "repeated_header",
    "not_calculated",  # … to here
    "missing_id",
    "damaged_id",
    "field_too_long",
    "impossible_date",
    "nothing_to_match_on",
)
CELL_REASONS: Final = (
    "bad_phone",
    "bad_email",
    "bad_date",
    "impossible_time",
    "bad_tax_id",
    "bad_national_id",
    "placeholder",
    "damaged_text",
)
RULE_REASONS: Final = KINDS

QUARANTINE: Final = pandera.DataFrameSchema(
    {
        "source": pandera.Column(TEXT, nullable=False),
        "file": pandera.Column(TEXT, nullable=True),
        "line": pandera.Column(LINE, pandera.Check.ge(1), nullable=False),
        "reasons": pandera.Column(TEXT, nullable=False),  # joined by a space
        "raw": pandera.Column(TEXT, nullable=True),  # the row as it was read: text, or a JSON object of its cells
    },
    strict=True,
    ordered=True,
    name="QUARANTINE",
)


def conform_quarantine(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame cast to the contract's types, in its order of columns, with a fresh index.

    Args:
        frame: At least ``source``, ``line``, ``reasons``, ``raw``; a ``file`` that is absent is null.

    Raises:
        InvariantError: A column is missing or a cell breaks the contract.
    """
    if "file" not in frame.columns:
        frame = frame.assign(file=pd.array(pa.nulls(len(frame), pa.string()), dtype=TEXT))
    columns = {name: frame[name].array.astype(LINE if name == "line" else TEXT) for name in QUARANTINE.columns}
    return held(QUARANTINE, pd.DataFrame(columns, index=pd.RangeIndex(len(frame))))


def quarantined(table: pa.Table) -> pa.Table:
    """The same of an Arrow table, which has a ``file``.

    Raises:
        InvariantError: A cell breaks the contract.
    """
    kinds = pa.schema([(name, pa.int64() if name == "line" else pa.string()) for name in QUARANTINE.columns])
    found = table.select(kinds.names).cast(kinds)
    lowest = pc.min(found["line"]).as_py()
    if any(found[name].null_count for name in ("source", "line", "reasons")) or (lowest is not None and lowest < 1):
        conform_quarantine(found.to_pandas(types_mapper=pd.ArrowDtype))  # says what is wrong
    return found


def explain(reason: str, locale: str | None = None) -> str:
    """A reason as a sentence, with the column that it is about.

    Args:
        reason: ``code`` or ``code:column``; one whose code is not known, as of a later version, stays as it is.
        locale: ``en`` or ``zh_CN``; the one in force when absent.

    Example:
        >>> explain("missing_id", "en")
        'Has no id, so it could not be followed from run to run. Fill it in at the source.'
        >>> explain("required:birth_date", "en")
        'Birth date: Is empty, and a rule of the source wants it filled. Fill it in, or change the rule.'
    """
    locale = locale or current_locale()
    code, _, column = reason.partition(":")
    if code not in {*ROW_REASONS, *CELL_REASONS, *RULE_REASONS}:
        return reason
    sentence = text(f"reasons.{code}", locale=locale)
    if not column:
        return sentence
    name = catalogue(locale).get(f"report.attribute_{column}", column)
    return text("reasons.of_column", locale=locale, column=name, sentence=sentence)
