"""Turns what a step raises into an error that a person may see.

Messages of pandera, SQLAlchemy and others carry the values they stumbled over. So whatever is no `GuiyiError` already
is replaced by one that names the step, the kind of the error and the place in our code; neither its message nor its
cause goes on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

from schemas.errors import GuiyiError

__all__ = ["place_of", "safely"]

HOUSE = Path(__file__).parents[1]
Given = ParamSpec("Given")
Made = TypeVar("Made")


def safely(step: Callable[Given, Made]) -> Callable[Given, Made]:
    """The step, raising nothing but `GuiyiError`."""

    @functools.wraps(step)
    def wrapped(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        failure: GuiyiError
        try:
            return step(*args, **kwargs)
        except GuiyiError as error:
            failure = error.__class__(error.key, **error.values)
        except Exception as error:  # noqa: BLE001  whatever it is, its message may carry values
            failure = GuiyiError(
                "run.failed_step", step=step.__name__, kind=type(error).__name__, place=place_of(error)
            )
        raise failure  # outside the handler, so that the cause is not kept as its context

    return wrapped


def place_of(error: BaseException) -> str:
    """The innermost line of our own code that an error passed, as ``file:line``."""
    place, trace = "?", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if file.is_relative_to(HOUSE) and ".venv" not in file.parts:
            place = f"{file.relative_to(HOUSE)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
