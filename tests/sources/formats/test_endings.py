import pytest

from schemas.errors import SourceError
from sources.formats.endings import FORMATS, format_of, unpacked_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("客户.CSV", "csv"),
        ("a.txt.gz", "csv"),
        ("a.b/c.tab", "tsv"),
        ("https://host/a.ndjson.zst", "jsonl"),
        ("a.json", "jsonl"),
        ("a.zip/b/c.xlsm", "xlsx"),
        ("a.parquet.zip", "parquet"),
    ],
)
def test_a_format_is_told_by_the_end_of_a_name(name, kind):
    assert format_of(None, name) == kind


@pytest.mark.parametrize("declared", FORMATS)
def test_what_is_declared_counts(declared):
    assert format_of(declared, "a.pdf") == format_of(declared, "a.csv") == declared


@pytest.mark.parametrize(("declared", "name"), [(None, "a.pdf"), (None, "a"), (None, "a.gz"), ("pdf", "a.csv")])
def test_what_cannot_be_read_is_refused(declared, name):
    with pytest.raises(SourceError) as caught:
        format_of(declared, name)
    assert caught.value.key == "sources.unknown_format"


def test_ends_of_packed_files():
    assert unpacked_name("a.csv.gz.zip") == "a.csv"
    assert unpacked_name("a/.gz") == "a/.gz"
