"""Towns with their postcodes and telephone numbers, and addresses in them that agree with one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.synthetic.names import (
    Ints,
    Objects,
    Table,
    digits,
    draw,
    objects,
    postcode_ranges,
    table,
    vocabulary,
    zipf,
)

__all__ = ["ADDRESS", "Towns", "addresses", "american_towns", "chinese_towns", "landlines", "mobiles"]

ADDRESS = ("street", "district", "city", "state", "postcode", "country")


@dataclass(frozen=True, slots=True, kw_only=True)
class Towns:
    """T towns.

    Args:
        city: (T,) names.
        state: (T,) state or province.
        area_code: (T,) telephone area code without trunk prefix.
        postcode: (T,) the lowest postcode.
        weight: (T,) share of the population.
        code: (T,) administrative code (China), six digits; empty elsewhere.
        districts: (T,) a tuple of districts each; empty elsewhere.
    """

    city: Objects
    state: Objects
    area_code: Ints
    postcode: Ints
    weight: npt.NDArray[np.float64]
    code: Objects
    districts: Objects

    def choose(self, rng: np.random.Generator, count: int) -> Ints:
        """``count`` positions of towns, the larger the likelier."""
        chosen: Ints = np.searchsorted(np.cumsum(self.weight)[:-1], rng.random(count), side="right").astype(np.int64)
        return chosen


def american_towns(rng: np.random.Generator, count: int = 1500) -> Towns:
    """Made-up towns in real states, with area codes and postcodes of these states."""
    words = vocabulary()
    surnames = draw(rng, table("en_surname"), count)
    prefixed = rng.random(count) < 0.25
    prefix = rng.choice(objects(words["us_city_prefixes"]), count) + " " + surnames
    suffix = surnames + rng.choice(objects(words["us_city_suffixes"]), count)
    states = objects(words["us_states"])
    state = rng.choice(states, count, p=zipf(len(states), 0.6))
    ranges = postcode_ranges()
    low = np.array([ranges[name][0] for name in state])
    high = np.array([ranges[name][1] for name in state])
    codes = [words["us_states"][name] for name in state]
    return Towns(
        city=np.where(prefixed, prefix, suffix),
        state=state,
        area_code=np.array([code[int(pick * len(code))] for code, pick in zip(codes, rng.random(count), strict=True)]),
        postcode=low + (rng.random(count) * (high - low - 12)).astype(np.int64),
        weight=zipf(count, 0.9),
        code=np.full(count, "", dtype=object),
        districts=objects([()] * count),
    )


def chinese_towns() -> Towns:
    """The larger cities of China with their districts."""
    cities = vocabulary()["cn_cities"]
    return Towns(
        city=objects(cities),
        state=objects(entry[0] for entry in cities.values()),
        area_code=np.array([entry[1] for entry in cities.values()], dtype=np.int64),
        postcode=np.array([int(entry[2]) * 100 for entry in cities.values()], dtype=np.int64),
        weight=zipf(len(cities), 0.6),
        code=objects(entry[3] + "00" for entry in cities.values()),
        districts=objects(tuple(entry[4]) for entry in cities.values()),
    )


def addresses(rng: np.random.Generator, towns: Towns, town: Ints, *, chinese: bool) -> dict[str, Objects]:
    """One address in each of the towns chosen.

    Args:
        rng: The source of chance.
        towns: The towns.
        town: (N,) positions in ``towns``.
        chinese: Write them the Chinese way: 中山路12号3栋502室 in a district of a city of a province.

    Returns:
        The columns `ADDRESS`, N values each.
    """
    count = len(town)
    number = _numbers(rng.integers(1, 400 if chinese else 6000, count))
    if chinese:
        sizes = np.array([len(names) for names in towns.districts])
        flat = objects(name for names in towns.districts for name in names)
        pick = (rng.random(count) * sizes[town]).astype(np.int64)
        district = flat[(np.cumsum(sizes) - sizes)[town] + pick]
        flat_no = (
            _numbers(rng.integers(1, 20, count))
            + "栋"
            + _numbers(100 * rng.integers(1, 19, count) + rng.integers(1, 5, count))
            + "室"
        )
        street = draw(rng, _chinese_streets(), count) + number + "号" + np.where(rng.random(count) < 0.7, flat_no, "")
        code = towns.postcode[town] + 10 * pick
        postcode = digits(3)[code // 1000] + digits(3)[code % 1000]
    else:
        district = np.full(count, "", dtype=object)
        apartment = np.where(rng.random(count) < 0.15, " Apt " + _numbers(rng.integers(1, 300, count)), "")
        street = number + " " + draw(rng, _american_streets(), count) + apartment
        code = towns.postcode[town] + rng.integers(0, 12, count)
        postcode = digits(2)[code // 1000] + digits(3)[code % 1000]
    country = np.full(count, "中国" if chinese else "United States", dtype=object)
    values = (street, district, towns.city[town], towns.state[town], postcode, country)
    return dict(zip(ADDRESS, values, strict=True))


def _numbers(values: Ints) -> Objects:
    return values.astype(str).astype(object)


def _chinese_streets() -> Table:
    streets = objects(vocabulary()["cn_streets"])
    return streets, zipf(len(streets), 0.5)


def _american_streets() -> Table:
    words = vocabulary()
    surnames, weights = table("en_surname")
    bases = np.concatenate([objects(words["us_streets"]), surnames])
    types = objects(words["us_street_types"])
    base_weights = np.concatenate([0.5 * zipf(len(words["us_streets"]), 0.5), 0.5 * weights])
    names = np.add.outer(bases + " ", types).ravel()
    return names, np.multiply.outer(base_weights, zipf(len(types), 0.8)).ravel()


def mobiles(rng: np.random.Generator, area_code: Ints, chinese: npt.NDArray[np.bool_]) -> Ints:
    """National significant numbers: ten digits in the town's area (US), eleven of a mobile carrier (China)."""
    count = len(area_code)
    carriers = np.array(vocabulary()["cn_mobile_prefixes"], dtype=np.int64)
    mainland = rng.choice(carriers, count, p=zipf(len(carriers), 0.3)) * 10**8 + rng.integers(0, 10**8, count)
    return np.where(chinese, mainland, _american_number(rng, area_code))


def landlines(rng: np.random.Generator, area_code: Ints, chinese: npt.NDArray[np.bool_]) -> Ints:
    """National significant numbers of fixed lines: the area code, then eight digits (China) or seven (US)."""
    mainland = area_code * 10**8 + rng.integers(20_000_000, 89_000_000, len(area_code))
    return np.where(chinese, mainland, _american_number(rng, area_code))


def _american_number(rng: np.random.Generator, area_code: Ints) -> Ints:
    exchange = rng.integers(220, 990, len(area_code))
    exchange = np.where(exchange % 100 == 11, exchange + 1, exchange)  # N11 is a service code, no exchange
    return area_code * 10**7 + exchange * 10**4 + rng.integers(0, 10**4, len(area_code))
