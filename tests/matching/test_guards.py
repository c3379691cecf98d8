import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from matching.attributes import StandardAttribute
from matching.comparison import Comparison
from matching.explain import explain
from matching.guards import GENERATION, Guards, Veto, generations, plan_vetoes
from matching.match import match
from matching.settings import MatchSettings
from tests.matching.test_check_digits import resident_numbers

BIRTH = Comparison(name="birth_date", kind="date", role="birth_date", group="birth")
ID = Comparison(name="id_card", kind="identifier", role="identifier", group="identifier")
NUMBERS = resident_numbers(60)


def attribute(comparison, *rows):
    """Records with no, one or two values each."""
    values = sorted({value for row in rows for value in row})
    width = max(len(row) for row in rows)
    slots = [
        np.array([values.index(row[place]) if place < len(row) else -1 for row in rows], dtype=np.int32)
        for place in range(width)
    ]
    return StandardAttribute(
        name=comparison.name, role=comparison.role, slots=tuple(slots), values=pa.array(values, pa.string())
    )


def first_two(comparison, veto, one, two):
    found = {comparison.name: attribute(comparison, one, two)}
    return Guards.over((comparison,), found, 2, (veto,)).reasons(0, 1)


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ("dobbins jr", "dobbins sr", True),
        ("klein ii", "klein iii", True),
        ("klein jr", "klein ii", False),
        ("dobbins jr", "dobbins", False),
        ("i", "ii", False),
    ],
)
def test_generations_keep_apart_only_where_both_say(one, two, apart):
    guards = Guards(generation=generations(pa.array([one, two])))
    assert guards.apart(np.array([0], np.int32), np.array([1], np.int32)).tolist() == [apart]
    assert guards.reasons(0, 1) == ((GENERATION,) if apart else ())


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        (["1962-05-17"], ["1988-11-30"], True),
        (["1962-05-17"], ["1962-05-17"], False),
        (["1962-05-17"], ["1962-05-11"], False),  # one digit
        (["1962-05-07"], ["1962-07-05"], False),  # day and month
        (["1962-05-17"], ["1963-10-02"], False),  # near years
        (["1962-05-17"], ["1988-05-17"], False),  # day and month agree
        (["1962"], ["1988-11-30"], False),  # incomplete
        (["1962-01-01"], ["1988-11-30"], False),  # New Year's Day: often only the year is known
        (["1962-05-17"], ["1955-05-05"], False),  # what many records have
        (["1962-05-17"], ["1988-11-30", "1962-05-17"], False),  # one of two agrees
        (["1962-05-17"], [], False),
    ],
)
def test_birth_dates_far_apart(one, two, apart):
    veto = Veto(attribute="birth_date", fillers=("1955-05-05",))
    assert first_two(BIRTH, veto, one, two) == (("birth_date",) if apart else ())


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        ([NUMBERS[0]], [NUMBERS[1]], True),
        ([NUMBERS[0]], [NUMBERS[0]], False),
        ([NUMBERS[0]], [NUMBERS[1][:-1] + "0"], False),  # mistyped
        ([NUMBERS[0]], [NUMBERS[1], NUMBERS[0]], False),  # one of two agrees
        ([NUMBERS[0], NUMBERS[2]], [NUMBERS[1]], True),
        ([NUMBERS[0]], ["E12345678"], False),  # a passport is another kind of number
        ([NUMBERS[0]], [], False),
    ],
)
def test_two_valid_identifiers_of_one_kind(one, two, apart):
    veto = Veto(attribute="id_card", checks=("cn.ric",))
    assert first_two(ID, veto, one, two) == (("id_card",) if apart else ())


def test_only_what_hardly_ever_contradicts_itself_may_veto():
    attributes = {
        "id_card": attribute(ID, *([number] for number in NUMBERS)),
        "birth_date": attribute(BIRTH, *([f"19{50 + n}-03-{1 + n % 28:02d}"] for n in range(40))),
    }
    clean, noisy = {"id_card": 0.02, "birth_date": 0.004}, {"id_card": 0.2, "birth_date": 0.03}
    assert [veto.attribute for veto in plan_vetoes((ID, BIRTH), attributes, clean)] == ["id_card", "birth_date"]
    assert plan_vetoes((ID, BIRTH), attributes, noisy) == ()


def test_an_employers_number_vetoes_nothing():
    shared = {"id_card": attribute(ID, *([NUMBERS[n % 15]] for n in range(60)))}
    assert plan_vetoes((ID,), shared, {"id_card": 0.01}) == ()


def test_a_default_date_is_found_among_birth_dates():
    rows = [[f"19{50 + n % 50}-03-{1 + n % 28:02d}"] for n in range(300)] + [["1970-07-07"]] * 200
    (veto,) = plan_vetoes((BIRTH,), {"birth_date": attribute(BIRTH, *rows)}, {"birth_date": 0.001})
    assert veto.fillers == ("1970-07-07",)


@pytest.fixture(scope="module")
def namesakes():
    """Sixty people with resident numbers; the first two share all but that, and a third record has none."""
    rows = [
        {
            "name": f"{given} {family}",
            "phone": f"1380000{100 + n}",
            "email": f"{given}.{family}{n}@example.com".lower(),
            "id_card": NUMBERS[n],
        }
        for n, (given, family) in enumerate(
            (g, f)
            for g in ("Anna", "Bruno", "Carla", "Dieter", "Emil", "Frida")
            for f in ("Klein", "Gross", "Lang", "Kurz", "Roth", "Weiss", "Braun", "Vogel", "Wolf", "Maier")
        )
    ]
    rows[1] = {**rows[0], "id_card": NUMBERS[1]}
    rows += [{**rows[0], "id_card": None}, {**rows[5]}, {**rows[6], "phone": None}]
    return pd.DataFrame(rows).astype(pd.ArrowDtype(pa.string()))


def test_a_contradiction_splits_a_cluster_and_explains_itself(namesakes):
    matched = match(namesakes, MatchSettings(roles={"id_card": "identifier"}))
    clusters = matched.clusters
    assert [veto.attribute for veto in matched.model.vetoes] == ["id_card"]
    assert clusters[0] != clusters[1]
    assert clusters[60] in {clusters[0], clusters[1]}  # joins one of them, not both
    assert clusters[5] == clusters[61]
    assert explain(namesakes, 0, 1, matched.model).vetoes == ("id_card",)
    assert explain(namesakes, 0, 60, matched.model).vetoes == ()


def test_a_judgement_holds_against_a_contradiction(namesakes):
    judged = pd.DataFrame({"left": [0], "right": [1], "verdict": ["same"]})
    matched = match(namesakes, MatchSettings(roles={"id_card": "identifier"}), judgements=judged)
    assert matched.clusters[0] == matched.clusters[1]
