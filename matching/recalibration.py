"""Probabilities from scores: how far log-odds, or the margins of a classifier, are to be trusted, by labelled pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from matching.arrays import Bools, Floats

__all__ = ["FEWEST", "Recalibration", "enough", "recalibrate"]

FEWEST: Final = (20, 5)
"""Judgements that are enough to learn from: in all, and of each verdict."""

_SLIPS: Final = 0.02  # of the judgements are wrong, or are of a pair that nothing could have told
_SHIFT: Final = 0.5  # spread of the shift that is expected before any judgement is seen, natural log-odds
_STRETCH: Final = 0.125  # likewise of the logarithm of the scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibration:
    """``scale · log-odds + shift`` is what the judgements make of a model's natural log-odds."""

    scale: float = 1.0
    shift: float = 0.0


def recalibrate(odds: Floats, same: Bools, *, spread: float = 1.0) -> Recalibration:
    """Platt scaling that moves little where there are few judgements.

    Platt (1999), "Probabilistic outputs for support vector machines", as the mode of a posterior: shift and logarithm
    of the scale are normal around none. A share of the judgements may be slips, so that one verdict against
    overwhelming evidence does not turn everything.

    Args:
        odds: (J,) natural log-odds of the judged pairs.
        same: (J,) the verdicts.
        spread: How many times further than log-odds these may be off: margins of a classifier are no log-odds yet.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  costs 0.4 s, and only judgements need it

    sign = np.where(same, 1.0, -1.0)

    def against(at: npt.NDArray[np.float64]) -> float:
        right = 1.0 / (1.0 + np.exp(-np.clip(sign * (np.exp(at[0]) * odds + at[1]), -500, 500)))
        fit = -np.log(_SLIPS + (1 - 2 * _SLIPS) * right).sum()
        return float(fit + (at[0] / (spread * _STRETCH)) ** 2 / 2 + (at[1] / (spread * _SHIFT)) ** 2 / 2)

    bounds = [(-spread, spread), (-5.0, 5.0)]
    found = minimize(against, np.zeros(2), method="L-BFGS-B", bounds=bounds)
    return Recalibration(scale=float(np.exp(found.x[0])), shift=float(found.x[1]))


def enough(same: Bools) -> bool:
    """Whether so many judgements teach anything; see `FEWEST`."""
    return len(same) >= FEWEST[0] and min(int(same.sum()), int((~same).sum())) >= FEWEST[1]
