import numpy as np
import pandas as pd
import pytest

from matching.block import Rule
from matching.given_rules import atom_names, atoms_of, nearest
from matching.match import match
from matching.settings import MatchSettings
from schemas.errors import UsageError


@pytest.fixture(scope="module")
def people():
    """Two thousand people, a quarter of them twice."""
    rng = np.random.default_rng(5)
    given = rng.choice(["anna", "berta", "carl", "dora", "emil", "frida", "gustav", "hanna"], 2_000)
    family = [f"{one}{two}{three}" for one, two, three in rng.choice(["ko", "lam", "mir", "nes", "pol"], (2_000, 3))]
    phone = rng.integers(2_000_000, 9_999_999, 2_000).astype(str)
    frame = pd.DataFrame({"given_name": given, "family_name": family, "phone": phone}, dtype=str)
    return pd.concat([frame, frame.iloc[:500]], ignore_index=True)


def test_rules_of_a_model_given_again_make_the_same_clusters(people):
    planned = match(people, MatchSettings())
    again = match(people, MatchSettings(rules=planned.model.rules))
    np.testing.assert_array_equal(planned.clusters, again.clusters)
    assert again.model.model_id == planned.model.model_id


def test_only_the_given_rules_are_run(people):
    rules = (Rule(atoms=("phone.ending",), cap=12), Rule(atoms=("given_name.exact", "family_name.exact"), cap=5))
    matched = match(people, MatchSettings(rules=rules))
    assert matched.model.rules == rules
    assert [(r.atoms, r.cap) for r in matched.diagnosis.rules] == [(r.atoms, r.cap) for r in rules]
    assert matched.blocking.candidates < 3_000


def test_an_atom_that_the_records_lack_is_named_with_those_nearest(people):
    with pytest.raises(UsageError) as caught:
        match(people, MatchSettings(rules=(Rule(atoms=("phone.endings",), cap=12),)))
    assert "`phone.endings`" in str(caught.value)
    assert "phone.ending" in str(caught.value).replace("phone.endings", "")
    with pytest.raises(UsageError, match=r"birth_date\.exact"):
        match(people, MatchSettings(rules=(Rule(atoms=("birth_date.exact",), cap=12),)))


def test_every_atom_that_is_made_is_known():
    known = atom_names(["tax_id"])
    assert {"tax_id.exact", "phone.last_four", "either_name.sound", "street.rarest"} <= set(known)
    assert "either_name.exact" not in atoms_of({"given_name": "given_name"})


def test_nearest_means_the_same_attribute_first():
    known = atom_names()
    assert set(nearest("phone.exact", known)) == {"phone.ending", "phone.last_four"}
    assert 1 <= len(nearest("no such thing", known)) <= 5
