import numpy as np
import pyarrow.compute as pc

from benchmarks.synthetic.population import population


def test_the_same_seed_gives_the_same_people():
    assert population(500, seed=4).equals(population(500, seed=4))
    assert not population(500, seed=4).equals(population(500, seed=5))


def test_six_in_ten_are_the_first_of_theirs_and_repeats_are_altered():
    people = population(5_000)
    assert people.num_rows == 5_000
    assert len(pc.unique(people["person"])) == 3_000
    frame = people.to_pandas()
    groups = frame.groupby("person")
    assert (groups["birth_date"].nunique() > 1).sum() > 20
    assert (groups["surname"].nunique() > 1).sum() > 50
    same = groups["given"].nunique() == 1
    assert same.mean() > 0.85


def test_a_hub_is_one_phone_on_so_many_records():
    people = population(2_000, hub=300)
    counts = np.sort(np.asarray(pc.value_counts(people["phone"].drop_null()).field("counts")))
    assert counts[-1] == 300
    assert counts[-2] < 20
