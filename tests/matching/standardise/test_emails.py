import pyarrow as pa

from matching.standardise.emails import split_emails, standardise_emails
from matching.standardise.text import drop_blank


def test_an_address_has_one_form(email_case: dict[str, str]):
    assert standardise_emails(drop_blank(pa.array([email_case["raw"]]))).to_pylist() == [email_case["standard"] or None]


def test_a_cell_may_hold_several_addresses():
    parts = [standardise_emails(part).to_pylist() for part in split_emails(pa.array(["a@b.de; c@d.de", "e@f.de"]))]
    assert parts == [["a@b.de", "e@f.de"], ["c@d.de", None]]
