"""Zendesk, users (JSON lines): persons of the service department. Cells are JSON already."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.synthetic.cells import (
    Cells,
    flag_cells,
    growing_ids,
    mobile_cells,
    phone_cells,
    same,
    time_cells,
    whole_names,
)
from benchmarks.synthetic.export import Export
from benchmarks.synthetic.names import Objects, draw, objects

__all__ = ["USERS"]


def _zendesk_users(rng: np.random.Generator, rows: pd.DataFrame) -> Cells:
    ids = rows["source_id"].to_numpy()
    chinese = (rows["language"] == "zh").to_numpy()
    modified = time_cells(rows, "modified", "iso")
    url: Objects = np.full(len(rows), "https://example.zendesk.com/api/v2/users/", dtype=object) + ids + ".json"
    null = np.full(len(rows), None, dtype=object)
    tags = draw(rng, (objects(["[]", '["vip"]', '["billing","returns"]']), np.array([0.8, 0.12, 0.08])), len(rows))
    return {
        "id": ids,
        "url": _json(url),
        "name": _json(whole_names(rows)),
        "email": _json(rows["email"].to_numpy()),
        "created_at": _json(time_cells(rows, "created", "iso")),
        "updated_at": _json(modified),
        "time_zone": _json(np.where(chinese, "Asia/Shanghai", "America/New_York").astype(object)),
        "phone": _json(
            np.where(
                rows["mobile"] > 0,
                mobile_cells(rows, 0),
                np.where(rows["phone_text"] != "", rows["phone_text"], phone_cells(rows, "landline", 0)),
            )
        ),
        "locale": _json(np.where(chinese, "zh-CN", "en-US").astype(object)),
        "organization_id": null,
        "role": _json(same("end-user", rows)),
        "verified": flag_cells(rng, rows, 0.7),
        "external_id": null,
        "alias": _json(same("", rows)),
        "active": same("true", rows),
        "last_login_at": np.where(rng.random(len(rows)) < 0.5, _json(modified), null),
        "details": _json(same("", rows)),
        "notes": _json(same("", rows)),
        "tags": tags,
    }


def _json(values: Objects) -> Objects:
    """Texts as JSON strings, empty ones as ``null``; only the few with a quote or backslash are escaped one by one."""
    escaped = values
    needy = pc.match_substring_regex(pa.array(values, pa.string()), r'["\\\n]')
    odd = np.flatnonzero(needy.to_numpy(zero_copy_only=False))
    if len(odd):
        escaped = values.copy()
        escaped[odd] = objects(
            value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for value in values[odd]
        )
    quoted: Objects = '"' + escaped + '"'
    quoted[values == ""] = None
    return quoted


USERS = Export(
    source="service",
    stem="service_zendesk_users",
    form="jsonl",
    identify=growing_ids(360_001_000_000, 900),
    cells=_zendesk_users,
    id_header="id",
    long_header="name",
    identity=("name", "email", "phone"),
)
