"""Names of Chinese companies: the brand (字号) tells them apart, the trade and the place say little.

上海宏达科技 and 上海宏泰科技 differ in one character of six and are two companies; 宏达科技 and 上海宏达科技 are one,
as a rule.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matching.arrays import Bools, Codes, Levels
from matching.compare.strings import edits, lengths, take
from matching.phonetics import romanised
from matching.standardise.chinese_companies import split_companies
from matching.standardise.chinese_trades import TRADES_IN_ENGLISH

__all__ = ["ChineseCompanies"]

_SAME_WORDS, _NEAR, _CONTAINED, _SIMILAR, _RELATED, _OTHER = range(2, 8)
_NUMERALS: Final = "[0-9一二三四五六七八九十]"


class ChineseCompanies:
    """Levels of the pairs of company names of which one at least is Chinese.

    *Same words*: brand and trade agree, and one leaves out the place. *Near*: so do all but one character of the brand,
    which sounds the same, or one character too many or too few; or the English name says the same. *Contained*: one
    leaves out the trade, or says more of it; or shortens the whole name (中石化). *Similar*: long brands that differ in
    one character. *Related*: the brand is the same, the trade or the place another.

    Args:
        values: Distinct standard names.
    """

    def __init__(self, values: pa.StringArray) -> None:
        self._values = values
        self._chinese = np.asarray(pc.match_substring_regex(values, r"^\p{Han}{2}").fill_null(False))
        parts = split_companies(values)
        self._brand, self._trade, self._place = (_codes(part) for part in (parts.brand, parts.trade, parts.place))
        self._parts = parts
        self._sound = _codes(pc.replace_substring(romanised(parts.brand), " ", ""))
        self._size = lengths(values)
        self._numbers = _codes(pc.replace_substring_regex(values, f"[^{_NUMERALS[1:]}", ""))
        self._english: _English | None = None

    def among(self, left: Codes, right: Codes) -> Bools:
        """Which pairs hold a Chinese name."""
        return np.asarray(self._chinese[left] | self._chinese[right])

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair, one of whose names is Chinese."""
        level = np.full(len(left), _OTHER, dtype=np.int8)
        both = self._chinese[left] & self._chinese[right]
        level[both] = self._of_chinese(left[both], right[both])
        if not both.all():
            self._english = self._english or _English(self._values, self._parts.brand, self._parts.trade)
            level[~both] = self._english.levels(left[~both], right[~both])
        return level

    def _of_chinese(self, left: Codes, right: Codes) -> Levels:
        brand = self._brand[left] == self._brand[right]
        trade = self._trade[left] == self._trade[right]
        bare = (self._trade[left] == 0) | (self._trade[right] == 0)
        place = (self._place[left] == self._place[right]) | (self._place[left] == 0) | (self._place[right] == 0)
        level = np.full(len(left), _OTHER, dtype=np.int8)
        level[brand] = _RELATED
        level[self._slips(left, right) & trade & place] = _SIMILAR
        level[place & self._shortened(left, right)] = _CONTAINED
        level[brand & place & (bare | self._widened(left, right))] = _CONTAINED
        level[~brand & (self._sound[left] == self._sound[right]) & trade & place] = _NEAR
        level[place & self._one_more(left, right)] = _NEAR
        level[brand & trade & place] = _SAME_WORDS
        return level

    def _slips(self, left: Codes, right: Codes) -> Bools:
        """One character differs in a brand of three or more, of five without a trade; no numeral (第二, 第三)."""
        brand = self._parts.brand
        size = np.minimum(lengths(take(brand, left)), lengths(take(brand, right)))
        near = edits(take(brand, left), take(brand, right), 1) <= 1
        least = np.where((self._trade[left] > 0) & (self._trade[right] > 0), 3, 5)
        return np.asarray(near & (size >= least) & (self._numbers[left] == self._numbers[right]))

    def _one_more(self, left: Codes, right: Codes) -> Bools:
        """One character too many or two in the wrong order, in names of six or more."""
        found = np.minimum(self._size[left], self._size[right]) >= 6
        one, two = take(self._values, left), take(self._values, right)
        found &= edits(one, two, 1) <= 1
        found &= self._numbers[left] == self._numbers[right]
        rows = np.flatnonzero(found & (self._size[left] == self._size[right]))
        found[rows] = _same_letters(one.take(pa.array(rows)), two.take(pa.array(rows)))
        return np.asarray(found)

    def _widened(self, left: Codes, right: Codes) -> Bools:
        """Whether the trade of one begins the other's: 科技, 科技发展."""
        found = np.zeros(len(left), dtype=np.bool_)
        rows = np.flatnonzero((self._brand[left] == self._brand[right]) & (self._trade[left] != self._trade[right]))
        one, two = (_texts(self._parts.trade, side[rows]) for side in (left, right))
        found[rows] = np.strings.startswith(one, two) | np.strings.startswith(two, one)
        return found

    def _shortened(self, left: Codes, right: Codes) -> Bools:
        """Whether one is made of characters of the other's, three to five in their order, the first one first.

        After the habit of short names: 中国石油化工 → 中石化.
        """
        found = np.zeros(len(left), dtype=np.bool_)
        short, long = np.minimum(self._size[left], self._size[right]), np.maximum(self._size[left], self._size[right])
        rows = np.flatnonzero(
            (short >= 3) & (short <= 5) & (long >= short + 3) & (self._brand[left] != self._brand[right])
        )
        if not len(rows):
            return found
        swapped = self._size[left[rows]] > self._size[right[rows]]
        one = _texts(self._values, np.where(swapped, right[rows], left[rows]))
        two = _texts(self._values, np.where(swapped, left[rows], right[rows]))
        found[rows] = _in_order(one, two)
        return found


