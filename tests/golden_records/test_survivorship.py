import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden_records.lineage import origins
from golden_records.survivorship import Policy, survive
from schemas.errors import UsageError
from schemas.golden import CUSTOMER_COLUMNS, LINEAGE_ATTRIBUTES
from schemas.records import RECORD_COLUMNS, conform

TRUST = {"crm": 1, "shop": 2, "mail": 3}


def records(*rows):
    """Canonical records; ``key`` is ``source:id``."""
    full = [
        {
            "record_key": row["key"],
            "source": row["key"].split(":")[0],
            "source_id": row["key"].split(":")[1],
            "line": place + 2,
            **{name: value for name, value in row.items() if name not in {"key", "id"}},
        }
        for place, row in enumerate(rows)
    ]
    frame = pd.DataFrame(full, columns=list(RECORD_COLUMNS))
    return conform(frame.astype({name: "string[pyarrow]" for name in RECORD_COLUMNS if name != "line"}))


def golden(*rows, warnings=(), policy=None, trust=TRUST):
    """Golden records by id; a row's ``id`` is its golden id, ``G`` where it names none."""
    crosswalk = pd.DataFrame({"record_key": [r["key"] for r in rows], "golden_id": [r.get("id", "G") for r in rows]})
    marked = pd.DataFrame(list(warnings), columns=["record_key", "attribute", "reason"])
    made = survive(records(*rows), crosswalk, policy=policy or Policy(), trust=trust, warnings=marked)
    return {row["golden_id"]: row for row in made.customers.to_dict("records")}


def one(*rows, **options):
    return golden(*rows, **options)["G"]


def origin(customer, attribute):
    values = {name: customer[name] for name in LINEAGE_ATTRIBUTES if not pd.isna(customer[name])}
    found = {item.attribute: item for item in origins(values, customer["lineage_records"], customer["lineage"])}
    return found[attribute].record_key, found[attribute].rule


def assert_chosen(customer, attribute, value, key, rule):
    assert customer[attribute] == value
    assert origin(customer, attribute) == (key, rule)


def test_a_single_record_passes_straight_through():
    customer = one({"key": "crm:1", "given_name": "Ada", "email": "ada@example.org", "kind": "person"})
    assert (customer["given_name"], customer["record_count"], customer["sources"]) == ("Ada", 1, "crm")
    assert customer["lineage"] == "*"
    assert origin(customer, "email") == ("crm:1", "only_value")


def test_the_only_value_there_is():
    customer = one({"key": "crm:1", "kind": "person"}, {"key": "shop:1", "email": "a@example.org"})
    assert_chosen(customer, "email", "a@example.org", "shop:1", "only_value")


def test_agreement_names_the_most_trusted_record():
    customer = one({"key": "shop:1", "industry": "Food"}, {"key": "crm:2", "industry": "Food"})
    assert_chosen(customer, "industry", "Food", "crm:2", "only_value")


def test_source_trust_comes_first():
    customer = one(
        {"key": "shop:1", "industry": "Food", "updated_at": "2026-01-02T00:00:00Z"},
        {"key": "crm:1", "industry": "Retail", "updated_at": "2020-01-02T00:00:00Z"},
        {"key": "mail:1", "industry": "Food"},
    )
    assert_chosen(customer, "industry", "Retail", "crm:1", "source_trust")


def test_a_source_that_is_not_named_is_trusted_last():
    customer = one({"key": "aaa:1", "industry": "Food"}, {"key": "mail:1", "industry": "Retail"})
    assert_chosen(customer, "industry", "Retail", "mail:1", "source_trust")


@pytest.mark.parametrize("stamp", ["updated_at", "created_at"])
@pytest.mark.parametrize("older", ["2025-12-31T23:59:59Z", "2025-12", "2025", None])
def test_then_recency(stamp, older):
    customer = one(
        {"key": "crm:1", "industry": "Food", stamp: older},
        {"key": "crm:2", "industry": "Retail", stamp: "2026-01-01T00:00:00Z"},
    )
    assert_chosen(customer, "industry", "Retail", "crm:2", "recency")


