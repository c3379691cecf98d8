"""The columns of a table read for what they tell: named after it, and joined where one thing stands in several."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.roles import ColumnRole
from matching.standardise.columns import header_words, texts
from matching.standardise.dates import join_dates
from matching.standardise.text import drop_blank, matches

__all__ = ["Reading", "attribute_name", "read"]

_NAMED: Final[tuple[tuple[str, str, str], ...]] = (  # role, words in the header, the attribute's name
    ("phone", r"\bfax\b|传真", "fax"),
    ("company_name", r"\bemployer\b|雇主|工作单位", "employer"),
    ("street", r"\b(?:line|address|addr|street|adresse|direccion|indirizzo|endereco|adres) ?[2-9]\b", "street_2"),
    ("city", r"birth|born|出生|geburt|naissance|nacimiento|nascita|nascimento|urodzenia|geboorte", "birth_place"),
    ("country", r"nationalit|nacionalidad|citizenship|obywatelstwo|staatsange|国籍|국적", "nationality"),
    (
        "category",
        r"\b(?:gender|sex|plec|geschlecht|sexe|sexo|genero|genere|sesso|geslacht)\b|性别|性別|성별",
        "gender",
    ),
    (
        "category",
        r"^(?:record|customer|contact|account|entity|party|client)? ?(?:kind|type|schema)$|^客户类型$|^类型$",
        "kind",
    ),
)
_OWN_NAME: Final = frozenset({"identifier", "category", "date", "free_text"})
_STREET_PARTS: Final = (  # in the order in which they stand in a street line; the street's name is between them
    (
        r"\b(?:street|house|haus|huis|building|str|nr|numer) ?(?:no|nr|num|number|nummer|domu|budynku)\b|"
        r"^hausnr$|hausnummer|huisnummer|门牌号"
    ),
    r"\b(?:street|st|road) (?:pre ?)?dir(?:ection(?:al)?)?(?: cd| code)?$",
    r"\b(?:street|st|road) (?:type|suff?i?x)(?: cd| code)?$",
    r"^(?:apt|apartment|flat|unit|suite|ste|lokal|nr lokalu|nr mieszkania)(?: ?(?:no|nr|num|number))?$",
)
_SUFFIX: Final = r"\bsuff?i?x\b"
_DATE_PARTS: Final = (  # header, and what the values look like
    (
        r"\b(?:year|yr|yyyy|yob|by|jahr|rok|annee|ano|anno|jaar)\b|geburtsjahr|geboortejaar|年|год",
        r"\d{2}(?:\d{2})?(?:\.0)?",
    ),
    (
        r"\b(?:month|mo|mm|mob|bm|monat|mois|mes|mese|maand|miesiac)\b|geburtsmonat|月|месяц",
        r"\d{1,2}(?:\.0)?|\p{L}{3,12}\.?",
    ),
    (r"\b(?:day|dy|dd|bd|tag|jour|dia|giorno|dag|dzien)\b|geburtstag|日|день", r"\d{1,2}(?:\.0)?"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one column, or several put together, tell of the records.

    Args:
        attribute: The attribute that it feeds.
        role: One of `matching.roles.ROLES`.
        words: The header as words.
        text: N raw texts.
        convention: How they are written, if the role says so.
    """

    attribute: str
    role: str
    words: str
    text: pa.StringArray
    convention: str | None = None


def attribute_name(role: str, header: str) -> str:
    """The attribute that a column feeds.

    Example:
        >>> attribute_name("phone", "MobilePhone"), attribute_name("identifier", "PASSPORT_NUMBER")
        ('phone', 'passport')
    """
    words = header_words(header)
    for of, pattern, name in _NAMED:
        if of == role and re.search(pattern, words):
            return name
    if role not in _OWN_NAME:
        return role
    return re.sub(r" (?:number|no|nr|num|code)$|号码?$", "", words).replace(" ", "_") or role


def read(frame: pd.DataFrame, roles: tuple[ColumnRole, ...]) -> list[Reading]:
    """The columns in use, put together.

    Args:
        frame: N records; where several columns bear one name, the roles of that name are theirs in turn.
        roles: What each column means; columns that the frame lacks are passed over.
    """
    places: dict[str, list[int]] = {}
    for place, name in reversed(list(enumerate(frame.columns))):
        places.setdefault(str(name), []).append(place)
    present = [(role, places[role.column].pop()) for role in roles if places.get(role.column)]
    readings = [
        Reading(
            attribute=attribute_name(role.role, role.column),
            role=role.role,
            words=header_words(role.column),
            text=texts(frame.iloc[:, place]),
            convention=role.convention,
        )
        for role, place in present
        if role.role != "ignore"
    ]
    for step in _STEPS:
        readings = step(readings)
    return readings


