"""Figures, names and sentences as the report writes them in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from schemas.messages import catalogue, text
from schemas.reasons import explain

__all__ = ["Wording"]

_MINUS = "\u2212"
_MINUS_ABOVE = "\u207b"
_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes for one language.

    Example:
        >>> en = Wording("en")
        >>> en.number(1234567), en.short(1234567), en.weight(-2.25), en.seconds(75.2), en.share(0.9996)
        ('1,234,567', '1.2M', '−2.2', '1 min 15 s', '99.9%')
        >>> Wording("zh_CN").short(1234567)
        '123万'
    """

    locale: str

    def say(self, name: str, /, **values: object) -> str:
        """The sentence ``report.<name>``; ``<name>_one`` where a placeholder ``n`` is 1 and the sentence exists."""
        one = f"report.{name}_one"
        if values.get("n") == 1 and one in catalogue(self.locale):
            return text(one, locale=self.locale, **self._written(values))
        return text(f"report.{name}", locale=self.locale, **self._written(values))

    def attribute(self, name: str) -> str:
        """An attribute's name in the reader's language, else its own."""
        return self._known(f"report.attribute_{name}", name)

    def stage(self, name: str) -> str:
        """A stage's name."""
        return self._known(f"report.stage_{name}", name)

    def fate(self, name: str) -> str:
        """What became of rows, such as ``accepted``."""
        return self._known(f"report.fate_{name}", name)

    def level(self, name: str) -> str:
        """A comparison level's name."""
        return self._known(f"report.level_{name}", name)

    def reason(self, code: str) -> str:
        """The sentence of a reason, where the catalogue has one, else the code."""
        return explain(code, self.locale)

    def number(self, count: float) -> str:
        """A count in full."""
        return f"{count:,.0f}"

    def short(self, count: float) -> str:
        """A count of at most five characters: thousands and millions, or 万 and 亿."""
        steps: tuple[tuple[float, str], ...] = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
        if self.locale == "zh_CN":
            steps = ((1e8, "亿"), (1e4, "万"))
        for size, unit in steps:
            if count >= size:
                return f"{count / size:.{1 if count < size * 10 else 0}f}{unit}"
        return self.number(count)

    def share(self, part: float | None) -> str:
        """A share; never rounded up to 100 % or down to 0 %."""
        if part is None:
            return "–"
        percent = part * 100
        if 0 < percent < 0.1:
            return "<0.1%"
        bounded = min(percent, 99.9) if percent < 100 else percent
        return f"{bounded:.0f}%" if bounded in {0, 100} else f"{bounded:.1f}%"

    def threshold(self, probability: float) -> str:
        """A threshold as it was set: no digit more, no digit less.

        Example:
            >>> Wording("en").threshold(0.5), Wording("en").threshold(0.9999)
            ('50%', '99.99%')
        """
        return f"{probability * 100:.10g}%"

    def weight(self, value: float | None) -> str:
        """A match weight with its sign."""
        if value is None:
            return "–"
        rounded = f"{abs(value):.1f}"
        return rounded if rounded == "0.0" else ("+" if value > 0 else _MINUS) + rounded

    def probability(self, value: float) -> str:
        """A probability m or u: three significant digits, small ones as powers."""
        if value >= 0.001 or value <= 0:
            return f"{value:.3f}"
        digits, power = f"{value:.1e}".split("e")
        return f"{digits} × 10{_MINUS_ABOVE}{str(abs(int(power))).translate(_ABOVE)}"

    def seconds(self, value: float) -> str:
        """A duration."""
        if value < 60:
            return self.say("seconds", s=f"{value:.1f}")
        minutes, rest = divmod(round(value), 60)
        return self.say("minutes", m=minutes, s=rest)

    def moment(self, iso: str) -> str:
        """A UTC time to the minute."""
        return iso.replace("T", " ")[:16] + " UTC" if "T" in iso else iso

    def role_reason(self, code: str) -> str:
        """Why a column was taken for what it was."""
        return text(f"roles.{code}", locale=self.locale)

    def some(self, count: float) -> str:
        """An expected count: to one place where it is small."""
        return f"{count:,.1f}" if 0 < count < 10 else self.number(count)

    def names(self, attributes: Iterable[str]) -> str:
        """A list of attributes."""
        return text("report.list_comma", locale=self.locale).join(map(self.attribute, attributes))

    def _written(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self.number(value) if isinstance(value, int) else value for name, value in values.items()}

    def _known(self, key: str, name: str) -> str:
        return catalogue(self.locale).get(key, name.replace("_", " "))

    def functions(self) -> dict[str, Callable[..., str]]:
        """What the templates call."""
        return {
            "t": self.say,
            "attr": self.attribute,
            "names": self.names,
            "stage": self.stage,
            "fate": self.fate,
            "level": self.level,
            "reason": self.reason,
            "role_reason": self.role_reason,
            "some": self.some,
            "num": self.number,
            "pct": self.share,
            "threshold": self.threshold,
            "weight": self.weight,
            "prob": self.probability,
            "seconds": self.seconds,
            "moment": self.moment,
        }
