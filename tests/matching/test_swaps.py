import pandas as pd
import pyarrow as pa
import pytest

from matching.match import MatchSettings, match

TEXT = pd.ArrowDtype(pa.string())


def levels(left: tuple[str | None, str | None], right: tuple[str | None, str | None]) -> str:
    """Levels of two people of one mailbox, by (family, given) name."""
    rows = [
        {"family_name": family, "given_name": given, "email": "one@example.cn", "phone": "13800138000"}
        for family, given in (left, right)
    ]
    rows.append({"family_name": "Quill", "given_name": "Zoe", "email": "zoe@q.com", "phone": "3125550111"})
    matched = match(pd.DataFrame(rows).astype(TEXT), MatchSettings(review_at=0.0))
    pairs = matched.pairs.to_pandas()
    pattern = pairs.loc[(pairs["left"] == 0) & (pairs["right"] == 1), "pattern"].iloc[0]
    return matched.patterns.column("levels").to_pylist()[pattern]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (("刘", "立林"), ("立", "林刘")),  # 立林刘: the given name first, cut as if the family name were
        (("王", "伟"), ("伟", "王")),
        (("王", "伟"), ("Wei", "Wang")),
        (("Scott", "David"), ("David", "Scott")),
    ],
)
def test_names_the_wrong_way_round(left, right):
    assert levels(left, right).count('"swapped"') == 2


def test_a_whole_name_in_the_place_of_the_family_name():
    assert '"crossed"' in levels(("易", "博强"), ("易博强", None))


def test_other_names_are_no_swap():
    found = levels(("刘", "立林"), ("陈", "美敏"))
    assert "swapped" not in found
    assert "crossed" not in found
