"""Mailchimp, audience (CSV): persons of the marketing department, known by their email."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.synthetic.cells import (
    Cells,
    mobile_cells,
    same,
    time_cells,
)
from benchmarks.synthetic.export import Export
from benchmarks.synthetic.names import Objects, draw, objects

__all__ = ["AUDIENCE"]


def _mailchimp_audience(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    blank = same("", rows)
    optin = time_cells(rows, "created", "plain")
    number = rng.integers(1, 250, len(rows)).astype(str).astype(object)
    chinese = (rows["language"] == "zh").to_numpy()
    there = (rows["street"] != "").to_numpy() & (rng.random(len(rows)) < 0.5)
    line: Objects = (
        rows["street"]
        + "  "
        + rows["city"]
        + "  "
        + rows["state"]
        + "  "
        + rows["postcode"]
        + "  "
        + np.where(chinese, "CN", "US")
    )
    tags = objects(["", '"Newsletter"', '"VIP","Newsletter"', '"2024 trade fair","Newsletter"', '"新品发布"'])
    return {
        "Email Address": rows["source_id"].to_numpy(),
        "First Name": rows["given_name"].to_numpy(),
        "Last Name": rows["family_name"].to_numpy(),
        "Address": np.where(there, line, ""),
        "Phone Number": mobile_cells(rows, np.where(chinese, 1, 3)),
        "Date of Birth": np.where(rng.random(len(rows)) < 0.3, _birth_dates(rows), ""),
        "MEMBER_RATING": draw(rng, (objects("23451"), np.array([0.5, 0.2, 0.15, 0.1, 0.05])), len(rows)),
        "OPTIN_TIME": np.where(rng.random(len(rows)) < 0.6, optin, ""),
        "OPTIN_IP": blank,
        "CONFIRM_TIME": optin,
        "CONFIRM_IP": "203.0.113." + number,
        "LATITUDE": blank,
        "LONGITUDE": blank,
        "GMTOFF": np.where(chinese, "8", "-5").astype(object),
        "DSTOFF": np.where(chinese, "8", "-4").astype(object),
        "TIMEZONE": np.where(chinese, "Asia/Shanghai", "America/New_York").astype(object),
        "CC": np.where(chinese, "CN", "US").astype(object),
        "REGION": blank,
        "LAST_CHANGED": time_cells(rows, "modified", "plain"),
        "LEID": (10**8 + np.cumsum(rng.integers(1, 9, len(rows)))).astype(str).astype(object),
        "EUID": objects(f"{value:010x}" for value in rng.integers(0, 2**40, len(rows)).tolist()),
        "NOTES": blank,
        "TAGS": draw(rng, (tags, np.array([0.3, 0.4, 0.1, 0.1, 0.1])), len(rows)),
    }


def _birth_dates(rows: pd.DataFrame) -> Objects:
    """Month first, as the audience's own field has it; imported rows in ISO."""
    iso = rows["birth_date"].to_numpy()
    month_first = objects(f"{date[5:7]}/{date[8:]}/{date[:4]}" for date in iso)
    return np.where(rows["date_style"] > 0, iso, month_first)


def _emails(_rng: np.random.Generator, rows: pd.DataFrame) -> Objects:
    """An audience holds an address once: where a slip made two alike, the later one has a number."""
    emails = rows["email"].to_numpy(dtype=object)
    taken = np.flatnonzero(rows["email"].duplicated().to_numpy())
    alone = emails.copy()
    alone[taken] = objects(f"{place}.{email}" for place, email in zip(taken, emails[taken], strict=True))
    return alone


AUDIENCE = Export(
    source="marketing",
    stem="marketing_mailchimp",
    form="csv",
    identify=_emails,
    cells=_mailchimp_audience,
    id_header="Email Address",
    long_header="Last Name",
    date_header="Date of Birth",
)