class _English:
    """Chinese names beside names in Latin letters: 上海宏达科技, *Shanghai Hongda Technology*.

    Args:
        values: Distinct standard names.
        brand: Their brands.
        trade: Their trades.
    """

    def __init__(self, values: pa.StringArray, brand: pa.StringArray, trade: pa.StringArray) -> None:
        self._words = pc.binary_join_element_wise(" ", values, " ", "")
        self._packed = pc.replace_substring(values, " ", "")
        self._brand = pc.replace_substring(romanised(brand), " ", "")
        self._chinese = np.asarray(pc.match_substring_regex(values, r"^\p{Han}{2}").fill_null(False))
        known = pa.array(list(TRADES_IN_ENGLISH), pa.string())
        self._trade = np.asarray(pc.index_in(trade, known).fill_null(-1))

    def levels(self, left: Codes, right: Codes) -> Levels:
        """*Near* where the brand is spelt in the English name and one word of the trade is, *contained* without it."""
        chinese = np.where(self._chinese[left], left, right)
        english = np.where(self._chinese[left], right, left)
        brand, words = _texts(self._brand, chinese), _texts(self._words, english)
        as_word = np.strings.find(words, _spaced(brand)) >= 0
        packed = _texts(self._packed, english)
        inside = (np.strings.find(packed, brand) >= 0) & (np.strings.str_len(brand) >= 6)
        level = np.full(len(left), _OTHER, dtype=np.int8)
        level[as_word | inside] = _CONTAINED
        level[(as_word | inside) & self._same_trade(chinese, words)] = _NEAR
        return level

    def _same_trade(self, chinese: Codes, words: np.ndarray) -> Bools:
        found = np.zeros(len(chinese), dtype=np.bool_)
        trades = self._trade[chinese]
        for place, english in enumerate(TRADES_IN_ENGLISH.values()):
            rows = np.flatnonzero(trades == place)
            for word in sorted(english) if len(rows) else ():
                found[rows] |= np.strings.find(words[rows], f" {word} ") >= 0
        return found


def _codes(values: pa.StringArray) -> Codes:
    """Codes of the values, 0 for empty text."""
    known = pc.unique(values)
    ordered = pa.concat_arrays([pa.array([""], pa.string()), known.filter(pc.not_equal(known, ""))])
    return np.asarray(pc.index_in(values, ordered).fill_null(0), dtype=np.int32)


def _texts(values: pa.StringArray, codes: Codes) -> np.ndarray:
    return np.array(take(values, codes).to_pylist() or [""], dtype=np.str_)[: len(codes)]


def _spaced(texts: np.ndarray) -> np.ndarray:
    return np.strings.add(np.strings.add(" ", texts), " ")


def _same_letters(left: pa.StringArray, right: pa.StringArray) -> Bools:
    """Whether the texts of each pair, equally long, hold the same characters."""
    one, two = (np.array(side.to_pylist() or [""], dtype=np.str_)[: len(side)] for side in (left, right))
    width = max(one.dtype.itemsize, two.dtype.itemsize) // 4
    first, second = (
        np.sort(side.astype(f"U{width}").view(np.uint32).reshape(-1, width), axis=1) for side in (one, two)
    )
    return np.asarray((first == second).all(axis=1))


def _in_order(short: np.ndarray, long: np.ndarray) -> Bools:
    """Whether the characters of each short text stand in the long one in their order, the first at its beginning."""
    one = short.view(np.uint32).reshape(len(short), -1)
    two = long.view(np.uint32).reshape(len(long), -1)
    found = one[:, 0] == two[:, 0]
    at = np.zeros(len(one), dtype=np.int64)
    columns = np.arange(two.shape[1])
    for letter in range(1, one.shape[1]):
        present = one[:, letter] > 0
        fits = (two == one[:, letter, None]) & (columns > at[:, None])
        found &= ~present | fits.any(axis=1)
        at = np.where(present & fits.any(axis=1), fits.argmax(axis=1), at)
    return np.asarray(found)
