"""A pool of persons as one Chinese table holds them, and what befalls its cells, labelled."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from benchmarks.synthetic.cells import same
from benchmarks.synthetic.changes import blank, is_among, spaced, typos
from benchmarks.synthetic.chinese_cells import (
    address_corruptions,
    filled,
    full_width,
    phone_corruptions,
    whole_addresses,
)
from benchmarks.synthetic.chinese_spellings import look_alike
from benchmarks.synthetic.chinese_writing import chinese_date, romanise, to_traditional
from benchmarks.synthetic.corrupt import Cells, Corruption, Mask, each
from benchmarks.synthetic.names import Objects, digits, lookup, objects, vocabulary
from benchmarks.synthetic.phone_texts import phone_texts
from benchmarks.synthetic.typing_errors import homophone

__all__ = ["PERSON_COLUMNS", "person_cells", "person_corruptions"]

PERSON_COLUMNS = {
    "name": "姓名", "gender": "性别", "birth": "出生日期", "phone": "手机", "landline": "固定电话", "email": "电子邮箱",
    "id_number": "身份证号", "address": "联系地址", "company": "工作单位",
}  # fmt: skip
"""The columns of the pool and their headers."""

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])


def person_cells(rng: np.random.Generator, population: pd.DataFrame) -> pd.DataFrame:
    """A population (`benchmarks.synthetic.people.people`) with the cells of the pool, clean.

    One in fifty has the mobile number that follows the one of the person before: bought together.
    """
    count = len(population)
    chinese = (population["language"] == "zh").to_numpy()
    mobile = population["mobile"].to_numpy().copy()
    consecutive = np.flatnonzero((rng.random(count) < 0.02) & chinese & np.append(False, chinese[:-1]))
    mobile[consecutive] = mobile[consecutive - 1] + 1
    born = np.datetime_as_string(np.datetime64("1945-01-01") + rng.integers(0, 365 * 60, count)).astype(object)
    family, given = population["family_name"].to_numpy(), population["given_name"].to_numpy()
    gender = population["gender"].to_numpy()
    plain = np.ones(count, dtype=np.int64)
    return population.assign(
        script=population["language"],
        mobile=mobile,
        name=np.where(chinese, family + given, given + " " + family),
        sex=gender,
        gender=np.where(gender == "M", "男", "女").astype(object),
        birth=born,
        phone=phone_texts(mobile, chinese, plain),
        landline_number=population["landline"],
        landline=phone_texts(population["landline"].to_numpy(), chinese, plain),
        id_number=np.where(chinese & (rng.random(count) < 0.3), _resident_ids(rng, born, gender), ""),
        address=whole_addresses(population),
        company=population["company"].to_numpy(dtype=object),
    )


def _resident_ids(rng: np.random.Generator, born: Objects, gender: Objects) -> Objects:
    """Resident identity numbers (GB 11643-1999): region, birth date, sequence (odd for men), check character."""
    regions = objects(entry[3] for entry in vocabulary()["cn_cities"].values())
    order = rng.integers(0, 500, len(born)) * 2 + (gender == "M")
    body: Objects = (
        rng.choice(regions, len(born))
        + digits(2)[rng.integers(1, 12, len(born))]
        + objects(day.replace("-", "") for day in born)
        + digits(3)[order]
    )
    values = np.array(body, dtype="U17").view(np.uint32).reshape(len(body), 17).astype(np.int64) - ord("0")
    checked: Objects = body + objects("10X98765432")[(values * _WEIGHTS).sum(axis=1) % 11]
    return checked


def _is_chinese(rows: pd.DataFrame) -> Mask:
    return (rows["script"] == "zh").to_numpy()


def _romanised(way: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    chances = rng.random(len(rows)).tolist()
    names = zip(rows["family_name"], rows["given_name"], chances, strict=True)
    return {
        "name": objects(romanise(family, given, way, chance) for family, given, chance in names),
        "script": same("en", rows),
    }


def _given(change: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """One character of the given name becomes another."""
    chances = rng.random(len(rows)).tolist()
    slip = homophone if change == "homophone" else look_alike
    names = zip(rows["family_name"], rows["given_name"], chances, strict=True)
    return {"name": objects(family + slip(given, chance) for family, given, chance in names)}


def _between(rng: np.random.Generator, rows: pd.DataFrame, signs: str) -> Cells:
    """A space or a dot inside the name."""
    sign = rng.choice(objects(signs), len(rows))
    return {"name": (rows["family_name"].to_numpy() + sign + rows["given_name"].to_numpy())}


def _honorific(rng: np.random.Generator, rows: pd.DataFrame, *, surname_only: bool) -> Cells:
    words = vocabulary()["cn_honorifics"]
    men, women = (rng.choice(objects(words[sex]), len(rows)) for sex in "MF")
    title = np.where(rows["sex"] == "M", men, women)
    if surname_only:
        title = objects(one.strip("（）") for one in title)
    return {"name": rows["family_name"].to_numpy() + title if surname_only else rows["name"].to_numpy() + title}


def _english(change: str, _rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    given, family = rows["given_name"].to_numpy(), rows["family_name"].to_numpy()
    if change == "nickname":
        return {"name": lookup("nicknames", given) + " " + family}
    if change == "initial":
        return {"name": objects(name[:1] for name in given) + ". " + family}
    return {"name": family + ", " + given}


def _other_email(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    local = rows["spelt_family"] + rows["spelt_given"] + digits(4)[rng.integers(0, 10**4, len(rows))]
    return {"email": (local + "@outlook.com").to_numpy(dtype=object)}


def _birth_way(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    ways = rng.integers(0, 4, len(rows)).tolist()
    return {"birth": objects(chinese_date(day, way) for day, way in zip(rows["birth"], ways, strict=True))}


def _birth_slip(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The day is another, or the month."""
    parts = np.array([day.split("-") for day in rows["birth"]], dtype=object).reshape(-1, 3)
    day = digits(2)[rng.integers(1, 29, len(rows))]
    month = digits(2)[rng.integers(1, 13, len(rows))]
    of_day = rng.random(len(rows)) < 0.6
    return {
        "birth": parts[:, 0] + "-" + np.where(of_day, parts[:, 1], month) + "-" + np.where(of_day, day, parts[:, 2])
    }


