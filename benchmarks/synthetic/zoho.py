"""Zoho CRM, Contacts (CSV): persons of the sales department."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.synthetic.cells import (
    Cells,
    flag_cells,
    growing_ids,
    mobile_cells,
    owner_cells,
    phone_cells,
    same,
    time_cells,
    whole_names,
)
from benchmarks.synthetic.export import Export
from benchmarks.synthetic.names import Objects, draw, objects, zipf

__all__ = ["CONTACTS"]


def _zoho_contacts(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    owner, blank = owner_cells(rng, rows), same("", rows)
    district = np.where(rows["script"] == "zh", rows["district"], "")
    title = np.where(rows["gender"] == "M", "Mr.", "Ms.")
    description = draw(rng, _remarks(), len(rows))
    return {
        "Record Id": "zcrm_" + rows["source_id"].to_numpy(),
        "Contact Owner": owner,
        "Lead Source": draw(rng, _lead_sources(), len(rows)),
        "First Name": rows["given_name"].to_numpy(),
        "Last Name": rows["family_name"].to_numpy(),
        "Account Name": np.where(rng.random(len(rows)) < 0.8, rows["company"], ""),
        "Email": rows["email"].to_numpy(),
        "Title": rows["title"].to_numpy(),
        "Department": blank,
        "Phone": phone_cells(rows, "landline", 1),
        "Mobile": mobile_cells(rows, np.where(rows["language"] == "zh", 1, 2)),
        "Created By": owner,
        "Modified By": owner,
        "Created Time": time_cells(rows, "created", "offset"),
        "Modified Time": time_cells(rows, "modified", "offset"),
        "Contact Name": whole_names(rows),
        "Description": description,
        "Email Opt Out": flag_cells(rng, rows, 0.15),
        "Salutation": np.where((rows["script"] == "en") & (rng.random(len(rows)) < 0.5), title, ""),
        "Tag": blank,
        "Mailing Street": district + rows["street"].to_numpy(),
        "Mailing City": rows["city"].to_numpy(),
        "Mailing State": rows["state"].to_numpy(),
        "Mailing Zip": rows["postcode"].to_numpy(),
        "Mailing Country": rows["country"].to_numpy(),
        "Secondary Email": np.where(rng.random(len(rows)) < 0.15, rows["work_email"], ""),
        "Data Processing Basis": blank,
    }


def _remarks() -> tuple[Objects, npt.NDArray[np.float64]]:
    texts = [
        "",
        "Met at the trade fair.",
        'Asked for the "gold" plan, call back',
        "Prefers email.\nCall after 5 pm.",
        "老客户介绍，\n需要发票",
    ]
    return objects(texts), np.array([0.9, 0.04, 0.03, 0.015, 0.015])


def _lead_sources() -> tuple[Objects, npt.NDArray[np.float64]]:
    names = objects(["", "Trade Show", "Web Research", "Employee Referral", "Advertisement"])
    return names, zipf(len(names), 0.5)


CONTACTS = Export(
    source="sales",
    stem="sales_zoho_contacts",
    form="csv",
    identify=growing_ids(554_023_000_000_110_000, 60),
    cells=_zoho_contacts,
    id_header="Record Id",
    long_header="Last Name",
)
