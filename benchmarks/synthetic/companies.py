"""Companies: names with their legal forms, branches and namesakes in other towns, tax numbers, switchboards."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from pypinyin import lazy_pinyin

from benchmarks.synthetic.names import Ints, Objects, digits, draw, lookup, objects, table, vocabulary, zipf
from benchmarks.synthetic.places import Towns, addresses, landlines

__all__ = ["companies", "company_names"]

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Brands:
    """What a company is called before its legal form, and how its domain is spelt."""

    brand: Objects
    trade: Objects
    form: Objects
    industry: Objects
    domain: Objects


def companies(
    rng: np.random.Generator, count: int, towns: Towns, *, chinese: bool, brands: Objects | None = None
) -> pd.DataFrame:
    """A population of companies of one language.

    One in eight is a branch (分公司) of the company before it: it shares name, website and mail domain with its parent,
    but has its own town, number and telephone. One in thirty is the namesake of another in another town.

    Args:
        rng: The source of chance.
        count: N companies.
        towns: Where they sit.
        chinese: In Chinese, with unified social credit codes; else in English.
        brands: Chinese brands to choose from; made up of characters where absent.

    Returns:
        N rows: place, brand, trade, form, branch, company_name, tax_id, industry, website, domain, email, landline,
        parent, namesake (whether there is a namesake by design), town and the address columns.
    """
    town = towns.choose(rng, count)
    branch, head = _branches(rng, town)
    double = np.where((rng.random(count) < 1 / 30) & ~branch, rng.integers(0, count, count), np.arange(count))[head]
    words = _chinese_brands(rng, count, brands) if chinese else _american_brands(rng, count)
    place = towns.city[town[head]]
    local = np.where(branch, towns.city[town] if chinese else towns.state[town], "")
    parts = {
        "place": place,
        "brand": words.brand[double],
        "trade": words.trade[double],
        "form": words.form[head],
        "branch": local,
    }
    name = company_names(parts, chinese=chinese)
    domain = _unique(words.domain[double])[head]
    line = landlines(rng, towns.area_code[town], np.full(count, chinese))
    mailbox = draw(rng, (objects(["info", "sales", "office", "contact"]), np.array([0.5, 0.2, 0.2, 0.1])), count)
    spelt = objects(_spelt(city) for city in towns.city)[town]
    return pd.DataFrame(
        {
            **parts,
            "company_name": name,
            "tax_id": _credit_codes(rng, towns.code[town]) if chinese else np.full(count, "", dtype=object),
            "industry": words.industry[double],
            "website": "www." + domain,
            "domain": domain,
            "email": np.where(branch, spelt, mailbox) + "@" + domain,
            "landline": line,
            "parent": np.where(branch, name[head], ""),
            "namesake": (double != head) | np.isin(head, double[double != head]),
            "town": town,
            "language": np.full(count, "zh" if chinese else "en", dtype=object),
            **addresses(rng, towns, town, chinese=chinese),
        }
    )


def company_names(parts: dict[str, Objects], *, chinese: bool) -> Objects:
    """Full names from their parts: 上海宏达科技有限公司北京分公司, ``Bluewave Foods Texas LLC``."""
    branch = parts["branch"]
    if chinese:
        place = objects(name.removesuffix("市") for name in parts["place"])
        local = np.where(branch == "", "", objects(name.removesuffix("市") for name in branch) + "分公司")
        names: Objects = place + parts["brand"] + parts["trade"] + parts["form"] + local
    else:
        local = np.where(branch == "", "", " " + branch)
        names = parts["brand"] + " " + parts["trade"] + local + " " + parts["form"]
    return names


def _branches(rng: np.random.Generator, town: Ints) -> tuple[npt.NDArray[np.bool_], Ints]:
    """Which companies are branches, and of whom; a company has one branch in a town at most."""
    own = np.arange(len(town))
    branch = rng.random(len(town)) < 1 / 8
    branch[:1] = False
    head = np.maximum.accumulate(np.where(branch, 0, own))
    branch &= ~pd.DataFrame({"head": head, "town": town}).duplicated().to_numpy()
    return branch, np.maximum.accumulate(np.where(branch, 0, own))


@cache
def _spelt(city: str) -> str:
    return "".join(lazy_pinyin(city.removesuffix("市"))).replace(" ", "").lower()


def _unique(domains: Objects) -> Objects:
    """Domains have one owner: a name taken before gets a number."""
    times = pd.Series(domains).groupby(domains).cumcount().to_numpy()
    stem, _, ending = np.array([domain.partition(".") for domain in domains], dtype=object).reshape(-1, 3).T
    numbered = stem + times.astype(str).astype(object) + "." + ending
    return np.where(times == 0, domains, numbered)


def _american_brands(rng: np.random.Generator, count: int) -> _Brands:
    words = vocabulary()
    heads, tails = objects(words["en_brand_heads"]), objects(words["en_brand_tails"])
    coined = rng.choice(heads, count) + rng.choice(tails, count)
    first, second = draw(rng, table("en_surname"), count), draw(rng, table("en_surname"), count)
    style = rng.random(count)
    brand = np.select([style < 0.55, style < 0.8], [coined, first], first + " & " + second)
    trades = objects(words["en_trades"])
    trade = draw(rng, (trades, zipf(len(trades), 0.4)), count)
    forms = words["en_forms"]
    form = draw(rng, (objects(forms), np.array(list(forms.values())) / sum(forms.values())), count)
    slug = objects(name.replace(" & ", "").lower() for name in brand)
    return _Brands(
        brand=brand,
        trade=trade,
        form=form,
        industry=lookup("en_trades", trade),
        domain=slug + objects(t.lower() for t in trade) + ".com",
    )


def _chinese_brands(rng: np.random.Generator, count: int, brands: Objects | None = None) -> _Brands:
    words = vocabulary()
    characters = objects(words["cn_brand_characters"])
    picks = [rng.choice(characters, count, p=zipf(len(characters), 0.4)) for _ in range(3)]
    third = np.where(rng.random(count) < 0.25, picks[2], "")
    trades = objects(words["cn_trades"])
    trade = draw(rng, (trades, zipf(len(trades), 0.5)), count)
    forms = words["cn_forms"]
    form = draw(rng, (objects(forms), np.array(list(forms.values())) / sum(forms.values())), count)
    spelt = (
        lookup("pinyin_brand", picks[0])
        + lookup("pinyin_brand", picks[1])
        + np.where(third == "", "", lookup("pinyin_brand", picks[2]))
    )
    ending = draw(rng, (objects([".com", ".cn", ".com.cn"]), np.array([0.5, 0.3, 0.2])), count)
    brand = picks[0] + picks[1] + third
    if brands is not None:
        brand = rng.choice(brands, count)
        spelt = objects("".join(lazy_pinyin(name)) for name in brand)
    return _Brands(
        brand=brand,
        trade=trade,
        form=form,
        industry=lookup("cn_trades", trade),
        domain=spelt + ending,
    )


def _credit_codes(rng: np.random.Generator, region: Objects) -> Objects:
    """Unified social credit codes (GB 32100-2015): 91, region, organisation code (GB 11714), check character."""
    count = len(region)
    organisation = rng.integers(0, 10**8, count)
    spread = np.array([3, 7, 9, 10, 5, 8, 4, 2])
    columns = (organisation[:, None] // 10 ** np.arange(7, -1, -1)) % 10
    check = (11 - (columns * spread).sum(axis=1) % 11) % 11
    own = objects("0123456789X")[check]
    # X is the one letter that GB 11714 uses and its value in the alphabet of GB 32100 is its position there.
    body = "91" + region + digits(4)[organisation // 10**4] + digits(4)[organisation % 10**4] + own
    values = _character_values(body)
    final = (31 - (values * _USCC_WEIGHTS).sum(axis=1) % 31) % 31
    codes: Objects = body + objects(_USCC_ALPHABET)[final]
    return codes


def _character_values(codes: Objects) -> Ints:
    """(N, 17) positions of the characters in the alphabet of GB 32100."""
    points = np.array(codes, dtype="U17").view(np.uint32).reshape(len(codes), 17)
    position = np.zeros(128, dtype=np.int64)
    position[[ord(character) for character in _USCC_ALPHABET]] = np.arange(len(_USCC_ALPHABET))
    return position[points]
