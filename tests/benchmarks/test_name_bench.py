import numpy as np
import pytest

from benchmarks.name_bench import Pair, area, points


def pair(left: str, right: str, *, person: bool = True) -> Pair:
    return Pair(left=left, right=right, person=person, same=True, strength="MEDIUM")


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    same = np.array([True, True, False, False])
    assert area(np.array([0.9, 0.4, 0.5, 0.1]), same) == pytest.approx(0.75)
    assert area(np.array([0.5, 0.5, 0.5, 0.5]), same) == pytest.approx(0.5)


def test_people_are_worth_the_more_the_more_their_names_agree():
    pairs = [pair("John Smith", "Smith, John"), pair("Jon Smith", "John Smith"), pair("Paul Smith", "John Smith")]
    whole, slip, half = points([*pairs, pair("Anna Baker", "John Smith")], "full_name")[:3]
    assert whole == pytest.approx(1.0)
    assert whole > slip > 0.6 > half


def test_organisations_too():
    pairs = [pair("Acme Ltd", "ACME Limited", person=False), pair("Acme Ltd", "Northwind Traders", person=False)]
    found = points(pairs, "company_name")
    assert found[0] == pytest.approx(1.0)
    assert found[1] < 0.5
