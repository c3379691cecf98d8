import dataclasses
import os
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from schemas.messages import LOCALES, catalogue
from stewardship.facts import LevelWeight, SharedValue, SourceCounts, StageTime
from stewardship.merges import MergeReview, riskiest
from stewardship.report import render

HOUSE = Path(__file__).parents[2]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp; </style></title>"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """The tags, the tables by name, and the text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.tables, self.open, self.text = [], {}, [], []
        self.rows = None
        self.feed(html)
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.rows = []
            self.tables.setdefault(dict(attrs).get("data-table"), self.rows)
        elif tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        if self.open and self.open[-1] != "title" and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data

    def body(self, name):
        """The rows of a table below its heading, blanks dropped."""
        rows = [[" ".join(cell.split()) for cell in row] for row in self.tables[name]]
        return [[cell for cell in row if cell] for row in rows]


def always(*contributions):
    return lambda pairs: [contributions] * len(pairs)


@pytest.fixture(scope="module")
def pages(report):
    return {locale: render(report, locale=locale) for locale in LOCALES}


@pytest.fixture(scope="module")
def page(pages):
    return Page(pages["en"])


def test_the_headline_answers_what_happened(page):
    said = " ".join(" ".join(page.text).split())
    assert "15 rows became 6 customers" in said
    assert "4 duplicate records were merged into another: 40.0% of all records." in said


def test_the_flow_agrees(page):
    assert page.body("flow")[1:] == [
        ["Rows read", "15"],
        ["Accepted", "10", "66.7%"],
        ["Quarantined", "3", "20.0%"],
        ["Superseded", "1", "6.7%"],
        ["Deleted at source", "1", "6.7%"],
        ["Records", "10"],
        ["Merged into another", "4", "40.0%"],
        ["Customers", "6", "60.0%"],
    ]


def test_the_sources_agree(page):
    assert page.body("sources")[1:] == [
        ["sales", "sales", "6", "4", "2", "0", "0", "1"],
        ["service", "service", "4", "3", "0", "1", "0", "0"],
        ["marketing", "marketing", "5", "3", "1", "0", "1", "0"],
    ]
    assert page.body("overlap")[1:] == [
        ["marketing", "2", "33.3%"],
        ["sales + service", "2", "33.3%"],
        ["sales", "1", "16.7%"],
        ["marketing + sales + service", "1", "16.7%"],
    ]


def test_the_pairs_agree(page):
    assert [row[-1] for row in page.body("pairs")[1:]] == ["5", "1", "1"]
    assert sum(int(cell) for row in page.body("bins")[1:] for cell in row[1:]) == 7
    assert page.body("sizes")[1:] == [["1", "3"], ["2", "2"], ["3", "1"]]


def test_the_quality_agrees(page):
    rows = {row[0]: row[1:] for row in page.body("quality")[2:]}
    assert rows["Email"] == ["70.0%", "83.3%", "85.7%", "80.0%", "6", "5"]
    assert rows["Full name"] == ["100%", "100%", "100%", "100%", "10", "6"]
    assert rows["Phone"] == ["50.0%", "50.0%", "80.0%", "66.7%", "4", "3"]


def test_quarantine_and_warnings_agree(page):
    rows = page.body("quarantine")[1:]
    assert [row[-1] for row in rows] == ["2", "1", "1"]
    for row, end in zip(rows, ("sales 2", "sales 1", "marketing 1"), strict=True):
        assert row[0].endswith(end)
    assert [(row[0], row[-1]) for row in page.body("warnings")[1:]] == [("Email", "1"), ("Phone", "1")]


def test_the_model_agrees(page):
    rows = page.body("model:name")[1:]
    assert rows[0] == ["exact", "+11.6", "0.600", "2.0 × 10⁻⁴"]
    assert rows[2] == ["different", "−3.3", "0.100", "0.997"]
    assert len(page.body("model:phone")[1:]) == 2
    assert page.body("rules")[1:] == [
        ["phone.ending", "40", "40", "24", "40", "0"],
        ["family_name.sound & birth_date.exact", "25", "9", "1.0", "12", "1", "13"],
    ]
    assert page.body("stages")[1:] == [["Read", "3.1 s"], ["Match", "8.0 s"]]


