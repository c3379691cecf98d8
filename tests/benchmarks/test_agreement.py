import sqlite3
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.agreement import agreement, pairwise


@given(labels=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25))
def test_pairwise_is_what_counting_pairs_gives(labels):
    found, true = zip(*labels, strict=True)
    pairs = list(combinations(range(len(labels)), 2))
    inside = {(i, j) for i, j in pairs if found[i] == found[j]}
    truly = {(i, j) for i, j in pairs if true[i] == true[j]}
    both = len(inside & truly)
    precision, recall, f1 = pairwise(pd.Series(found), pd.Series(true))
    assert precision == pytest.approx(both / len(inside) if inside else 1.0)
    assert recall == pytest.approx(both / len(truly) if truly else 1.0)
    assert f1 == pytest.approx(2 * both / (len(inside) + len(truly)) if both else 0.0)


def test_the_store_is_compared_on_source_and_line(tmp_path):
    store = tmp_path / "guiyi.db"
    with sqlite3.connect(store) as connection:
        connection.execute("CREATE TABLE record (record_key TEXT, source TEXT, line INTEGER)")
        connection.execute("CREATE TABLE crosswalk (record_key TEXT, golden_id TEXT)")
        rows = [("s:1", "s", 2, "g1"), ("s:2", "s", 3, "g1"), ("s:3", "s", 4, "g2"), ("s:4", "s", 5, "g3")]
        connection.executemany("INSERT INTO record VALUES (?, ?, ?)", [row[:3] for row in rows])
        connection.executemany("INSERT INTO crosswalk VALUES (?, ?)", [(row[0], row[3]) for row in rows])
    connection.close()
    truth = tmp_path / "truth.csv"
    truth.write_text(
        "source,source_id,line,entity,corruptions\n"
        "s,1,2,P1,\ns,2,3,P1,case\ns,3,4,P1,\ns,,5,P2,quarantine:missing_id\ns,6,6,P3,\n",
        encoding="utf-8",
    )
    found = agreement(store, truth)
    assert (found.precision, found.recall) == (1.0, pytest.approx(1 / 3))
    assert (found.records, found.missed, found.let_through) == (3, 1, 1)
