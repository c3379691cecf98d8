"""A small run to report on: three sources, English and Chinese customers, one contradiction, one weak link."""

import pandas as pd
import pyarrow as pa
import pytest

from schemas.diagnosis import (
    AttributeProfile,
    ColumnProfile,
    Diagnosis,
    RuleFigures,
    SelfLinks,
    Silence,
    WeightCounts,
)
from schemas.linkage import PAIRS
from schemas.records import TEXT, conform
from stewardship.facts import (
    Changes,
    Contribution,
    LevelWeight,
    RunFacts,
    SourceCounts,
    StageTime,
    Thresholds,
)
from stewardship.merges import riskiest
from stewardship.report import MergeReport

THRESHOLDS = Thresholds(merge_at=0.9, review_at=0.5)

_PEOPLE = [
    # record_key, golden_id, kind, full name, phone, mobile, email, birth date, street, city
    ("sales:1", "G1", "person", "陈伟明", "010-62345678", None, "c@example.cn", "1980-02-29", "朝阳路88号", "北京"),
    ("service:7", "G1", "person", "陳偉明", None, "13800138000", "c@example.cn", None, "朝阳路88號", "北京"),
    ("marketing:a", "G1", "person", "Chen Weiming", None, "13800138000", None, None, None, "Beijing"),
    (
        "sales:2",
        "G2",
        "person",
        "Anna Maier",
        "+442079460018",
        None,
        "anna@example.org",
        "1975-11-03",
        "Elm St",
        "Leeds",
    ),
    ("service:8", "G2", "person", "Anna Mayer", "2079460018", None, "a@example.org", "1957-11-03", "Elm Road", "Leeds"),
    ("sales:3", "G3", "company", "上海归一信息技术有限公司", "021-55556666", None, None, None, "南京西路1号", "上海"),
    ("service:9", "G3", "company", "上海归一信息技术公司", "021-55556666", None, None, None, "南京西路1号", "上海"),
    ("sales:4", "G4", "person", "John Smith", None, None, "not an email", "1990", None, None),
    ("marketing:b", "G5", "person", "李娜", None, "13900139000", "lina@example.cn", None, None, "深圳"),
    ("marketing:c", "G6", "person", "O’Brien & <Sons>", None, None, "ob@example.org", None, None, "Cork"),
]
_PAIRS = [(0, 1, 14.2), (1, 2, 4.5), (0, 2, 1.5), (3, 4, 6.25), (5, 6, 17.0), (7, 8, 0.5), (8, 9, 5.0)]


def text(values):
    return pd.Series(pd.array(pa.array(values, pa.string()), dtype=TEXT))


def make_pairs(rows):
    left, right, weight = zip(*rows, strict=True) if rows else ((), (), ())
    probability = [1 / (1 + 2.0**-w) for w in weight]
    columns = [left, right, [0] * len(left), weight, probability]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, PAIRS, strict=True)], schema=PAIRS)


def make_records(people=_PEOPLE):
    keys, _, kinds, *_ = zip(*people, strict=True)
    names = ("full_name", "phone", "mobile", "email", "birth_date", "street", "city")
    cells = dict(zip(names, list(zip(*people, strict=True))[3:], strict=True))
    source, source_id = zip(*(key.split(":") for key in keys), strict=True)
    columns = {"record_key": keys, "source": source, "source_id": source_id, "kind": kinds, **cells}
    frame = pd.DataFrame({name: text(list(values)) for name, values in columns.items()})
    frame["line"] = range(2, len(frame) + 2)
    frame["company_name"] = frame["full_name"].where(frame["kind"] == "company")
    return conform(frame)


def explain(pairs):
    return [explain_pair(left, right) for left, right in pairs]


def explain_pair(left, right):
    if (left, right) == (3, 4):
        return (
            Contribution(attribute="name", left="anna maier", right="anna mayer", level="close", weight=6.5),
            Contribution(attribute="phone", left="2079460018", right="2079460018", level="exact", weight=11.75),
            Contribution(attribute="birth_date", left="1975-11-03", right="1957-11-03", level="different", weight=-4.0),
            Contribution(attribute="postcode", left=None, right=None, level="missing", weight=0.0),
        )
    return (Contribution(attribute="phone", left="13800138000", right="13800138000", level="exact", weight=12.5),)


