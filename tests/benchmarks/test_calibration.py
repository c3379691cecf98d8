from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd

from benchmarks.accuracy import DataSet
from benchmarks.calibration import Calibration, calibrate, pool, svg
from matching.reliability import EDGES, reliability


def people(_data):
    """Eight hundred people, half of them twice, one copy in four with another phone."""
    rng = np.random.default_rng(5)
    family = [f"{one}{two}{three}" for one, two, three in rng.choice(["ko", "lam", "mir", "nes", "pol"], (800, 3))]
    given = rng.choice(["anna", "berta", "carl", "dora", "emil", "frida"], 800)
    phone = rng.integers(2_000_000, 9_999_999, 1_200).astype(str)
    frame = pd.DataFrame({"given_name": given, "family_name": family, "phone": phone[:800]}, dtype=str)
    again = frame.iloc[:400].copy()
    again.loc[::4, "phone"] = phone[800:900]
    entity = pd.Series(np.append(np.arange(800), np.arange(400)))
    return pd.concat([frame, again], ignore_index=True), entity


def table(chance, right, of):
    return reliability(np.full(of, chance), np.arange(of) < right)


def test_every_candidate_pair_is_counted_and_those_kept_are_among_them():
    found = calibrate(DataSet(name="people", load=people), Path())
    assert found.all.pairs.sum() == 1_200 * 1_199 // 2
    assert found.all.matches.sum() == 400
    np.testing.assert_array_equal(found.kept.pairs[2:], found.all.pairs[2:])  # from review_at = 0.1 on
    assert found.kept.pairs[:2].sum() == 0
    assert found.all.error < 0.01


def test_figures_say_how_far_off_the_worst_bin_is():
    one = Calibration(name="one", all=table(0.7, 150, 300), kept=table(0.7, 150, 300))
    two = Calibration(name="two", all=table(0.7, 299, 300), kept=table(0.97, 99, 100))
    assert one.facts() == {
        "set": "one",
        "kept": {"pairs": 300, "error": 0.2, "worst": 0.2},
        "all": {"pairs": 300, "error": 0.2, "worst": 0.2},
    }
    both = pool((one, two)).facts()
    assert both["all"] == {"pairs": 600, "error": 0.0483, "worst": 0.0483}
    assert both["kept"]["pairs"] == 400


def test_the_chart_is_a_file_of_its_own():
    found = pool((Calibration(name="one", all=table(0.7, 150, 300), kept=table(0.7, 150, 300)),))
    root = ET.fromstring(svg((found, found)))  # noqa: S314  our own markup
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) == 2
    assert len(EDGES) == len(found.all.pairs) + 1
