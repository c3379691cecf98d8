"""Names of people: one form for comparing, and full names taken apart.

Latin names are folded words without titles; a generation (``jr``, ``sr``, ``ii`` …) stays as the last word, because it
tells father from son. Chinese, Japanese and Korean names are written without spaces, in simplified characters, without
先生, 女士, 总 and the like. Of the compound surnames (复姓) those still in use are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.standardise.text import (
    CJK,
    each_odd,
    fold,
    holds_cjk,
    is_in,
    matches,
    replace,
    without_apostrophes,
    words_of,
)
from matching.standardise.tokens import Tokens, join, tokenise

__all__ = ["GENERATIONS", "PARTICLES", "NameParts", "split_full_names", "standardise_names"]

GENERATIONS: Final = ("jr", "sr", "ii", "iii", "iv")
"""What ends the name of one of several namesakes of a family."""

_SPELT_OUT: Final = {"junior": "jr", "jnr": "jr", "senior": "sr", "snr": "sr", "2nd": "ii", "3rd": "iii", "4th": "iv"}
_TITLES: Final = (
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "rev", "reverend", "mister", "herr", "frau",
    "mme", "mlle", "monsieur", "madame", "sra", "srta", "fr", "capt", "col", "gen", "lt", "sgt", "maj",
)  # fmt: skip
_DEGREES: Final = ("phd", "md", "esq", "mba", "cpa", "dds", "dvm", "jd", "obe", "mbe", "cbe", "rn", "msc", "bsc")
PARTICLES: Final = (
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "bin", "ibn", "al",
    "el", "abu", "ben", "ter", "ten", "zu", "zur", "st", "san", "mac", "mc", "y", "ap",
)  # fmt: skip
"""Small words before a family name, that one system keeps with it and the other leaves out."""

_SPECIAL: Final = rf"\b(?:{'|'.join((*_TITLES, *_DEGREES, *_SPELT_OUT))})\b|^sr "
_ONLY_SUFFIXES: Final = rf"^[^,]*(?:, *(?:{'|'.join((*GENERATIONS, *_DEGREES, *_SPELT_OUT))})\b[^a-z,]*)+$"
_TRAILING: Final = (
    r"^(?P<rest>.*?\S)(?P<particles>(?: (?:van|von|vom|zu|zur|der|den|de|del|della|di|da|dos|das|du|la|le|ter|ten))+)$"
)
_COMPOUND: Final = (
    "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "长孙", "司徒", "令狐",
    "端木", "东方", "南宫", "独孤", "司空", "宇文", "轩辕", "闻人", "澹台", "申屠", "呼延", "钟离",
    "鲜于", "闾丘", "太史", "赫连", "濮阳", "淳于", "单于", "百里", "东郭", "西门", "万俟", "拓跋",
    "第五", "纳兰", "完颜", "叶赫",
)  # fmt: skip
_HONORIFICS: Final = (
    r"(?:先生|女士|小姐|太太|夫人|老师|教授|博士|医生|律师|同学|同志|师傅|阿姨|总经理|董事长|经理|主任|董事|主管|校长|院长|"
    r"处长|科长|部长|局长|书记|老板|总监|总裁|总|様|氏|さん|님|씨)+$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """Full names taken apart: arrays of one length, missing where the name has no such part."""

    given: pa.StringArray
    middle: pa.StringArray
    family: pa.StringArray


def standardise_names(values: pa.StringArray) -> pa.StringArray:
    """Names or parts of names as they are compared.

    Args:
        values: N names in any script.

    Returns:
        N names; missing where nothing but punctuation was given.

    Example:
        >>> standardise_names(pa.array(["Dr. José O'Brien, Junior", "張偉 先生"])).to_pylist()
        ['jose obrien jr', '张伟']
    """
    folded = fold(values)
    cjk = holds_cjk(folded)
    return each_odd(each_odd(folded, pc.invert(cjk), _latin), cjk, _cjk)


def split_full_names(values: pa.StringArray) -> NameParts:
    """Full names taken apart into given, middle and family name.

    "Last, First Middle" is turned round; else the last word is the family name, with the particles before it. Chinese
    and Korean names begin with the family name; Japanese ones do where a space shows it. A single Latin word is taken
    for a given name, a single Chinese character for a family name (张总).

    Args:
        values: N full names, as given.

    Example:
        >>> parts = split_full_names(pa.array(["Smith Jr, John A", "Ludwig van Beethoven", "欧阳娜娜"]))
        >>> parts.given.to_pylist(), parts.family.to_pylist()
        (['john', 'ludwig', '娜娜'], ['smith jr', 'van beethoven', '欧阳'])
    """
    folded = fold(values)
    cjk = holds_cjk(folded)
    latin = _split_latin(pc.if_else(cjk, None, folded))
    other = _split_cjk(pc.if_else(cjk, folded, None), dotted=_is_foreign(values))
    return NameParts(
        given=pc.coalesce(latin.given, other.given),
        middle=latin.middle,
        family=pc.coalesce(latin.family, other.family),
    )


def _is_foreign(values: pa.StringArray) -> pa.BooleanArray:
    """Whether a name has a middle dot (列夫·托尔斯泰) other than right behind a surname (张·伟)."""
    title = _HONORIFICS.removesuffix("+$")
    surname = "|".join((*_COMPOUND, r"\p{Han}"))
    chinese = matches(values, rf"^\s*(?:{surname})\s?[·•・‧･]\s?\p{{Han}}{{1,2}}?{title}?(?:\P{{Han}}|$)")
    return pc.and_(matches(values, "[·•・‧･]"), pc.invert(chinese))


def _latin(folded: pa.StringArray) -> pa.StringArray:
    words = words_of(without_apostrophes(folded))
    return each_odd(words, matches(words, _SPECIAL), _without_titles)


def _without_titles(words: pa.StringArray) -> pa.StringArray:
    """Titles before and degrees behind a name dropped, generations in their short form; a lone word stays."""
    words = replace(words, rf"^(?:(?:{'|'.join(_TITLES)}|sr) )+(\S.*)$", r"\1")  # in front, Sr is a señor
    words = replace(words, rf"^(.*?\S)(?: (?:{'|'.join(_DEGREES)}))+$", r"\1")
    for spelt, short in _SPELT_OUT.items():
        words = replace(words, rf"^(.+) {spelt}$", rf"\1 {short}")
    return words


def _cjk(folded: pa.StringArray) -> pa.StringArray:
    packed = words_of(folded)
    packed = each_odd(packed, matches(packed, f"[{CJK}].*[a-z]|[a-z].*[{CJK}]"), _without_latin)
    packed = pc.replace_substring(packed, " ", "")
    return replace(packed, rf"^(.+?){_HONORIFICS}", r"\1")


def _without_latin(mixed: pa.StringArray) -> pa.StringArray:
    """Where a name is given in both scripts ("Lily 王小丽"), the characters alone."""
    alone = replace(mixed, "[a-z]+", " ")
    return pc.if_else(pc.greater_equal(pc.utf8_length(pc.replace_substring(alone, " ", "")), 2), alone, mixed)


def _split_latin(folded: pa.StringArray) -> NameParts:
    """The parts of Latin names: by the comma where there is one, else by place."""
    turned = matches(folded, r"^[^,]*[a-z0-9][^,]*,[^,]*[a-z0-9]")
    turned = pc.and_(turned, pc.invert(matches(folded, _ONLY_SUFFIXES)))
    straight = _by_place(_latin(pc.if_else(turned, None, folded)))
    comma = pc.split_pattern(pc.if_else(turned, folded, ","), ",", max_splits=1)
    before, behind = _latin(pc.list_element(comma, 0)), _latin(pc.list_element(comma, 1))
    trailing = pc.extract_regex(behind, _TRAILING)  # "Berg, Anna van der"
    before = _joined(pc.utf8_ltrim_whitespace(pc.struct_field(trailing, "particles")), before)
    after = _by_place(pc.coalesce(pc.struct_field(trailing, "rest"), behind), family=False)
    return NameParts(
        given=pc.coalesce(straight.given, after.given),
        middle=pc.coalesce(straight.middle, after.middle),
        family=pc.coalesce(straight.family, _joined(before, after.family)),
    )


def _joined(left: pa.StringArray, right: pa.StringArray) -> pa.StringArray:
    return pc.coalesce(pc.binary_join_element_wise(left, right, " "), left, right)


def _by_place(words: pa.StringArray, *, family: bool = True) -> NameParts:
    """Given name first, family name last with its particles and its generation.

    Args:
        words: N names as words.
        family: Whether the last word is a family name; if not, only a generation goes to ``family``.
    """
    tokens = tokenise(words)
    counts = tokens.counts[tokens.owner]
    generation = tokens.among(GENERATIONS) & (tokens.place == counts - 1) & (tokens.place > 0)
    cores = counts - np.bincount(tokens.owner[generation], minlength=len(words))[tokens.owner]
    tail = generation & ((cores > 1) | (not family))
    if family:
        tail |= (tokens.place >= cores - 1) & (cores > 1)
        tail |= _before_tail(tokens, tail)
    head = (tokens.place == 0) & ~tail
    return NameParts(
        given=join(tokens.filter(head)),
        middle=join(tokens.filter(~head & ~tail)),
        family=join(tokens.filter(tail)),
    )


def _before_tail(tokens: Tokens, tail: np.ndarray) -> np.ndarray:
    """The particles that stand right before the family name ("van der Berg"), never the first word."""
    particle = tokens.among(PARTICLES) & (tokens.place > 0)
    grown = tail.copy()
    for _ in range(3):  # "de la" and "van der" are two, "van de la" three
        following = np.append(grown[1:], False) & np.append(tokens.owner[1:] == tokens.owner[:-1], False)
        grown |= particle & following
    return grown


def _split_cjk(folded: pa.StringArray, *, dotted: pa.BooleanArray) -> NameParts:
    """The parts of names in Chinese characters, kana or hangul: family name first.

    Args:
        folded: N names.
        dotted: Whether a name had a middle dot (列夫·托尔斯泰): a foreign name, kept whole as a given name.
    """
    untitled = replace(words_of(folded), rf"^(.+?) ?{_HONORIFICS}", r"\1")
    halves = pc.extract_regex(untitled, rf"^(?P<family>[{CJK}]{{1,4}}) (?P<given>[{CJK}]{{1,4}})$")
    whole = _cjk(folded)
    titled = pc.not_equal(whole, pc.replace_substring(words_of(folded), " ", ""))  # 欧阳先生 has no given name
    compound = pc.and_(is_in(pc.utf8_slice_codeunits(whole, 0, 2), _COMPOUND), pc.or_(_longer(whole, 2), titled))
    family = pc.if_else(compound, pc.utf8_slice_codeunits(whole, 0, 2), pc.utf8_slice_codeunits(whole, 0, 1))
    given = pc.if_else(compound, pc.utf8_slice_codeunits(whole, 2), pc.utf8_slice_codeunits(whole, 1))
    clear = pc.invert(pc.or_(dotted, pc.if_else(compound, _longer(whole, 4), _longer(whole, 3))))
    halves = pc.if_else(dotted, None, halves)
    family = pc.coalesce(_cjk(pc.struct_field(halves, "family")), pc.if_else(clear, family, None))
    given = pc.coalesce(_cjk(pc.struct_field(halves, "given")), pc.if_else(clear, given, whole))
    return NameParts(
        given=pc.if_else(pc.equal(given, ""), None, given),
        middle=pa.nulls(len(folded), pa.string()),
        family=family,
    )


def _longer(values: pa.StringArray, length: int) -> pa.BooleanArray:
    return pc.fill_null(pc.greater(pc.utf8_length(values), length), False)
