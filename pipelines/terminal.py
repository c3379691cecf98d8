"""Results on stdout: at the terminal's width, and wide enough for every value where they go to a file or a pipe."""

from __future__ import annotations

import os
import sys

from rich import box
from rich.console import Console
from rich.table import Table

from schemas.messages import current_locale
from stewardship.wording import Wording

__all__ = ["result_console", "result_table", "wording"]

_PIPED = 240


def result_console(*, stderr: bool = False) -> Console:
    """A console for results; with ``stderr`` for what is said beside them."""
    stream = sys.stderr if stderr else sys.stdout
    piped = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(width=_PIPED if piped else None, highlight=False, soft_wrap=False, stderr=stderr)


def result_table(*headers: str, right: tuple[int, ...] = ()) -> Table:
    """A table that folds what is too long instead of cutting it.

    Args:
        headers: Of the columns.
        right: Places of the columns with figures.
    """
    table = Table(box=box.SIMPLE_HEAD)
    for place, header in enumerate(headers):
        table.add_column(header, overflow="fold", justify="right" if place in right else "left")
    return table


def wording() -> Wording:
    """Attributes, levels and figures in the reader's language, as the merge report writes them."""
    return Wording(current_locale())
