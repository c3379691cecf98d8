import numpy as np
import pyarrow as pa

from matching.atoms import make_atoms
from matching.attributes import StandardAttribute
from matching.trial import try_rules

SIZE = 2_000


def tried(emails):
    rng = np.random.default_rng(0)
    dates = [f"{y}-{m:02d}-{d:02d}" for y in range(1950, 2000) for m in range(1, 13) for d in range(1, 29)]
    born = rng.choice(len(dates), SIZE // 2)[np.arange(SIZE) // 2].astype(np.int32)
    attributes = [
        StandardAttribute(
            name="email", role="email", slots=(emails,), values=pa.array([f"p{i}@example.com" for i in range(SIZE)])
        ),
        StandardAttribute(name="birth_date", role="birth_date", slots=(born,), values=pa.array(dates)),
    ]
    return try_rules(make_atoms(attributes, {}), np.arange(SIZE, dtype=np.int32), SIZE)


OWN = (np.arange(SIZE) // 2 * (np.arange(SIZE) % 10 < 4) - (np.arange(SIZE) % 10 >= 4)).astype(np.int32)


def test_an_atom_that_finds_little_alone_is_not_narrowed_down():
    assert {rule.atoms for rule in tried(OWN).rules if "email.exact" in rule.atoms} == {("email.exact",)}


def test_a_value_on_many_records_is():
    crowd = np.where(np.arange(SIZE) < 400, 0, OWN).astype(np.int32)
    assert ("email.exact", "birth_date.exact") in {rule.atoms for rule in tried(crowd).rules}


def test_every_pair_found_shares_the_atoms_of_its_rule():
    trial = tried(OWN)
    assert (trial.left < trial.right).all()
    for rule, found in zip(trial.rules, trial.found, strict=True):
        for name in rule.atoms:
            assert trial.shared[name][found].all()
