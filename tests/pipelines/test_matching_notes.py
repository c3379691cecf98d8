from matching.checks import ModelWarning
from matching.hubs import Hub
from pipelines.matching_notes import hub_facts, hub_note, warning_facts, warning_notes
from schemas.messages import LOCALES

HUBS = (
    Hub(attribute="phone", value="5550001234", records=480, customers=470, silent=True),
    Hub(attribute="email", value="info@example.com", records=12, customers=11, silent=False),
)


def test_shared_values_are_told_without_the_values():
    facts = hub_facts(HUBS)
    (told,) = hub_note(facts)
    assert "480" in told
    assert all(hub.value not in str(facts) + told for hub in HUBS)
    assert hub_note(facts[1:]) != hub_note(facts)
    assert hub_note([]) == []


def test_warnings_have_sentences_in_each_language():
    warnings = [ModelWarning(code="too_many", facts={"per_record": "31.0"}), ModelWarning(code="not_converged")]
    told = {locale: warning_notes(warnings, locale) for locale in LOCALES}
    assert "31.0" in told["en"][0]
    assert told["en"] != told["zh_CN"]
    assert [ModelWarning(**fact) for fact in warning_facts(warnings)] == warnings
