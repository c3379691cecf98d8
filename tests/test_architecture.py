"""The floors of the house, read from the imports themselves."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
GROUND = {"schemas"}
ROOMS = {"sources", "matching", "golden_records", "stewardship"}
ROOF = {"pipelines"}
OURS = GROUND | ROOMS | ROOF | {"benchmarks", "tests"}
PROVIDERS = packages_distributions()
MODULES = sorted(path for package in GROUND | ROOMS | ROOF for path in (HOUSE / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; name the room in full"
            names.add(node.module or "")
    return names


def allowed(room: str) -> set[str]:
    if room in GROUND:
        return GROUND
    return GROUND | {room} if room in ROOMS else GROUND | ROOMS | ROOF


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_imports_point_down(path: Path):
    room = path.relative_to(HOUSE).parts[0]
    ours = {name.split(".")[0] for name in imported(path)} & OURS
    assert ours <= allowed(room), f"{path.relative_to(HOUSE)} imports {sorted(ours - allowed(room))}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_the_roof_alone_knows_prefect(path: Path):
    if path.relative_to(HOUSE).parts[0] not in ROOF:
        assert "prefect" not in {name.split(".")[0] for name in imported(path)}


def test_matching_is_pure():
    outside = {"os", "io", "pathlib", "time", "datetime", "random", "sqlalchemy", "fsspec", "tempfile"}
    for path in (HOUSE / "matching").rglob("*.py"):
        touched = {name.split(".")[0] for name in imported(path)} & outside
        assert not touched, f"{path.relative_to(HOUSE)} imports {sorted(touched)}"


def test_no_room_is_called_for_everything():
    vague = {"utils", "helpers", "common", "misc", "manager"}
    assert not [path for path in MODULES if vague & set(path.relative_to(HOUSE).with_suffix("").parts)]


def test_there_is_something_to_keep():
    assert {path.relative_to(HOUSE).parts[0] for path in MODULES} == GROUND | ROOMS | ROOF


def asked_for(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=!\[; ]", line)[0] for line in lines}


def test_every_import_is_declared():
    """What only happens to be installed is missing on the next machine."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    always = asked_for(project["dependencies"])
    extras = project["optional-dependencies"]
    developing = asked_for([*extras["dev"], *extras["fuzz"], *extras["bench"]])
    others = sorted([*(HOUSE / "benchmarks").rglob("*.py"), *(HOUSE / "tests").rglob("*.py")])
    missing = {}
    for path in [*MODULES, *others]:
        outside = {name.split(".")[0] for name in imported(path)} - OURS - sys.stdlib_module_names - {""}
        may = always if path in MODULES else always | developing
        packages = {name: PROVIDERS.get(name, [name]) for name in outside}  # an extra may not be installed
        known = {name for name in outside if {each.lower().replace("_", "-") for each in packages[name]} & may}
        if outside - known:
            missing[path.relative_to(HOUSE).as_posix()] = sorted(outside - known)
    assert not missing