def test_then_frequency_over_all_records():
    customer = one(
        {"key": "crm:1", "industry": "Aaa"}, {"key": "crm:2", "industry": "Food"}, {"key": "mail:1", "industry": "Food"}
    )
    assert_chosen(customer, "industry", "Food", "crm:2", "frequency")


def test_then_completeness():
    customer = one({"key": "crm:1", "industry": "Aaa"}, {"key": "crm:2", "industry": "Food", "website": "x.example"})
    assert_chosen(customer, "industry", "Food", "crm:2", "completeness")


def test_then_the_longest_in_characters():
    customer = one({"key": "crm:1", "industry": "食品批发"}, {"key": "crm:2", "industry": "Foods"})
    assert_chosen(customer, "industry", "Foods", "crm:2", "longest")


def test_then_the_smallest():
    customer = one({"key": "crm:1", "industry": "B"}, {"key": "crm:2", "industry": "A"})
    assert_chosen(customer, "industry", "A", "crm:2", "smallest")


def test_a_chain_of_its_own():
    rows = ({"key": "crm:1", "industry": "Food"}, {"key": "mail:1", "industry": "Food and drink"})
    customer = one(*rows, policy=Policy(attributes={"industry": ("longest",)}))
    assert_chosen(customer, "industry", "Food and drink", "mail:1", "longest")


@pytest.mark.parametrize("chains", [{"industry": ("loudest",)}, {"colour": ("longest",)}])
def test_what_is_no_rule_or_no_attribute_is_refused(chains):
    with pytest.raises(UsageError):
        Policy(attributes=chains)


def test_invalid_values_never_survive():
    rows = ({"key": "crm:1", "email": "nonsense"}, {"key": "mail:1", "email": "a@example.org"})
    customer = one(*rows, warnings=[("crm:1", "email", "bad_email")])
    assert_chosen(customer, "email", "a@example.org", "mail:1", "only_value")
    assert json.loads(customer["emails"]) == ["a@example.org"]
    alone = one(rows[0], warnings=[("crm:1", "email", "bad_email")])
    assert pd.isna(alone["email"])
    assert pd.isna(alone["emails"])


def test_made_first_and_changed_last():
    customer = one(
        {"key": "crm:1", "created_at": "2020-01-01T00:00:00Z", "updated_at": "2021-01-01T00:00:00Z"},
        {"key": "mail:1", "created_at": "2019-01-01T00:00:00Z", "updated_at": "2022-01-01T00:00:00Z"},
    )
    assert_chosen(customer, "created_at", "2019-01-01T00:00:00Z", "mail:1", "earliest")
    assert_chosen(customer, "updated_at", "2022-01-01T00:00:00Z", "mail:1", "latest")


def test_an_address_survives_as_a_whole():
    customer = one(
        {"key": "crm:1", "street": "1 High St", "city": "Leeds"},
        {"key": "mail:1", "street": "9 Low Rd", "city": "York", "postcode": "YO1 7HH"},
    )
    assert_chosen(customer, "street", "1 High St", "crm:1", "source_trust")
    assert customer["city"] == "Leeds"
    assert pd.isna(customer["postcode"])


def test_an_address_with_a_street_goes_before_a_bare_country():
    customer = one(
        {"key": "crm:1", "country": "United Kingdom"}, {"key": "mail:1", "street": "9 Low Rd", "city": "York"}
    )
    assert_chosen(customer, "city", "York", "mail:1", "whole")
    assert pd.isna(customer["country"])


