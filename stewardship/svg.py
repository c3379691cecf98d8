"""Elements of inline SVG: every attribute and text is escaped, numbers are short."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

__all__ = ["drawing", "element", "fitted", "label"]


def element(tag: str, /, *children: Markup | str, **attributes: object) -> Markup:
    """One element; ``class_`` becomes ``class`` and ``text_anchor`` becomes ``text-anchor``.

    Example:
        >>> str(element("rect", x=1.0, class_="blue"))
        '<rect x="1" class="blue"/>'
        >>> str(element("text", "a < b"))
        '<text>a &lt; b</text>'
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_short(value))}"' for name, value in attributes.items()
    )
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{tag}{written}>{inner}</{tag}>" if children else f"<{tag}{written}/>")  # noqa: S704  escaped above


def drawing(title: str, width: float, height: float, *children: Markup, class_: str = "chart") -> Markup:
    """A drawing that scales with its column and says in a sentence what it shows."""
    return element(
        "svg",
        element("title", title),
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        style=f"max-width:{width:g}px",
        role="img",
        class_=class_,
    )


def label(x: float, y: float, words: str, *, anchor: str = "start", class_: str = "label") -> Markup:
    """Text at a point: ``anchor`` start, middle or end."""
    return element("text", words, x=x, y=y, text_anchor=anchor, class_=class_)


def fitted(words: str, width: float, *, size: float = 13) -> str:
    """The words, cut to about `width` pixels; a Chinese character is one em wide, others about 0.56.

    Example:
        >>> fitted("纷享销客客户", 60), fitted("sales", 60)
        ('纷享销…', 'sales')
    """
    room, kept = width, list[str]()
    for character in words:
        room -= size * (1.0 if unicodedata.east_asian_width(character) in "WF" else 0.56)
        if room < 0:
            return "".join(kept[:-1]) + "…"
        kept.append(character)
    return words


def _short(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
