import numpy as np
import pyarrow as pa

from matching.attributes import StandardAttribute
from matching.comparison import plan_comparisons
from matching.pairs import PairComparer


def attribute(name, role, values, *slots):
    return StandardAttribute(
        name=name, role=role, slots=tuple(np.array(s, np.int32) for s in slots), values=pa.array(values)
    )


def levels(left, right, *attributes):
    comparisons = plan_comparisons(attributes)
    shares = {a.name: np.linspace(0.1, 0.9, len(a.values)) for a in attributes}
    made = PairComparer(comparisons, {a.name: a for a in attributes}, shares, {})
    found = made.compare(np.array(left, np.int32), np.array(right, np.int32))
    named = [[c.levels[level] for c, level in zip(comparisons, row, strict=True)] for row in found.levels]
    return named, found.shares


def test_the_best_of_several_values_counts():
    phones = attribute("phone", "phone", ["2025550173", "4155550199", "4155550198"], [0, 2, 1], [1, -1, -1])
    named, shares = levels([0, 0, 1], [1, 2, 2], phones)
    assert named == [["one_edit"], ["exact"], ["one_edit"]]
    np.testing.assert_allclose(shares[:, 0], [0.9, 0.5, 0.9], atol=1e-6)


def test_missing_is_no_evidence():
    assert levels([0], [1], attribute("email", "email", ["a@b.cd"], [0, -1]))[0] == [["missing"]]


def test_names_in_each_others_place():
    given = attribute("given_name", "given_name", ["jay", "jones", "anna"], [0, 1, 2, 1])
    family = attribute("family_name", "family_name", ["jones", "jay", "smith"], [0, 1, 2, -1])
    named, _ = levels([0, 0, 0], [1, 2, 3], given, family)
    assert named == [["swapped", "swapped"], ["other", "other"], ["crossed", "missing"]]


def test_many_values_compare_piece_by_piece_as_few_do():
    rng = np.random.default_rng(0)
    numbers = rng.choice(9_000_000, 210_000, replace=False) + 1_000_000  # more than a comparer is made of at once
    many = attribute("phone", "phone", [f"202{n}" for n in numbers], np.arange(len(numbers)))
    left, right = np.arange(0, 60_000), np.arange(60_000, 120_000)
    named, _ = levels(left, right, many)
    few = attribute("phone", "phone", many.values.to_pylist()[:120_000], np.arange(120_000))
    assert named == levels(left, right, few)[0]