def test_what_to_expect_of_thresholds_agrees(page):
    rows = {row[0]: row[1:] for row in page.body("expected")[1:]}
    assert rows["+3.0"] == ["88.9%", "25", "98.4%", "96.5%"]
    assert rows["−3.0"] == ["11.1%", "29", "87.9%", "100%"]
    assert sum(int(row[1]) for row in page.body("weight_counts")[1:]) == 49


def test_the_profile_and_the_silent_agree(page):
    assert page.body("columns")[1:] == [
        ["full_name", "Full name", "its name says so", "100%"],
        ["salutation", "Left out", "the same value everywhere", "30.0%"],
    ]
    assert page.body("profile")[1:] == [["Family name", "80.0%", "7", "25.0%"]]
    assert page.body("unlinkable")[1:] == [["City", "1"]]
    assert "1 column without a value is left out." in " ".join(page.text)


def test_where_every_pair_was_compared_there_are_no_rules(report_with, diagnosis_with):
    page = Page(render(report_with(diagnosis=diagnosis_with(rules=())), locale="en"))
    assert "rules" not in page.tables
    assert "every pair was compared" in " ".join(page.text)


def test_the_changes_agree(page, report_with):
    assert [row[-1] for row in page.body("changes")[1:]] == ["2", "3", "1", "0", "0", "0", "0", "0"]
    assert "changes" not in Page(render(report_with(changes=None), locale="en")).tables


def test_the_merges_are_shown_with_their_evidence(pages):
    html = pages["en"]
    assert re.findall(r'data-golden="(\w+)"', html) == ["G1", "G2", "G3"]
    assert "197<mark>5</mark>-11-03" in html
    assert "Ma<mark>i</mark>er" in html
    assert "Contradiction: Birth date" in html
    assert "+11.8" in html


def test_the_model_is_folded_to_a_line_for_each_comparison(pages):
    lines = re.findall(r'<summary class="reach">(.*?)</summary>', pages["en"])
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)).split() for line in lines]
    assert told == [["Name", "−3.3", "+11.6", "3", "levels"], ["Phone", "−2.3", "+16.3", "2", "levels"]]
    assert '<details class="comparison">' in pages["en"]


def test_merges_on_strong_links_are_folded(pages):
    shown, _, folded = pages["en"].partition('<details class="strong">')
    assert re.findall(r'data-golden="(\w+)"', shown) == ["G1", "G2"]
    assert "1 more, the weakest of those held by strong links" in folded


@pytest.mark.parametrize(("golden", "words"), [("G1", "by other records"), ("G2", "by a decision")])
def test_what_holds_a_weak_link_is_said(report, report_with, golden, words):
    merges = tuple(
        dataclasses.replace(merge, weight=2.0, probability=0.8, held=merge.golden_id == golden)
        for merge in report.review.merges
    )
    html = render(report_with(review=dataclasses.replace(report.review, merges=merges)), locale="en")
    [said] = re.findall(r"below the threshold, held together [\w ]+", html)
    assert said.endswith(words)


def test_pairs_below_the_threshold_in_one_customer_are_explained(page):
    assert "1 of the pairs in one customer is below the merge threshold" in " ".join(page.text)


def test_where_nothing_is_doubted_little_is_said(report, report_with):
    sources = tuple(dataclasses.replace(source, warned=0) for source in report.sources)
    page = Page(render(report_with(warnings=report.warnings.iloc[:0], sources=sources), locale="en"))
    assert page.body("quality")[1] == ["before", "after", "before", "after"]
    assert len(page.body("sources")[1]) == len(Page(render(report, locale="en")).body("sources")[1]) - 1
    said = " ".join(page.text)
    assert "No value was doubted." in said
    assert "No warnings." in said
    assert "Valid" not in said


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_is_loaded_or_run(pages, locale):
    page = Page(pages[locale])
    assert {"script", "iframe", "object", "embed", "img", "form", "base"}.isdisjoint(tag for tag, _ in page.tags)
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in {"href", "src", "xlink:href", "action", "srcset"}:
                assert value == "data:," if tag == "link" else value.startswith("#")
    style = re.search(r"<style>(.*?)</style>", pages[locale], re.DOTALL).group(1)
    assert "url(" not in style
    assert "@import" not in style
    policy = next(a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")


@pytest.mark.parametrize("locale", LOCALES)
def test_links_lead_somewhere_and_ids_are_unique(pages, locale):
    page = Page(pages[locale])
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for tag, a in page.tags if tag == "a"} <= set(ids)


