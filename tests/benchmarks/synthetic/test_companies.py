import numpy as np
import pytest
from stdnum.cn import uscc

from benchmarks.synthetic.companies import companies, company_names
from benchmarks.synthetic.names import objects
from benchmarks.synthetic.places import american_towns, chinese_towns


@pytest.fixture(scope="module")
def chinese():
    return companies(np.random.default_rng(5), 2000, chinese_towns(), chinese=True)


def test_credit_codes_have_the_right_check_character(chinese):
    assert all(uscc.is_valid(code) for code in chinese["tax_id"])
    assert chinese["tax_id"].is_unique


def test_a_branch_shares_the_website_of_its_parent_and_has_its_own_number(chinese):
    branches = chinese[chinese["branch"] != ""]
    assert 0.08 < len(branches) / len(chinese) < 0.17
    assert branches["company_name"].str.endswith("分公司").all()
    parents = chinese.drop_duplicates("company_name").set_index("company_name").loc[branches["parent"]]
    assert (parents["branch"] == "").all()
    same_site = branches["website"].to_numpy() == parents["website"].to_numpy()
    assert same_site.mean() > 0.95  # a few parents have a namesake in their own town
    assert (branches["landline"].to_numpy() != parents["landline"].to_numpy()).all()


def test_only_branches_share_a_domain(chinese):
    main = chinese[chinese["branch"] == ""]
    assert main["domain"].is_unique
    assert chinese["email"].is_unique


def test_names_are_put_together_as_each_language_does():
    parts = {"place": ["上海市"], "brand": ["宏达"], "trade": ["科技"], "form": ["有限公司"], "branch": ["北京市"]}
    assert company_names({k: objects(v) for k, v in parts.items()}, chinese=True)[0] == "上海宏达科技有限公司北京分公司"
    parts = {"place": ["Hilldale"], "brand": ["Bluewave"], "trade": ["Foods"], "form": ["LLC"], "branch": ["TX"]}
    assert company_names({k: objects(v) for k, v in parts.items()}, chinese=False)[0] == "Bluewave Foods TX LLC"


def test_english_companies_have_no_credit_code():
    rng = np.random.default_rng(5)
    assert (companies(rng, 50, american_towns(rng), chinese=False)["tax_id"] == "").all()
