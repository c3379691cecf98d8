from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.diagnosis import WeightCounts
from stewardship.charts import waterfall
from stewardship.facts import Thresholds
from stewardship.model_charts import CurveWords, DistributionWords, distribution, expectations

SUMS = st.floats(-50, 50)
THRESHOLDS = Thresholds(merge_at=0.5, review_at=0.1)
CURVE = CurveWords(title="t", precision="精确率", recall="recall", merge_at="merge", axis="a")
SPREAD = DistributionWords(title="t", merge_at="merge", review_at="review", axis="a", scale="log")


def counts_of(**pairs):
    """Pairs by match weight, such as ``w3=5``; half of them match."""
    held = [0] * 60
    for name, count in pairs.items():
        held[int(name[1:].replace("m", "-")) + 30] = count
    return WeightCounts(pairs=tuple(held), matches=tuple(count / 2 for count in held))


def drawn(svg):
    return ET.fromstring(str(svg))  # noqa: S314  our own markup


def boxes(root, *classes):
    found = [node for node in root.iter("rect") if node.get("class") in classes]
    return [tuple(float(node.get(n)) for n in ("x", "y", "width", "height")) for node in found]


@given(SUMS, SUMS)
def test_a_step_lies_between_the_sum_before_and_the_sum_after(start, end):
    low, high = min(0.0, start, end), max(1.0, start, end)
    root = drawn(waterfall(start, end - start, low, high))
    ((x, _, size, _),) = boxes(root, "blue", "red")
    scale = 150 / (high - low)
    assert x == pytest.approx((min(start, end) - low) * scale, abs=0.02)
    assert size == pytest.approx(max(abs(end - start) * scale, 1.0 if end != start else 0), abs=0.02)
    assert len(boxes(root, "blue")) == (end >= start)


def test_one_step_begins_where_the_last_ended():
    first = boxes(drawn(waterfall(0, -8, -8, 8)), "red")[0]
    second = boxes(drawn(waterfall(-8, 12, -8, 8)), "blue")[0]
    assert first[0] == second[0] == 0
    assert first[2] == pytest.approx(75)
    assert second[2] == pytest.approx(112.5)


def test_curves_stay_inside_and_name_themselves():
    figures = counts_of(wm4=10, w0=5, w9=80).by_threshold()
    root = drawn(expectations(figures, THRESHOLDS, CURVE, lambda share: f"{share:.0%}"))
    lines = [node.get("points") for node in root.iter("polyline")]
    assert len(lines) == 2
    for line in lines:
        for point in line.split():
            x, y = map(float, point.split(","))
            assert 52 <= x <= 708
            assert 36 <= y <= 212
    said = [node.text for node in root.iter("text")]
    assert {"merge", "精确率", "recall"} <= set(said)


def test_curves_end_where_no_pair_is_left():
    figures = counts_of(wm1=10, w2=5).by_threshold()
    root = drawn(expectations(figures, THRESHOLDS, CURVE, str))
    precision, recall = [len(node.get("points").split()) for node in root.iter("polyline")]
    assert (precision, recall) == (7, 17)


def test_bars_tell_what_becomes_of_their_pairs_on_a_logarithmic_scale():
    root = drawn(distribution(counts_of(wm20=9_999, wm2=9, w5=99), THRESHOLDS, SPREAD, str))
    ((_, _, _, refused),) = boxes(root, "grey")
    ((_, _, _, waiting),) = boxes(root, "amber")
    ((_, _, _, merged),) = boxes(root, "blue")
    assert refused == pytest.approx(4 * waiting, rel=0.01)
    assert merged == pytest.approx(2 * waiting, rel=0.01)
    assert {"merge", "review", "log"} <= {node.text for node in root.iter("text")}


def test_a_threshold_beyond_the_chart_is_not_drawn():
    root = drawn(distribution(counts_of(w5=99, w6=3), THRESHOLDS, SPREAD, str))
    assert not {"merge", "review"} & {node.text for node in root.iter("text")}
