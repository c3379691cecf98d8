import re
import string
from pathlib import Path

import pytest

from schemas.messages import LOCALES, catalogue, current_locale, text, use_locale

HOUSE = Path(__file__).parents[2]
ROOMS = ("schemas", "sources", "matching", "golden_records", "stewardship", "pipelines")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_both_languages_hold_the_same_keys():
    assert catalogue("en").keys() == catalogue("zh_CN").keys()


@pytest.mark.parametrize("key", sorted(catalogue("en")))
def test_both_languages_fill_the_same_placeholders(key):
    assert placeholders(catalogue("en")[key]) == placeholders(catalogue("zh_CN")[key])


@pytest.mark.parametrize("key", sorted(catalogue("zh_CN")))
def test_chinese_is_chinese(key):
    english, chinese = catalogue("en")[key], catalogue("zh_CN")[key]
    if len(english.split()) >= 4:
        assert re.search(r"[\u4e00-\u9fff]", chinese), f"{key} is not translated"


def test_every_message_that_the_code_raises_exists():
    raised = re.compile(r"(?:Error|text)\(\s*f?\"([a-z_]+\.[a-z_]+)\"")
    missing = {
        (path.name, key)
        for room in ROOMS
        for path in (HOUSE / room).rglob("*.py")
        for key in raised.findall(path.read_text(encoding="utf-8"))
        if key not in catalogue("en")
    }
    assert not missing


@pytest.mark.parametrize(
    ("value", "locale"), [("zh_CN.UTF-8", "zh_CN"), ("zh-Hans", "zh_CN"), ("C", "en"), ("de", "en")]
)
def test_the_environment_chooses(monkeypatch, value, locale):
    monkeypatch.setenv("GUIYI_LOCALE", value)
    use_locale(None)
    assert current_locale() == locale


def test_a_locale_can_be_named():
    assert text("sources.missing_file", locale="zh_CN", path="a") != text("sources.missing_file", locale="en", path="a")
    assert set(LOCALES) == {path.name for path in (HOUSE / "schemas" / "catalogue").iterdir()}
