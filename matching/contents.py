"""What the values of a column show it to be, whatever its header says.

Some shapes leave no doubt (`surely`) and overrule a header. Others (`likely`) are asked only where no header helps: a
table without a header line, one called c0, c1, …, or one in an unknown language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.categories import GENDER_WORDS
from matching.standardise.companies import COMPANY_WORDS
from matching.standardise.dates import standardise_dates
from matching.standardise.familiar import CITIES, FAMILY_CHARACTERS, FAMILY_NAMES, GIVEN_NAMES
from matching.standardise.places import COUNTRIES, PROVINCES, STATES
from matching.standardise.text import fold, is_in, matches, without_apostrophes, words_of
from matching.standardise.tokens import Tokens, tokenise

__all__ = ["Contents", "is_birth", "likely", "surely"]

_SURE: Final = (  # what shows a role by itself, where nine values in ten look like it
    ("email", r"(?i)^\s*(?:mailto:|[^@<>]*<)?[^@\s<>]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+>?\s*$"),
    ("website", r"(?i)^\s*(?:https?://|www\.)\S+\.\S+"),
    (
        "date",
        r"^\s*(?:(?:1[5-9]|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:1[5-9]|20)?\d\d)(?:\D|$)",
    ),
    ("phone", r"^\s*(?:\+\d[\d ()./-]{7,}|\(?\d{2,4}\)?[ ./-]\d{3,4}[ .-]?\d{4}|1[3-9]\d{9}|0\d{2,3}-\d{7,8})\s*$"),
)
_FLAGS: Final = r"(?i)^\s*(?:yes|no|true|false|y|n|t|f|0|1|是|否|--|si|ja|nein|oui|non|tak|nie|sim|nao)\s*$"
_AMOUNTS: Final = r"^\s*[-+]?[\d.,%$€¥£\s]+$"
_PACKED_DATE: Final = r"^\s*(?:(?:1[5-9]|20)\d\d(?:0\d|1[0-2])[0-3]\d|[0-3]\d(?:0\d|1[0-2])(?:19|20)\d\d)\s*$"
_WORDED_DATE: Final = r"(?i)^\s*(?:\d{1,2}[\s.-]+\p{L}{3,10}[\s.,-]+\d{4}|\p{L}{3,10}\.? \d{1,2},? \d{4})\s*$"
_IDENTIFIERS: Final = (  # numbers of one country's authorities, by the way they are written
    r"\d{3}-\d{2}-\d{4}|\d{2}-\d{7}|[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]|\d{17}[\dXx]|\d{8}-?[A-Z]|"
    r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}|[XYZ]-?\d{7}-?[A-Z]|\d{6}[-+A]\d{3}[\dA-Z]|"
    r"[1-9AN][\dA-Z]\d{6}[\dA-Z]{10}|[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]|[A-Z]{5}\d{4}[A-Z]|\d{6}-\d{7}|"
    r"[A-Z]{4}\d{6}[A-Z\d]{3}(?:[A-Z\d]{5})?|[A-Z]{2}\d{2}[A-Z\d ]{11,30}|"
    r"(?:AT ?U|BE|CZ|DE|DK|EL|ES|FI|FR|GB|HU|IE|IT|LU|NL|PL|PT|RO|SE|SK) ?[\dA-Z]{2}\d{6,10}"
)
_BARE_PHONE: Final = (
    r"(?:\+|00)?\(?\d(?:[ ()./-]*\d){7,13}(?: ?(?:x|ext\.?) ?\d+)?"  # any way of writing 8 to 14 digits …
)
_PHONE_SIGNS: Final = r"^\s*(?:\+|0|\()|\d[ ./-]+\d{2,4}[ ./-]|\d\)|^\s*[2-9]\d{2}[2-9]\d{6}\s*$"  # … that has these
_POSTCODES: Final = (
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4} ?[A-Z]{2}|"
    r"\d{2}-\d{3}|\d{5}-\d{3}|\d{4}-\d{3}|\d{5}-\d{4}|\d{3} \d{2}"
)
_NUMBERED_STREET: Final = (
    r"(?i)^\s*(?:\d+\s*[a-z]?(?:[-/]\d+[a-z]?)?,?\s+(?:\p{L}[\p{L}.'-]*\s*){1,6}|(?:\p{L}[\p{L}.'-]*\s*){1,5},?\s+\d+\s*[a-z]?"
    r"(?:[-/]\d+[a-z]?)?)(?:\s*[,#].*|\s+(?:apt|unit|suite|ste|flat|lok|m)\b.*)?\s*$"
)
_STREET_WORDS: Final = (
    r"(?i)\b(?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|close|crescent|circuit|"
    r"terrace|way|highway|parade|grove|gardens|square|walk|rue|calle|avenida|carrera|rua|via|viale|piazza|ulica|ul|aleja|"
    r"plac|po box|p\.o\. box)\b|(?:stra(?:ss|ß)e|str\.|weg|platz|allee|gasse|straat|laan|gatan|vej|katu)(?:\s|$)"
)
_CHINESE_STREET: Final = r"\p{Han}{2,}(?:路|街|道|巷|弄|村|镇|小区|大厦|广场|号).{0,20}$"
_CHINESE_TOWN: Final = r"^\p{Han}{2,7}[市区县州盟旗]$"
_CHINESE_NAME: Final = rf"^[{FAMILY_CHARACTERS}]\p{{Han}}{{1,2}}$"
_ORGANISATIONS: Final = (
    r"(?i)\b(?:cent(?:er|re)|academy|clinic|college|care|learning|ministr(?:y|ies)|club|society|store|shop|restaurant|cafe|"
    r"grill|bar|hotel|inn|market|pharmacy|apotheke|bakery|salon|studio|garage|motors|electric|consulting|systems|software|"
    r"technolog(?:y|ies)|media|design|energy|foods|logistics|transport|construction|properties|capital|financial|insurance|"
    r"verein|stiftung|schule|kita|ecole|association|escuela|colegio|fundacion|szkola|przedszkole)\b"
)
_WORDS_ONLY: Final = r"^\s*\p{L}[\p{L}\p{M}'’.·-]*(?:,?\s+\p{L}[\p{L}\p{M}'’.·-]*){0,4}\s*$"
_FAMILIAR: Final = 0.08  # a tenth of nearly every population bears one of the names, but few streets or products do
_OF_A_TABLE: Final = 0.5  # so many different values a cell tell a customer's number from a town's


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What is asked of a column.

    Args:
        sample: Values of a few thousand of its rows; equal ones stay.
        text: The whole column, N texts.
    """

    sample: pa.StringArray
    text: pa.StringArray

    @property
    def filled(self) -> int:
        """Cells that hold a text."""
        return int(len(self.text) - self.text.null_count)

    @property
    def distinct(self) -> int:
        """Distinct values in the sample."""
        return int(pc.count_distinct(self.sample).as_py() or 0)

    def share(self, shape: str, *, whole: bool = False) -> float:
        """The share of values that hold a match of a pattern, or match it as a whole."""
        if not len(self.sample):
            return 0.0
        pattern = rf"(?i)^\s*(?:{shape})\s*$" if whole else shape
        return float(matches(self.sample, pattern).true_count / len(self.sample))

    def length(self) -> float:
        """Characters of a value, on average."""
        return float(pc.mean(pc.utf8_length(self.sample)).as_py() or 0)

    def word_count(self) -> float:
        """Words in a value, on average."""
        return len(_tokens(self).codes) / max(len(self.sample), 1)

    def different(self) -> float:
        """Distinct values a filled cell, over the whole column, 0..1."""
        return int(pc.count_distinct(self.text, mode="only_valid").as_py()) / max(self.filled, 1)


