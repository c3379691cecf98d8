"""A small job: rows in, published by the real parts of golden_records on a real store."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from golden_records.identity import identify
from golden_records.publication import NewPublication, current, publish, read_known, staged
from golden_records.runs import Run, SourceCount
from golden_records.store import open_store, reading, writing
from golden_records.survivorship import Policy, survive
from schemas.linkage import PAIRS, PATTERNS
from schemas.records import RECORD_COLUMNS, conform

CUSTOMERS = (
    {
        "key": "sales:1",
        "cluster": 1,
        "kind": "person",
        "given_name": "Ada",
        "family_name": "Byron",
        "phone": "020 7946 0001",
    },
    {"key": "service:a", "cluster": 1, "kind": "person", "given_name": "Ada", "email": "ada@example.org"},
    {"key": "sales:2", "cluster": 2, "kind": "company", "company_name": "归一科技", "email": "info@example.cn"},
)


@dataclass
class Job:
    folder: Path
    engine: Engine
    runs: int = 0
    snapshots: bool = False
    stop: list = field(default_factory=list)  # called inside the transaction, before it commits

    def prepare(self, rows=CUSTOMERS, quarantined=0, counts=None):
        self.runs += 1
        frame = pd.DataFrame(
            [
                {
                    "record_key": row["key"],
                    "source": row["key"].split(":")[0],
                    "source_id": row["key"].split(":")[1],
                    "line": place + 2,
                    **{name: value for name, value in row.items() if name not in {"key", "cluster"}},
                }
                for place, row in enumerate(rows)
            ],
            columns=list(RECORD_COLUMNS),
        )
        records = conform(frame.astype({name: "string[pyarrow]" for name in RECORD_COLUMNS if name != "line"}))
        warnings = pd.DataFrame({"record_key": [], "attribute": [], "reason": []}, dtype="string[pyarrow]")
        with reading(self.engine) as connection:
            before, known = current(connection), read_known(connection)
        members = pd.DataFrame({"record_key": records["record_key"], "cluster": [row["cluster"] for row in rows]})
        identified = identify(members, known)
        made = survive(
            records, identified.crosswalk, policy=Policy(), trust={"sales": 1, "service": 2}, warnings=warnings
        )
        sources = Counter(row["key"].split(":")[0] for row in rows)
        first = next(iter(sources), "sales")
        accounts = counts or [
            SourceCount(
                source=name,
                rows_read=sources[name] + (quarantined if name == first else 0),
                accepted=sources[name],
                quarantined=quarantined if name == first else 0,
            )
            for name in sources
        ]
        pairs = [(0, 1, 0, 12.5, 0.999)] if len(rows) > 1 and rows[0]["cluster"] == rows[1]["cluster"] else []
        return NewPublication(
            run=Run(run_id=f"run-{self.runs}", started_at=f"2026-11-{self.runs:02d}T02:00:00Z"),
            sources=accounts,
            parent_id=before.publication_id if before else None,
            published_at=f"2026-11-{self.runs:02d}T02:01:00Z",
            records=records,
            identified=identified,
            customers=made.customers,
            quarantine=pd.DataFrame(
                {"source": [first], "line": [9], "reasons": ["missing_id"], "raw": ['{"Name": "x"}']}
            ).head(min(quarantined, 1)),
            warnings=warnings,
            pairs=pa.Table.from_pylist([dict(zip(PAIRS.names, pair, strict=True)) for pair in pairs], schema=PAIRS),
            patterns=pa.Table.from_pylist([{"pattern": 0, "levels": '{"given_name": "exact"}'}], schema=PATTERNS),
            model_id="model-1",
            model='{"merge_at": 0.9}',
            snapshot=str(self.folder / "parquet") if self.snapshots else None,
        )

    def publish(self, new):
        with staged(self.engine, new) as ready, writing(self.engine, ready.files) as connection:
            published = publish(connection, publication=ready)
            for step in self.stop:
                step()
            return published

    def run(self, rows=CUSTOMERS, **options):
        return self.publish(self.prepare(rows, **options))

    def rows(self, sql, **values):
        with reading(self.engine) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(sql, values)]

    def table(self):
        return self.rows("SELECT * FROM customer ORDER BY golden_id")

    def ids(self):
        return dict(self.rows("SELECT record_key, golden_id FROM crosswalk"))


@pytest.fixture
def job(tmp_path):
    return Job(folder=tmp_path, engine=open_store(str(tmp_path / "guiyi.db")))


@pytest.fixture
def customers():
    return CUSTOMERS
