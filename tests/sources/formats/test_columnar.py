import datetime as dt
import decimal
import math
import subprocess
import sys
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.errors import SourceError
from sources.formats.columnar import read_columnar

HOUSE = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.parquet"


def read(path, table, **options):
    pq.write_table(table, path, **options)
    parts = list(read_columnar(path, name="x.parquet"))
    lines = np.concatenate([part.lines for part in parts])
    return pa.concat_tables([part.table for part in parts]), lines.tolist()


def cells(path, column):
    found, _ = read(path, pa.table({"x": column}))
    assert found.schema.field("x").type == pa.string()
    return found["x"].to_pylist()


def test_typed_columns_as_text(path):
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
            "tags": [["a", "国"], None],
            "deep": [{"b": [{"c": 1}], "raw": b"x"}, None],
            "nothing": pa.nulls(2),
        }
    )
    found, lines = read(path, table)
    assert found.to_pylist() == [
        {
            "id": "1",
            "amount": "2",
            "exact": "1.10",
            "on": "2024-02-29",
            "at": "2024-02-29 09:30:00.5",
            "utc": "2024-02-29 09:30:00Z",
            "yes": "true",
            "zip": "01234",
            "tags": '["a", "国"]',
            "deep": '{"b": [{"c": 1}], "raw": "x"}',
            "nothing": None,
        },
        dict.fromkeys(table.column_names) | {"amount": "2.5", "zip": "NA"},
    ]
    assert lines == [1, 2]


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32(), pa.float16()])
def test_whole_numbers_that_were_made_floats(kind, path):
    assert cells(path, pa.array([np.float16(x) for x in (0.5, 2.0, -3.0, 2048.0)]).cast(kind)) == [
        "0.5", "2", "-3", "2048",
    ]  # fmt: skip
    assert cells(path, pa.array([None, math.nan, math.inf, -0.0], pa.float64()).cast(pa.float32()).cast(kind)) == [
        None, None, "inf", "0",
    ]  # fmt: skip


def test_a_phone_that_was_made_a_float_has_no_exponent(path):
    assert cells(path, pa.array([13800138000.0, 86013800138000.0, 1e15, 2.0**53, 1e22])) == [
        "13800138000", "86013800138000", "1000000000000000", "9.007199254740992e+15", "1e+22",
    ]  # fmt: skip


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(-(2**52), 2**52), st.floats(allow_nan=False)), min_size=1))
def test_every_float_reads_back_as_itself(path, values):
    found = cells(path, pa.array([None if value is None else float(value) for value in values], pa.float64()))
    for value, cell in zip(values, found, strict=True):
        assert cell is None if value is None else float(cell) == value
        assert not isinstance(value, int) or cell == str(value)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.text()), min_size=1), st.sampled_from([pa.string(), pa.large_string()]))
def test_text_comes_back_cell_for_cell(path, values, kind):
    assert cells(path, pa.array(values, kind)) == values
    assert cells(path, pa.array(values, kind).dictionary_encode()) == values


def test_bytes(path):
    assert cells(path, pa.array(["张".encode(), b"\xff\0", None], pa.binary())) == ["张", "ff00", None]
    assert cells(path, pa.array([b"ab", None], pa.binary(2))) == ["6162", None]
    key = uuid.UUID("00000000-0000-0000-0000-000000000001")
    assert cells(path, pa.array([key.bytes, None], pa.uuid())) == [str(key), None]


def test_text_that_is_no_utf8_is_set_aside(path):
    texts = pa.array([b"ok", "张".encode(), b"a\xff", None, b"\xef\xbf\xbd"], pa.binary())
    broken = pa.Array.from_buffers(pa.string(), len(texts), texts.buffers())
    pq.write_table(pa.table({"id": range(5), "name": broken}), path)
    (part,) = read_columnar(path, name="x")
    assert part.table["id"].to_pylist() == ["0", "1", "3", "4"]
    assert part.lines.tolist() == [1, 2, 4, 5]
    assert part.rejected.to_pylist() == [
        {"line": 3, "reasons": "undecodable_bytes", "raw": '{"id": "2", "name": "a\ufffd"}'}
    ]


