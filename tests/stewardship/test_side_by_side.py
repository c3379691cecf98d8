import pytest

from stewardship.members import Member
from stewardship.side_by_side import customer_name, lay_out


def plain(spans):
    return "".join(span.text for span in spans)


def test_the_weights_add_up(report):
    layout = lay_out(report.review.merges[1])
    assert layout.starting + sum(line.weight for line in layout.compared) == pytest.approx(layout.shown.weight)
    assert [line.attribute for line in layout.compared] == ["phone", "name", "birth_date"]


def test_a_compared_value_is_shown_as_it_was_written_where_both_records_have_it(report):
    lines = {line.attribute: line for line in lay_out(report.review.merges[1]).compared}
    assert plain(lines["birth_date"].left) == "1975-11-03"
    assert plain(lines["phone"].left) == "2079460018"  # several columns feed it: as compared


def test_the_rest_is_shown_without_a_weight(report):
    others = {line.attribute: line for line in lay_out(report.review.merges[1]).others}
    assert list(others) == ["full_name", "email", "street", "city"]
    assert all(line.weight is None for line in others.values())


def test_all_members_stand_side_by_side(report):
    layout = lay_out(report.review.merges[0])
    lines = {line.attribute: [plain(cell) for cell in line.cells] for line in layout.everyone}
    assert lines["full_name"] == ["陳偉明", "Chen Weiming", "陈伟明"]
    assert lines["birth_date"] == ["", "", "1980-02-29"]
    assert lay_out(report.review.merges[1]).everyone == ()


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"full_name": "陈伟"}, "陈伟"),
        ({"given_name": "伟", "family_name": "陈"}, "陈伟"),
        ({"given_name": "Ann", "middle_name": "B", "family_name": "Lee"}, "Ann B Lee"),
        ({"given_name": "Jürgen", "family_name": "Müller"}, "Jürgen Müller"),
        ({"kind": "company", "full_name": "Contact", "company_name": "ACME"}, "ACME"),
        ({"company_name": "ACME"}, "ACME"),
        ({"phone": "1"}, None),
    ],
)
def test_what_to_call_a_customer(cells, name):
    assert customer_name(Member(record_key="a:1", source="a", cells=cells)) == name
