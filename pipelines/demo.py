"""``guiyi demo``: the sample exports and a configuration in a folder, and the whole job on them."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import typer

from pipelines.command import run_command
from schemas.errors import UsageError
from schemas.messages import text

__all__ = ["run_demo"]

HOUSE = Path(__file__).parents[1]
_SAMPLE = "sales:554023000000113775"
"""A sample customer that several systems know."""


def run_demo(folder: Path) -> None:
    """Write ``exports/`` and ``guiyi.yaml`` to a folder and run the job there.

    An export that was changed since is put back; a changed configuration is kept.

    Raises:
        UsageError: The folder cannot be written, or is a file.
    """
    try:
        exports = folder / "exports"
        exports.mkdir(parents=True, exist_ok=True)
        for file in sorted((HOUSE / "examples").iterdir()):
            if file.suffix != ".md" and file.is_file():
                shutil.copyfile(file, exports / file.name)
        config = folder / "guiyi.yaml"
        if not config.exists():
            shutil.copyfile(HOUSE / "configs" / "demo.yaml", config)
        key = folder / "guiyi.db.key"
        if not key.exists():  # sample data is no secret: with a fixed key every demo gives the same ids
            key.write_text("the key of the demo, not for real customers\n", encoding="utf-8")
    except OSError as error:
        raise UsageError("run.demo_folder", path=folder, why=error.strerror) from None
    run_command(config, prefect=False)
    command = Path(sys.argv[0]).name if shutil.which("guiyi") else sys.argv[0]
    typer.echo(text("run.demo_next", folder=folder, guiyi=command, key=_SAMPLE))