def surely(column: Contents) -> str | None:
    """The role that the values show beyond doubt; dates are ``date``, of birth or not."""
    return next((role for role, shape in _SURE if column.share(shape) >= 0.9), None)


def is_birth(column: Contents) -> bool:
    """Whether dates look like birth dates: the middle nine tenths span over 25 years.

    What a system stamps (created, last order) is rarely older than the system.
    """
    years = pc.utf8_slice_codeunits(standardise_dates(pc.unique(column.sample)), 0, 4)
    years = years.filter(matches(years, r"^(?:1[5-9]|20)\d\d$"))
    if len(years) < 2:
        return False
    low, high = np.quantile(np.asarray(pc.cast(years, pa.int32())), [0.05, 0.95])
    return bool(high - low > 25)


def likely(column: Contents) -> str | None:
    """The role that the values show fairly well, where the header is no help; nothing where they show none.

    Returns:
        A role, ``row_id``, or ``words`` for a few words of many kinds that are not familiar: names or places.
    """
    return next((role for role, asked in _LIKELY if asked(column)), None)


def _is_flag(column: Contents) -> bool:
    """Yes and no, and addresses of machines."""
    if column.share(r"\d{1,3}(?:\.\d{1,3}){3}", whole=True) >= 0.9:
        return True
    return column.share(_FLAGS) >= 0.95 and column.distinct <= 6


