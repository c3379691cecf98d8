"""A pool of companies as one Chinese table holds them, and what befalls its cells, labelled."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from pypinyin import lazy_pinyin

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
from benchmarks.synthetic.chinese_writing import to_traditional
from benchmarks.synthetic.companies import company_names
from benchmarks.synthetic.corrupt import Cells, Corruption, Mask, each
from benchmarks.synthetic.names import Ints, Objects, draw, objects, table, vocabulary
from benchmarks.synthetic.phone_texts import phone_texts
from benchmarks.synthetic.places import ADDRESS
from benchmarks.synthetic.typing_errors import homophone

__all__ = ["COMPANY_COLUMNS", "company_cells", "company_corruptions"]

COMPANY_COLUMNS = {
    "name": "客户名称", "tax_id": "统一社会信用代码", "contact": "联系人", "phone": "联系电话", "landline": "座机",
    "email": "邮箱", "website": "网址", "address": "注册地址", "industry": "所属行业",
}  # fmt: skip
"""The columns of the pool and their headers."""


def company_cells(rng: np.random.Generator, companies: pd.DataFrame) -> pd.DataFrame:
    """Companies (`benchmarks.synthetic.companies.companies`) with the cells of the pool, clean.

    One in thirty is a sister of the company before it: brand, town and house are the same, the trade is another, the
    telephone number the next one.
    """
    firms = _with_sisters(rng, companies)
    count = len(firms)
    chinese = (firms["language"] == "zh").to_numpy()
    contact, mobile = _contacts(rng, chinese)
    plain = np.ones(count, dtype=np.int64)
    return firms.assign(
        script=firms["language"],
        name=firms["company_name"],
        contact=contact,
        mobile=mobile,
        phone=phone_texts(mobile, chinese, plain),
        landline_number=firms["landline"],
        landline=phone_texts(firms["landline"].to_numpy(), chinese, plain),
        address=whole_addresses(firms),
    )


def _with_sisters(rng: np.random.Generator, firms: pd.DataFrame) -> pd.DataFrame:
    alone = ((firms["branch"] == "") & (firms["language"] == "zh")).to_numpy()
    followed = np.append(~alone[1:], True)
    chosen = np.flatnonzero((rng.random(len(firms)) < 1 / 30) & alone & ~followed & np.append(False, alone[:-1]))
    chosen = chosen[~np.isin(chosen - 1, chosen)]
    columns = {str(name): firms[name].to_numpy().copy() for name in firms}
    for name in ("place", "brand", *ADDRESS):
        columns[name][chosen] = columns[name][chosen - 1]
    trades = vocabulary()["cn_trades"]
    other = dict(zip(trades, [*list(trades)[1:], next(iter(trades))], strict=True))
    columns["trade"][chosen] = [other[trade] for trade in columns["trade"][chosen - 1]]
    columns["landline"][chosen] = columns["landline"][chosen - 1] + 1
    parts = {name: columns[name][chosen] for name in ("place", "brand", "trade", "form", "branch")}
    columns["company_name"][chosen] = company_names(parts, chinese=True)
    return pd.DataFrame(columns)


def _contacts(rng: np.random.Generator, chinese: np.ndarray) -> tuple[Objects, Ints]:
    """A colleague for each company and, in China, that colleague's mobile number."""
    count = len(chinese)
    man = rng.random(count) < 0.5
    given = np.where(man, draw(rng, table("zh_given_M"), count), draw(rng, table("zh_given_F"), count))
    western = draw(rng, table("en_given_M"), count) + " " + draw(rng, table("en_surname"), count)
    mobile = 138 * 10**8 + rng.integers(0, 10**8, count)
    return np.where(chinese, draw(rng, table("zh_surname"), count) + given, western), np.where(chinese, mobile, 0)


def _is_chinese(rows: pd.DataFrame) -> Mask:
    return (rows["language"] == "zh").to_numpy()


def _main_office(rows: pd.DataFrame) -> Mask:
    return _is_chinese(rows) & (rows["branch"] == "").to_numpy()


def _parts(rows: pd.DataFrame) -> dict[str, Objects]:
    return {name: rows[name].to_numpy(dtype=object) for name in ("place", "brand", "trade", "form", "branch")}


def _short_place(rows: pd.DataFrame) -> Objects:
    return objects(name.removesuffix("市") for name in rows["place"])


def _without(_rng: np.random.Generator, rows: pd.DataFrame, *, place: bool, trade: bool) -> Cells:
    """The name as people say it: 上海宏达科技, 宏达科技, 上海宏达 or 宏达."""
    name = (_short_place(rows) if place else "") + rows["brand"] + (rows["trade"] if trade else "")
    return {"name": np.asarray(name, dtype=object)}


