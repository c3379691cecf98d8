"""What the pages on matching say of atoms is what there is."""

import re
from pathlib import Path

import pytest
import yaml

from matching.atoms import readings_of
from pipelines.settings import MatchingSettings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("matching.md", "matching.zh-CN.md")
NAMED_AFTER_COLUMNS = {"tax_id": "identifier", "national_id": "identifier", "job_title": "category"}


def documented(page):
    """Attribute → readings, of the rows of the table of atoms, the only one with two columns."""
    rows = [line.strip("|").split(" | ") for line in (DOCS / page).read_text(encoding="utf-8").splitlines()]
    named = [[re.findall(r"`(\w+)`", cell) for cell in cells] for cells in rows if len(cells) == 2]
    return {attribute: readings for attributes, readings in named for attribute in attributes}


@pytest.mark.parametrize("page", PAGES)
def test_every_attribute_has_its_readings(page):
    for attribute, readings in documented(page).items():
        role = NAMED_AFTER_COLUMNS.get(attribute, attribute)
        assert sorted(readings) == sorted(readings_of(role)), attribute
    roles = {NAMED_AFTER_COLUMNS.get(attribute, attribute) for attribute in documented(page)}
    assert {"either_name", "phone", "birth_date", "identifier", "category", "country"} <= roles


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_are_sections_that_hold(page):
    examples = re.findall(r"```yaml\n(matching:.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    sections = [MatchingSettings.model_validate(yaml.safe_load(example)["matching"]) for example in examples]
    assert [len(section.rules) for section in sections if section.rules] == [2]
