import numpy as np
import pyarrow as pa

from matching.atoms import make_atoms
from matching.attributes import StandardAttribute
from matching.plan import Budget, choose_rules, usual_rules
from matching.trial import try_rules


def attributes(size=2_000, seed=0):
    """Pairs of records that share an email and a birth date; the city says little, the year less."""
    rng = np.random.default_rng(seed)
    customer = np.arange(size) // 2
    dates = [f"{y}-{m:02d}-{d:02d}" for y in range(1950, 2000) for m in range(1, 13) for d in range(1, 29)]
    born = rng.choice(len(dates), size // 2)[customer].astype(np.int32)
    return (
        StandardAttribute(
            name="email",
            role="email",
            slots=(np.where(rng.random(size) < 0.5, -1, customer).astype(np.int32),),
            values=pa.array([f"p{i}@example.com" for i in range(size)]),
        ),
        StandardAttribute(name="birth_date", role="birth_date", slots=(born,), values=pa.array(dates)),
        StandardAttribute(
            name="city",
            role="city",
            slots=(rng.integers(0, 40, size // 2)[customer].astype(np.int32),),
            values=pa.array([f"city number {i}" for i in range(40)]),
        ),
    )


def planned(budget):
    atoms = make_atoms(attributes(), {})
    trial = try_rules(atoms, np.arange(2_000, dtype=np.int32), 2_000)
    truth = (trial.left // 2 == trial.right // 2).astype(float)
    return choose_rules(trial, truth, 2_000, budget), trial


def test_buys_what_brings_matches_and_stops_when_nothing_is_left():
    rules, trial = planned(Budget())
    assert 1 <= len(rules) <= 4
    assert any("birth_date" in name for rule in rules for name in rule.atoms)
    assert (trial.left < trial.right).all()


def test_the_budget_bounds_the_pairs():
    rules, trial = planned(Budget(pairs_per_record=0.3))
    bought = {(rule.atoms, cap) for rule in rules for cap in (12, 40, 150) if cap <= rule.cap}
    found = [f for rule, f in zip(trial.rules, trial.found, strict=True) if (rule.atoms, rule.cap) in bought]
    assert trial.weights[np.unique(np.concatenate(found))].sum() <= 0.3 * 2_000


def test_atoms_that_are_not_wanted_are_not_made():
    assert set(make_atoms(attributes(), {}, {"email.exact"})) == {"email.exact"}


def test_rules_for_want_of_data_are_identifying():
    rules = usual_rules(
        ["phone.ending", "ssn.exact", "either_name.exact", "birth_date.exact", "city.beginning"], ["ssn"]
    )
    assert [rule.atoms for rule in rules] == [
        ("phone.ending",),
        ("ssn.exact",),
        ("either_name.exact", "birth_date.exact"),
    ]


def test_rules_that_bring_little_for_their_pairs_get_a_third_atom():
    rng = np.random.default_rng(0)
    size = 4_000
    made = [
        StandardAttribute(
            name=role,
            role=role,
            slots=(rng.integers(0, 16, size // 2)[np.arange(size) // 2].astype(np.int32),),
            values=pa.array([f"value {i}" for i in range(16)]),
        )
        for role in ("district", "state", "country")
    ]
    trial = try_rules(make_atoms(made, {}), np.arange(size, dtype=np.int32), size)
    truth = (trial.left // 2 == trial.right // 2).astype(float)
    rules = choose_rules(trial, truth, size, Budget(pairs_per_record=4.0))
    assert [set(rule.atoms) for rule in rules] == [{"district.exact", "state.exact", "country.exact"}]