def make_diagnosis(rules=None):
    pairs, matches = [0] * 60, [0.0] * 60
    for weight, count, expected in ((-12, 20, 0.0), (-2, 4, 0.9), (3, 5, 4.6), (9, 20, 20.0)):
        pairs[weight + 30], matches[weight + 30] = count, expected
    given = (
        RuleFigures(atoms=("phone.ending",), cap=40, pairs=40, new_pairs=40, new_matches=24.5),
        RuleFigures(
            atoms=("family_name.sound", "birth_date.exact"),
            cap=12,
            pairs=25,
            new_pairs=9,
            new_matches=1.0,
            capped=(13,),
            capped_blocks=1,
        ),
    )
    return Diagnosis(
        records=10,
        candidates=49,
        columns=(
            ColumnProfile(column="full_name", role="full_name", reason="header", filled=10),
            ColumnProfile(column="salutation", role="ignore", reason="constant", filled=3),
            ColumnProfile(column="tax_id", role="ignore", reason="nearly_empty", filled=0),
        ),
        attributes=(AttributeProfile(attribute="family_name", filled=8, distinct=7, top=2),),
        rules=given if rules is None else rules,
        weights=WeightCounts(pairs=tuple(pairs), matches=tuple(matches)),
        self_links=SelfLinks(records=10, unlinkable=1, silences=(Silence(attributes=("city",), records=1),)),
    )


def make_report(**changes):
    records = make_records()
    crosswalk = pd.DataFrame({"record_key": records["record_key"], "golden_id": text([p[1] for p in _PEOPLE])})
    first = ~crosswalk["golden_id"].duplicated()
    customers = pd.concat([crosswalk["golden_id"], records.drop(columns=["record_key", "source", "extra"])], axis=1)[
        first
    ]
    pairs = make_pairs(_PAIRS)
    given = {
        "run": RunFacts(
            run_id="20261121T190000-7f3a",
            started_at="2026-11-21T19:00:00Z",
            seconds=12.4,
            publication="12",
            parent="11",
            model_id="b1946ac92492d234",
            model_trained=True,
            configuration="guiyi.yaml",
            version="0.1.0",
        ),
        "thresholds": THRESHOLDS,
        "sources": (
            SourceCounts(source="sales", department="sales", rows_read=6, accepted=4, quarantined=2, warned=1),
            SourceCounts(source="service", department="service", rows_read=4, accepted=3, superseded=1),
            SourceCounts(source="marketing", department="marketing", rows_read=5, accepted=3, quarantined=1, deleted=1),
        ),
        "records": records,
        "crosswalk": crosswalk,
        "customers": customers.reset_index(drop=True),
        "quarantine": pd.DataFrame(
            {
                "source": text(["sales", "sales", "marketing"]),
                "reasons": text(["missing_id", "impossible_date missing_id", "nothing_to_match_on"]),
            }
        ),
        "warnings": pd.DataFrame(
            {
                "record_key": text(["sales:4", "sales:1"]),
                "attribute": text(["email", "phone"]),
                "reason": text(["bad_email", "bad_phone"]),
            }
        ),
        "pairs": pairs,
        "review": riskiest(records, crosswalk, pairs, thresholds=THRESHOLDS, explain=explain),
        "weights": (
            LevelWeight(comparison="name", level="exact", m=0.6, u=0.0002, weight=11.55),
            LevelWeight(comparison="name", level="close", m=0.3, u=0.003, weight=6.64),
            LevelWeight(comparison="name", level="different", m=0.1, u=0.9968, weight=-3.32),
            LevelWeight(comparison="phone", level="exact", m=0.8, u=0.00001, weight=16.29),
            LevelWeight(comparison="phone", level="different", m=0.2, u=0.99999, weight=-2.32),
        ),
        "diagnosis": make_diagnosis(),
        "stages": (StageTime(stage="read", seconds=3.1), StageTime(stage="match", seconds=8.0)),
        "changes": Changes(created=2, kept=3, grown=1),
        "remarks": ("The date order of sales was inferred: day first.",),
    }
    return MergeReport(**{**given, **changes})


@pytest.fixture(scope="session")
def report():
    return make_report()


@pytest.fixture(scope="session")
def report_with():
    """Makes the report with some of its parts replaced."""
    return make_report


@pytest.fixture(scope="session")
def diagnosis_with():
    """Makes the diagnosis with other rules."""
    return make_diagnosis


@pytest.fixture(scope="session")
def records_of():
    """Makes canonical records of rows such as those above."""
    return make_records


@pytest.fixture(scope="session")
def pairs_of():
    """Makes a table of pairs of (left, right, match weight)."""
    return make_pairs


@pytest.fixture(scope="session")
def text_column():
    """Makes an Arrow-backed column of text."""
    return text
