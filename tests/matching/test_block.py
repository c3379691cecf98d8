from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.atoms import Atom
from matching.block import Blocking, Rule, block


def atom(name, *slots):
    codes = tuple(np.array(s, dtype=np.int32) for s in slots)
    size = max((int(c.max(initial=-1)) for c in codes), default=-1) + 1
    reading = np.append(np.arange(size, dtype=np.int32), np.int32(-1))
    return Atom(name=name, attribute=name, slots=codes, readings=(reading,) * len(codes))


def pairs(rules, atoms, size):
    key, yields = block(rules, {a.name: a for a in atoms}, size)
    return [(int(k) // size, int(k) % size) for k in key], yields


codes = st.integers(-1, 3)


@given(st.lists(st.tuples(codes, codes, codes), min_size=2, max_size=25))
def test_exactly_the_pairs_that_share_a_key_each_once_left_first(rows):
    size = len(rows)
    one, two, other = (list(column) for column in zip(*rows, strict=True))
    rules = (Rule(atoms=("x",), cap=100), Rule(atoms=("x", "y"), cap=100))
    found, _ = pairs(rules, (atom("x", one, two), atom("y", other)), size)
    expected = [
        (a, b) for a, b in combinations(range(size), 2) if ({one[a], two[a]} - {-1}) & ({one[b], two[b]} - {-1})
    ]
    assert found == expected


def test_rules_count_what_they_bring_and_report_blocks_over_the_cap():
    x, y = atom("x", [0, 0, 1, 1, 1]), atom("y", [0, 0, 0, 0, 1])
    rules = (Rule(atoms=("x",), cap=2), Rule(atoms=("y",), cap=4))
    found, yields = pairs(rules, (x, y), 5)
    assert found == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    assert [(y.pairs, y.new_pairs, y.capped) for y in yields] == [(1, 1, (3,)), (6, 5, ())]
    assert yields[0].capped_blocks == 1


def test_no_rules_no_pairs():
    assert pairs((), (), 4) == ([], ())


@given(st.lists(st.tuples(codes, codes, codes), min_size=1, max_size=25), st.integers(1, 9))
def test_parts_are_the_same_pairs_in_the_same_order(rows, most):
    one, two, other = (list(column) for column in zip(*rows, strict=True))
    atoms = {a.name: a for a in (atom("x", one, two), atom("y", other))}
    rules = (Rule(atoms=("y",), cap=5), Rule(atoms=("x", "y"), cap=100), Rule(atoms=("x",), cap=100))
    blocking = Blocking(rules, atoms, len(rows))
    parts = list(blocking.parts(most))
    assert parts[-1].reached == 1.0
    found = [(int(a), int(b)) for part in parts for a, b in zip(part.left, part.right, strict=True)]
    in_parts = blocking.yields
    assert found == [(int(a), int(b)) for part in blocking.parts() for a, b in zip(part.left, part.right, strict=True)]
    assert in_parts == blocking.yields
    first = np.concatenate([part.rule for part in parts])
    assert [int((first == place).sum()) for place in range(3)] == [y.new_pairs for y in in_parts]


def test_copies_are_chained_and_are_of_no_rule():
    blocking = Blocking((), {}, 4, np.array([1, 3], np.int32))
    (part,) = blocking.parts()
    assert list(zip(part.left.tolist(), part.right.tolist(), strict=True)) == [(0, 1), (2, 3)]
    assert part.rule.tolist() == [-1, -1]
