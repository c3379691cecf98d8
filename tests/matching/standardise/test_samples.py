import numpy as np
import pyarrow as pa
import pytest

from matching.standardise.samples import sample_columns

ROWS = 30_000


@pytest.fixture(scope="module")
def columns() -> dict[int, pa.StringArray]:
    rng = np.random.default_rng(3)
    names = [f"name {n}" for n in rng.integers(0, 4_000, ROWS)]
    rare = [f"X{n}" if n % 97 == 0 else None for n in range(ROWS)]
    return {0: pa.array(names), 1: pa.array(["yes", "no"] * (ROWS // 2)), 2: pa.array(rare, pa.string())}


def test_few_rows_are_all_looked_at():
    assert sample_columns({0: pa.array(["b", None, "n/a", "b"])})[0].to_pylist() == ["b", "b"]
    assert sample_columns({}) == {}
    assert sample_columns({0: pa.array([], pa.string())})[0].to_pylist() == []


def test_of_many_rows_about_as_many_as_asked_for(columns: dict[int, pa.StringArray]):
    found = sample_columns(columns, rows=2_000)
    assert 1_700 < len(found[0]) < 2_300
    assert 0.45 < found[1].to_pylist().count("yes") / len(found[1]) < 0.55


def test_a_sparse_column_is_sampled_where_it_is_filled(columns: dict[int, pa.StringArray]):
    assert len(sample_columns(columns, rows=2_000)[2]) == ROWS // 97 + 1


def test_neither_the_order_of_rows_nor_that_of_columns_matters(columns: dict[int, pa.StringArray]):
    order = pa.array(np.random.default_rng(9).permutation(ROWS))
    shuffled = {key: columns[key].take(order) for key in (2, 0, 1)}
    one, two = sample_columns(columns, rows=2_000), sample_columns(shuffled, rows=2_000)
    assert {key: sorted(one[key].to_pylist()) for key in one} == {key: sorted(two[key].to_pylist()) for key in one}
