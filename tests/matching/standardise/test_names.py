import pyarrow as pa

from matching.standardise.names import split_full_names, standardise_names


def test_a_name_has_one_form(name_case: dict[str, str]):
    assert standardise_names(pa.array([name_case["raw"]])).to_pylist() == [name_case["standard"] or None]


def test_a_full_name_is_taken_apart(full_name_case: dict[str, str]):
    parts = split_full_names(pa.array([full_name_case["raw"]]))
    found = {part: getattr(parts, part)[0].as_py() or "" for part in ("given", "middle", "family")}
    assert found == {part: full_name_case[part] for part in found}


def test_names_are_taken_apart_alike_alone_and_together():
    names = ["John Smith", None, "Smith, John", "王杰", "", "列夫·托尔斯泰", "van der Berg", "O'Neil, Ann M."]
    together = split_full_names(pa.array(names, pa.string()))
    alone = [split_full_names(pa.array([name], pa.string())) for name in names]
    for part in ("given", "middle", "family"):
        assert getattr(together, part).to_pylist() == [getattr(one, part)[0].as_py() for one in alone]


def test_no_names_give_no_parts():
    parts = split_full_names(pa.array([], pa.string()))
    assert len(parts.given) == len(parts.middle) == len(parts.family) == 0
