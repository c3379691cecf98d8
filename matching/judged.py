"""What judgements of people teach besides themselves: how far the model's odds are to be trusted.

A judged pair holds for itself (`matching.cluster`). As a labelled pattern it also teaches EM what matches look like
(`matching.estimate`); and all of them together show whether the log-odds are too timid or too bold.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matching.arrays import Bools
from matching.classify import log_odds
from matching.cluster import Judgements, components
from matching.comparison import Comparison
from matching.pairs import ComparedPairs
from matching.parameters import Parameters
from matching.recalibration import enough, recalibrate

__all__ = ["contradicted", "recalibrated"]


def recalibrated(
    parameters: Parameters, comparisons: tuple[Comparison, ...], judged: ComparedPairs, same: Bools
) -> Parameters:
    """The parameters with their log-odds recalibrated on judged pairs; as they are where these are too few.

    Args:
        parameters: What was estimated.
        comparisons: What is compared.
        judged: The J judged pairs, compared.
        same: (J,) the verdicts.
    """
    if not enough(same):
        return parameters
    found = recalibrate(log_odds(judged, comparisons, parameters), same)
    return replace(parameters, scale=found.scale, shift=found.shift)


def contradicted(judgements: Judgements, size: int) -> Bools:
    """(J,) which judgements *different* are of records that judgements *same* join, directly or through others."""
    same = judgements.same
    group = components(size, judgements.left[same], judgements.right[same])
    return np.asarray(~same & (group[judgements.left] == group[judgements.right]))
