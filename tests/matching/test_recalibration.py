import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.recalibration import Recalibration, enough, recalibrate


def judged(count, scale, shift, seed=0):
    """Pairs that a model is unsure of, and what they truly are: its log-odds are off by scale and shift."""
    rng = np.random.default_rng(seed)
    odds = rng.uniform(-2.5, 2.5, count)
    return odds, rng.random(count) < 1 / (1 + np.exp(-(scale * odds + shift)))


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 1.5), (1.0, -1.5), (0.7, 0.0), (1.4, 0.5)])
def test_many_judgements_put_log_odds_right(scale, shift):
    found = recalibrate(*judged(4_000, scale, shift))
    assert found.scale == pytest.approx(scale, rel=0.15)
    assert found.shift == pytest.approx(shift, abs=0.2)


@pytest.mark.parametrize("shift", [-1.5, 1.5])
def test_a_few_move_it_some_of_the_way(shift):
    moved = [recalibrate(*judged(30, 1.0, shift, seed)).shift / shift for seed in range(20)]
    assert 0.3 < np.mean(moved) < 0.95


def test_a_calibrated_model_hardly_moves():
    found = [recalibrate(*judged(60, 1.0, 0.0, seed)) for seed in range(20)]
    assert np.mean([abs(each.shift) for each in found]) < 0.4
    assert np.mean([abs(np.log(each.scale)) for each in found]) < 0.25


def test_one_slip_of_a_steward_turns_nothing():
    odds, same = judged(40, 1.0, 0.0)
    before = recalibrate(odds, same)
    after = recalibrate(np.append(odds, 14.0), np.append(same, False))
    assert abs(after.shift - before.shift) < 0.2
    assert after.scale == pytest.approx(before.scale, rel=0.1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-50, 50), st.booleans()), max_size=40))
def test_whatever_is_judged_the_order_of_pairs_stays(pairs):
    odds, same = np.array([o for o, _ in pairs]), np.array([s for _, s in pairs], dtype=bool)
    found = recalibrate(odds, same)
    assert 0.3 < found.scale < 3
    assert abs(found.shift) <= 5


def test_without_judgements_nothing_changes():
    assert recalibrate(np.empty(0), np.empty(0, np.bool_)) == Recalibration()


@pytest.mark.parametrize(
    ("same", "different", "is_enough"), [(15, 5, True), (5, 15, True), (14, 5, False), (96, 4, False), (0, 0, False)]
)
def test_what_is_enough(same, different, is_enough):
    assert enough(np.arange(same + different) < same) is is_enough
