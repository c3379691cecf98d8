import csv
import io
import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import SourceError, UsageError
from schemas.messages import LOCALES
from schemas.messages import text as message
from schemas.records import RECORD_COLUMNS
from sources.parsed import Parsed
from sources.records.canonical import raw_rows, to_canonical
from sources.records.date_order import DateVotes, decide
from sources.records.headers import normalise, unique_names
from sources.records.preset import load_preset, preset_names
from sources.source import Source

FIXTURES = Path(__file__).parents[1] / "fixtures"


def parsed(path):
    """A small export, read by what Python itself has; the readers have tests of their own."""
    if path.suffix == ".jsonl":
        objects = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        names = list(dict.fromkeys(name for each in objects for name in each))
        cells = [[None if (v := each.get(n)) is None else as_text(v) for each in objects] for n in names]
        lines = range(1, len(objects) + 1)
    else:
        text = path.read_text(encoding="utf-8-sig")
        header, *found = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.split("\n")[0] else ",")
        names = unique_names(header)
        cells = [[row[place] or None for row in found] for place in range(len(names))]
        lines = [2, *(2 + n for n in itertools.accumulate(1 + sum(c.count("\n") for c in row) for row in found))]
    table = pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, cells, strict=True)})
    return Parsed(table, np.array(lines[: table.num_rows], np.int64))