def test_both_languages_have_the_same_structure(pages):
    english, chinese = (
        [(tag, a.get("class"), a.get("data-table")) for tag, a in Page(pages[locale]).tags] for locale in LOCALES
    )
    assert english == chinese


def test_the_chinese_page_is_chinese(pages):
    assert '<html lang="zh-CN">' in pages["zh_CN"]
    assert "15 行数据，归为 6 位客户" in pages["zh_CN"]


@pytest.mark.parametrize("locale", LOCALES)
def test_hostile_values_stay_text(report, report_with, text_column, locale):
    records = report.records.copy()
    every = text_column([HOSTILE] * len(records))
    for name in ("full_name", "email", "street", "company_name", "tax_id", "source"):
        records[name] = every
    records["record_key"] = text_column([f"{HOSTILE}:{i}" for i in range(len(records))])
    crosswalk = pd.DataFrame(
        {"record_key": records["record_key"], "golden_id": report.crosswalk["golden_id"] + HOSTILE}
    )
    contribution = dataclasses.replace(report.review.merges[0].contributions[0], attribute=HOSTILE, level=HOSTILE)
    hostile = report_with(
        run=dataclasses.replace(
            report.run, run_id=HOSTILE, publication=HOSTILE, model_id=HOSTILE, configuration=HOSTILE, started_at=HOSTILE
        ),
        sources=(SourceCounts(source=HOSTILE, department=HOSTILE, rows_read=10, accepted=10),),
        records=records,
        crosswalk=crosswalk,
        quarantine=pd.DataFrame({"source": every, "reasons": every}),
        warnings=pd.DataFrame({"record_key": records["record_key"], "attribute": every, "reason": every}),
        review=riskiest(records, crosswalk, report.pairs, thresholds=report.thresholds, explain=always(contribution)),
        weights=(LevelWeight(comparison=HOSTILE, level=HOSTILE, m=0.5, u=0.1, weight=2.3),),
        diagnosis=hostile_diagnosis(report.diagnosis),
        stages=(StageTime(stage=HOSTILE, seconds=1.0),),
        remarks=(HOSTILE,),
    )
    html = render(hostile, locale=locale)
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("</style>") == 1
    page = Page(html)
    assert {"script", "img"}.isdisjoint(tag for tag, _ in page.tags)
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_quarantined_values_never_appear(report, report_with, text_column):
    quarantine = report.quarantine.assign(raw=text_column(["TOP SECRET"] * 3))
    assert "TOP SECRET" not in render(report_with(quarantine=quarantine), locale="en")


