"""The ways people write telephone numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.synthetic.names import Ints, Objects, digits

__all__ = ["STYLES", "phone_texts"]

STYLES = 8

_FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


def phone_texts(number: Ints, chinese: np.typing.NDArray[np.bool_], style: Ints) -> Objects:
    """Numbers as written.

    Args:
        number: (N,) national significant numbers; 0: none.
        chinese: (N,) whether the number is one of China's; else of the US.
        style: (N,) 0..7: which way of writing. 0 is E.164.

    Returns:
        (N,) texts, empty where there is no number.

    Example:
        >>> phone_texts(np.array([2125550123, 1012345678]), np.array([False, True]), np.array([1, 1])).tolist()
        ['(212) 555-0123', '010-12345678']
    """
    mobile = chinese & (number >= 13 * 10**9) & (number < 20 * 10**9)  # three-digit area codes start at 310
    kinds = (~chinese, mobile, chinese & ~mobile)
    texts = np.full(len(number), "", dtype=object)
    for kind, written in zip(kinds, (_american, _mobile, _landline), strict=True):
        for way in range(STYLES):
            places = np.flatnonzero(kind & (style == way) & (number > 0))
            if len(places):
                texts[places] = written(number[places], way)
    return texts


def _american(number: Ints, style: int) -> Objects:
    a, b, c = digits(3)[number // 10**7], digits(3)[number // 10**4 % 1000], digits(4)[number % 10**4]
    ways = (
        lambda: "+1" + a + b + c,
        lambda: "(" + a + ") " + b + "-" + c,
        lambda: a + "-" + b + "-" + c,
        lambda: a + b + c,
        lambda: "+1 " + a + " " + b + " " + c,
        lambda: a + "." + b + "." + c,
        lambda: "1-" + a + "-" + b + "-" + c,
        lambda: "+1 (" + a + ") " + b + "-" + c,
    )
    text: Objects = ways[style]()
    return text


def _mobile(number: Ints, style: int) -> Objects:
    a, b, c = digits(3)[number // 10**8], digits(4)[number // 10**4 % 10**4], digits(4)[number % 10**4]
    ways = (
        lambda: "+86" + a + b + c,
        lambda: a + b + c,
        lambda: a + " " + b + " " + c,
        lambda: a + "-" + b + "-" + c,
        lambda: "+86 " + a + b + c,
        lambda: "0086-" + a + b + c,
        lambda: "+86 " + a + " " + b + " " + c,
        lambda: _full_width(a + b + c),
    )
    text: Objects = ways[style]()
    return text


def _landline(number: Ints, style: int) -> Objects:
    area, b, c = digits(3)[number // 10**8], digits(4)[number // 10**4 % 10**4], digits(4)[number % 10**4]
    # Beijing's 10 is written 010, Hangzhou's 571 is written 0571.
    short = number < 10**10
    trunk = np.where(short, area, "0" + area)
    area = np.where(short, digits(2)[number // 10**8 % 100], area)
    ways = (
        lambda: "+86" + area + b + c,
        lambda: trunk + "-" + b + c,
        lambda: trunk + b + c,
        lambda: "(" + trunk + ")" + b + c,
        lambda: "+86 " + area + " " + b + c,
        lambda: "+86-" + area + "-" + b + c,
        lambda: trunk + " " + b + " " + c,
        lambda: _full_width(trunk + "-" + b + c),
    )
    text: Objects = ways[style]()
    return text


def _full_width(texts: Objects) -> Objects:
    return pd.Series(texts, dtype=object).str.translate(_FULL_WIDTH).to_numpy(dtype=object)
