"""What a person sees while a run is under way, on stderr: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from schemas.messages import text

__all__ = ["Advance", "Narrator"]

Advance = Callable[[str, float], None]
"""Called with what is being done and how far it has come, 0..1."""


@dataclass(slots=True)
class Narrator:
    """Tells of each stage as it runs and keeps how long it took.

    Args:
        quiet: Say nothing (seconds are kept all the same).

    Attributes:
        seconds: Stage → wall-clock seconds, in the order they ran.
    """

    quiet: bool = False
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, label: str = "") -> Iterator[Advance]:
        """Run a stage; yields a function that moves its bar."""
        title = text(f"run.stage_{name}") + (f" {label}" if label else "")
        start = time.perf_counter()
        try:
            with self._shown(title) as advance:
                yield advance
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - start, 3)

    @contextmanager
    def _shown(self, title: str) -> Iterator[Advance]:
        console = Console(stderr=True)
        if self.quiet:
            yield lambda _what, _share: None
        elif console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            with Progress(*columns, console=console) as bars:
                task = bars.add_task(title, total=1.0)
                yield lambda what, share: bars.update(task, completed=share, description=f"{title} · {what}")
                bars.update(task, completed=1.0, description=title)
        else:
            start = time.perf_counter()
            yield lambda _what, _share: None
            console.print(f"{title} … {time.perf_counter() - start:.1f} s", highlight=False, soft_wrap=True)
