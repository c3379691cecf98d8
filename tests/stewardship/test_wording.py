import pytest

from stewardship.wording import Wording

EN, ZH = Wording("en"), Wording("zh_CN")


@pytest.mark.parametrize(
    ("share", "written"),
    [(None, "–"), (0, "0%"), (1, "100%"), (0.9996, "99.9%"), (0.0001, "<0.1%"), (0.5, "50.0%"), (1 / 3, "33.3%")],
)
def test_shares_never_claim_all_or_nothing_wrongly(share, written):
    assert EN.share(share) == written


@pytest.mark.parametrize(
    ("count", "en", "zh"),
    [(0, "0", "0"), (999, "999", "999"), (1200, "1.2k", "1,200"), (34567, "35k", "3.5万"), (2.5e8, "250M", "2.5亿")],
)
def test_short_counts(count, en, zh):
    assert (EN.short(count), ZH.short(count)) == (en, zh)


def test_short_counts_are_short():
    for wording in (EN, ZH):
        assert max(len(wording.short(n)) for n in (999, 9999, 99_999, 999_999, 9_999_999, 999_999_999)) <= 6


@pytest.mark.parametrize(("value", "written"), [(3.14, "+3.1"), (-2.0, "\u22122.0"), (0.01, "0.0"), (None, "–")])
def test_weights_have_a_sign(value, written):
    assert EN.weight(value) == written


@pytest.mark.parametrize(("value", "written"), [(0.5, "0.500"), (0.0000021, "2.1 × 10⁻⁶"), (0.0, "0.000")])
def test_probabilities(value, written):
    assert EN.probability(value) == written


def test_an_unknown_reason_or_name_is_shown_as_it_is():
    assert EN.reason("no_such_reason") == "no_such_reason"
    assert EN.reason("broken_contract") == "broken_contract"  # its sentence wants places
    assert EN.attribute("shoe_size") == "shoe size"


def test_a_known_reason_is_a_sentence():
    assert " " in EN.reason("missing_id")
    assert ZH.reason("missing_id") != EN.reason("missing_id")
    assert EN.reason("required:Zip_Code").startswith("Zip_Code: ")


def test_one_and_many():
    assert EN.say("records_count", n=1) == "1 record"
    assert EN.say("records_count", n=2000) == "2,000 records"


def test_durations():
    assert [EN.seconds(s) for s in (0.04, 59.9, 61, 3600)] == ["0.0 s", "59.9 s", "1 min 1 s", "60 min 0 s"]
    assert ZH.seconds(75) == "1 分 15 秒"
