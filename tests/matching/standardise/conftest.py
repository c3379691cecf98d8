"""Labelled cases stand in ``cases/`` under the name of what they test; an empty cell is a missing value."""

import csv
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "cases"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name in metafunc.fixturenames:
        path = CASES / f"{name}.csv"
        if name.endswith("_case") and path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            metafunc.parametrize(name, rows, ids=[row["raw"] for row in rows])