def test_a_name_survives_as_a_whole():
    customer = one(
        {"key": "crm:1", "given_name": "Bob"},
        {"key": "shop:1", "given_name": "Robert", "family_name": "Hall"},
        {"key": "mail:1", "full_name": "Bobby Hall"},
    )
    assert_chosen(customer, "given_name", "Robert", "shop:1", "source_trust")
    assert customer["family_name"] == "Hall"
    assert pd.isna(customer["full_name"])


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (["granted 2024-01-01", "denied 2025-01-01"], "denied latest_choice"),
        (["denied 2024-01-01", "granted 2025-01-01"], "granted latest_choice"),
        (["denied 2025-01-01", "granted 2025-01-01"], "denied least_permissive"),
        (["granted", "denied 2025-01-01"], "denied latest_choice"),
        (["granted 2025-01-01", "denied"], "denied undated_refusal"),
        (["granted", "denied"], "denied undated_refusal"),
        (["granted", "granted 2025-01-01"], "granted only_value"),
        (["", "granted"], "granted only_value"),
        (["", ""], None),
    ],
)
def test_consent(choices, expected):
    rows = []
    for place, choice in enumerate(choices):
        what, _, when = choice.partition(" ")
        rows.append({"key": f"crm:{place}", "consent_email": what or None, "consent_email_at": when or None})
    customer = one(*rows)
    if expected is None:
        assert pd.isna(customer["consent_email"])
    else:
        assert (customer["consent_email"], origin(customer, "consent_email")[1]) == tuple(expected.split())


def test_consent_and_its_date_come_from_one_record():
    customer = one(
        {"key": "crm:1", "consent_sms": "granted", "consent_sms_at": "2024-01-01"},
        {"key": "mail:1", "consent_sms": "granted", "consent_sms_at": "2025-01-01"},
        {"key": "shop:1", "consent_sms_at": "2026-01-01"},
    )
    assert customer["consent_sms_at"] == "2025-01-01"
    assert origin(customer, "consent_sms")[0] == origin(customer, "consent_sms_at")[0] == "mail:1"


def test_consent_is_chosen_by_channel_and_purpose():
    customer = one(
        {"key": "crm:1", "consent_email": "denied", "consent_messaging": "granted", "consent_sharing": "granted"},
        {"key": "mail:1", "consent_post": "granted", "consent_sharing": "denied"},
    )
    assert [customer[f"consent_{name}"] for name in ("email", "messaging", "post", "sharing")] == [
        "denied", "granted", "granted", "denied",
    ]  # fmt: skip
    assert origin(customer, "consent_sharing") == ("mail:1", "undated_refusal")


def test_an_id_of_another_record_and_its_key_come_from_one_record():
    customer = one(
        {"key": "crm:1", "account_id": "7", "parent_key": "erp:9"},
        {"key": "shop:1", "account_id": "8", "account_key": "erp:8", "parent_id": "9", "parent_key": "erp:9"},
    )
    assert_chosen(customer, "account_id", "7", "crm:1", "source_trust")
    assert pd.isna(customer["account_key"])
    customer = one(
        {"key": "crm:1", "given_name": "Ada"},
        {"key": "mail:1", "account_id": "8", "account_key": "erp:8"},
    )
    assert_chosen(customer, "account_id", "8", "mail:1", "only_value")
    assert_chosen(customer, "account_key", "erp:8", "mail:1", "only_value")


def test_lists_hold_every_distinct_value_the_golden_one_first():
    customer = one(
        {"key": "mail:1", "phone": "+86 138 0013 8000", "email": "A@example.org"},
        {"key": "crm:1", "phone": "010-6552-9988", "mobile": "13800138000", "email": "b@example.org"},
        {"key": "crm:2", "mobile": "１３８-0013-8000", "other_email": "a@example.org"},
    )
    assert json.loads(customer["phones"]) == ["010-6552-9988", "+86 138 0013 8000"]
    assert json.loads(customer["emails"]) == ["b@example.org", "A@example.org"]


