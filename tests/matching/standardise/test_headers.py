from matching.standardise.columns import header_words
from matching.standardise.headers import role_of_header


def test_a_header_of_a_real_export_names_its_role(header_case: dict[str, str]):
    assert (role_of_header(header_words(header_case["raw"])) or "") == header_case["role"]
