from schemas.diagnosis import RuleFigures
from stewardship.attention import attention
from stewardship.facts import SourceCounts
from stewardship.measures import PairCounts
from stewardship.merges import MergeReview

NONE = PairCounts(together=9, waiting=0, apart=2)


def test_a_calm_run_needs_nobody():
    source = SourceCounts(source="a", rows_read=9, accepted=9)
    assert (
        attention(MergeReview(merged=4), NONE, [source], [RuleFigures(atoms=("r",), cap=9, pairs=9, new_pairs=9)]) == ()
    )


def test_the_gravest_comes_first_and_counts_are_summed():
    sources = [SourceCounts(source=s, rows_read=9, accepted=7, quarantined=2, warned=1) for s in "ab"]
    review = MergeReview(weak_links=3, contradictions=1, large=2)
    pairs = PairCounts(together=0, waiting=5, apart=0)
    found = attention(review, pairs, sources, [RuleFigures(atoms=("r",), cap=9, pairs=9, new_pairs=9, capped_blocks=4)])
    assert [(n.key, n.count, n.acts) for n in found] == [
        ("need_contradictions", 1, True),
        ("need_weak_links", 3, True),
        ("need_waiting", 5, True),
        ("need_quarantined", 4, True),
        ("need_large", 2, False),
        ("need_capped", 4, False),
        ("need_warned", 2, False),
    ]
