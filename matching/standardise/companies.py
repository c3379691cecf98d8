"""Names of companies, without the legal form that one system writes and the other leaves out.

Legal forms are those of the ISO 20275 (ELF) list that occur in customer data. A region in brackets stays, before the
name, since 腾讯科技（深圳） and 腾讯科技（北京） are two companies; so do 分公司 and 子公司, which name a branch.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.chinese_companies import place_first
from matching.standardise.scan import holds
from matching.standardise.text import CJK, each_odd, fold, holds_cjk, matches, replace, without_apostrophes, words_of
from matching.standardise.tokens import join, tokenise

__all__ = ["COMPANY_WORDS", "LEGAL_FORM", "standardise_companies"]

_FORMS: Final = (
    "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp", "plc", "pllc",
    "pte", "pty", "pvt", "private", "gmbh", "mbh", "ag", "kg", "kgaa", "ohg", "gbr", "ug", "ev", "se", "sa", "sas",
    "sarl", "sasu", "eurl", "srl", "spa", "snc", "sl", "slu", "bv", "nv", "cv", "vof", "ab", "oy", "oyj", "as", "asa",
    "aps", "sp zoo", "sp z o o", "sp z oo", "spzoo", "zoo", "kft", "zrt", "nyrt", "sro", "doo", "ooo", "oao",
    "zao", "pao", "ao", "ltda", "ltd sti", "sti", "eireli", "sapi", "de cv", "s de rl", "eg", "ek", "hb",
    "sdn", "bhd", "kk", "gk", "tbk", "pt", "jsc", "ojsc", "cjsc", "holding", "holdings", "hldg", "hldgs", "a s", "na",
    "limited liability company", "limited liability partnership", "public limited company", "joint stock company",
    "public joint stock company", "open joint stock company", "closed joint stock company", "limited company",
    "aktiengesellschaft", "gesellschaft mit beschrankter haftung", "unternehmergesellschaft", "kommanditgesellschaft",
    "offene handelsgesellschaft", "eingetragener verein", "eingetragene genossenschaft", "societe anonyme",
    "societe a responsabilite limitee", "societe par actions simplifiee", "sociedad anonima", "sociedad limitada",
    "sociedad de responsabilidad limitada", "sociedade anonima", "limitada", "societa per azioni",
    "societa a responsabilita limitata", "besloten vennootschap", "naamloze vennootschap", "aktiebolag", "osakeyhtio",
    "aktieselskab", "anpartsselskab", "aksjeselskap", "spolka akcyjna", "anonim sirketi", "limited sirketi",
    "spolka z ograniczona odpowiedzialnoscia",
)  # fmt: skip
_WRITTEN_OUT: Final = {
    short: word
    for word, shorts in {
        "international": "intl internatl", "national": "natl", "manufacturing": "mfg mfrg",
        "manufacturers": "mfrs", "services": "svcs svc servs service", "associates": "assocs assoc", "brothers": "bros",
        "association": "assn", "university": "univ", "department": "dept", "center": "ctr cntr centre", "group": "grp",
        "management": "mgmt mgt", "building": "bldg", "buildings": "bldgs", "hospital": "hosp", "government": "govt",
        "institute": "inst", "systems": "sys syst", "solutions": "solns soln", "enterprises": "ents enterprise",
        "industries": "inds", "products": "prods", "marketing": "mktg", "engineering": "engrg engg", "medical": "med",
        "technologies": "technols", "technology": "technol", "laboratories": "labs", "laboratory": "lab",
        "academy": "acad", "elementary": "elem", "school": "sch", "american": "amer", "community": "commun cmty",
        "distributors": "distrs distr", "distribution": "distn", "equipment": "equip", "insurance": "ins",
        "investments": "invs", "properties": "props", "construction": "constr const", "development": "dev devel",
        "federal": "fed", "financial": "finl", "foundation": "fdn fndn", "supply": "sply", "trading": "trdg",
        "transportation": "transp", "and": "und et",
    }.items()
    for short in shorts.split()
}  # fmt: skip
LEGAL_FORM: Final = (
    r"(?i)(?:[\s,](?:inc|incorporated|corp|corporation|ltd|limited|llc|llp|plc|gmbh|pte|pty|s\.?a\.?r\.?l|s\.?r\.?l|"
    r"s\.r\.o|b\.v|n\.v|s\.a|sp\.? ?z ?o\.? ?o|oyj?|a/s|aps|kft|kgaa|ohg|e\.v)\b\.?(?:\s*&.*)?|"
    r"公司|集团|集團|企业|企業|工厂|商行|商店|商贸|贸易|超市|酒店|餐厅|大学|学院|医院|银行|事务所|工作室|合作社|研究院|研究所|中心|学校|"
    r"幼儿园|株式会社|주식회사)[\s)）]*$"
)
"""What shows, at the end of a name, that it belongs to an organisation."""

COMPANY_WORDS: Final = (
    LEGAL_FORM + r"|(?i)\b(?:foundation|association|university|hospital|bank|group|company|services|institute|school|"
    r"church|council|agency|partners|holdings?|industries|solutions|trading|international)\b"
)
"""What shows, in a good part of a column's values, that they are organisations; too weak for a single value."""

