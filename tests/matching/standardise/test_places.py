import pyarrow as pa

from matching.standardise import standardise


def test_a_place_has_one_form(place_case: dict[str, str]):
    assert standardise(place_case["role"], pa.array([place_case["raw"]])).to_pylist() == [
        place_case["standard"] or None
    ]
