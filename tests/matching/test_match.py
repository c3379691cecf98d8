import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.explain import explain
from matching.match import MatchSettings, match
from matching.model import Model
from schemas.errors import UsageError
from schemas.linkage import PAIRS, PATTERNS

TEXT = pd.ArrowDtype(pa.string())
GIVEN = ("anna", "robert", "maria", "james", "linda", "michael", "susan", "peter", "laura", "kevin", "芳", "伟")
FAMILY = ("hammersmith", "leclerc", "novak", "okafor", "jensen", "moretti", "tanaka", "silva", "王", "李")


def people(customers: int, copies: float = 0.6, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers and corrupted repeats of some of them, with the truth."""
    rng = np.random.default_rng(seed)
    base = pd.DataFrame(
        {
            "first_name": rng.choice(GIVEN, customers),
            "last_name": rng.choice(FAMILY, customers),
            "birth_date": (np.datetime64("1950-01-01") + rng.integers(0, 20_000, customers)).astype(str),
            "phone": [f"202{n:07d}" for n in rng.integers(2_000_000, 9_999_999, customers)],
            "city": rng.choice(["leeds", "lyon", "上海", "boston"], customers),
        }
    )
    again = rng.choice(customers, int(customers * copies))
    repeat = base.iloc[again].copy()
    for column in ("phone", "birth_date"):
        repeat.loc[rng.random(len(repeat)) < 0.2, column] = None
    slip = rng.random(len(repeat)) < 0.2
    repeat.loc[slip, "last_name"] = repeat.loc[slip, "last_name"] + "s"
    frame = pd.concat([base, repeat], ignore_index=True).astype(TEXT)
    truth = np.concatenate([np.arange(customers), again])
    order = rng.permutation(len(frame))
    return frame.iloc[order].reset_index(drop=True), truth[order]


def partition(clusters):
    return {frozenset(np.flatnonzero(clusters == c).tolist()) for c in np.unique(clusters)}


def f1(clusters, truth):
    together = lambda codes: sum(n * (n - 1) // 2 for n in np.unique(codes, return_counts=True)[1])  # noqa: E731
    both = together(clusters.astype(np.int64) * len(truth) + truth)
    return 2 * both / (together(clusters) + together(truth))


@pytest.fixture(scope="module")
def small():
    return people(200)


@pytest.fixture(scope="module")
def blocked():
    """More records than all pairs are compared of."""
    return people(1_500, seed=3)


@pytest.fixture(scope="module")
def matched(blocked):
    return match(blocked[0], MatchSettings())


def test_finds_the_customers_without_configuration(small, blocked, matched):
    assert f1(match(small[0], MatchSettings()).clusters, small[1]) > 0.95
    assert f1(matched.clusters, blocked[1]) > 0.95
    assert matched.blocking.rules
    assert matched.blocking.candidates < len(blocked[0]) * 30


def test_tables_keep_their_schemas_and_sort_their_pairs(matched):
    assert matched.pairs.schema.equals(PAIRS)
    assert matched.patterns.schema.equals(PATTERNS)
    left, right = matched.pairs["left"].to_numpy(), matched.pairs["right"].to_numpy()
    assert (left < right).all()
    assert (np.diff(left.astype(np.int64) * 10**6 + right) > 0).all()
    assert matched.pairs["match_probability"].to_numpy().min() >= 0.1
    assert matched.pairs["pattern"].to_numpy().max() < len(matched.patterns)


def test_clusters_are_numbered_by_first_appearance(matched):
    _, first = np.unique(matched.clusters, return_index=True)
    assert (np.diff(first) > 0).all()


@given(order=st.permutations(range(64)))
@settings(max_examples=10, deadline=None)
def test_the_partition_does_not_depend_on_the_order_of_rows(order):
    records, _ = people(40, seed=1)
    records = records.drop_duplicates(ignore_index=True)
    order = np.array([i for i in order if i < len(records)])
    plain = partition(match(records, MatchSettings()).clusters)
    moved = match(records.iloc[order].reset_index(drop=True), MatchSettings()).clusters
    assert plain == {frozenset(order[sorted(group)].tolist()) for group in partition(moved)}


def test_nor_does_it_where_records_are_blocked(blocked, matched):
    records = blocked[0]
    order = np.random.default_rng(9).permutation(len(records))
    moved = match(records.iloc[order].reset_index(drop=True), MatchSettings())
    back = np.empty(len(order), dtype=np.int64)
    back[order] = moved.clusters
    assert f1(back, matched.clusters) == pytest.approx(1, abs=2e-3)  # equal rows may change places
    assert moved.blocking.candidates == matched.blocking.candidates


def test_a_frozen_model_gives_the_same_again(blocked, matched):
    again = match(blocked[0], MatchSettings(), model=matched.model)
    np.testing.assert_array_equal(again.clusters, matched.clusters)
    assert again.pairs.equals(matched.pairs)


def test_a_model_survives_json(blocked, matched):
    text = matched.model.to_json()
    read = Model.from_json(text)
    assert read.to_json() == text
    assert read.model_id == matched.model.model_id
    again = match(blocked[0], MatchSettings(), model=read)
    np.testing.assert_array_equal(again.clusters, matched.clusters)
    assert again.pairs.equals(matched.pairs)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}'])
def test_what_is_no_model_is_refused(text):
    with pytest.raises(UsageError):
        Model.from_json(text)


def test_explanations_sum_to_the_weight_of_the_pair(blocked, matched):
    rng = np.random.default_rng(4)
    for at in rng.choice(len(matched.pairs), 12, replace=False):
        pair = {name: matched.pairs[name][int(at)].as_py() for name in matched.pairs.column_names}
        told = explain(blocked[0], pair["left"], pair["right"], matched.model)
        parts = told.prior + told.crowds + sum(a.match_weight for a in told.attributes)
        assert told.match_weight == pytest.approx(parts)
        assert told.match_weight == pytest.approx(pair["match_weight"], abs=1e-3)
        assert told.match_probability == pytest.approx(pair["match_probability"], abs=1e-4)


def test_judgements_hold(small):
    records, _ = small
    plain = match(records, MatchSettings()).clusters
    one, two = np.flatnonzero(plain == np.bincount(plain).argmax())[:2]
    far = int(np.flatnonzero(plain != plain[one])[0])
    judged = pd.DataFrame(
        {"left": [two, far], "right": [one, one], "verdict": ["different", "same"]},
    )
    found = match(records, MatchSettings(), judgements=judged).clusters
    assert found[one] != found[two]
    assert found[one] == found[far]


def test_persons_and_companies_are_never_compared():
    row = {"full_name": "hammersmith", "email": "info@hammersmith.example", "city": "leeds"}
    kinds = ["person", "company", None, "person"]
    records = pd.DataFrame([{**row, "kind": k} for k in kinds]).astype(TEXT)
    found = match(records, MatchSettings(kind_column="kind"))
    pairs = set(zip(found.pairs["left"].to_pylist(), found.pairs["right"].to_pylist(), strict=True))
    assert (0, 1) not in pairs
    assert (1, 3) not in pairs
    assert (0, 3) in pairs
    assert found.clusters[0] != found.clusters[1]


def test_father_and_son_stay_apart():
    row = {"first_name": "David", "address": "1450 N City Rd", "city": "Arlington", "phone": "202-555-0173"}
    records = pd.DataFrame([{**row, "last_name": f"Dobbins {g}"} for g in ("Jr", "Sr", "Jr")]).astype(TEXT)
    assert match(records, MatchSettings()).clusters.tolist() == [0, 1, 0]


def test_progress_is_told_in_order(small):
    told = []
    match(small[0], MatchSettings(), progress=lambda step, share: told.append((step, share)))
    assert [share for _, share in told] == sorted(share for _, share in told)
    assert told[-1][1] == 1.0


@pytest.mark.parametrize("classifier", ["ecm", "naive_bayes", "logistic_regression", "svm"])
def test_another_classifier_can_be_chosen_and_is_frozen_and_explained(blocked, matched, classifier):
    records, truth = blocked
    near = match(records, MatchSettings(review_at=1e-9), model=matched.model).pairs
    left, right = (near[side].to_numpy() for side in ("left", "right"))
    verdict = np.where(truth[left] == truth[right], "same", "different")
    judged = pd.DataFrame({"left": left, "right": right, "verdict": verdict})
    chosen = match(records, MatchSettings(classifier=classifier), judgements=judged)
    assert chosen.model.parameters.linear is not None
    assert f1(chosen.clusters, truth) > 0.9
    again = match(records, MatchSettings(), model=Model.from_json(chosen.model.to_json()), judgements=judged)
    np.testing.assert_array_equal(again.clusters, chosen.clusters)
    pair = {name: chosen.pairs[name][0].as_py() for name in chosen.pairs.column_names}
    told = explain(records, pair["left"], pair["right"], chosen.model)
    assert told.match_weight == pytest.approx(pair["match_weight"], abs=1e-3)


def test_roles_of_columns_that_are_not_there_are_refused(small):
    with pytest.raises(UsageError, match="surname"):
        match(small[0], MatchSettings(roles={"surname": "family_name"}))


def test_records_that_say_nothing_of_anyone_are_refused():
    records = pd.DataFrame({"created_at": ["2026-01-01", "2026-01-02"], "status": ["open", "closed"]}).astype(TEXT)
    with pytest.raises(UsageError, match="created_at"):
        match(records, MatchSettings())
