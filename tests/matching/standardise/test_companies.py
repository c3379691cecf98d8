import pyarrow as pa
import pytest

from matching.standardise.companies import LEGAL_FORM, standardise_companies
from matching.standardise.text import matches


def test_a_company_has_one_name(company_case: dict[str, str]):
    assert standardise_companies(pa.array([company_case["raw"]])).to_pylist() == [company_case["standard"] or None]


@pytest.mark.parametrize("name", ["Acme, Inc.", "Müller GmbH & Co. KG", "华为技术有限公司", "浙江大学", "Foo S.A."])
def test_a_legal_form_shows_a_company(name: str):
    assert matches(pa.array([name]), LEGAL_FORM).to_pylist() == [True]


@pytest.mark.parametrize("name", ["Ulrich Bank", "Inc Smith", "Lisa Company-Jones", "王杰", "Max Ag"])
def test_a_persons_name_shows_none(name: str):
    assert matches(pa.array([name]), LEGAL_FORM).to_pylist() == [False]
