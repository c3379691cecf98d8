import numpy as np
import pandas as pd
import pytest

from benchmarks.synthetic.corrupt import Corruption, corrupt, each
from benchmarks.synthetic.names import objects

LOST = Corruption(label="lost", group="email", rate=1.0, change=each(lambda _value: "", "email"))
LOUD = Corruption(label="loud", group="format", rate=1.0, change=each(str.upper, "email"), everywhere=True)
OTHER = Corruption(label="other", group="email", rate=1.0, change=each(lambda _value: "b@b", "email"))


def rows(**columns):
    count = len(columns["email"])
    filled = {"ordinal": [1] * count, "anchor": [""] * count} | columns
    return pd.DataFrame({name: objects(values) if name != "ordinal" else values for name, values in filled.items()})


def run(frame, *corruptions):
    changed, labels = corrupt(np.random.default_rng(0), frame, corruptions)
    return changed["email"].tolist(), labels.tolist()


def test_an_anchor_is_kept():
    frame = rows(email=["a@a", "a@a", "a@a"], anchor=["", "email", "email mobile"])
    assert run(frame, LOST) == (["", "a@a", "a@a"], ["lost", "", ""])


def test_one_corruption_of_a_group_hits_a_row():
    assert run(rows(email=["a@a"]), OTHER, LOST) == (["b@b"], ["other"])
    assert run(rows(email=["a@a"]), OTHER, LOUD) == (["B@B"], ["other loud"])


def test_what_changes_nothing_has_no_label():
    assert run(rows(email=["A@A", "a@a"]), LOUD) == (["A@A", "A@A"], ["", "loud"])


def test_the_rows_given_stay_as_they_are():
    frame = rows(email=["a@a"] * 3)
    run(frame, LOST)
    assert (frame["email"] == "a@a").all()


def test_first_records_are_spared_more_often():
    frame = rows(email=["a@a"] * 4000, ordinal=[0, 1] * 2000)
    hit = np.array(run(frame, Corruption(label="x", group="email", rate=0.5, change=LOST.change))[1]) == "x"
    assert hit[1::2].mean() == pytest.approx(0.5, abs=0.05)
    assert hit[::2].mean() == pytest.approx(0.075, abs=0.03)
