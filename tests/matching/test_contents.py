import pyarrow as pa
import pytest

from matching.contents import Contents, is_birth, likely, surely


def contents(*values: str) -> Contents:
    return Contents(sample=pa.array(values), text=pa.array(values))


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["yes", "no", "no"], "ignore"),
        (["19800229", "19501231", "20010615"], "birth_date"),
        (["29 Feb 1980", "3 May 1951", "Jan 5, 2001"], "birth_date"),
        (["123-45-6789", "987-65-4321", "555-12-3456"], "identifier"),
        (["12.345.678/0001-95", "98.765.432/0001-10"], "identifier"),
        (["11010519491231002X", "440524188001010014"], "identifier"),
        (["(702) 919-1300", "415 287 6655", "+49 30 7714655"], "phone"),
        (["7029191300", "4152876655", "2125550173"], "phone"),
        (["NG9 8PY", "ls1 4ab", "SW1A 1AA"], "postcode"),
        (["00-950", "31-120", "80-001"], "postcode"),
        (["C0001", "C0002", "C0003"], "row_id"),
        (["12.50", "3", "1,200.00", "12.50"], "ignore"),
        (["M", "F", "F"], "category"),
        (["NY", "California", "tx"], "state"),
        (["广东省", "浙江", "北京市"], "state"),
        (["Germany", "FR", "Polska"], "country"),
        (["王伟", "李小明", "张芳"], "full_name"),
        (["Acme Ltd", "Foo GmbH", "Lakeside Dental Clinic"], "company_name"),
        (["12 Main St", "9 Oak Avenue, Apt 4", "77 Hill Rd"], "street"),
        (["Hauptstraße 5", "Am Markt 12a", "Lindenweg 3"], "street"),
        (["文三路3号", "中山路15号", "人民大道88号"], "street"),
        (["London", "Leeds", "Paris", "Lyon"], "city"),
        (["杭州市", "西湖区", "南京市"], "city"),
        (["Anna", "John", "Maria", "Peter"], "given_name"),
        (["Smith", "Brown", "Garcia", "Kim"], "family_name"),
        (["Anna Smith", "Brown, John", "Maria Garcia"], "full_name"),
    ],
)
def test_what_values_show_where_no_header_helps(values: list[str], role: str | None):
    assert likely(contents(*values)) == role


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["a@b.de", "Eve <e@f.org>", "mailto:x@y.com"], "email"),
        (["https://a.de", "www.b.com/x"], "website"),
        (["1980-02-29", "1/2/1990", "2001年1月3日"], "date"),
        (["+86 138 0013 8000", "13800138000"], "phone"),
        (["red apple", "green pear"], None),
    ],
)
def test_what_leaves_no_doubt(values: list[str], role: str | None):
    assert surely(contents(*values)) == role


def test_birth_dates_lie_decades_apart():
    assert is_birth(contents("1950-01-01", "1980-02-29", "2001-03-04"))
    assert not is_birth(contents("2018-01-01", "2020-02-29", "2024-03-04"))
    assert not is_birth(contents("no date"))
