"""Where two values differ, character by character."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

__all__ = ["Span", "differences"]

_LONGEST = 240
_SHORT = 4  # characters: a Chinese name is told apart by one
_ALIKE = 0.5  # share of the characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of characters that the other value has too, or has not."""

    text: str
    differs: bool


def differences(left: str | None, right: str | None) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The spans of two values, by their shortest edit (Levenshtein 1966).

    A value whose counterpart is missing differs nowhere: there is nothing to hold it against. Two values with little in
    common differ as a whole: scattered letters that happen to agree would only distract. Values longer than 240
    characters are cut for reading.

    Example:
        >>> left, right = differences("Chen Wei", "Chen Wie")
        >>> [span.text for span in left if span.differs], [span.text for span in right if span.differs]
        (['i'], ['i'])
    """
    if left is None or right is None:
        return _plain(left), _plain(right)
    left, right = _cut(left), _cut(right)
    if min(len(left), len(right)) > _SHORT and Levenshtein.normalized_similarity(left, right) < _ALIKE:
        return (Span(text=left, differs=True),), (Span(text=right, differs=True),)
    sides: tuple[list[Span], list[Span]] = ([], [])
    for code in Levenshtein.opcodes(left, right):
        differs = code.tag != "equal"
        for side, text in zip(
            sides, (left[code.src_start : code.src_end], right[code.dest_start : code.dest_end]), strict=True
        ):
            if text:
                _append(side, text, differs=differs)
    return tuple(sides[0]), tuple(sides[1])


def _append(side: list[Span], text: str, *, differs: bool) -> None:
    if side and side[-1].differs == differs:
        text = side.pop().text + text
    side.append(Span(text=text, differs=differs))


def _plain(value: str | None) -> tuple[Span, ...]:
    return (Span(text=_cut(value), differs=False),) if value else ()


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
