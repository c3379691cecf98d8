"""Roles of whole tables: headers of many languages, no headers, and whatever the order of rows and columns."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.attributes import standardise_records
from matching.roles import infer_roles

TABLES = yaml.safe_load((Path(__file__).parent / "cases" / "tables.yaml").read_text(encoding="utf-8"))
ROWS = 240

GIVEN = "Anna John Maria Peter Susan Mark Laura Paul Emma David Julia Simon Helen Frank Lisa Adam Rosa Hugo"
FAMILY = "Smith Brown Walker Moore Clark Hill Baker Ward Cole Frost Pike Lund Marsh Stone Shaw West Nash Webb"
GERMAN = "Müller Schmidt Weber Wagner Becker Koch Krause Vogel Roth Brandt Kuhn Sauer Horn Busch Arnold Pohl"
CITIES = "London Leeds Bristol Paris Lyon Berlin Bonn Kiel Madrid Toledo Milano Como Warszawa Opole Gent Breda"
STREETS = "Main Oak Park Church Mill High Station Victoria Green School North Queen King Bridge Water"
STATES = "NY CA TX NV OH IL WA OR FL GA MN WI"
CHINESE = "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙"
CHARACTERS = "伟 芳 娜 敏 静 强 磊 洋 艳 勇 军 杰 涛 明 超 霞 平 刚"
SYLLABLES = "bar kel tro min zu gor esk lan ibe urd"

Rng = np.random.Generator


def words(*lists: str, by: str = " ") -> Callable[[Rng], str]:
    """One of each list, each a text of words, joined."""
    return lambda rng: by.join(pick(rng, choices) for choices in lists)


def pick(rng: Rng, choices: str) -> str:
    return str(rng.choice(choices.split()))


def digits(shape: str) -> Callable[[Rng], str]:
    """``9`` stands for any digit, ``8`` for one that is not nought."""
    return lambda rng: "".join(
        str(rng.integers(0, 10)) if c == "9" else str(rng.integers(2, 10)) if c == "8" else c for c in shape
    )


def date(pattern: str, first: str, last: str) -> Callable[[Rng], str]:
    days = pd.date_range(first, last)
    return lambda rng: days[rng.integers(0, len(days))].strftime(pattern)


def _email(rng: Rng) -> str:
    return f"{pick(rng, GIVEN).lower()}.{rng.integers(0, 10**6)}@{pick(rng, 'mail post')}.example.com"


MAKERS: dict[str, Callable[[Rng], str]] = {
    "given_en": words(GIVEN),
    "given_de": words(GIVEN),
    "family_en": words(FAMILY),
    "family_de": words(GERMAN),
    "full_en": words(GIVEN, FAMILY),
    "full_zh": words(CHINESE, CHARACTERS, by=""),
    "initial": words("A B C D E F G H J K L M"),
    "suffix": words("Jr Sr III"),
    "salutation": words("Mr Mrs Herr Frau"),
    "date_iso": date("%Y-%m-%d", "1940-01-01", "2004-12-31"),
    "date_de": date("%d.%m.%Y", "1940-01-01", "2004-12-31"),
    "date_packed": date("%Y%m%d", "1940-01-01", "2004-12-31"),
    "stamp": date("%Y-%m-%d %H:%M:%S", "2018-01-01", "2024-12-31"),
    "year": date("%Y", "1940-01-01", "2004-12-31"),
    "street_en": lambda rng: f"{rng.integers(1, 400)} {pick(rng, STREETS)} {pick(rng, 'Street Road Ave')}",
    "street_de": lambda rng: f"{pick(rng, STREETS)}straße {rng.integers(1, 200)}",
    "street_zh": lambda rng: f"{pick(rng, CHARACTERS)}{pick(rng, CHARACTERS)}路{rng.integers(1, 900)}号",
    "street_type": words("St Rd Ave Ln"),
    "number": lambda rng: str(rng.integers(1, 400)),
    "city": words(CITIES),
    "city_zh": words("杭州市 南京市 成都市 苏州市 无锡市 西湖区"),
    "province_zh": words("浙江省 江苏省 四川省 北京市"),
    "state_us": words(STATES),
    "country": words("DE FR Germany Poland PL France"),
    "postcode_uk": lambda rng: f"{pick(rng, 'LS BS SW')}{rng.integers(1, 9)} {rng.integers(1, 9)}{pick(rng, 'AB XY')}",
    "postcode_pl": digits("99-999"),
    "plz": lambda rng: str(rng.integers(10115, 10190)),
    "zip_us": lambda rng: f"{rng.integers(501, 601):05d}",
    "phone_uk": digits("07999 999999"),
    "phone_us": digits("(899) 899-9999"),
    "phone_de": digits("0179 9999999"),
    "phone_bare": digits("8998999999"),
    "phone_zh": digits("13899999999"),
    "email": _email,
    "site": lambda rng: f"https://www.{pick(rng, STREETS).lower()}{rng.integers(0, 999)}.com",
    "company": lambda rng: f"{pick(rng, STREETS)} {pick(rng, FAMILY)} {pick(rng, 'Ltd GmbH Inc. S.A.')}",
    "ssn": digits("899-99-9999"),
    "dni": lambda rng: f"{rng.integers(10**7, 10**8)}{pick(rng, 'A B C D E F G H')}",
    "cpf": digits("999.999.999-99"),
    "codice": lambda rng: f"RSSMRA{rng.integers(10, 99)}A{rng.integers(10, 28)}H{rng.integers(100, 999)}X",
    "pesel": digits("89999999999"),
    "gender": words("M F"),
    "flag": words("yes no"),
    "status": words("active closed new"),
    "amount": lambda rng: f"{rng.integers(1, 9000) / 7:.2f}",
    "note": lambda rng: (
        f"{pick(rng, GIVEN)} called on {rng.integers(1, 30)}/{rng.integers(1, 13)} about order {rng.integers(0, 999)} "
        "and asked to be called back soon"
    ),
    "word": words(SYLLABLES, SYLLABLES, by=""),
    "word_rich": words(SYLLABLES, SYLLABLES, SYLLABLES, by=""),
}


def table(columns: list[list[str]], seed: int = 7, rows: int = ROWS) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    made = {
        header: [str(n + 1000) for n in range(rows)] if like == "row_id" else [MAKERS[like](rng) for _ in range(rows)]
        for header, like, _ in columns
    }
    return pd.DataFrame(made, dtype="string[pyarrow]")


@pytest.mark.parametrize("case", TABLES, ids=[case["title"] for case in TABLES])
def test_roles_of_a_table(case):
    found = {one.column: one.role for one in infer_roles(table(case["columns"]))}
    wrong = {h: found[h] for h, _, roles in case["columns"] if found[h] not in roles.split("|")}
    assert wrong == {}


def roles_by_column(frame: pd.DataFrame) -> dict[str, tuple[str, str, str | None]]:
    return {one.column: (one.role, one.reason, one.convention) for one in infer_roles(frame)}


@pytest.mark.parametrize("rows", [60, 11_000], ids=["few rows", "more than are looked at"])
@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 99), which=st.sampled_from(range(len(TABLES))))
def test_the_order_of_rows_and_columns_does_not_matter(rows: int, seed: int, which: int):
    frame = table(TABLES[which]["columns"], rows=min(rows, 500))
    frame = pd.concat([frame] * (rows // len(frame) + 1), ignore_index=True).iloc[:rows]
    rng = np.random.default_rng(seed)
    shuffled = frame.iloc[rng.permutation(rows), rng.permutation(len(frame.columns))]
    assert roles_by_column(shuffled) == roles_by_column(frame)


def test_noise_is_no_evidence():
    """Ids, stamps, flags, amounts, notes, nearly empty and constant columns give no attribute."""
    columns = [["First Name", "given_en", ""], ["Last Name", "family_en", ""], ["Email", "email", ""]]
    noise = [["id", "row_id", ""], ["created_at", "stamp", ""], ["is_active", "flag", ""], ["total", "amount", ""]]
    frame = table([*columns, *noise, ["notes", "note", ""]])
    frame["city"] = pd.array(["Leeds"] * len(frame), dtype="string[pyarrow]")
    frame["town"] = pd.array(["Leeds", None, "Bonn"] + [None] * (len(frame) - 3), dtype="string[pyarrow]")
    found = [one.name for one in standardise_records(frame, infer_roles(frame)) if one.role != "free_text"]
    assert found[:3] == ["given_name", "family_name", "email"]
    assert found[3:] in ([], ["city"])


def test_each_column_of_a_large_table_is_seen_where_it_is_filled():
    frame = table([["c0", "given_en", ""], ["c1", "family_en", ""], ["c2", "ssn", ""]], rows=1_000)
    frame = pd.concat([frame] * 20, ignore_index=True)
    frame.loc[np.random.default_rng(1).random(len(frame)) > 0.01, "c2"] = None
    assert roles_by_column(frame)["c2"][0] == "identifier"