def test_times_of_every_unit(path):
    for unit in ("s", "ms", "us", "ns"):
        whole = pa.array([dt.datetime(2024, 1, 1, 10), None], pa.timestamp(unit))  # noqa: DTZ001  without a zone
        assert cells(path, whole) == ["2024-01-01 10:00:00", None]
    assert cells(path, pa.array([dt.time(9, 30)])) == ["09:30:00.000000"]
    assert cells(path, pa.array([100_500_000], pa.timestamp("us", "Europe/Berlin"))) == ["1970-01-01 00:01:40.5Z"]


def test_batches_are_small(path):
    table = pa.table({"n": range(200_000)})
    pq.write_table(table, path, row_group_size=200_000)
    parts = list(read_columnar(path, name="x"))
    assert max(len(part.lines) for part in parts) <= 65_536
    assert [line for part in parts for line in part.lines.tolist()] == list(range(1, 200_001))
    assert [cell for part in parts for cell in part.table["n"].to_pylist()] == [str(n) for n in range(200_000)]


def test_rows_that_are_long_come_few_at_a_time(path):
    pq.write_table(pa.table({"x": [str(n) * 1_000_000 for n in range(100, 164)]}), path, use_dictionary=False)
    assert max(len(part.lines) for part in read_columnar(path, name="x")) < 64


def test_a_file_without_rows_has_its_header(path):
    table = pa.table({"a": pa.nulls(0, pa.list_(pa.int64())), "b": pa.nulls(0, pa.float64()), "c": pa.nulls(0)})
    found, lines = read(path, table)
    assert (found.column_names, found.num_rows, lines) == (["a", "b", "c"], 0, [])


def test_headers_that_are_the_same(path):
    found, _ = read(path, pa.table([pa.array([1]), pa.array([2]), pa.array([3])], names=["a", "a", ""]))
    assert found.to_pylist() == [{"a": "1", "a (2)": "2", "column 3": "3"}]


def failure(path):
    with pytest.raises(SourceError) as caught:
        list(read_columnar(path, name="x.parquet"))
    assert "x.parquet" in str(caught.value)
    return caught.value.key


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"id,name\n1,a\n", b"PAR1" + bytes(100) + b"PAR1", b"PAR1\xff\xff\xffPAR1"]
)
def test_what_is_no_parquet(path, data):
    path.write_bytes(data)
    assert failure(path) == "sources.not_parquet"


def test_what_is_damaged(path):
    pq.write_table(pa.table({"x": [f"{n * n}" for n in range(20_000)]}), path, write_page_checksum=True)
    whole = path.read_bytes()
    for place in range(1000, len(whole) - 2000, len(whole) // 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        assert failure(path) == "sources.not_parquet"
    path.write_bytes(whole[: len(whole) // 2])
    assert failure(path) == "sources.not_parquet"


def test_a_bomb_is_defused(path):
    """94 KB that would be 400 GB: one value of 2 MB, 200,000 times."""
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(200_000, np.int32)), ["a" * 2_000_000])
    for store_schema in (True, False):  # it is read as a dictionary, or as text
        pq.write_table(pa.table({"x": column}), path, store_schema=store_schema)
        assert failure(path) == "sources.bomb"


def test_a_column_that_is_all_the_same_is_no_bomb(path):
    found, _ = read(path, pa.table({"x": ["a@example.com"] * 500_000}))
    assert found.num_rows == 500_000


def test_no_columns(path):
    pq.write_table(pa.table({}), path)
    assert failure(path) == "sources.empty_file"


def test_memory_does_not_follow_the_file(path):
    """2 M rows in one row group, 100 MB as text."""
    count = 2_000_000
    numbers = np.arange(count)
    pq.write_table(
        pa.table({"a": numbers, "b": numbers * 7919 % 1000003, "c": numbers / 2}), path, row_group_size=count
    )
    script = """
import resource, sys
from pathlib import Path
from sources.formats.columnar import read_columnar
parts = read_columnar(Path(sys.argv[1]), name="x")
next(parts)
few = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rows = sum(len(part.lines) for part in parts)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - few)
"""
    command = [sys.executable, "-c", script, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, cwd=HOUSE)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) < 60_000, "KiB"