def hostile_diagnosis(given):
    """Every text of a diagnosis turned hostile."""
    return dataclasses.replace(
        given,
        columns=(dataclasses.replace(given.columns[0], column=HOSTILE, role=HOSTILE),),
        attributes=(dataclasses.replace(given.attributes[0], attribute=HOSTILE),),
        rules=(dataclasses.replace(given.rules[0], atoms=(HOSTILE,)),),
        self_links=dataclasses.replace(
            given.self_links, silences=(dataclasses.replace(given.self_links.silences[0], attributes=(HOSTILE,)),)
        ),
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_an_empty_run_has_a_report_too(report, report_with, locale):
    empty = report_with(
        sources=(),
        **{
            name: getattr(report, name).iloc[:0]
            for name in ("records", "crosswalk", "customers", "quarantine", "warnings")
        },
        pairs=report.pairs.slice(0, 0),
        review=MergeReview(),
        weights=(),
        diagnosis=None,
        stages=(),
        changes=None,
        remarks=(),
    )
    html = render(empty, locale=locale)
    assert "nan" not in re.sub(r"<[^>]+>", "", html)
    Page(html)


@pytest.mark.parametrize("outcome", ["published", "unchanged", "dry_run"])
def test_the_outcome_is_said(report, report_with, outcome):
    html = render(report_with(run=dataclasses.replace(report.run, outcome=outcome)), locale="en")
    assert catalogue("en")[f"report.outcome_{outcome}"] in html


def test_rendering_changes_nothing_it_was_given(report):
    before = [getattr(report, name).copy(deep=True) for name in ("records", "crosswalk", "customers", "warnings")]
    first = render(report, locale="en")
    assert render(report, locale="en") == first
    for name, frame in zip(("records", "crosswalk", "customers", "warnings"), before, strict=True):
        pd.testing.assert_frame_equal(getattr(report, name), frame)


def test_no_sentence_is_left_over():
    """Every key of the area is named somewhere in the room, whole or by its prefix."""
    room = HOUSE / "stewardship"
    code = "".join(p.read_text(encoding="utf-8") for p in [*room.rglob("*.py"), *room.rglob("*.j2")])
    built = ("attribute_", "stage_", "fate_", "level_", "outcome_", "nav_", "change_", "why_", "pairs_", "need_")
    for key in catalogue("en"):
        area, _, name = key.partition(".")
        if area == "report" and not name.startswith(built):
            assert re.search(rf"['\".]{re.escape(name.removesuffix('_one'))}['\"]", code), f"{name} is never said"


def test_a_million_records_fit_in_two_megabytes(report, report_with, records_of):
    """Every list of the page is bounded: thirty merges of long values and forty source combinations stay small."""
    rng = np.random.default_rng(0)
    long = "长" * 400
    people = [(f"s{rng.integers(8)}:{i}", "", "person", long, long, long, long, None, long, long) for i in range(400)]
    records = records_of(people)
    golden = [f"G{i // 10}" for i in range(400)]
    crosswalk = pd.DataFrame({"record_key": records["record_key"], "golden_id": golden})
    customers = records.iloc[::10].assign(golden_id=golden[::10]).reset_index(drop=True)
    review = riskiest(records, crosswalk, report.pairs.slice(0, 0), thresholds=report.thresholds, explain=always())
    html = render(report_with(records=records, crosswalk=crosswalk, customers=customers, review=review), locale="zh_CN")
    assert len(review.merges) == 30
    assert len(html.encode()) < 2_000_000


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is missing")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where there is a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 768, 480, 360])
@pytest.mark.parametrize("locale", LOCALES)
def test_it_opens_in_a_browser(pages, tmp_path, chromium, locale, width):
    path = tmp_path / "report.html"
    path.write_text(pages[locale], encoding="utf-8")
    said, asked = [], []
    with chromium.new_page(viewport={"width": width, "height": 800}) as tab:
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        wide = tab.evaluate("document.documentElement.scrollWidth")
        cut = tab.evaluate(
            "[...document.querySelectorAll('nav, figure, table')].filter(e => !e.closest('.scroll') &&"
            " e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 80))"
        )
        seen = tab.locator("h1").is_visible() and tab.locator("#merges details[open] mark").first.is_visible()
        needs = tab.locator(".needs").bounding_box()
    assert said == []
    assert asked == [path.as_uri()]
    assert wide == width  # nothing sticks out
    assert cut == []  # what is wider scrolls in a box of its own
    assert seen
    assert needs["y"] + needs["height"] <= 800  # the first screen says what needs a person


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 480])
def test_an_anchor_is_there_at_once(pages, tmp_path, chromium, width):
    path = tmp_path / "report.html"
    path.write_text(pages["en"], encoding="utf-8")
    places = "[document.querySelector('nav').getBoundingClientRect(), document.querySelector('#quality h2').getBoundingClientRect()].map(r => [r.top, r.bottom])"  # noqa: E501
    with chromium.new_page(viewport={"width": width, "height": 400}) as tab:
        tab.goto(path.as_uri())
        tab.locator("nav a[href='#quality']").click()
        (top, bottom), (heading, _) = tab.evaluate(places)
    assert top == 0  # nothing above the bar
    assert bottom <= heading <= bottom + 40  # the heading right below it


@pytest.mark.parametrize("locale", LOCALES)
def test_values_that_many_customers_share_are_listed(report, locale):
    assert "shared_values" not in Page(render(report, locale=locale)).tables
    shared = tuple(
        SharedValue(attribute="phone", value=value, records=480 - n, customers=470 - n, silent=n == 0)
        for n, value in enumerate([HOSTILE, *map(str, range(30))])
    )
    rows = Page(render(dataclasses.replace(report, shared=shared), locale=locale)).tables["shared_values"]
    assert len(rows) == 1 + 20
    assert rows[1][1:4] == [HOSTILE, "480", "470"]
    assert rows[1][4] != rows[2][4]
