"""Why a row is set aside, or a cell not matched on.

A reason is a code, or ``code:column`` where it is about one column; the code's sentence in each language is
``reasons.<code>`` of the message catalogue (`explain`), and ``docs/reasons.md`` lists them all. A row with a reason
goes to quarantine; a cell with one stays in its record and is not matched on; what a rule finds goes where it says.
"""

from __future__ import annotations

from typing import Final

from schemas.messages import catalogue, current_locale, text
from schemas.rules import KINDS

__all__ = ["CELL_REASONS", "ROW_REASONS", "RULE_REASONS", "explain"]

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
