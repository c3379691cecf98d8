import numpy as np
import pytest

from matching.comparison import KINDS, Comparison
from matching.estimate import Evidence, estimate, posteriors
from matching.kinship import crowds
from matching.parameters import Parameters
from matching.patterns import group_patterns
from matching.weights import level_weights

NAME = Comparison(name="given_name", kind="name", role="given_name", group="given")
FAMILY = Comparison(name="family_name", kind="name", role="family_name", group="family")
BORN = Comparison(name="birth_date", kind="date", role="birth_date", group="birth")
MAIL = Comparison(name="email", kind="email", role="email", group="email")
COMPARISONS = (NAME, FAMILY, BORN, MAIL)


def drawn(rng, shares, size, missing=0.1):
    levels = rng.choice(len(shares), size, p=shares) + 1
    return np.where(rng.random(size) < missing, 0, levels).astype(np.int8)


def simulated(pairs=400_000, matches=4_000, seed=5):
    """Pairs that keep the assumptions: m and u known, comparisons independent, values missing at random."""
    rng = np.random.default_rng(seed)
    truth_m, truth_u, columns = [], [], []
    for comparison in COMPARISONS:
        size = len(KINDS[comparison.kind].levels)
        m = rng.dirichlet(np.r_[14.0, np.ones(size - 2), 1.5])
        u = np.r_[0.004, np.full(size - 2, 0.01), 0.0]
        u[-1] = 1 - u.sum()
        columns.append(np.r_[drawn(rng, m, matches), drawn(rng, u, pairs - matches)])
        truth_m.append(m)
        truth_u.append(u)
    levels = np.stack(columns, axis=1)
    exact = np.array([(column == 1).sum() for column in columns], dtype=float)
    evidence = Evidence(
        candidates=group_patterns(levels)[0],
        others=None,
        sampled=0,
        space=float(pairs),
        agreements=exact,
        records=int(np.sqrt(2 * pairs)),
    )
    return evidence, truth_m, truth_u, matches / pairs


def test_em_recovers_known_m_u_and_prior():
    evidence, m, u, prior = simulated()
    found = estimate(COMPARISONS, evidence)
    assert found.prior == pytest.approx(prior, rel=0.05)
    for a in range(len(COMPARISONS)):
        np.testing.assert_allclose(found.matched[a][1:], m[a], atol=0.05)
        np.testing.assert_allclose(found.unmatched[a][1:], u[a], atol=0.003)


def test_shares_of_levels_sum_to_one_and_missing_has_no_weight():
    found = estimate(COMPARISONS, simulated(pairs=20_000, matches=200)[0])
    for shares in (*found.matched, *found.unmatched):
        assert shares[0] == 0
        assert shares.sum() == pytest.approx(1)
    assert all(w[0] == 0 for w in level_weights(found))


def test_classes_share_each_pair():
    known = crowds(COMPARISONS)
    parameters = Parameters(
        matched=(), unmatched=(), prior=0.001, crowd_priors=np.full(len(known.names), 1e-4), moved=0.05
    )
    weights = np.random.default_rng(1).normal(0, 20, (50, len(COMPARISONS)))
    np.testing.assert_allclose(posteriors(weights, known, parameters).sum(axis=1), 1)


def test_households_are_not_taken_for_matches():
    """Pairs that share surname, street and phone, but neither given name nor birth date, outnumber the matches 20:1."""
    rng = np.random.default_rng(2)
    place = Comparison(name="street", kind="text", role="street", group="place")
    phone = Comparison(name="phone", kind="phone", role="phone", group="phone")
    comparisons = (NAME, FAMILY, BORN, place, phone)
    sizes = {"match": 500, "household": 10_000, "chance": 289_500}
    columns = []
    for c in comparisons:
        kind = KINDS[c.kind]
        u = np.full(len(kind.levels), 0.003)
        u[-1] = 1 - u[:-1].sum()
        at_home = np.array(kind.matched) if c in {FAMILY, place, phone} else u
        parts = ((np.array(kind.matched), "match"), (at_home, "household"), (u, "chance"))
        columns.append(np.concatenate([drawn(rng, p / p.sum(), sizes[n]) for p, n in parts]))
    levels = np.stack(columns, axis=1)
    evidence = Evidence(
        candidates=group_patterns(levels)[0],
        others=None,
        sampled=0,
        space=300_000.0,
        agreements=np.array([(column == 1).sum() for column in columns], dtype=float),
        records=775,
    )
    assert estimate(comparisons, evidence).prior * 300_000 == pytest.approx(500, rel=0.15)