_ANY_FORM: Final = "|".join(sorted(_FORMS, key=len, reverse=True))
_TRAILING: Final = rf"^(.*?\S)(?: (?:{_ANY_FORM}|and (?:co|company)))+$"
_LEADING_FORMS: Final = (
    "the", "ooo", "oao", "zao", "pao", "pt", "firma", "limited liability company", "joint stock company",
    "open joint stock company", "public joint stock company", "closed joint stock company", "jsc", "llc", "zakrytoe ao",
)  # fmt: skip
_LEADING: Final = rf"^(?:(?:{'|'.join(sorted(_LEADING_FORMS, key=len, reverse=True))}) )+(\S.*)$"
_SPELT: Final = r"(?:^| )[a-z] [a-z](?: |$)"
_CHINESE: Final = (
    r"^(.{2,}?)(?:(?:股份|控股)?有限(?:责任)?公司|股份公司|株式会社|주식회사)(?:(?:股份|控股)?(?:有限)?(?:责任)?公司)*$|"
    r"^(.*?(?:.[^分子总有]|电子|高分子))(?:公司)+$"
)
_BEFORE_BRANCH: Final = r"^(.{2,}?)(?:股份|控股)?有限(?:责任)?公司(.+(?:分|子)公司)$"


def standardise_companies(values: pa.StringArray) -> pa.StringArray:
    """Company names as they are compared.

    Args:
        values: N names in any script.

    Returns:
        N names as words; missing where there was none.

    Example:
        >>> standardise_companies(pa.array(["Müller & Söhne GmbH & Co. KG", "騰訊科技（深圳）有限公司"])).to_pylist()
        ['muller and sohne', '深圳腾讯科技']
    """
    folded = fold(values)
    cjk = holds_cjk(folded)
    names = each_odd(folded, cjk, _chinese)
    return each_odd(names, pc.invert(holds_cjk(names)), _latin)


def _latin(folded: pa.StringArray) -> pa.StringArray:
    text = each_odd(folded, matches(folded, "[&+]"), lambda some: replace(some, "[&+]", " and "))
    text = without_apostrophes(text)
    text = each_odd(text, matches(text, r"\b[a-z]\."), lambda some: replace(some, r"\b([a-z])\.", r"\1"))
    text = replace(words_of(text), "  +", " ")
    text = each_odd(text, matches(text, _SPELT), _letters_joined)
    text = join(tokenise(text).rename(_WRITTEN_OUT))
    text = replace(text, _LEADING, r"\1")
    return replace(text, _TRAILING, r"\1")


def _letters_joined(names: pa.StringArray) -> pa.StringArray:
    """Single letters that follow one another as one word: *i b m* is *ibm*."""
    marked = replace(names, r"\b([a-z]) ", "\\1\x00")
    marked = replace(marked, r"\x00([a-z]{2,}|\d)", r" \1")
    return pc.replace_substring(marked, "\x00", "")


def _chinese(folded: pa.StringArray) -> pa.StringArray:
    packed = words_of(place_first(folded))
    packed = each_odd(packed, holds(packed, b" "), _packed)
    bare = replace(packed, _CHINESE, r"\1\2")
    return each_odd(bare, matches(bare, "[分子]公司$"), lambda some: replace(some, _BEFORE_BRANCH, r"\1\2"))


def _packed(words: pa.StringArray) -> pa.StringArray:
    """Without the spaces beside a Chinese character."""
    return replace(replace(words, rf"([{CJK}]) +", r"\1"), rf" +([{CJK}])", r"\1")
