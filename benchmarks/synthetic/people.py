"""Persons as they are in life: households, namesakes, an employer's switchboard, an email spelt from a name."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.synthetic.names import Ints, Objects, digits, draw, lookup, objects, table, vocabulary, zipf
from benchmarks.synthetic.places import ADDRESS, Towns, addresses, landlines, mobiles

__all__ = ["fresh_emails", "people"]

Mask = npt.NDArray[np.bool_]


def people(
    rng: np.random.Generator, chinese: Mask, towns: dict[str, Towns], employers: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """A population of persons.

    One in four lives with the person before it, sharing address, landline and often the surname. One in a hundred is
    the namesake of somebody in the same town. Three in five are employed, more of them by the larger employers.

    Args:
        rng: The source of chance.
        chinese: (N,) who has a Chinese name and lives in China; household members follow the head.
        towns: ``en`` and ``zh``.
        employers: ``en`` and ``zh``: frames of `benchmarks.synthetic.companies.companies`.

    Returns:
        N rows: language, gender, family_name, given_name, spelt_family, spelt_given (in Latin letters), mobile,
        landline (0: none), email, work_email, company, title, namesake (whether
        there is a namesake by design), the address columns.
    """
    count = len(chinese)
    own = np.arange(count)
    follows = rng.random(count) < 0.25
    follows[:1] = False
    head = np.maximum.accumulate(np.where(follows, 0, own))
    double = np.where((rng.random(count) < 1 / 100) & ~follows, rng.integers(0, count, count), own)
    chinese = chinese[double][head]
    names = _names(rng, chinese, head, double)
    place = _places(rng, chinese, head, double[head], towns)
    work = _work(rng, chinese, employers)
    area_code = place.pop("area_code").astype(np.int64)
    landline = np.where(rng.random(count) < 0.45, landlines(rng, area_code, chinese), 0)[head]
    email = fresh_emails(rng, names, chinese)
    domain = work.pop("domain")
    work_email = _unique(
        names["spelt_given"] + "." + names["spelt_family"], np.where(domain == "", "work.example", domain)
    )
    return pd.DataFrame(
        {
            "language": np.where(chinese, "zh", "en").astype(object),
            **names,
            "mobile": mobiles(rng, area_code, chinese),
            "landline": np.where((landline == 0) & (rng.random(count) < 0.6), work.pop("switchboard"), landline),
            "email": np.where((domain != "") & (rng.random(count) < 0.25), work_email, email),
            "work_email": np.where(domain == "", "", work_email),
            "namesake": np.isin(own, double[double != own]) | (double != own),
            **work,
            **place,
        }
    )


def _names(rng: np.random.Generator, chinese: Mask, head: Ints, double: Ints) -> dict[str, Objects]:
    count = len(chinese)
    gender = rng.choice(objects("MF"), count)
    family, given = np.empty(count, dtype=object), np.empty(count, dtype=object)
    for language, spoken in (("zh", chinese), ("en", ~chinese)):
        family[spoken] = draw(rng, table(f"{language}_surname"), int(spoken.sum()))
        for sex in "MF":
            chosen = spoken & (gender == sex)
            given[chosen] = draw(rng, table(f"{language}_given_{sex}"), int(chosen.sum()))
    # A namesake takes the name of a person of its own language. A Chinese wife keeps hers.
    double = np.where(chinese[double] == chinese, double, np.arange(count))
    gender, family, given = gender[double], family[double], given[double]
    family = np.where(rng.random(count) < np.where(chinese, 0.5, 0.85), family[head], family)
    spelt_family = np.where(chinese, lookup("pinyin_surname", family), family)
    spelt_given = np.where(chinese, lookup("pinyin_given", given), given)
    return {
        "gender": gender,
        "family_name": family,
        "given_name": given,
        "spelt_family": _lower(spelt_family),
        "spelt_given": _lower(spelt_given),
    }


def _lower(values: Objects) -> Objects:
    return objects(value.lower() for value in values)


def _places(
    rng: np.random.Generator, chinese: Mask, head: Ints, double: Ints, towns: dict[str, Towns]
) -> dict[str, Objects]:
    count = len(chinese)
    columns = {name: np.empty(count, dtype=object) for name in (*ADDRESS, "area_code")}
    for language, spoken in (("zh", chinese), ("en", ~chinese)):
        town = towns[language].choose(rng, count)[double][spoken]
        found = addresses(rng, towns[language], town, chinese=language == "zh")
        for name, values in (*found.items(), ("area_code", towns[language].area_code[town])):
            columns[name][spoken] = values
    return {name: values[head] for name, values in columns.items()}


def _work(rng: np.random.Generator, chinese: Mask, employers: dict[str, pd.DataFrame]) -> dict[str, Objects]:
    count = len(chinese)
    employed = rng.random(count) < 0.6
    columns = {"company": "company_name", "domain": "domain", "switchboard": "landline"}
    work = {name: np.full(count, 0 if name == "switchboard" else "", dtype=object) for name in (*columns, "title")}
    for language, spoken in (("zh", chinese), ("en", ~chinese)):
        chosen = np.flatnonzero(spoken & employed)
        pool = employers[language]
        if not len(chosen) or not len(pool):
            continue
        place = draw(rng, (np.arange(len(pool)).astype(object), zipf(len(pool), 0.5)), len(chosen)).astype(np.int64)
        for name, column in columns.items():
            work[name][chosen] = pool[column].to_numpy(dtype=object)[place]
        work["title"][chosen] = draw(rng, _titles(language), len(chosen))
    work["switchboard"] = work["switchboard"].astype(np.int64)
    return work


def _titles(language: str) -> tuple[Objects, npt.NDArray[np.float64]]:
    titles = objects(vocabulary()["titles"][language])
    return titles, zipf(len(titles), 0.5)


def fresh_emails(rng: np.random.Generator, names: dict[str, Objects], chinese: Mask) -> Objects:
    """A private email for each person, no two alike.

    Args:
        rng: The source of chance.
        names: spelt_family, spelt_given, given_name: (N,) each.
        chinese: (N,) who uses a Chinese host; half of these have a number for a name, as QQ gives them.
    """
    count = len(chinese)
    given, family = names["spelt_given"], names["spelt_family"]
    short = np.where(chinese, given, _lower(lookup("nicknames", names["given_name"])))
    year = digits(2)[rng.integers(50, 105, count) % 100]
    number = digits(4)[rng.integers(0, 10**4, count)]
    initial = objects(value[:1] for value in given)
    patterns = [
        given + "." + family,
        given + family + year,
        initial + family + year,
        short + "." + family + year,
        family + "." + given,
        short + number,
        family + given + year,
    ]
    local = np.select(list(rng.multinomial(1, [0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.1], count).T.astype(bool)), patterns)
    host = np.where(chinese, draw(rng, _hosts("zh"), count), draw(rng, _hosts("en"), count))
    qq = digits(5)[rng.integers(10_000, 10**5, count)] + number
    return _unique(np.where((host == "qq.com") & (rng.random(count) < 0.85), qq, local), host)


def _hosts(language: str) -> tuple[Objects, npt.NDArray[np.float64]]:
    hosts = vocabulary()["mail_hosts"][language]
    weights = np.array(list(hosts.values()), dtype=np.float64)
    return objects(hosts), weights / weights.sum()


def _unique(local: Objects, host: Objects) -> Objects:
    """``local@host``; who comes second to a name gets a number behind it, as hosts do, until no two are alike."""
    emails: Objects = local + "@" + host
    taken = pd.Series(emails).duplicated().to_numpy()
    while taken.any():
        places = np.flatnonzero(taken)
        emails = emails.copy()
        emails[places] = local[places] + "." + places.astype(str).astype(object) + "@" + host[places]
        taken = pd.Series(emails).duplicated().to_numpy()
    return emails
