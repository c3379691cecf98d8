import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from matching.cluster import Judgements
from matching.comparison import Comparison
from matching.estimate import Evidence, JudgedLevels, estimate
from matching.judged import contradicted
from matching.match import match
from matching.model import Model
from matching.patterns import group_patterns
from matching.settings import MatchSettings

LEAST = 1e-3
KEEPING = MatchSettings(review_at=LEAST)
TEXT = pd.ArrowDtype(pa.string())


def judgements(*pairs):
    left, right, same = zip(*pairs, strict=True)
    return Judgements(left=np.array(left, np.int32), right=np.array(right, np.int32), same=np.array(same))


@pytest.mark.parametrize(
    ("pairs", "against"),
    [
        ([(0, 1, True), (1, 2, True), (0, 2, False)], [False, False, True]),
        ([(0, 1, True), (0, 1, False)], [False, True]),
        ([(0, 1, True), (1, 2, False), (2, 3, True)], [False, False, False]),
        ([(0, 1, False)], [False]),
    ],
)
def test_who_contradicts_whom(pairs, against):
    assert contradicted(judgements(*pairs), 4).tolist() == against


def people(count, seed):
    """Records of people; errors come together, so that the model is unsure of pairs that are one customer."""
    rng = np.random.default_rng(seed)
    who = pd.DataFrame(
        {
            "given": rng.choice([f"name{chr(97 + i)}{chr(97 + j)}" for i in range(12) for j in range(12)], count),
            "family": rng.choice([f"{chr(97 + i)}{chr(97 + j)}smith" for i in range(18) for j in range(18)], count),
            "birth_date": rng.choice(pd.date_range("1950-01-01", "2000-12-31").strftime("%Y-%m-%d"), count),
            "email": [f"u{v}@example.com" for v in rng.integers(0, 10**6, count)],
            "city": rng.choice(["Leeds", "Lyon", "Bonn", "Turin", "Gent", "Porto"], count),
        }
    )
    again = who.iloc[: count // 2].copy()
    bad = rng.random(len(again)) < 0.4
    for column in ("given", "email", "birth_date"):
        wrong = bad & (rng.random(len(again)) < 0.7)
        again.loc[wrong, column] = who[column].sample(int(wrong.sum()), random_state=seed).to_numpy()
    records = pd.concat([who, again], ignore_index=True).rename(columns={"given": "first name", "family": "last name"})
    truth = np.concatenate([np.arange(count), np.arange(count // 2)])
    order = rng.permutation(len(records))
    return records.iloc[order].reset_index(drop=True).astype(TEXT), truth[order]


def judged(matched, truth, count, seed):
    """So many judgements of pairs that the model is unsure of."""
    pairs = matched.pairs.to_pandas()
    unsure = pairs[pairs["match_probability"].between(0.1, 0.9)]
    chosen = unsure.sample(min(count, len(unsure)), random_state=seed)
    same = truth[chosen["left"]] == truth[chosen["right"]]
    verdict = np.where(same, "same", "different")
    return pd.DataFrame({"left": chosen["left"].to_numpy(), "right": chosen["right"].to_numpy(), "verdict": verdict})


def log_losses(one, other, truth, without):
    """Of two matchings, over the pairs that either keeps and nobody has judged."""
    keys = ["left", "right"]
    both = one.pairs.to_pandas().merge(other.pairs.to_pandas(), on=keys, how="outer").fillna(LEAST)
    both = both.merge(without[keys].assign(known=True), on=keys, how="left")
    both = both[both["known"].isna()]
    same = truth[both["left"]] == truth[both["right"]]
    chances = [np.clip(both[f"match_probability_{c}"].to_numpy(dtype=float), LEAST, 1 - LEAST) for c in "xy"]
    return [float(-np.where(same, np.log(p), np.log1p(-p)).sum()) for p in chances]


@pytest.fixture(scope="module")
def table():
    records, truth = people(700, 3)
    return records, truth, match(records, KEEPING)


def test_pairs_that_nobody_judged_are_told_better_not_worse(table):
    records, truth, plain = table
    some = judged(plain, truth, 25, seed=1)
    taught = match(records, KEEPING, judgements=some)
    assert (taught.model.parameters.scale, taught.model.parameters.shift) != (1.0, 0.0)
    assert Model.from_json(taught.model.to_json()).parameters.shift == taught.model.parameters.shift
    before, after = log_losses(plain, taught, truth, some)
    assert after <= 1.02 * before


def test_too_few_judgements_hold_and_teach_nothing(table):
    records, truth, plain = table
    few = judged(plain, truth, 8, seed=1)
    taught = match(records, KEEPING, judgements=few)
    assert taught.model.model_id == plain.model.model_id
    together = taught.clusters[few["left"]] == taught.clusters[few["right"]]
    assert (together == (few["verdict"] == "same").to_numpy()).all()


def test_judged_patterns_pull_m_towards_what_they_show():
    """Of the matches a third disagree on the email; nothing but judgements could tell."""
    comparisons = (
        Comparison(name="email", kind="email", role="email", group="email"),
        Comparison(name="birth_date", kind="date", role="birth_date", group="birth"),
    )
    rng = np.random.default_rng(0)
    same = np.arange(20_000) < 400
    last = [len(c.levels) - 1 for c in comparisons]
    agree = np.stack([rng.random(len(same)) < np.where(same, 0.66, 0.001) for _ in comparisons], axis=1)
    levels = np.where(agree, 1, last).astype(np.int8)
    evidence = {
        "candidates": group_patterns(levels)[0],
        "others": None,
        "sampled": 1,
        "space": float(len(levels)),
        "agreements": agree.sum(axis=0).astype(float),
        "records": 300,
    }
    plain = estimate(comparisons, Evidence(**evidence))
    shown = JudgedLevels(levels=np.repeat([[last[0], 1]], 40, axis=0).astype(np.int8), same=np.ones(40, np.bool_))
    taught = estimate(comparisons, Evidence(**evidence, judged=shown))
    assert taught.matched[0][-1] > plain.matched[0][-1] + 0.05
