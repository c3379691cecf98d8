"""What each column of a table means, from its header and from its values.

A header in one of several languages is read first; the values may overrule it (a column called ``Website`` that holds
yes and no is none), and decide alone where the header says nothing. Whatever names only this copy of the record, or how
it is handled, is no evidence of who the customer is, and is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise import CONVENTIONS
from matching.standardise.columns import header_words, texts
from matching.standardise.companies import COMPANY_WORDS
from matching.standardise.headers import role_of_header
from matching.standardise.text import drop_blank, matches

__all__ = ["ROLES", "ColumnRole", "infer_roles"]

ROLES: Final = (
    "full_name", "given_name", "middle_name", "family_name", "company_name", "birth_date", "phone", "email", "street",
    "district", "city", "state", "postcode", "country", "identifier", "category", "website", "date", "free_text",
    "ignore",
)  # fmt: skip

_SAMPLE: Final = 5_000
_NOTHING: Final = MappingProxyType[str, str]({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRole:
    """What one column means.

    Args:
        column: Its name.
        role: One of `ROLES`.
        reason: Why, as a key of the message catalogue's area ``roles``: ``override``, ``header``, ``values``,
            ``nearly_empty``, ``constant``, ``row_id``, ``long_text``, ``unknown``.
        convention: How the column writes dates or phone numbers (`matching.standardise.CONVENTIONS`), so that a frozen
            model reads a small export as it read the large one; absent, each frame's column is asked.
    """

    column: str
    role: str
    reason: str
    convention: str | None = field(default=None, compare=False)


_SHAPES: Final = MappingProxyType({  # role → what at least half of the values must look like
    "email": r"@",
    "website": r"(?i)^\s*(?:https?://|www\.)|^\s*[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?\s*$",
    "phone": r"(?:[\d*]\D{0,3}){5}",
    "birth_date": r"\d",
    "date": r"\d",
    "postcode": r"\d",
    "identifier": r"\d",
    "full_name": r"\p{L}",
    "given_name": r"\p{L}",
    "family_name": r"\p{L}",
    "company_name": r"\p{L}",
    "city": r"\p{L}\p{L}|\p{Han}",
    "street": r"\p{L}\p{L}|\p{Han}|^\s*\d+\s*\p{L}?\s*$",
})  # fmt: skip
_SURE_SHAPES: Final = (  # what shows a role by itself, where nine values in ten look like it
    ("email", r"(?i)^\s*(?:mailto:|[^@<>]*<)?[^@\s<>]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+>?\s*$"),
    ("website", r"(?i)^\s*(?:https?://|www\.)\S+\.\S+"),
    (
        "date",
        r"^\s*(?:(?:1[89]|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:(?:1[89]|20)\d\d|\d\d))\b",
    ),
    ("phone", r"^\s*(?:\+\d[\d ()./-]{7,}|\(?\d{2,4}\)?[ ./-]\d{3,4}[ .-]?\d{4}|1[3-9]\d{9}|0\d{2,3}-\d{7,8})\s*$"),
)
_FAMILY_NAMES: Final = (  # the hundred that most Chinese people bear
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_WEAK_SHAPES: Final = (  # what shows a role where a good part of the values looks like it
    ("full_name", rf"^[{_FAMILY_NAMES}]\p{{Han}}{{1,2}}$", 0.7),
    ("company_name", COMPANY_WORDS, 0.3),
)
_WORDS: Final = frozenset({"full_name", "given_name", "middle_name", "family_name", "company_name", "city", "category"})


def infer_roles(frame: pd.DataFrame, overrides: Mapping[str, str] = _NOTHING) -> tuple[ColumnRole, ...]:
    """The role of each column.

    Args:
        frame: N records, each column text (other types are read as text).
        overrides: Column name → role, where a person has decided.

    Returns:
        One `ColumnRole` for each column, in their order.

    Example:
        >>> frame = pd.DataFrame({"imie": ["Anna", "Jan"], "contact": ["a@b.pl", "j@b.pl"]})
        >>> [(found.role, found.reason) for found in infer_roles(frame)]
        [('given_name', 'header'), ('email', 'values')]
    """
    return tuple(
        _with_convention(
            ColumnRole(column=str(name), role=overrides[str(name)], reason="override")
            if str(name) in overrides
            else _infer(str(name), frame.iloc[:, place]),
            frame.iloc[:, place],
        )
        for place, name in enumerate(frame.columns)
    )


def _with_convention(found: ColumnRole, column: pd.Series[Any]) -> ColumnRole:
    if found.role not in CONVENTIONS:
        return found
    sample = drop_blank(_spread(texts(column).drop_null())).drop_null()
    return replace(found, convention=CONVENTIONS[found.role](sample))


def _infer(name: str, column: pd.Series[Any]) -> ColumnRole:
    """The role of one column: what the header says, if the values do not speak against it; else what they say."""
    values = texts(column)
    filled = values.drop_null()
    sample = drop_blank(_spread(filled)).drop_null()
    role, reason = role_of_header(header_words(name)), "header"
    if role == "own_number":
        role, reason = _own_number(filled)
    otherwise = _surely(sample) if role is None or role in _WORDS else None
    if otherwise:
        role, reason = otherwise, "values"
    elif role is None or (role in _SHAPES and not _looks(sample, _SHAPES[role], 0.5)):
        role, reason = _by_values(sample, filled)
    elif role in {"full_name", "company_name"}:
        role, reason = _name_or_category(role, sample)
    if role not in {"ignore", "free_text"} and (empty := _says_nothing(role, sample, len(filled), len(values))):
        role, reason = "ignore", empty
    return ColumnRole(column=name, role=role, reason=reason)


def _surely(sample: pa.StringArray) -> str | None:
    """The role that the values show beyond doubt, whatever the header says."""
    return next((role for role, shape in _SURE_SHAPES if _looks(sample, shape, 0.9)), None)


def _by_values(sample: pa.StringArray, filled: pa.StringArray) -> tuple[str, str]:
    """What the values alone show; numbers without a meaning are left out, words are a category or free text."""
    sure = _surely(sample) or next((role for role, shape, share in _WEAK_SHAPES if _looks(sample, shape, share)), None)
    if sure:
        return sure, "values"
    distinct = pc.count_distinct(sample).as_py() if len(sample) else 0
    if distinct == len(sample) and pc.count_distinct(filled).as_py() == len(filled):
        numbered = _looks(sample, r"^\s*\S*\d\S*\s*$", 0.9)
        if numbered:
            return "ignore", "row_id"
    if _looks(sample, r"^\s*[-+]?[\d.,%$€¥£\s]+$|^\s*(?i:yes|no|true|false|y|n|是|否|--)\s*$", 0.7):
        return "ignore", "unknown"
    if (pc.mean(pc.utf8_length(sample)).as_py() or 0) > 60:
        return "free_text", "long_text"
    return ("category" if distinct <= max(len(sample) // 10, 2) else "free_text"), "unknown"


def _own_number(filled: pa.StringArray) -> tuple[str, str]:
    """A number that a system gave names this row if it is unique, another table's row if it often repeats.

    In between it names a customer whom several records share.
    """
    share = pc.count_distinct(filled).as_py() / max(len(filled), 1)
    if share > 0.999:
        return "ignore", "row_id"
    return ("identifier", "header") if share > 0.4 else ("ignore", "values")


def _name_or_category(role: str, sample: pa.StringArray) -> tuple[str, str]:
    """A "name" with a handful of values names a programme or a product, not a customer."""
    few = len(sample) >= 200 and pc.count_distinct(sample).as_py() < len(sample) / 50
    if few:
        return "category", "values"
    if role == "full_name" and _looks(sample, COMPANY_WORDS, 0.5):
        return "company_name", "values"
    return role, "header"


def _says_nothing(role: str, sample: pa.StringArray, filled: int, rows: int) -> str | None:
    """Why a column cannot help: too few values, or always the same one."""
    decisive = role in {"identifier", "email", "phone", "birth_date"}
    if len(sample) < 2 or (filled < rows / 100 and not decisive):
        return "nearly_empty"
    if len(sample) >= 20 and pc.count_distinct(sample).as_py() == 1:
        return "constant"
    return None


def _spread(values: pa.StringArray) -> pa.StringArray:
    """A few thousand of the values, evenly spread over the column."""
    if len(values) <= _SAMPLE:
        return values
    return values.take(pa.array(np.linspace(0, len(values) - 1, _SAMPLE).astype(np.int64)))


def _looks(sample: pa.StringArray, shape: str, share: float) -> bool:
    return len(sample) > 0 and (pc.sum(matches(sample, shape)).as_py() or 0) >= share * len(sample)
