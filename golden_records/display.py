"""What to call a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["display_names"]

_CJK: Final = r"^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]"


def display_names(values: Mapping[str, pa.Array]) -> pa.Array:
    """A name for every customer: a company's or a person's own, else what else is known, else null.

    Chinese, Japanese and Korean names are written family name first and without a space.

    Args:
        values: Golden columns by attribute.
    """
    person, company = pc.coalesce(values["full_name"], _composed(values)), values["company_name"]
    is_company = pc.fill_null(pc.equal(values["kind"], "company"), False)
    name = pc.if_else(is_company, pc.coalesce(company, person), pc.coalesce(person, company))
    return pc.coalesce(name, values["email"], values["phone"], values["mobile"])


def _composed(values: Mapping[str, pa.Array]) -> pa.Array:
    given, middle, family = values["given_name"], values["middle_name"], values["family_name"]
    western = _spaced(given, _spaced(middle, family))
    eastern = pc.binary_join_element_wise(family, given, "", null_handling="replace", null_replacement="")
    is_cjk = pc.fill_null(pc.match_substring_regex(family, _CJK), False)
    return pc.if_else(is_cjk, eastern, western)


def _spaced(first: pa.Array, second: pa.Array) -> pa.Array:
    """Both with a space between, or the one there is (Arrow 26 loses rows with ``null_handling="skip"``)."""
    return pc.coalesce(pc.binary_join_element_wise(first, second, " "), first, second)
