import json
from pathlib import Path

import pytest

from matching.settings import MatchSettings
from pipelines.configuration import load_settings
from pipelines.settings import Settings
from schemas.errors import UsageError

HOUSE = Path(__file__).parents[2]
GOOD = "sources:\n  - {name: crm, path: crm.csv}\n"


def written(tmp_path, text: str) -> Path:
    path = tmp_path / "guiyi.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults(tmp_path):
    settings = load_settings(written(tmp_path, GOOD))
    assert settings.store_url == f"sqlite:///{tmp_path}/guiyi.db"
    defaults = MatchSettings()
    assert settings.matching.merge_at == defaults.merge_at
    assert settings.matching.review_at == defaults.review_at
    assert settings.sources[0].trust == 1


@pytest.mark.parametrize("name", ["demo.yaml", "example.yaml"])
def test_the_configurations_we_ship_load(name):
    assert load_settings(HOUSE / "configs" / name).sources


@pytest.mark.parametrize(
    ("text", "key", "names"),
    [
        ("", "config.not_a_mapping", []),
        ("- a\n", "config.not_a_mapping", []),
        ("store: x.db\n", "config.missing_key", ["sources"]),
        ("sources: []\n", "config.wrong_kind", ["sources"]),
        ("sources: [\n", "config.not_yaml", ["line 2"]),
        (GOOD + "stores: x.db\n", "config.unknown_key", ["stores", "store"]),
        (GOOD + "matching: {merge: 0.9}\n", "config.unknown_key", ["matching.merge", "merge_at"]),
        (GOOD + "matching: {merge_at: high}\n", "config.wrong_kind", ["matching.merge_at", "a text", "a number"]),
        (GOOD + "matching: {merge_at: 0.5, review_at: 0.9}\n", "config.thresholds", ["matching"]),
        (GOOD + "store: a.db\nstore: b.db\n", "config.key_twice", ["store", "line 4"]),
        (GOOD + "  - {name: crm, path: b.csv}\n", "config.twice", ["crm"]),
        ("sources:\n  - {name: crm}\n", "config.missing_key", ["sources.1.path"]),
        ("sources:\n  - {name: 'a b', path: x}\n", "config.wrong_kind", ["sources.1.name"]),
        (
            "sources:\n  - {name: a, path: x, columns: {famly_name: b}}\n",
            "config.unknown_column",
            ["famly_name", "family_name"],
        ),
        (GOOD + "store: ${NOWHERE_SET}\n", "config.missing_variable", ["NOWHERE_SET"]),
        (GOOD + "matching: {classifier: magic}\n", "config.unknown_classifier", ["matching.classifier", "logistic"]),
        (GOOD + "matching: {ignore: [foo]}\n", "config.unknown_column", ["matching.ignore"]),
        (GOOD + "matching: {roles: {foo: email}}\n", "config.unknown_column", ["matching.roles"]),
        (GOOD + "matching: {roles: {email: emial}}\n", "config.unknown_role", ["matching.roles", "email"]),
        (
            GOOD + "matching: {rules: [{atoms: [phone.endin]}]}\n",
            "config.unknown_atom",
            ["rules.1.atoms", "phone.ending"],
        ),
        (GOOD + "matching: {rules: [{atoms: [foo]}]}\n", "config.unknown_atom", ["matching.rules.1.atoms", "`foo`"]),
        (
            GOOD + "matching: {rules: [{atoms: [email.exact], caps: 9}]}\n",
            "config.unknown_key",
            ["matching.rules.1.caps", "cap?"],
        ),
        (GOOD + "matching: {rules: [{cap: 9}]}\n", "config.missing_key", ["matching.rules.1.atoms"]),
        (
            GOOD + "matching: {rules: [{atoms: [phone.ending], cap: 1}]}\n",
            "config.wrong_kind",
            ["rules.1.cap", "least 2"],
        ),
        (GOOD + "matching: {rules: [{atoms: []}]}\n", "config.wrong_kind", ["rules.1.atoms", "at least 1"]),
        (GOOD + "matching: {merge_at: 2}\n", "config.wrong_kind", ["below 1"]),
        (GOOD + "locale: fr\n", "config.wrong_kind", ["en, zh_CN"]),
        ("sources:\n", "config.wrong_kind", ["empty", "a list"]),
        (GOOD + "folder: x\n", "config.unknown_key", ["folder"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, key, names):
    path = written(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        load_settings(path)
    assert raised.value.key == key
    assert raised.value.exit_code == 2
    for name in [*names, str(path)]:
        assert name in str(raised.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"nowhere\.yaml"):
        load_settings(tmp_path / "nowhere.yaml")


def test_values_never_stand_in_an_error(tmp_path):
    path = written(tmp_path, GOOD + "matching: {merge_at: hunter2}\n")
    with pytest.raises(UsageError) as raised:
        load_settings(path)
    assert "hunter2" not in str(raised.value)


def test_the_environment_fills_in(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPORTS", "/data/exports")
    settings = load_settings(written(tmp_path, "sources:\n  - {name: crm, path: '${EXPORTS}/crm.csv'}\n"))
    assert settings.sources[0].path == "/data/exports/crm.csv"


def test_every_key_has_a_meaning_in_the_schema():
    schema = Settings.model_json_schema()
    assert json.dumps(schema)
    undocumented = [
        f"{title}.{name}"
        for title, section in {"Settings": schema, **schema["$defs"]}.items()
        for name, key in section["properties"].items()
        if not key.get("description") and "$ref" not in key and name not in {"retries", "retry_delay_seconds"}
    ]
    assert not undocumented


def test_a_column_may_be_called_no(tmp_path):
    settings = load_settings(written(tmp_path, "sources:\n  - {name: a, path: x, id: no, columns: {email: on}}\n"))
    assert (settings.sources[0].id, settings.sources[0].columns["email"]) == ("no", "on")