def _other_form(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    forms = objects(["有限公司", "有限责任公司", "股份有限公司", "公司", "（有限公司）", "(集团)有限公司"])
    parts = _parts(rows)
    form = rng.choice(forms[:4], len(rows), p=(0.45, 0.35, 0.1, 0.1))
    return {"name": company_names({**parts, "form": form}, chinese=True)}


def _brackets(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """The place in brackets behind the brand or the trade, wide or narrow."""
    wide, late = rng.random(len(rows)) < 0.6, rng.random(len(rows)) < 0.5
    place = np.where(wide, "（" + _short_place(rows) + "）", "(" + _short_place(rows) + ")")
    brand, trade, form = (rows[name].to_numpy(dtype=object) for name in ("brand", "trade", "form"))
    return {"name": np.where(late, brand + trade + place, brand + place + trade) + form}


def _full_place(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """With 市: 上海市宏达科技有限公司."""
    parts = _parts(rows)
    return {"name": rows["place"].to_numpy(dtype=object) + parts["brand"] + parts["trade"] + parts["form"]}


def _slip(change: str, rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """One character of the brand becomes another."""
    chances = rng.random(len(rows)).tolist()
    slip = homophone if change == "homophone" else look_alike
    brand = objects(slip(text, chance) for text, chance in zip(rows["brand"], chances, strict=True))
    return {"name": company_names({**_parts(rows), "brand": brand}, chinese=True)}


def _english(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """Shanghai Hongda Technology Co., Ltd."""
    spelt = {text: "".join(lazy_pinyin(text)).capitalize() for text in {*rows["brand"], *_short_place(rows)}}
    place, brand = (objects(spelt[text] for text in texts) for texts in (_short_place(rows), rows["brand"]))
    trade = objects(vocabulary()["cn_trades_english"][text] for text in rows["trade"])
    form = rng.choice(objects([" Co., Ltd.", " Co.,Ltd", " CO., LTD.", " Company Limited"]), len(rows))
    return {"name": place + " " + brand + " " + trade + form, "script": same("en", rows)}


def _spaced(_rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    parts = _parts(rows)
    return {"name": _short_place(rows) + " " + parts["brand"] + parts["trade"] + " " + parts["form"]}


def _code_slip(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """One digit of the code becomes another: the check character no longer fits."""
    places, digits_ = rng.integers(2, 17, len(rows)).tolist(), rng.integers(0, 10, len(rows)).astype(str).tolist()
    slipped = (
        code[:at] + digit + code[at + 1 :] for code, at, digit in zip(rows["tax_id"], places, digits_, strict=True)
    )
    return {"tax_id": objects(slipped)}


def company_corruptions(*, mixed: bool) -> tuple[Corruption, ...]:
    """What happens to the cells; in a mixed pool three times as many Chinese names are in English."""
    names = (
        ("short:place_brand_trade", 0.08, partial(_without, place=True, trade=True), _main_office),
        ("short:brand_trade", 0.08, partial(_without, place=False, trade=True), _main_office),
        ("short:place_brand", 0.03, partial(_without, place=True, trade=False), _main_office),
        ("short:brand", 0.03, partial(_without, place=False, trade=False), _main_office),
        ("legal_form", 0.10, _other_form, _is_chinese),
        ("brackets", 0.08, _brackets, _main_office),
        ("full_place", 0.05, _full_place, _main_office),
        ("homophone", 0.03, partial(_slip, "homophone"), _is_chinese),
        ("look_alike", 0.03, partial(_slip, "look_alike"), _is_chinese),
        ("english", 0.03 * (3 if mixed else 1), _english, _main_office),
        ("space_inside", 0.04, _spaced, _main_office),
        ("traditional", 0.06, each(to_traditional, "name"), _is_chinese),
    )
    return (
        *(
            Corruption(label=label, group="name", rate=rate, change=change, when=when)
            for label, rate, change, when in names
        ),
        *typos("name", "name", 0.08, is_among("language", "en")),
        Corruption(label="missing:tax_id", group="tax_id", rate=0.4, change=blank("tax_id"), everywhere=True),
        Corruption(label="tax_id:slip", group="tax_id", rate=0.02, change=_code_slip, when=filled("tax_id")),
        Corruption(
            label="tax_id:lower", group="format", rate=0.05, change=each(str.lower, "tax_id"), when=filled("tax_id")
        ),
        Corruption(label="other_contact", group="contact", rate=0.2, change=_other_contact),
        Corruption(label="missing:contact", group="contact", rate=0.3, change=blank("contact"), everywhere=True),
        *phone_corruptions("phone", "mobile"),
        *phone_corruptions("landline", "landline_number"),
        Corruption(label="missing:email", group="email", rate=0.4, change=blank("email"), everywhere=True),
        Corruption(label="missing:website", group="website", rate=0.4, change=blank("website"), everywhere=True),
        *address_corruptions(),
        Corruption(label="whitespace", group="format", rate=0.04, change=partial(spaced, "name"), everywhere=True),
        Corruption(
            label="full_width:name",
            group="format",
            rate=0.02,
            change=each(full_width, "name"),
            when=is_among("script", "en"),
        ),
    )


def _other_contact(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    """Another colleague is the contact now, with a mobile of their own."""
    chinese = (rows["language"] == "zh").to_numpy()
    contact, mobile = _contacts(rng, chinese)
    return {"contact": contact, "mobile": mobile, "phone": phone_texts(mobile, chinese, np.ones(len(rows), np.int64))}