def _old_id(number: str) -> str:
    """The fifteen digits of before 1999: two of the year, no check character."""
    return number[:6] + number[8:17]


def person_corruptions(*, mixed: bool) -> tuple[Corruption, ...]:
    """What happens to the cells; in a mixed pool three times as many Chinese names are in Latin letters."""
    latin = 3.0 if mixed else 1.0
    western = {"pinyin": 0.05, "pinyin_given_first": 0.03, "wade_giles": 0.015, "cantonese": 0.015}
    return (
        *(
            Corruption(label=way, group="name", rate=rate * latin, when=_is_chinese, change=partial(_romanised, way))
            for way, rate in western.items()
        ),
        Corruption(label="traditional", group="name", rate=0.06, when=_is_chinese, change=each(to_traditional, "name")),
        Corruption(label="homophone", group="name", rate=0.04, when=_is_chinese, change=partial(_given, "homophone")),
        Corruption(label="look_alike", group="name", rate=0.03, when=_is_chinese, change=partial(_given, "look_alike")),
        Corruption(
            label="space_inside", group="name", rate=0.05, when=_is_chinese, change=partial(_between, signs=" \u3000")
        ),
        Corruption(
            label="dot_inside", group="name", rate=0.02, when=_is_chinese, change=partial(_between, signs="·.．・")
        ),
        Corruption(
            label="honorific", group="name", rate=0.05, when=_is_chinese, change=partial(_honorific, surname_only=False)
        ),
        Corruption(
            label="surname_only",
            group="name",
            rate=0.03,
            when=_is_chinese,
            change=partial(_honorific, surname_only=True),
        ),
        *typos("name", "name", 0.08, is_among("script", "en")),
        *(
            Corruption(
                label=change, group="name", rate=0.05, when=is_among("language", "en"), change=partial(_english, change)
            )
            for change in ("nickname", "initial", "family_first")
        ),
        *_other_cells(),
        *phone_corruptions("phone", "mobile"),
        *phone_corruptions("landline", "landline_number"),
        *address_corruptions(),
    )


def _other_cells() -> tuple[Corruption, ...]:
    return (
        Corruption(label="changed_email", group="email", rate=0.08, change=_other_email),
        *typos("email", "email", 0.03, filled("email")),
        Corruption(label="missing:email", group="email", rate=0.25, change=blank("email"), everywhere=True),
        Corruption(label="missing:gender", group="gender", rate=0.2, change=blank("gender"), everywhere=True),
        Corruption(
            label="birth:format", group="format", rate=0.2, change=_birth_way, everywhere=True, when=filled("birth")
        ),
        Corruption(label="birth:slip", group="birth", rate=0.03, change=_birth_slip, when=_iso_birth),
        Corruption(label="missing:birth", group="birth", rate=0.35, change=blank("birth"), everywhere=True),
        Corruption(
            label="id:15_digits", group="id", rate=0.05, change=each(_old_id, "id_number"), when=filled("id_number")
        ),
        Corruption(
            label="id:lower", group="id", rate=0.1, change=each(str.lower, "id_number"), when=filled("id_number")
        ),
        Corruption(label="missing:id", group="id", rate=0.4, change=blank("id_number"), everywhere=True),
        Corruption(label="missing:company", group="company", rate=0.4, change=blank("company"), everywhere=True),
        Corruption(label="whitespace", group="format", rate=0.04, change=partial(spaced, "name"), everywhere=True),
        Corruption(
            label="full_width:name",
            group="format",
            rate=0.02,
            change=each(full_width, "name"),
            when=is_among("script", "en"),
        ),
        Corruption(
            label="full_width:email", group="format", rate=0.01, change=each(full_width, "email"), when=filled("email")
        ),
    )


def _iso_birth(rows: pd.DataFrame) -> Mask:
    return rows["birth"].str.fullmatch(r"\d{4}-\d\d-\d\d").to_numpy(dtype=bool)
