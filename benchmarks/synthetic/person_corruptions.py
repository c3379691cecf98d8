"""What happens to the data of persons, with its rates."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd

from benchmarks.synthetic.cells import same
from benchmarks.synthetic.changes import (
    blank,
    cased,
    date_style,
    has_number,
    is_among,
    is_chinese,
    is_english,
    new_number,
    short_places,
    spaced,
    styled,
    traditional,
    typos,
)
from benchmarks.synthetic.corrupt import Cells, Corruption, Mask, each
from benchmarks.synthetic.names import Objects, digits, draw, lookup, objects, table, vocabulary
from benchmarks.synthetic.places import ADDRESS
from benchmarks.synthetic.typing_errors import homophone

__all__ = ["PERSON_CORRUPTIONS"]

_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def _homophone(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    chances = rng.random(len(rows)).tolist()
    return {
        "given_name": objects(homophone(name, chance) for name, chance in zip(rows["given_name"], chances, strict=True))
    }


def _swapped(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    return {"given_name": rows["family_name"].to_numpy(), "family_name": rows["given_name"].to_numpy()}


def _pinyin(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    return {
        "given_name": objects(name.capitalize() for name in rows["spelt_given"]),
        "family_name": objects(name.capitalize() for name in rows["spelt_family"]),
        "script": same("en", rows),
    }


def _in_one_field(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    return {"given_name": same("", rows), "family_name": (rows["family_name"] + rows["given_name"]).to_numpy()}


def _married(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    return {"family_name": draw(rng, table("en_surname"), len(rows))}


def _nickname(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    return {"given_name": lookup("nicknames", rows["given_name"].to_numpy())}


def _has_nickname(rows: pd.DataFrame) -> Mask:
    return rows["given_name"].isin(list(vocabulary()["nicknames"])).to_numpy()


def _digit_slip(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """One of the last seven digits becomes another."""
    number = rows[column].to_numpy()
    place = 10 ** rng.integers(0, 7, len(rows))
    digit = number // place % 10
    return {
        column: np.where(number > 0, number + ((digit + rng.integers(1, 10, len(rows))) % 10 - digit) * place, number)
    }


def _other_email(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The address at work, or a newer one at another host."""
    local = rows["spelt_family"] + "." + rows["spelt_given"] + digits(4)[rng.integers(0, 10**4, len(rows))]
    newer: Objects = (
        local.to_numpy() + "@" + np.where(rows["language"] == "zh", "outlook.cn", "proton.me").astype(object)
    )
    use_work = (rows["work_email"] != "") & (rows["work_email"] != rows["email"]) & (rng.random(len(rows)) < 0.6)
    return {"email": np.where(use_work, rows["work_email"], newer)}


def _moved(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The address of another who moved: within one country."""
    place = np.arange(len(rows))
    for language in ("en", "zh"):
        own = np.flatnonzero(rows["language"] == language)
        place[own] = own[rng.permutation(len(own))]
    return {name: rows[name].to_numpy()[place] for name in ADDRESS}


@cache
def _abbreviations() -> dict[str, str]:
    words: dict[str, str] = vocabulary()["us_street_types"]
    return {**words, "North": "N", "South": "S", "Apt": "#"}


def _abbreviated(street: str) -> str:
    return " ".join(_abbreviations().get(word, word) for word in street.split(" "))


def _full_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _invalid(column: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    values = {"email": ["none@none", "n/a", "no email", "customer@"], "phone_text": ["N/A", "12345", "无", "000-0000"]}
    return {column: rng.choice(objects(values[column]), len(rows))}


def _not_marketing(rows: pd.DataFrame) -> Mask:
    return (rows["source"] != "marketing").to_numpy()


def _marketing(rows: pd.DataFrame) -> Mask:
    return ~_not_marketing(rows)


PERSON_CORRUPTIONS: tuple[Corruption, ...] = (
    Corruption(label="pinyin", group="name", rate=0.08, when=is_chinese, change=_pinyin),
    Corruption(
        label="traditional", group="name", rate=0.04, when=is_chinese, change=traditional("family_name", "given_name")
    ),
    Corruption(label="homophone", group="name", rate=0.04, when=is_chinese, change=_homophone),
    Corruption(label="name_in_one_field", group="name", rate=0.10, when=is_chinese, change=_in_one_field),
    Corruption(label="nickname", group="name", rate=0.15, when=_has_nickname, change=_nickname),
    Corruption(label="married_name", group="name", rate=0.02, when=is_among("gender", "F"), change=_married),
    *typos("given_name", "name", 0.06),
    *typos("family_name", "name", 0.05),
    Corruption(
        label="initial",
        group="name",
        rate=0.03,
        when=is_english,
        change=each(lambda name: name[:1] + ".", "given_name"),
    ),
    Corruption(label="swapped_names", group="name", rate=0.03, change=_swapped),
    Corruption(label="missing:given_name", group="name", rate=0.01, when=is_english, change=blank("given_name")),
    Corruption(label="changed_email", group="email", rate=0.10, change=_other_email),
    *typos("email", "email", 0.03, is_among("language", "en", "zh")),
    Corruption(
        label="missing:email", group="email", rate=0.12, when=_not_marketing, change=blank("email"), everywhere=True
    ),
    Corruption(
        label="invalid:email", group="email", rate=0.004, when=_not_marketing, change=partial(_invalid, "email")
    ),
    Corruption(label="changed_phone", group="mobile", rate=0.10, change=partial(new_number, "mobile")),
    Corruption(label="typo:mobile", group="mobile", rate=0.02, change=partial(_digit_slip, "mobile")),
    Corruption(
        label="missing:mobile", group="mobile", rate=0.50, when=_marketing, change=blank("mobile"), everywhere=True
    ),
    Corruption(
        label="missing:mobile", group="mobile", rate=0.15, when=_not_marketing, change=blank("mobile"), everywhere=True
    ),
    Corruption(label="invalid:mobile", group="mobile", rate=0.004, change=partial(_invalid, "phone_text")),
    Corruption(label="missing:landline", group="landline", rate=0.20, change=blank("landline"), everywhere=True),
    Corruption(label="moved", group="address", rate=0.10, change=_moved),
    Corruption(label="missing:address", group="address", rate=0.12, change=blank(*ADDRESS), everywhere=True),
    Corruption(label="missing:postcode", group="address", rate=0.08, change=blank("postcode"), everywhere=True),
    *typos("street", "address", 0.05, is_among("language", "en")),
    Corruption(
        label="abbreviation:street",
        group="format",
        rate=0.35,
        when=is_among("language", "en"),
        change=each(_abbreviated, "street"),
        everywhere=True,
    ),
    Corruption(label="short_place", group="format", rate=0.15, when=is_among("language", "zh"), change=short_places),
    Corruption(label="case", group="format", rate=0.06, when=is_english, change=cased("given_name", "family_name")),
    Corruption(label="case:email", group="format", rate=0.05, when=_not_marketing, change=each(str.title, "email")),
    Corruption(label="whitespace", group="format", rate=0.04, change=partial(spaced, "family_name"), everywhere=True),
    Corruption(
        label="fullwidth",
        group="format",
        rate=0.04,
        when=is_among("language", "zh"),
        change=each(_full_width, "street"),
    ),
    Corruption(label="phone_format", group="format", rate=0.30, when=has_number, change=styled, everywhere=True),
    Corruption(label="date_format", group="format", rate=0.03, change=date_style, everywhere=True),
)
