import numpy as np
import pyarrow as pa

from matching.attributes import StandardAttribute
from matching.block import Part
from matching.comparison import KINDS, plan_comparisons
from matching.pairs import ComparedPairs
from matching.parameters import Parameters
from matching.weighed import weigh_parts

COMPARISONS = plan_comparisons(
    StandardAttribute(name=role, role=role, slots=(), values=pa.array([""])) for role in ("email", "phone")
)
PARAMETERS = Parameters(
    matched=tuple(np.array((0.0, *KINDS[c.kind].matched)) for c in COMPARISONS),
    unmatched=tuple(np.array((0.0, 1e-4, 1e-4, 1e-4, 0.9997)) for _ in COMPARISONS),
    prior=1e-3,
    crowd_priors=np.empty(0),
    moved=0.05,
)


def parts(step):
    rng = np.random.default_rng(0)
    levels = rng.integers(0, 5, (40, 2)).astype(np.int8)
    left = np.arange(40, dtype=np.int32)
    for start in range(0, 40, step):
        some = slice(start, start + step)
        compared = ComparedPairs(
            levels=levels[some],
            shares=np.full((len(levels[some]), 2), 1e-4, np.float32),
            alike=np.zeros(40, bool)[some],
        )
        rule = (left[some] % 2).astype(np.int32)
        yield Part(left=left[some], right=left[some] + 1, rule=rule, reached=min(1.0, (start + step) / 40)), compared


def test_parts_weigh_as_the_whole():
    whole = weigh_parts(parts(40), COMPARISONS, PARAMETERS, 0.5, 2)
    pieces = weigh_parts(parts(7), COMPARISONS, PARAMETERS, 0.5, 2)
    assert 0 < len(whole.left) < 40
    for name in ("left", "right", "levels", "odds"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))
    assert whole.counts.pairs == pieces.counts.pairs
    np.testing.assert_allclose(whole.new_matches, pieces.new_matches)


def test_what_is_kept_reaches_the_threshold_and_the_rest_is_counted():
    found = weigh_parts(parts(40), COMPARISONS, PARAMETERS, 0.5, 2)
    assert (found.odds >= 0).all()
    assert sum(found.counts.pairs) == 40
    everything = weigh_parts(parts(40), COMPARISONS, PARAMETERS, 0.0, 2)
    assert len(everything.left) == 40
    np.testing.assert_allclose(everything.new_matches.sum(), (1 / (1 + np.exp(-everything.odds))).sum())


def test_no_pairs_at_all():
    found = weigh_parts((), COMPARISONS, PARAMETERS, 0.5, 0)
    assert len(found.left) == len(found.odds) == 0
    assert found.levels.shape == (0, 2)
