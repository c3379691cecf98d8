"""Towns and brands of China from data sets at hand, or from the vocabulary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.synthetic.names import Objects, objects, zipf
from benchmarks.synthetic.places import Towns, chinese_towns

__all__ = ["brands_of", "towns_of"]

_BRANDS = 60_000


def towns_of(data: Path | None) -> Towns:
    """The larger cities of the vocabulary; with a data folder, every prefecture and its districts.

    Telephone area codes and postcodes of cities that the vocabulary lacks are made up, one each.

    Args:
        data: Holds ``zh_admin_divisions``: provinces, cities and areas as CSV.
    """
    known = chinese_towns()
    if data is None:
        return known
    folder = data / "zh_admin_divisions"
    provinces, cities, areas = (
        pd.read_csv(folder / f"{name}.csv", dtype=str) for name in ("provinces", "cities", "areas")
    )
    state = cities["provinceCode"].map(provinces.set_index("code")["name"])
    city = cities["name"].where(~cities["name"].isin(["市辖区", "县"]), state)
    named = areas[~areas["name"].isin(["市辖区"])].groupby("cityCode")["name"].agg(tuple)
    districts = cities["code"].map(named)
    kept = (districts.notna() & ~city.duplicated() & ~city.str.contains("直辖")).to_numpy()
    place = pd.Series(np.arange(len(known.city)), index=known.city)
    at = city[kept].map(place).fillna(-1).to_numpy(dtype=np.int64)
    free = 310 + np.arange(kept.sum())
    order = np.where(at >= 0, at, len(known.city) + np.arange(kept.sum()))
    return Towns(
        city=objects(city[kept]),
        state=objects(state[kept]),
        area_code=np.where(at >= 0, known.area_code[at], free),
        postcode=np.where(at >= 0, known.postcode[at], 100_000 + 1_000 * np.arange(kept.sum())),
        weight=zipf(int(kept.sum()), 0.6)[np.argsort(np.argsort(order))],
        code=objects(code + "00" for code in cities["code"][kept]),
        districts=objects(districts[kept]),
    )


def brands_of(data: Path | None) -> Objects | None:
    """Company short names of two to four Chinese characters; nothing without a data folder.

    Args:
        data: Holds ``zh_company_short_names/short_names.txt``.
    """
    if data is None:
        return None
    lines = (data / "zh_company_short_names" / "short_names.txt").read_text(encoding="utf-8-sig").split()
    names = [line for line in lines if 2 <= len(line) <= 4 and all("一" <= letter <= "龥" for letter in line)]
    spread = np.random.default_rng(5).permutation(len(names))[:_BRANDS]
    return objects(names[place] for place in sorted(spread))