def _dates_joined(readings: list[Reading]) -> list[Reading]:
    """Birth dates that stand in three columns (or two) joined into one."""
    own = [i for i, one in enumerate(readings) if one.role == "birth_date"]
    found: list[int] = []
    for pattern, shape in _DATE_PARTS:
        fitting = (i for i in own if re.search(pattern, readings[i].words) and _all_look(readings[i].text, shape))
        found.append(next((i for i in fitting if i not in found), -1))
    if found[0] < 0 or found[1] < 0:
        return readings
    none = pa.nulls(len(readings[0].text), pa.string())
    columns = [drop_blank(readings[i].text) if i >= 0 else none for i in found]
    joined = replace(readings[found[0]], text=join_dates(columns[0], columns[1], columns[2]))
    return [joined, *(one for i, one in enumerate(readings) if i not in found)]


def _all_look(text: pa.StringArray, shape: str) -> bool:
    """Whether nearly every value looks like this."""
    return bool(matches(text, rf"^\s*(?:{shape})\s*$").true_count >= 0.9 * (len(text) - text.null_count))


def _streets_joined(readings: list[Reading]) -> list[Reading]:
    """House number, direction, kind of street and unit that stand in columns of their own put into the street line."""
    number, direction, kind, unit = _STREET_PARTS
    for header, join in ((direction, _put_before), (number, _put_before), (kind, _put_behind), (unit, _put_unit)):
        readings = _attached(readings, of="street", header=header, parts="|".join(_STREET_PARTS), join=join)
    return readings


def _suffixes_joined(readings: list[Reading]) -> list[Reading]:
    """Jr and Sr that stand in a column of their own put behind the family name."""
    return _attached(readings, of="family_name", header=_SUFFIX, parts=_SUFFIX, join=_put_behind)


def _put_before(part: pa.StringArray, main: pa.StringArray) -> pa.StringArray:
    return _joined(part, main, main)


def _put_behind(part: pa.StringArray, main: pa.StringArray) -> pa.StringArray:
    return _joined(main, part, main)


def _put_unit(unit: pa.StringArray, street: pa.StringArray) -> pa.StringArray:
    named = pc.if_else(matches(unit, r"^\s*\d+\s*\p{L}?\s*$"), pc.binary_join_element_wise("apt", unit, " "), unit)
    return _put_behind(named, street)


def _attached(
    readings: list[Reading],
    *,
    of: str,
    header: str,
    parts: str,
    join: Callable[[pa.StringArray, pa.StringArray], pa.StringArray],
) -> list[Reading]:
    """The readings with those of a certain header joined to the first of the same attribute that is no part itself."""
    own = [i for i, one in enumerate(readings) if one.attribute == of]
    small = [i for i in own if re.search(header, readings[i].words)]
    main = next((i for i in own if not re.search(parts, readings[i].words)), None)
    if not small or main is None:
        return readings
    joined = replace(readings[main], text=join(drop_blank(readings[small[0]].text), drop_blank(readings[main].text)))
    return [joined if i == main else one for i, one in enumerate(readings) if i not in small]


def _repeats_dropped(readings: list[Reading]) -> list[Reading]:
    """Full names that only repeat the given and the family name of their record taken away."""
    first = {one.role: one.text for one in reversed(readings)}
    if not {"full_name", "given_name", "family_name"} <= set(first):
        return readings
    given, family, middle = (first.get(role) for role in ("given_name", "family_name", "middle_name"))
    spellings = [_joined(given, family), _joined(family, given), _joined(family, given, by=", ")]
    spellings.append(pc.binary_join_element_wise(family, given, ""))
    if middle is not None:
        spellings.append(_joined(_joined(given, middle), family))
    return [replace(one, text=_other_than(one.text, spellings)) if one.role == "full_name" else one for one in readings]


def _other_than(texts_: pa.StringArray, spellings: Sequence[pa.StringArray]) -> pa.StringArray:
    lower = pc.utf8_lower(texts_)
    for spelling in spellings:
        same = pc.fill_null(pc.equal(lower, pc.utf8_lower(spelling)), False)
        texts_ = pc.if_else(same, pa.scalar(None, pa.string()), texts_)
    return texts_


def _joined(
    left: pa.StringArray, right: pa.StringArray, otherwise: pa.StringArray | None = None, *, by: str = " "
) -> pa.StringArray:
    """Two columns joined; where one is missing, ``otherwise``."""
    both = pc.binary_join_element_wise(left, right, by)
    return both if otherwise is None else pc.coalesce(both, otherwise)


_STEPS: Final = (_dates_joined, _streets_joined, _suffixes_joined, _repeats_dropped)