def test_lists_are_json_whatever_is_in_them():
    odd = 'a"b\\,"c\n'
    customer = one({"key": "crm:1", "email": odd, "other_email": "x"})
    assert json.loads(customer["emails"]) == [odd, "x"]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ({"given_name": "Ada", "middle_name": "M", "family_name": "Byron"}, "Ada M Byron"),
        ({"given_name": "伟", "family_name": "张"}, "张伟"),
        ({"full_name": "王小明", "company_name": "归一科技"}, "王小明"),
        ({"full_name": "王小明", "company_name": "归一科技", "kind": "company"}, "归一科技"),
        ({"family_name": "Byron"}, "Byron"),
        ({"email": "ada@example.org"}, "ada@example.org"),
        ({"mobile": "13800138000"}, "13800138000"),
    ],
)
def test_what_a_customer_is_called(row, name):
    made = golden({"key": "crm:1", "id": "G1"}, {"key": "crm:2", "id": "G2", **row})  # one without any name before
    assert made["G2"]["display_name"] == name
    assert pd.isna(made["G1"]["display_name"])


def test_no_records_no_customers():
    assert golden() == {}


def test_customers_of_one_record_and_of_several_side_by_side():
    made = golden(
        {"key": "crm:1", "id": "G3", "industry": "x"},
        {"key": "crm:2", "id": "G1", "industry": "y"},
        {"key": "mail:1", "id": "G2", "industry": "a"},
        {"key": "crm:3", "id": "G2", "industry": "z"},
    )
    assert [made[i]["industry"] for i in ("G1", "G2", "G3")] == ["y", "z", "x"]
    assert [origin(made[i], "industry")[0] for i in ("G1", "G2", "G3")] == ["crm:2", "crm:3", "crm:1"]


VALUES = {
    "given_name": ["Ann", "Anna", None],
    "family_name": ["Li", None],
    "industry": ["a", "b", "cc", None],
    "street": ["s1", "s2", None],
    "city": ["c1", None],
    "phone": ["1234567", "123-4567", "7654321", None],
    "mobile": ["1234567", None],
    "email": ["x@y", "X@y", None],
    "consent_email": ["granted", "denied", None],
    "consent_email_at": ["2024-01-01", "2025-01-01", None],
    "consent_sharing": ["granted", "denied", None],
    "account_id": ["1", "2", None],
    "account_key": ["erp:1", None],
    "updated_at": ["2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", None],
}
ROWS = st.lists(
    st.fixed_dictionaries(
        {"source": st.sampled_from(["crm", "shop", "other"]), "id": st.sampled_from(["G1", "G2", "G3"])}
        | {name: st.sampled_from(values) for name, values in VALUES.items()}
    ),
    min_size=1,
    max_size=12,
)


def keyed(rows):
    return [
        {"key": f"{row['source']}:{place}", **{name: value for name, value in row.items() if name != "source"}}
        for place, row in enumerate(rows)
    ]


@settings(deadline=None, max_examples=30)
@given(ROWS, st.randoms())
def test_row_order_does_not_matter(rows, random):
    straight = keyed(rows)
    shuffled = list(straight)
    random.shuffle(shuffled)
    one_way, other_way = golden(*straight), golden(*shuffled)
    assert str(one_way) == str(other_way)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_every_golden_value_is_its_named_records_own(rows):
    straight = keyed(rows)
    own = {row["key"]: row for row in straight}
    for customer in golden(*straight).values():
        values = {name: customer[name] for name in LINEAGE_ATTRIBUTES if not pd.isna(customer[name])}
        named = origins(values, customer["lineage_records"], customer["lineage"])
        assert [item.attribute for item in named] == list(values)
        for item in named:
            assert own[item.record_key][item.attribute] == item.value
            assert own[item.record_key]["id"] == customer["golden_id"]
        if customer["lineage"] != "*":
            filled = len(customer["lineage"].replace(".", "")) // 2
            assert filled == len(values)
    assert list(customer) == list(CUSTOMER_COLUMNS)