def as_text(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def extract(file, preset=None, folder=FIXTURES, **options):
    source = Source(name="crm", path=str(folder / file), preset=preset, **options)
    export = parsed(folder / file)
    return export, canonical(export, source, preset)


def canonical(export, source, preset, key=b"secret", file="a.csv", order=None):
    nested = source.path.endswith(".jsonl")
    return to_canonical(export, source, load_preset(preset), key=key, file=file, nested=nested, order=order)


def rows(found):
    filled = found.records.astype(object).where(found.records.notna(), None)
    return [{k: v for k, v in row.items() if v is not None} for row in filled.to_dict("records")]


def plain(tmp_path, text, **options):
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    return extract("a.csv", folder=tmp_path, **options)[1]


def test_mailchimp_members_have_a_hashed_key():
    _, found = extract("mailchimp_audience.subscribed.csv", "mailchimp_audience")
    (member,) = rows(found)
    assert "example" not in member["record_key"].lower()
    assert len(member["source_id"]) == 24
    assert member["email"] == "Andy.Sawyer@Example.com"
    assert (member["consent_email"], member["consent_email_at"]) == ("granted", "2022-05-21T02:08:57Z")


def test_the_hash_depends_on_the_key_and_not_on_case(tmp_path):
    texts = ["Email\nA@x.com\na@X.com\n"]
    (tmp_path / "a.csv").write_text(texts[0], encoding="utf-8")
    source = Source(name="m", path=str(tmp_path / "a.csv"), preset="mailchimp_audience")
    ids = [
        canonical(parsed(tmp_path / "a.csv"), source, "mailchimp_audience", key).records["source_id"]
        for key in (b"1", b"2")
    ]
    assert len(set(ids[0])) == 1
    assert ids[0][0] != ids[1][0]


def test_a_mapping_alone_is_enough(tmp_path):
    text = "Nr;Kunde;Tel;Geboren;Notiz\n1; Ann Lee ;030 123456;25.12.1980;x\n2;;;03.04.1980;\n"
    mapping = {"source_id": "nr", "full_name": "Kunde", "phone": "Tel", "birth_date": "Geboren"}
    found = plain(tmp_path, text, mapping=mapping, kind="person")
    assert list(found.records.columns) == list(RECORD_COLUMNS)
    assert found.records["full_name"][0] == "Ann Lee"
    assert found.records["full_name"].isna().tolist() == [False, True]
    assert found.records["birth_date"].tolist() == ["1980-12-25", "1980-04-03"]
    assert found.inferred == {"date_order": "dmy"}
    assert found.unknown_columns == ("Notiz",)


def test_common_headers_need_no_mapping(tmp_path):
    found = plain(tmp_path, "ID,Name,E-mail,手机\n1,Ann,a@x.com,13800138000\n")
    assert rows(found)[0] | {"line": 0} == {
        "record_key": "crm:1",
        "source": "crm",
        "source_id": "1",
        "file": "a.csv",
        "line": 0,
        "kind": "person",
        "full_name": "Ann",
        "email": "a@x.com",
        "mobile": "13800138000",
    }


def test_kind_is_told_by_the_record_where_nothing_else_does(tmp_path):
    found = plain(tmp_path, "id,name,company\n1,Ann,\n2,,Acme\n3,Bob,Acme\n4,,\n")
    assert found.records["kind"].tolist() == ["person", "company", "person", "person"]
    assert found.inferred["kind"] == "person|company?"
    said = plain(tmp_path, "id,name,company,kind\n1,Ann,,个人\n2,Ann,,Company\n3,,Acme,\n")
    assert said.records["kind"].tolist() == ["person", "company", "company"]


def test_a_mapped_kind_goes_over_the_preset_s(tmp_path):
    text = "id,name,type\n1,Ann,individual\n2,Acme,organization\n"
    found = plain(tmp_path, text, preset="zendesk_users", mapping={"kind": "type"})
    assert found.records["kind"].tolist() == ["person", "company"]


def test_mapped_consent_goes_over_the_preset_s_rules(tmp_path):
    text = "Record Id,Last Name,Email Opt Out,Newsletter\n1,Lee,true,是\n2,Lee,false,no\n3,Lee,true,perhaps\n"
    found = plain(tmp_path, text, preset="zoho_contacts", mapping={"consent_email": "Newsletter"})
    assert found.records["consent_email"].isna().tolist() == [False, False, True]
    assert found.records["consent_email"].tolist()[:2] == ["granted", "denied"]
    assert json.loads(found.records["extra"][2]) == {"Email Opt Out": "true", "Newsletter": "perhaps"}


def test_what_was_assumed_is_reported(tmp_path):
    found = plain(tmp_path, "id,name,created,dob\n1,Ann,2024-01-02 03:04:05,03/04/1980\n", country="US")
    assert found.inferred["timezone"] == "UTC?"
    assert found.inferred["date_order"] == "mdy?"


def test_mistakes_name_the_nearest(tmp_path):
    with pytest.raises(SourceError) as caught:
        plain(tmp_path, "id,Phone Number\n1,2\n", mapping={"phone": "Phone Nr"})
    assert caught.value.key == "sources.missing_header"
    assert "Phone Number" in str(caught.value)
    with pytest.raises(SourceError) as caught:
        plain(tmp_path, "Client Id Nr,Name\n1,2\n")
    assert caught.value.key == "sources.no_id"
    assert "Client Id Nr" in str(caught.value)
    with pytest.raises(UsageError) as caught:
        plain(tmp_path, "id,Name\n1,2\n", mapping={"fone": "Name"})
    assert "phone" in str(caught.value)
    with pytest.raises(SourceError) as caught:
        plain(tmp_path, "id,created\n1,2024-01-01\n", timezone="Mars/Olympus")
    assert caught.value.key == "sources.unknown_timezone"


def test_an_export_without_rows(tmp_path):
    found = plain(tmp_path, "id,name,dob,created,company\n")
    assert len(found.records) == 0
    assert list(found.records.columns) == list(RECORD_COLUMNS)


def test_raw_rows_are_the_cells_as_they_stood():
    export, _ = extract("zoho_contacts.en.csv", "zoho_contacts")
    raw = json.loads(raw_rows(export.table, [0])[0])
    assert raw["Record Id"] == "zcrm_4890000000123001"
    assert raw["Description"] == 'Likes\n"quotes"\nand lines'
    assert "Mobile" not in raw
    assert raw_rows(export.table, []) == []


@pytest.mark.parametrize(
    ("text", "mapping", "key"),
    [
        ("1,Anna Smith,a@x.com\n2,Bob Lee,b@x.com\n", {}, "headerless"),
        ("1,Anna Smith,13800138000\n2,Bob Lee,1\n", {"full_name": "name"}, "headerless"),
        ("张伟,1988-01-31\n王芳,1990-02-03\n", {"full_name": "姓名"}, "headerless"),
        ("1,Anna Smith\n2,Bob Lee\n", {}, "no_id_far"),
        ("1,Anna Smith\n2,Bob Lee\n", {"full_name": "name"}, "missing_header_far"),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_file_without_headers_is_told_without_its_data(tmp_path, text, mapping, key, locale):
    with pytest.raises(SourceError) as caught:
        plain(tmp_path, text, mapping=mapping)
    assert caught.value.key == f"sources.{key}"
    sentence = message(caught.value.key, locale=locale, **caught.value.values)
    assert str(text.count(",") // text.count("\n") + 1) in sentence.replace(str(tmp_path), "")
    assert not any(word in sentence for word in ("Anna", "a@x.com", "13800138000", "张伟"))


def test_a_mapped_header_is_nobody_else_s(tmp_path):
    found = plain(
        tmp_path, "id,phone,address\n1,13800138000,x@y.com\n", mapping={"mobile": "Phone", "email": "address"}
    )
    (row,) = rows(found)
    assert (row["mobile"], row["email"]) == ("13800138000", "x@y.com")
    assert not {"phone", "street"} & set(row)


def test_a_mapped_header_is_out_of_the_preset_s_addresses(tmp_path):
    text = "Record Id,Last Name,Mailing Street\n1,Lee,Acme\n"
    (row,) = rows(plain(tmp_path, text, preset="zoho_contacts", mapping={"company_name": "Mailing Street"}))
    assert row["company_name"] == "Acme"
    assert "street" not in row


def test_ids_that_are_emails_are_hashed_each_by_itself(tmp_path):
    text = "邮箱,姓名\nann@x.com,张伟\n17,王芳\nANN@X.com,李娜\n"
    found = plain(tmp_path, text, mapping={"source_id": "邮箱"}).records
    assert found["source_id"][1] == "17"
    assert found["source_id"][0] == found["source_id"][2]
    assert len(found["source_id"][0]) == 24
    assert not found["record_key"].str.contains("@").any()
    assert found["email"].tolist() == ["ann@x.com", "17", "ANN@X.com"]  # the id does not take it away
    natural = plain(tmp_path, text, mapping={"natural_key": "邮箱"}).records
    assert natural["source_id"][0] == found["source_id"][0]


def test_a_mapped_natural_key_goes_over_the_preset_s_id(tmp_path):
    found = plain(tmp_path, "id,phone\n1,13800138000\n2,13900139000\n3,\n", mapping={"natural_key": "phone"}).records
    assert found["source_id"].str.len().tolist()[:2] == [24, 24]
    assert found["source_id"].isna().tolist() == [False, False, True]
    assert found["phone"].tolist()[:2] == ["13800138000", "13900139000"]


def test_lists_and_objects_of_json_lines(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": 1, "phones": ["030 1", "030 2"], "profile": {"Name": "Ann Lee", "zip": 1234}, "email": ["a@x.com"]}\n'
        '{"id": 2, "phones": [], "profile": null, "tags": ["x"]}\n',
        encoding="utf-8",
    )
    mapping = {"phone": "phones", "full_name": "profile.name", "postcode": "profile.zip"}
    first, second = rows(extract("a.jsonl", folder=tmp_path, mapping=mapping)[1])
    assert (first["phone"], first["other_phone"], first["email"]) == ("030 1", "030 2", "a@x.com")
    assert (first["full_name"], first["postcode"]) == ("Ann Lee", "1234")
    assert "phone" not in second
    assert json.loads(second["extra"]) == {"tags": '["x"]'}


def test_a_batch_is_read_by_the_order_that_all_decided(tmp_path):
    (tmp_path / "a.csv").write_text("id,dob\n1,03/04/1980\n2,1.2.1980\n3,\n", encoding="utf-8")
    export, found = extract("a.csv", folder=tmp_path)
    assert (found.order, found.votes) == ("dmy", DateVotes(slashed=1, dotted=1))
    votes = found.votes + DateVotes(slashed=9, slashed_second=4)
    source = Source(name="crm", path="a.csv")
    again = canonical(export, source, None, order=decide(votes, None).order)
    assert again.records["birth_date"].tolist()[:2] == ["1980-03-04", "1980-02-01"]
    assert again.order == decide(votes, None).order
    (tmp_path / "a.csv").write_text("id,dob\n1,1980-04-03\n", encoding="utf-8")
    assert extract("a.csv", folder=tmp_path)[1].order is None


def test_a_declared_order_holds_for_all(tmp_path):
    found = plain(tmp_path, "id,dob\n1,13/04/1980\n2,03/04/1980\n3,03.04.1980\n", date_order="mdy")
    assert found.records["birth_date"].tolist() == ["1980-04-13", "1980-03-04", "1980-03-04"]
    assert found.inferred == {"kind": "person|company?"}


@given(
    rows=st.lists(
        st.tuples(*[st.sampled_from([None, "", " x ", "1/2/2024", "2024-01-02", '["a", "b"]', "é ", "'7"])] * 4),
        min_size=1,
        max_size=8,
    ),
    cut=st.integers(0, 8),
    nested=st.booleans(),
)
@settings(deadline=None, max_examples=25)
def test_batches_come_to_the_same_as_the_whole(rows, cut, nested):
    columns = dict(zip(["Phone", "Created Time", "Last Name", "Note"], zip(*rows, strict=True), strict=True))
    ids = pa.array([str(number) for number in range(len(rows))])
    table = pa.table({"Record Id": ids, **{name: pa.array(cells, pa.string()) for name, cells in columns.items()}})
    lines = np.arange(len(rows)) + 2
    source, preset = Source(name="s", path="a"), load_preset("zoho_contacts")

    def records(part):
        batch = Parsed(table[part], lines[part])
        found = to_canonical(batch, source, preset, key=b"k", file="f", nested=nested, order="dmy")
        return found.records

    whole = records(slice(0, None))
    parts = pd.concat([records(slice(0, cut)), records(slice(cut, None))], ignore_index=True)
    pd.testing.assert_frame_equal(whole, parts)


PRESETS = [load_preset(name) for name in preset_names()]


@given(data=st.data(), preset=st.sampled_from(PRESETS))
@settings(deadline=None, max_examples=40)
def test_no_cell_is_lost(data, preset):
    blocks = (preset.columns, *preset.addresses)
    headers = [part for block in blocks for names in block.values() for name in names for part in name.split(" + ")]
    headers += [header for rule in preset.consents for header in (*rule.headers, *rule.at)]
    headers += [*preset.natural_key, *(preset.deleted.headers if preset.deleted else ()), *preset.extra, "Unheard of"]
    taken = data.draw(st.lists(st.sampled_from(headers), min_size=1, max_size=8, unique_by=normalise))
    names = [(preset.id or preset.natural_key or ("数据ID",))[0], *taken]
    names = unique_names(names)
    cells = {
        name: [data.draw(st.sampled_from([None, f"{place}q{row}@x", f"w{place}r{row}"])) for row in range(2)]
        for place, name in enumerate(names)
    }
    table = pa.table({name: pa.array(column, pa.string()) for name, column in cells.items()})
    source = Source(name="s", path="a")
    found = to_canonical(Parsed(table, np.array([2, 3])), source, preset, key=b"k", file="f", nested=False)
    text = [" ".join(map(str, row)) for row in found.records.astype(object).itertuples(index=False)]
    for column in cells.values():
        for row, cell in enumerate(column):
            assert cell is None or cell in text[row]


def test_batches_of_nested_data_may_lack_columns(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": 1, "name": "Ann"}\n', encoding="utf-8")
    found = extract("a.jsonl", folder=tmp_path, mapping={"email": "mail.main", "phone": "tel"})[1]
    assert found.missing == ("mail.main", "tel")
    assert rows(found)[0]["full_name"] == "Ann"
    with pytest.raises(SourceError) as caught:
        plain(tmp_path, "id,name\n1,Ann\n", mapping={"phone": "tel"})
    assert caught.value.key.startswith("sources.missing_header")


def test_deleted_rows_are_told_and_stay(tmp_path):
    text = "id,name,gone\n1,Ann,\n2,Bob,Yes\n3,Cid,no\n4,Dee,是\n"
    found = plain(tmp_path, text, mapping={"deleted": "Gone"})
    assert found.deleted.tolist() == [False, True, False, True]
    assert len(found.records) == 4
    assert plain(tmp_path, text).deleted.tolist() == [False] * 4
    assert plain(tmp_path, text).unknown_columns == ("gone",)


def test_relations_lead_to_the_records_they_name(tmp_path):
    text = "Record Id,Account Name,Account Name.id\n1,Acme,zcrm_9\n2,,\n"
    found = plain(tmp_path, text, preset="zoho_contacts", relations={"account_id": "accounts"})
    assert [row.get("account_key") for row in rows(found)] == ["accounts:9", None]
    assert found.records["account_id"].tolist()[0] == "9"
    assert "account_key" not in rows(plain(tmp_path, text, preset="zoho_contacts"))[0]  # whose it is was not said
    text = "id,name,parent_id\n1,Acme,2\n2,Big,b@x.com\nb@x.com,Boss,\n"
    found = plain(tmp_path, text).records
    assert found["parent_key"].tolist()[0] == "crm:2"
    assert found["parent_key"].tolist()[1] == found["record_key"][2]  # an email is hashed on both sides


def test_a_renamed_header_is_proposed_and_not_taken(tmp_path):
    text = "id,nmae,E-mail Adress,Phone,Ph\u043ene,Note\n1,Ann,a@x.com,1,2,x\n"
    found = plain(tmp_path, text)
    assert found.proposals == {"E-mail Adress": "email"}  # a phone there is, and of that the look-alike is none
    assert found.unknown_columns == ("nmae", "E-mail Adress", "Ph\u043ene", "Note")
    (row,) = rows(found)
    assert row["phone"] == "1"
    assert "email" not in row
    assert json.loads(row["extra"]) == {"nmae": "Ann", "E-mail Adress": "a@x.com", "Ph\u043ene": "2", "Note": "x"}


def test_of_headers_that_are_the_same_the_first_is_taken_and_none_is_lost(tmp_path):
    (row,) = rows(plain(tmp_path, "id,Phone,phone,\u200bPHONE\u200b,Phone\n1,2,3,4,5\n"))
    assert row["phone"] == "2"
    assert sorted(json.loads(row["extra"]).values()) == ["3", "4", "5"]


def test_columns_are_joined_where_the_mapping_says_so(tmp_path):
    text = "id,Street,No,a + b\n1,High St,5,x\n2,,6,y\n3,,,\n"
    found = plain(tmp_path, text, mapping={"street": "Street + No", "city": "a + b"})
    assert [row.get("street") for row in rows(found)] == ["High St, 5", "6", None]
    assert [row.get("city") for row in rows(found)] == ["x", "y", None]  # a header as it stands goes before its parts
    assert found.records["extra"].isna().all()


def test_nothing_is_lost_where_a_rule_reads_what_it_does_not_keep(tmp_path):
    text = "Email Address,OPTIN_TIME,CONFIRM_TIME,UNSUB_TIME\na@x.com,2022-12-31,2023-01-01,2024-01-01\n"
    (row,) = rows(plain(tmp_path, text, preset="mailchimp_audience"))
    assert (row["consent_email"], row["consent_email_at"]) == ("denied", "2024-01-01T00:00:00Z")
    assert json.loads(row["extra"]) == {"CONFIRM_TIME": "2023-01-01"}
