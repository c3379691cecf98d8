"""What happens to the data of companies, with its rates."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from benchmarks.synthetic.changes import (
    blank,
    cased,
    date_style,
    has_number,
    is_chinese,
    is_english,
    new_number,
    short_places,
    spaced,
    styled,
    traditional,
    typos,
)
from benchmarks.synthetic.companies import company_names
from benchmarks.synthetic.corrupt import Cells, Corruption, Mask
from benchmarks.synthetic.names import Objects, lookup, objects
from benchmarks.synthetic.places import ADDRESS

__all__ = ["COMPANY_CORRUPTIONS"]


def _parts(rows: pd.DataFrame) -> dict[str, Objects]:
    return {name: rows[name].to_numpy() for name in ("place", "brand", "trade", "form", "branch")}


def _short_company(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    gap = np.where(rows["language"] == "zh", "", " ")
    return {"company_name": (rows["brand"] + gap + rows["trade"]).to_numpy(dtype=object)}


def _other_form(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    parts = {**_parts(rows), "form": lookup("en_form_variants", rows["form"].to_numpy())}
    parts["form"] = np.where(
        rows["language"] == "zh", np.where(rows["form"] == "有限公司", "有限责任公司", "有限公司"), parts["form"]
    )
    chinese = (rows["language"] == "zh").to_numpy()
    return {"company_name": np.where(chinese, company_names(parts, chinese=True), company_names(parts, chinese=False))}


def _place_in_brackets(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    place = objects(name.removesuffix("市") for name in rows["place"])
    return {"company_name": (rows["brand"] + rows["trade"] + "（" + place + "）" + rows["form"]).to_numpy(dtype=object)}


def _main_office(rows: pd.DataFrame) -> Mask:
    return (rows["branch"] == "").to_numpy()


def _chinese_main_office(rows: pd.DataFrame) -> Mask:
    return _main_office(rows) & is_chinese(rows)


COMPANY_CORRUPTIONS: tuple[Corruption, ...] = (
    Corruption(label="short_name", group="name", rate=0.15, when=_main_office, change=_short_company),
    Corruption(label="legal_form", group="name", rate=0.20, change=_other_form),
    Corruption(
        label="place_in_brackets", group="name", rate=0.10, when=_chinese_main_office, change=_place_in_brackets
    ),
    Corruption(label="traditional", group="name", rate=0.04, when=is_chinese, change=traditional("company_name")),
    *typos("company_name", "name", 0.10),
    Corruption(
        label="missing:tax_id", group="tax_id", rate=0.30, when=is_chinese, change=blank("tax_id"), everywhere=True
    ),
    Corruption(label="changed_phone", group="landline", rate=0.10, change=partial(new_number, "landline")),
    Corruption(label="missing:phone", group="landline", rate=0.15, change=blank("landline"), everywhere=True),
    Corruption(label="missing:email", group="email", rate=0.30, change=blank("email"), everywhere=True),
    Corruption(label="missing:website", group="website", rate=0.30, change=blank("website"), everywhere=True),
    Corruption(label="missing:address", group="address", rate=0.08, change=blank(*ADDRESS), everywhere=True),
    Corruption(label="short_place", group="format", rate=0.15, when=is_chinese, change=short_places, everywhere=True),
    Corruption(label="case", group="format", rate=0.06, when=is_english, change=cased("company_name")),
    Corruption(label="whitespace", group="format", rate=0.05, change=partial(spaced, "company_name"), everywhere=True),
    Corruption(label="phone_format", group="format", rate=0.30, when=has_number, change=styled, everywhere=True),
    Corruption(label="date_format", group="format", rate=0.03, change=date_style, everywhere=True),
)
