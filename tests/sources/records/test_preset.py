import pytest

from schemas.errors import UsageError
from sources.records.headers import normalise
from sources.records.preset import load_preset, preset_names


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_loads_and_names_its_records(name):
    preset = load_preset(name)
    assert preset.title
    assert preset.id or preset.natural_key
    for headers in preset.columns.values():
        assert len({normalise(header) for header in headers}) == len(headers)


def test_the_presets_that_were_promised():
    assert {"zoho_contacts", "fxiaoke_customers", "zendesk_users", "mailchimp_audience", "plain"} <= set(preset_names())


def test_one_of_ones_own(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text("id: Nr\ncolumns: {full_name: [Kunde, Name]}\n", encoding="utf-8")
    preset = load_preset(str(path))
    assert preset.id == ("Nr",)
    assert preset.columns == {"full_name": ("Kunde", "Name")}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("columns: {ful_name: Name}", "sources.unknown_key"),
        ("colums: {}", "sources.unknown_key"),
        ("addresses: [{phone: Tel}]", "sources.unknown_key"),
        ("consents: [{attribute: consent_pigeon, value: denied, headers: x}]", "sources.unknown_key"),
        ("consents: [{attribute: consent_fax, value: denied}]", "sources.broken_preset"),
        ("relations: {owner: zoho_accounts}", "sources.unknown_key"),
        ("natural_columns: [nane]", "sources.unknown_key"),
        ("deleted: {headers: Gone}", "sources.broken_preset"),
        ("deleted: {headers: Gone, word: yes}", "sources.unknown_key"),
        ("kind_words: {robot: [x]}", "sources.unknown_key"),
        ("id_form: uuid", "sources.broken_preset"),
        ("consents: [{attribute: consent_email}]", "sources.broken_preset"),
        ("consents: [{attribute: consent_email, value: maybe, headers: x}]", "sources.broken_preset"),
        ("kind: robot", "sources.broken_preset"),
        ("- a list", "sources.broken_preset"),
        ("columns: [full_name]", "sources.broken_preset"),
        (": :", "sources.broken_preset"),
    ],
)
def test_mistakes_in_a_preset_are_named(tmp_path, content, key):
    path = tmp_path / "ours.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_preset(str(path))
    assert caught.value.key == key
    assert str(path) in str(caught.value)


def test_an_unknown_preset_names_the_nearest():
    with pytest.raises(UsageError) as caught:
        load_preset("zoho_contact")
    assert "zoho_contacts" in str(caught.value)
