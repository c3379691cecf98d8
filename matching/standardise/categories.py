"""Words from a short list: gender, kind of customer, occupation and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.text import drop_blank, fold, words_of

__all__ = ["GENDER_WORDS", "standardise_categories", "standardise_genders", "standardise_kinds"]

_GENDERS: Final = {
    word: gender
    for gender, words in (
        (
            "m",
            (
                "male|man|mr|masculine|mann|mannlich|maennlich|homme|masculin|hombre|masculino|mezczyzna|"
                "maschio|uomo|homem|mannelijk|muzhskoy|muzhskoi|muzh|erkek|男|男性|男士|先生|남|남성|남자|boy|m"
            ),
        ),
        (
            "f",
            (
                "female|woman|mrs|ms|miss|feminine|frau|weiblich|femme|feminin|mujer|femenino|kobieta|femmina|"
                "donna|feminino|mulher|vrouw|vrouwelijk|zhenskiy|zhenskii|zhen|kadin|女|女性|女士|小姐|여|여성|여자|girl|f"
            ),
        ),
        (
            None,
            ("u|x|unknown|other|unspecified|未知|保密|其他"),
        ),
    )
    for word in words.split("|")
}
GENDER_WORDS: Final = frozenset(_GENDERS)
"""Words for gender, folded."""

_KINDS: Final = {
    word: kind
    for kind, words in (
        (
            "person",
            ("person|people|individual|natural person|private|consumer|b2c|personal|contact|个人|个人客户|自然人|个体"),
        ),
        (
            "company",
            (
                "organization|organisation|company|business|legal person|legal entity|corporate|corporation|"
                "enterprise|firm|b2b|account|企业|企业客户|公司|公司客户|机构|法人|单位|组织"
            ),
        ),
    )
    for word in words.split("|")
}


def standardise_categories(values: pa.StringArray) -> pa.StringArray:
    """Folded words.

    Example:
        >>> standardise_categories(pa.array([" Cricket-Player", "畫家"])).to_pylist()
        ['cricket player', '画家']
    """
    return words_of(fold(drop_blank(values)))


def standardise_genders(values: pa.StringArray) -> pa.StringArray:
    """``m`` or ``f`` for the words of several languages; other words folded, "unknown" missing.

    Example:
        >>> standardise_genders(pa.array(["Female", "男", "U", "diverse"])).to_pylist()
        ['f', 'm', None, 'diverse']
    """
    return _looked_up(values, _GENDERS)


def standardise_kinds(values: pa.StringArray) -> pa.StringArray:
    """``person`` or ``company`` for the words of several systems; other words folded.

    Example:
        >>> standardise_kinds(pa.array(["ORGANIZATION", "个人客户", "Person"])).to_pylist()
        ['company', 'person', 'person']
    """
    return _looked_up(values, _KINDS)


def _looked_up(values: pa.StringArray, table: Mapping[str, str | None]) -> pa.StringArray:
    words = standardise_categories(values)
    place = pc.index_in(words, pa.array(list(table), pa.string()))
    return pc.if_else(pc.is_valid(place), pa.array(list(table.values()), pa.string()).take(place), words)
