import pyarrow as pa

from sources.records.cells import Cells
from sources.records.consent import consents
from sources.records.preset import Consent, Preset

RULES = (
    Consent(attribute="consent_email", value="denied", headers=("Opt Out",), words=("true", "是"), at=("Out At",)),
    Consent(attribute="consent_email", value="granted", headers=("Opt In At",), at=("Opt In At",)),
)


def read(preset, file="a.csv", **columns):
    cells = Cells(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    return {name: column.to_pylist() for name, column in consents(cells, preset, file).items()}


def test_the_first_rule_that_applies_wins_with_its_own_date():
    found = read(
        Preset(name="p", consents=RULES),
        opt_out=["TRUE", "false", "是", None],
        out_at=["2024-05-01", "2024-05-01", None, None],
        opt_in_at=["2023-01-01", "2023-01-01", None, None],
    )
    assert found == {
        "consent_email": ["denied", "granted", "denied", None],
        "consent_email_at": ["2024-05-01", "2023-01-01", None, None],
    }


def test_unknown_is_not_yes():
    assert read(Preset(name="p", consents=RULES), opt_out=["false", "0", "", None])["consent_email"] == [None] * 4
    assert read(Preset(name="p", consents=RULES), phone=["1"]) == {}


def test_a_column_that_says_it_itself():
    preset = Preset(name="p", columns={"consent_sms": ("sms ok",)})
    assert read(preset, sms_ok=["Yes", "否", "maybe", None])["consent_sms"] == ["granted", "denied", None, None]


def test_a_rule_may_go_by_the_name_of_the_file_and_keep_others_silent():
    rules = (
        Consent(attribute="consent_email", value="unknown", file="*nonsubscribed*"),
        Consent(attribute="consent_email", value="granted", headers=("Opt In At",), at=("Opt In At",)),
    )
    preset = Preset(name="p", consents=rules)
    assert read(preset, opt_in_at=["2023-01-01"])["consent_email"] == ["granted"]
    found = read(preset, file="NonSubscribed_members_export.csv", opt_in_at=["2023-01-01"])
    assert found == {"consent_email": [None], "consent_email_at": [None]}


def test_every_channel_and_purpose():
    rule = Consent(attribute="consent_processing", value="granted", headers=("Basis",), words=("obtained",))
    assert read(Preset(name="p", consents=(rule,)), basis=["Obtained", "pending"]) == {
        "consent_processing": ["granted", None]
    }
