import pyarrow as pa

from matching.standardise import standardise


def test_a_code_has_one_form(identifier_case: dict[str, str]):
    raw = pa.array([identifier_case["raw"]])
    assert standardise(identifier_case["role"], raw).to_pylist() == [identifier_case["standard"] or None]
