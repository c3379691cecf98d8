"""Every command of the READMEs runs, in the order in which a newcomer would type them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
READMES = ("README.md", "README.zh-CN.md")


def commands(name: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (HOUSE / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_both_languages_show_the_same_commands():
    assert commands("README.md") == commands("README.zh-CN.md")


def test_the_commands_run():
    env = {**os.environ, "PYTHON": sys.executable}
    for command in commands("README.md"):
        if command == "make test":
            continue  # it is running
        line = command.replace(".venv/bin/", f"{BIN}/")
        if command == "make demo":
            line = f"{BIN}/guiyi demo"  # what the target runs once .venv is there; CI runs the target itself
        done = subprocess.run(line, shell=True, cwd=HOUSE, env=env, capture_output=True, text=True, timeout=300)  # noqa: S602
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", READMES)
def test_links_lead_somewhere(name):
    text = (HOUSE / name).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    assert targets
    missing = [target for target in targets if not (HOUSE / target).exists()]
    assert not missing


def test_make_knows_what_the_readme_names():
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    for name in READMES:
        for target in re.findall(r"^make (\w+)", (HOUSE / name).read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
