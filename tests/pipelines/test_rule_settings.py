import pytest
import yaml
from pydantic import ValidationError

from pipelines.configuration import load_settings
from pipelines.rule_settings import RuleSettings
from schemas.errors import UsageError
from schemas.rules import Allowed, Compared, Pattern, Range, Required, Unique, When


def rule(text):
    return RuleSettings.model_validate(yaml.safe_load(text)).as_rule()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{column: email, required: true}", Required(column="email")),
        ("{column: [email, phone], required: true}", Required(column="email", others=("phone",))),
        (r"{column: postcode, pattern: '\d+'}", Pattern(column="postcode", pattern=r"\d+")),
        ("{column: x, min: 1}", Range(column="x", low="1")),
        ("{column: x, max: 2.5}", Range(column="x", high="2.5")),
        ("{column: x, min: 2020-01-01, max: today}", Range(column="x", low="2020-01-01", high="today")),
        ("{column: x, min: '2020-01', max: 2020-01-01}", Range(column="x", low="2020-01", high="2020-01-01")),
        ("{column: x, allowed: a}", Allowed(column="x", values=("a",))),
        ("{column: x, allowed: [a, b], ignore_case: true}", Allowed(column="x", values=("a", "b"), ignore_case=True)),
        ("{column: x, at_most: y}", Compared(column="x", relation="order", other="y")),
        ("{column: x, equals: y}", Compared(column="x", relation="equal", other="y")),
        ("{column: x, differs_from: y}", Compared(column="x", relation="different", other="y")),
        (
            "{column: x, unique: true, then: warning, name: n, stop_above: 0.05}",
            Unique(column="x", then="warning", name="n", stop_above=0.05),
        ),
        (
            "{column: x, unique: true, when: {a: b, c: [d, e], f: true, g: false}}",
            Unique(
                column="x",
                when=(
                    When(column="a", values=("b",)),
                    When(column="c", values=("d", "e")),
                    When(column="f"),
                    When(column="g", filled=False),
                ),
            ),
        ),
    ],
)
def test_rules_as_they_are_written(text, expected):
    assert rule(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{column: x}", "one thing"),
        ("{column: x, required: true, unique: true}", "one thing"),
        ("{column: x, required: false}", "required"),
        ("{column: [x, y], unique: true}", "several columns"),
        ("{column: [], required: true}", "column"),
        ("{column: x, pattern: '('}", "regular expression"),
        (r"{column: x, pattern: '(a)\1'}", "regular expression"),
        ("{column: x, min: abc}", "min"),
        ("{column: x, min: .nan}", "min"),
        ("{column: x, min: true}", "min"),
        ("{column: x, min: 2020-01-01, max: 5}", "two numbers or two dates"),
        ("{column: x, min: 5, max: 3}", "two numbers or two dates"),
        ("{column: x, min: 2020-02-01, max: '2020-01'}", "two numbers or two dates"),
        ("{column: x, allowed: [1, 2]}", "quotes"),
        ("{column: x, unique: true, then: stop}", "quarantine, warning"),
        ("{column: x, unique: true, stop_above: 5}", "at most 1"),
        ("{column: x, unique: true, name: two words}", "name"),
        ("{column: x, unique: true, when: {a: 5}}", "quotes"),
        ("{column: x, uniqe: true}", "unique"),
    ],
)
def test_what_is_wrong_with_a_rule_is_told_in_one_line(tmp_path, text, said):
    with pytest.raises(ValidationError):
        rule(text)
    path = tmp_path / "guiyi.yaml"
    path.write_text(f"sources: [{{name: s, path: a.csv, rules: [{text}]}}]\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings(path)
    message = str(caught.value)
    assert "sources.1.rules.1" in message
    assert said in message
    assert "\n" not in message