PHONE = Comparison(name="phone", kind="phone", role="phone", group="phone")
STREET = Comparison(name="street", kind="text", role="street", group="place")
CITY = Comparison(name="city", kind="place", role="city", group="place")
STATE = Comparison(name="state", kind="place", role="state", group="place")
POSTCODE = Comparison(name="postcode", kind="postcode", role="postcode", group="place")
EVERYTHING = (NAME, FAMILY, BORN, PHONE, STREET, CITY, STATE, POSTCODE)


def other(comparison):
    return len(KINDS[comparison.kind].levels)


def by_chance(rng, size):
    """Places of strangers: one pair in a hundred is of one town, whose state is one, whose postcode may be."""
    town = rng.random(size) < 0.01
    state = town | (rng.random(size) < 0.05)
    postcode = town & (rng.random(size) < 0.2)
    street = rng.random(size) < 0.0005
    agree = {CITY: town, STATE: state, POSTCODE: postcode, STREET: street}
    return {c: np.where(same, 1, other(c)) for c, same in agree.items()}


def with_households(seed, pairs=600_000, matches=6_000, households=12_000, moved=0.08):
    """Correlated places, movers, and twice as many pairs of one household as there are matches."""
    rng = np.random.default_rng(seed)
    m = {c: rng.dirichlet(np.r_[30.0, np.full(other(c) - 2, 1.2), 2.5]) for c in EVERYTHING}
    u = {c: np.r_[np.full(other(c) - 1, 0.004), 1 - 0.004 * (other(c) - 1)] for c in EVERYTHING}
    columns = {c: [] for c in EVERYTHING}
    for kind, size in (("match", matches), ("household", households), ("chance", pairs - matches - households)):
        places = by_chance(rng, size)
        stays = rng.random(size) >= {"match": moved, "household": 0.0, "chance": 1.0}[kind]
        for c in EVERYTHING:
            alike = kind == "match" or (kind == "household" and c in {FAMILY, PHONE})
            if c.group == "place":
                level = np.where(stays, rng.choice(other(c), size, p=m[c]) + 1, places[c])
            else:
                level = rng.choice(other(c), size, p=m[c] if alike else u[c]) + 1
            columns[c].append(np.where(rng.random(size) < 0.1, 0, level))
    levels = np.stack([np.concatenate(columns[c]) for c in EVERYTHING], axis=1).astype(np.int8)
    evidence = Evidence(
        candidates=group_patterns(levels)[0],
        others=None,
        sampled=0,
        space=float(pairs),
        agreements=(levels == 1).sum(axis=0).astype(float),
        records=int(np.sqrt(2 * pairs)),
    )
    return evidence, m, u


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_correlated_places_and_households_do_not_mislead(seed):
    """What was put in comes out within a tenth: priors, the share that moved, m and u of agreeing."""
    evidence, m, u = with_households(seed)
    found = estimate(EVERYTHING, evidence)
    known = dict(zip(crowds(EVERYTHING).names, found.crowd_priors * 600_000, strict=True))
    assert found.prior * 600_000 == pytest.approx(6_000, rel=0.1)
    assert known["household"] == pytest.approx(12_000, rel=0.1)
    assert found.moved == pytest.approx(0.08, rel=0.1)
    for a, c in enumerate(EVERYTHING):
        assert found.matched[a][1] == pytest.approx(m[c][0], rel=0.1)
        if c.group != "place":
            assert found.unmatched[a][1] == pytest.approx(u[c][0], rel=0.1)
    assert found.unmatched[EVERYTHING.index(CITY)][1] == pytest.approx(0.01, rel=0.1)
    assert found.unmatched[EVERYTHING.index(STATE)][1] == pytest.approx(0.0595, rel=0.1)


def test_a_state_that_the_city_implies_is_not_counted_twice():
    found = estimate(EVERYTHING, with_households(4)[0])
    city, state = EVERYTHING.index(CITY), EVERYTHING.index(STATE)
    weight = level_weights(found)[state][1]
    implied = [d.shift[1, 1] for d in found.dependences if {d.parent, d.child} == {city, state}]
    assert weight > 2
    assert len(implied) == 1
    assert weight + implied[0] == pytest.approx(0, abs=0.35)
