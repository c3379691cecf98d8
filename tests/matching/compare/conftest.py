"""Labelled cases stand in ``cases/``, one file a kind of value, one row a case; several levels are joined by ``|``."""

import csv
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in metafunc.fixturenames:
        path = CASES / f"{name.removesuffix('_case')}.csv"
        if name.endswith("_case") and path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file, skipinitialspace=False))
            metafunc.parametrize(name, rows, ids=[row["title"] for row in rows])