def _is_birth_date(column: Contents) -> bool:
    return max(column.share(_PACKED_DATE), column.share(_WORDED_DATE)) >= 0.85 and is_birth(column)


def _is_identifier(column: Contents) -> bool:
    return column.share(_IDENTIFIERS, whole=True) >= 0.9 and _varied(column)


def _is_phone(column: Contents) -> bool:
    written = pc.and_(matches(column.sample, rf"^\s*(?:{_BARE_PHONE})\s*$"), matches(column.sample, _PHONE_SIGNS))
    local = column.share(r"[2-9]\d{6}", whole=True) >= 0.95
    return (local or _share(column, written) >= 0.85) and _varied(column)


def _is_written_postcode(column: Contents) -> bool:
    return column.share(_POSTCODES, whole=True) >= 0.85


def _is_row_id(column: Contents) -> bool:
    return column.share(r"^\s*[\w/.#-]*\d[\w/.#-]*\s*$") >= 0.9 and column.different() > 0.9995


def _is_postcode(column: Contents) -> bool:
    """Numbers of one length that repeat; ZIP codes come with and without the last four or the leading nought."""
    short = max(column.share(shape, whole=True) for shape in (r"\d{4}", r"\d{4,5}(?:\.0)?|\d{9}"))
    six = column.share(r"\d{6}", whole=True)
    years = column.share(r"(?:1[89]|20)\d\d", whole=True) > 0.8
    round_ = column.share(r"00\s*$") > 0.4
    if max(short, six) < 0.85 or years or round_ or column.distinct < 8:
        return False
    return short >= 0.85 or column.different() < _OF_A_TABLE


def _is_number_of_someone(column: Contents) -> bool:
    """Codes of one length that few rows share, no running number and no point in time."""
    if column.share(r"[A-Z]{0,4}[- ]?\d[\dA-Z/-]{4,}", whole=True) < 0.9:
        return False
    sizes = np.bincount(np.asarray(pc.utf8_length(pc.utf8_trim_whitespace(column.sample))))
    stamps = column.share(r"1[0-7]\d{8}(?:\d{3})?", whole=True) > 0.5
    return not stamps and sizes.max() >= 0.8 * len(column.sample) and 0.4 < column.different() < 0.999


def _is_amount(column: Contents) -> bool:
    return column.share(_AMOUNTS) >= 0.7


def _is_gender(column: Contents) -> bool:
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column.sample))
    return _share(column, is_in(words, GENDER_WORDS)) >= 0.95 and 2 <= column.distinct <= 8


def _is_state(column: Contents) -> bool:
    known = is_in(words_of(fold(column.sample)), (*STATES, *STATES.values()))
    chinese = column.share(rf"^(?:{'|'.join(PROVINCES)})(?:省|市|.*自治区|特别行政区)?$")
    return max(_share(column, known), chinese) >= 0.85


