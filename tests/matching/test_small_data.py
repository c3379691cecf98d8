"""What users expect of a handful of records, where nothing can be estimated; and of a model that was trained on few."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from matching.explain import explain
from matching.match import MatchSettings, match

TEXT = pd.ArrowDtype(pa.string())


def table(*rows: dict) -> pd.DataFrame:
    return pd.DataFrame(list(rows)).astype(TEXT)


ROB = {"full_name": "Robert Hammersmith", "email": "rob.hammersmith@example.com", "city": "Leeds"}
FANG = {"full_name": "王小芳", "email": "xiaofang.wang@example.cn", "city": "上海"}
ANNA = {"full_name": "Anna Leclerc", "email": "anna.leclerc@example.fr", "city": "Lyon"}


@pytest.mark.parametrize("others", [(), (FANG,), (FANG, ANNA)])
def test_alike_records_are_one_customer_however_few_there_are(others):
    clusters = match(table(ROB, ROB, *others), MatchSettings()).clusters
    assert clusters[0] == clusters[1]
    assert len(set(clusters)) == 1 + len(others)


def test_same_name_and_phone_with_a_typo_in_a_small_file():
    rows = [
        {"given_name": "Robert", "family_name": "Hammersmith", "phone": "202-555-0173", "city": "Leeds"},
        {"given_name": "Robert", "family_name": "Hamersmith", "phone": "(202) 555-0173", "city": "Leeds"},
        {"given_name": "Anna", "family_name": "Leclerc", "phone": "202-555-0199", "city": "Lyon"},
        {"given_name": "芳", "family_name": "王", "phone": "13800138000", "city": "上海"},
    ]
    clusters = match(table(*rows), MatchSettings()).clusters
    assert clusters[0] == clusters[1]
    assert len(set(clusters)) == 3


@pytest.mark.parametrize("rows", [0, 1])
def test_none_or_one_record(rows):
    assert len(match(table(ROB).iloc[:rows], MatchSettings()).clusters) == rows


def test_a_model_of_few_records_does_not_compare_all_pairs_of_many():
    rng = np.random.default_rng(1)
    small = table(ROB, ROB, FANG, ANNA)
    model = match(small, MatchSettings()).model
    n = 4_000
    many = pd.DataFrame(
        {
            "full_name": [f"{a} {b}" for a, b in rng.integers(0, 10**6, (n, 2))],
            "email": [f"p{i}@example.com" for i in range(n)],
            "city": rng.choice(["Leeds", "Lyon", "上海"], n),
        }
    ).astype(TEXT)
    assert match(many, MatchSettings(), model=model).blocking.candidates < 50 * n


def test_thresholds_of_the_settings_hold_with_a_frozen_model_too():
    records = table(ROB, {**ROB, "email": None}, FANG, ANNA)
    model = match(records, MatchSettings()).model
    strict = match(records, MatchSettings(merge_at=0.999999, review_at=0.999999), model=model)
    assert (strict.pairs["match_probability"].to_numpy() >= 0.999999).all()


NAMES = [f"{a} {b}" for a in ("Anna", "Bruno", "Carla", "Dieter", "Emil", "Frida") for b in ("Klein", "Gross", "Lang",
         "Kurz", "Roth", "Weiss", "Braun", "Schwarz", "Neumann", "Vogel")]  # fmt: skip


@pytest.mark.parametrize(
    "columns",
    [
        {"name": NAMES},
        {"first name": [n.split()[0] for n in NAMES], "last name": [n.split()[1] for n in NAMES]},
        {"name": NAMES, "city": ["Berlin", "Bonn", "Kiel"] * 20},
        {"company": [f"{n.split()[1]} Tools {n[0]}" for n in NAMES]},
    ],
    ids=["names", "first and last names", "names and cities", "companies"],
)
@pytest.mark.parametrize("distinct", [3, 60])
def test_equal_rows_are_one_where_the_table_says_no_more(columns, distinct):
    frame = pd.DataFrame(columns).astype(TEXT).iloc[:distinct]
    again = frame.iloc[: max(distinct // 3, 1)].apply(lambda column: column.str.upper())
    records = pd.concat([frame, again], ignore_index=True)
    matched = match(records, MatchSettings())
    clusters = matched.clusters
    assert (clusters[distinct:] == clusters[: len(again)]).all()
    assert len(set(clusters.tolist())) == distinct
    explained = explain(records, 0, distinct, matched.model)
    parts = explained.prior + explained.crowds + sum(a.match_weight for a in explained.attributes)
    assert explained.match_probability > 0.5
    assert parts == pytest.approx(explained.match_weight)


def test_equal_names_are_no_proof_where_the_table_could_have_said_more():
    n = 400
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "given_name": rng.choice(["David", "Lisa", "Mary", "James", "Laura"], n),
            "family_name": rng.choice(["Scott", "Young", "Moore", "Smith"], n),
            "phone": [str(v) for v in rng.integers(2_010_000_000, 9_890_000_000, n)],
            "email": [f"user{v}@example.com" for v in rng.integers(0, 10**6, n)],
            "birth_date": rng.choice(pd.date_range("1950-01-01", "2000-12-31").strftime("%Y-%m-%d"), n),
        }
    )
    frame.loc[:1, ["given_name", "family_name"]] = ["David", "Smith"]
    frame.loc[:1, ["phone", "email", "birth_date"]] = None
    clusters = match(frame.astype(TEXT), MatchSettings()).clusters
    assert clusters[0] != clusters[1]
