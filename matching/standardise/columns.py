"""Columns read as text and encoded, so that everything after works on distinct values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Column", "encode", "header_words", "texts"]

_EDGES: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_PLAIN: Final = {"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "ı": "i"}
_REQUIRED: Final = re.compile(r"[(（【\[](?:必填|选填|required|optional)[)）】\]]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of N records, encoded.

    Args:
        codes: int32 array (N,) into ``distinct``; −1 where there is nothing.
        distinct: The distinct texts.
    """

    codes: np.ndarray
    distinct: pa.StringArray


def header_words(header: str) -> str:
    """A header as lower-case words.

    Example:
        >>> [header_words(header) for header in ("MailingPostalCode", "imie2", "手机（必填）")]
        ['mailing postal code', 'imie 2', '手机']
    """
    plain = unicodedata.normalize("NFKC", _REQUIRED.sub(" ", header))
    plain = "".join(_bare(letter) for letter in plain)
    return re.sub(r"[\W_]+", " ", _EDGES.sub(" ", plain)).strip().lower()


def _bare(letter: str) -> str:
    """A letter without its diacritics; kana and hangul, which are written with parts of their own, as they are."""
    if letter.isascii() or letter > "\u2fff":
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    return "".join(_PLAIN.get(part, part) for part in parts if not unicodedata.combining(part))


def texts(column: pd.Series[Any]) -> pa.StringArray:
    """A column as one Arrow array of text: whole numbers without ``.0``, days without a time.

    Lists and records inside a cell say nothing.
    """
    try:
        array = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # an object column of several types
        array = pa.array(column.astype("string"), from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type):
        return pa.nulls(len(array), pa.string())
    if pa.types.is_timestamp(array.type):
        array = pc.cast(array, pa.date32(), safe=False)
    text = pc.cast(array, pa.string())
    return pc.replace_substring_regex(text, r"\.0$", "") if pa.types.is_floating(array.type) else text


def encode(text: pa.StringArray) -> Column:
    """Distinct texts and each record's code."""
    encoded = text.dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return Column(codes=codes.astype(np.int32, copy=False), distinct=encoded.dictionary)
