from matching.comparison import Comparison
from matching.kinship import crowds


def comparison(group, role="city", kind="place"):
    return Comparison(name=group, kind=kind, role=role, group=group)


def test_a_crowd_needs_something_to_tell_it_from_matches():
    assert "household" not in crowds((comparison("place"), comparison("family"))).names
    assert "household" in crowds((comparison("place"), comparison("family"), comparison("given"))).names


def test_what_a_crowd_shares_is_marked():
    found = crowds((comparison("given"), comparison("place"), comparison("birth")))
    row = found.shared[found.names.index("neighbours")]
    assert row.tolist() == [0, 1, 0]


def test_traits_alone_make_no_namesakes():
    assert "namesakes" not in crowds((comparison("trait"), comparison("place"), comparison("company"))).names


def test_no_crowds_without_comparisons():
    assert crowds(()).shared.shape == (0, 0)


def test_a_shared_mailbox_is_expected_in_small_tables_only():
    found = crowds((comparison("given"), comparison("family"), comparison("email"), comparison("phone")))
    assert found.least[found.names.index("family_mailbox")] > 0
    assert found.least[found.names.index("namesakes")] == 0
