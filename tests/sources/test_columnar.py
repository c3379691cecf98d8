import datetime as dt
import decimal
import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.errors import SourceError
from sources.columnar import read_columnar


def parquet(table):
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def test_typed_columns_as_text():
    table = pa.table(
        {
            "id": [1, None],
            "amount": [2.0, 2.5],
            "exact": pa.array([decimal.Decimal("1.10"), None]),
            "on": [dt.date(2024, 2, 29), None],
            "at": pa.array(["2024-02-29 09:30:00.5", None]).cast(pa.timestamp("us")),
            "utc": pa.array(
                [dt.datetime(2024, 2, 29, 9, 30, tzinfo=dt.UTC), None], pa.timestamp("us", "Asia/Shanghai")
            ),
            "yes": [True, None],
            "zip": pa.array(["01234", "NA"]).dictionary_encode(),
            "tags": [["a", "b"], None],
        }
    )
    parsed = read_columnar(parquet(table), path="x.parquet")
    assert parsed.table.to_pylist()[0] == {
        "id": "1",
        "amount": "2",
        "exact": "1.10",
        "on": "2024-02-29",
        "at": "2024-02-29 09:30:00",
        "utc": "2024-02-29 09:30:00Z",
        "yes": "true",
        "zip": "01234",
        "tags": '["a", "b"]',
    }
    assert parsed.table["amount"].to_pylist() == ["2", "2.5"]
    assert parsed.lines.tolist() == [1, 2]


def test_what_is_no_parquet():
    with pytest.raises(SourceError) as caught:
        read_columnar(b"PAR1", path="x.parquet")
    assert caught.value.key == "sources.not_parquet"