def _is_country(column: Contents) -> bool:
    return _share(column, is_in(words_of(fold(column.sample)), (*COUNTRIES, *COUNTRIES.values()))) >= 0.85


def _is_chinese_name(column: Contents) -> bool:
    return column.share(_CHINESE_NAME) >= 0.7 and _varied(column)


def _is_company(column: Contents) -> bool:
    return max(column.share(COMPANY_WORDS), column.share(_ORGANISATIONS)) >= 0.3 and _manifold(column)


def _is_street(column: Contents) -> bool:
    shapes = ((_CHINESE_STREET, 0.5), (_NUMBERED_STREET, 0.5), (_STREET_WORDS, 0.4))
    return _varied(column) and any(column.share(shape) >= share for shape, share in shapes)


def _is_city(column: Contents) -> bool:
    known = _share(column, is_in(words_of(without_apostrophes(fold(column.sample))), CITIES))
    return column.share(_CHINESE_TOWN) >= 0.7 or (known >= 0.15 and column.share(_WORDS_ONLY) >= 0.8)


def _is_full_name(column: Contents) -> bool:
    familiar = _familiar(column, GIVEN_NAMES) >= 2 * _FAMILIAR or _familiar(column, FAMILY_NAMES) >= 3 * _FAMILIAR
    return familiar and column.word_count() >= 1.7 and column.share(_WORDS_ONLY) >= 0.8 and _manifold(column)


def _is_given_name(column: Contents) -> bool:
    given, family = _familiar(column, GIVEN_NAMES), _familiar(column, FAMILY_NAMES)
    return given >= max(family, _FAMILIAR) and _is_a_word(column)


def _is_family_name(column: Contents) -> bool:
    return _familiar(column, FAMILY_NAMES) >= _FAMILIAR and _is_a_word(column)


def _is_long(column: Contents) -> bool:
    return column.length() > 60


def _is_category(column: Contents) -> bool:
    return column.distinct <= max(len(column.sample) // 10, 2)


def _is_words(column: Contents) -> bool:
    return column.share(r"\p{L}{2}") >= 0.7 and column.distinct >= 30 and column.word_count() < 8


_LIKELY: Final[tuple[tuple[str, Callable[[Contents], bool]], ...]] = (
    ("ignore", _is_flag),
    ("birth_date", _is_birth_date),
    ("identifier", _is_identifier),
    ("phone", _is_phone),
    ("postcode", _is_written_postcode),
    ("row_id", _is_row_id),
    ("postcode", _is_postcode),
    ("identifier", _is_number_of_someone),
    ("ignore", _is_amount),
    ("category", _is_gender),
    ("state", _is_state),
    ("country", _is_country),
    ("full_name", _is_chinese_name),
    ("company_name", _is_company),
    ("free_text", _is_long),
    ("street", _is_street),
    ("city", _is_city),
    ("full_name", _is_full_name),
    ("given_name", _is_given_name),
    ("family_name", _is_family_name),
    ("category", _is_category),
    ("words", _is_words),
)


def _is_a_word(column: Contents) -> bool:
    return column.word_count() < 1.7 and column.share(_WORDS_ONLY) >= 0.8


def _manifold(column: Contents) -> bool:
    return column.distinct > len(column.sample) / 10


def _varied(column: Contents) -> bool:
    return column.distinct >= max(2, len(column.sample) / 20)


def _share(column: Contents, chosen: pa.BooleanArray) -> float:
    return float(chosen.true_count / len(column.sample)) if len(column.sample) else 0.0


def _tokens(column: Contents) -> Tokens:
    return tokenise(words_of(without_apostrophes(fold(column.sample))))


def _familiar(column: Contents, names: frozenset[str]) -> float:
    """The share of values with a word among these; none where fewer than three have one."""
    tokens = _tokens(column)
    found = len(np.unique(tokens.owner[tokens.among(names)]))
    return found / len(column.sample) if found >= 3 else 0.0
