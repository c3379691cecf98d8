"""Cells that several systems write alike, or each in its own way."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.synthetic.names import Ints, Objects, objects, vocabulary
from benchmarks.synthetic.phone_texts import phone_texts

__all__ = [
    "Cells",
    "flag_cells",
    "growing_ids",
    "mobile_cells",
    "owner_cells",
    "phone_cells",
    "same",
    "time_cells",
    "whole_names",
]

Cells = dict[str, Objects]


def same(value: str, rows: pd.DataFrame) -> Objects:
    """One value in every row."""
    return np.full(len(rows), value, dtype=object)


def growing_ids(start: int, step: int) -> Callable[[np.random.Generator, pd.DataFrame], Objects]:
    """Ids that grow with gaps, as a system hands them out."""

    def identify(rng: np.random.Generator, rows: pd.DataFrame) -> Objects:
        ids: Objects = (start + np.cumsum(rng.integers(1, step, len(rows)))).astype(str).astype(object)
        return ids

    return identify


def _style(rows: pd.DataFrame, usual: Ints) -> Ints:
    own = rows["phone_style"].to_numpy()
    return np.where(own >= 0, own, usual)


def phone_cells(rows: pd.DataFrame, column: str, usual: Ints | int) -> Objects:
    """The numbers of a column, in the row's own style or else the system's usual one."""
    chinese = (rows["language"] == "zh").to_numpy()
    return phone_texts(rows[column].to_numpy(), chinese, _style(rows, np.broadcast_to(usual, len(rows))))


def mobile_cells(rows: pd.DataFrame, usual: Ints | int) -> Objects:
    """The mobile number, or what was typed where a number should be."""
    typed = rows["phone_text"].to_numpy()
    return np.where(typed == "", phone_cells(rows, "mobile", usual), typed)


def time_cells(rows: pd.DataFrame, column: str, form: str) -> Objects:
    """Times as the system writes them; ``date_style`` 1 and 2 are rows that came in by an import.

    Args:
        rows: With ``column``, seconds since 1970, and ``date_style``.
        column: Which time.
        form: ``iso`` (2024-05-14T09:30:00Z), ``offset`` (…+08:00), ``plain`` (2024-05-14 09:30:00).
    """
    iso: Objects = np.datetime_as_string(rows[column].to_numpy().astype("datetime64[s]")).astype(object)
    style = rows["date_style"].to_numpy()
    if form == "iso":
        zulu: Objects = iso + "Z"
        return zulu
    texts: Objects = iso + "+08:00" if form == "offset" else objects(time.replace("T", " ") for time in iso)
    odd = np.flatnonzero(style > 0)
    texts[odd] = objects(
        time[:16].replace("T", " ").replace("-", "/") if way == 1 else time[:10]
        for time, way in zip(iso[odd], style[odd], strict=True)
    )
    return texts


def owner_cells(rng: np.random.Generator, rows: pd.DataFrame) -> Objects:
    """A colleague who looks after the record."""
    chosen = {name: rng.choice(objects(vocabulary()["owners"][name]), len(rows)) for name in ("en", "zh")}
    return np.where(rows["language"] == "zh", chosen["zh"], chosen["en"])


def flag_cells(rng: np.random.Generator, rows: pd.DataFrame, share: float) -> Objects:
    """``true`` in a share of the rows, ``false`` in the others."""
    return np.where(rng.random(len(rows)) < share, "true", "false").astype(object)


def whole_names(rows: pd.DataFrame) -> Objects:
    """Given and family name in one: Chinese ones the Chinese way."""
    given, family = rows["given_name"].to_numpy(), rows["family_name"].to_numpy()
    western = np.where((given == "") | (family == ""), given + family, given + " " + family)
    names: Objects = np.where(rows["script"] == "zh", family + given, western)
    return names
