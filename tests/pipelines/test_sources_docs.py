"""docs/sources.md, in both languages, shows what there is."""

import re
from pathlib import Path

import pytest
import yaml

from pipelines.settings import Settings, SourceSettings
from sources.records.preset import preset_names

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("sources.md", "sources.zh-CN.md")


def blocks(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)]


@pytest.mark.parametrize("page", PAGES)
def test_what_it_shows_is_a_configuration(page):
    sources, rules = blocks(page)
    assert len(Settings.model_validate(sources).sources) == 3
    source = SourceSettings.model_validate({"name": "crm", "path": "crm.csv", **rules})
    assert [rule.as_rule().reason for rule in source.rules] == [
        "required:email",
        "pattern:postcode",
        "range:birth_date",
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_preset_is_named(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [name for name in preset_names() if f"`{name}`" not in text] == []


def test_both_languages_show_the_same():
    assert blocks(PAGES[0]) == blocks(PAGES[1])
