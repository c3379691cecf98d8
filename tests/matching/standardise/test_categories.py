import pyarrow as pa

from matching.standardise.categories import standardise_categories, standardise_genders, standardise_kinds

STANDARDISERS = {"gender": standardise_genders, "kind": standardise_kinds, "category": standardise_categories}


def test_a_word_has_one_form(category_case: dict[str, str]):
    standardise = STANDARDISERS[category_case["kind"]]
    assert standardise(pa.array([category_case["raw"]])).to_pylist() == [category_case["standard"] or None]
