"""Clusters of prepared records by a model's weights: links, guards and judgements brought together."""

from __future__ import annotations

from typing import Final

import numpy as np

from matching.arrays import Bools, Codes, Floats
from matching.classify import log_odds
from matching.cluster import Judgements, Linkage, cluster
from matching.guards import Guards
from matching.model import Model
from matching.pairs import PairComparer
from matching.prepare import Prepared

__all__ = ["Joiner", "logit"]

_BATCH: Final = 1_000_000


class Joiner:
    """Makes clusters of some of the prepared records.

    Args:
        prepared: All records.
        model: What weighs the pairs that are not weighed yet.
        comparer: Compares them.
        records: (M,) ascending positions of the records to cluster; all of them where absent.
    """

    def __init__(self, prepared: Prepared, model: Model, comparer: PairComparer, records: Codes | None = None) -> None:
        self._prepared = prepared
        self._model = model
        self._comparer = comparer
        self._records = records
        self._guards = Guards.over(model.comparisons, prepared.attributes, prepared.size, model.vetoes)

    def clusters(
        self, left: Codes, right: Codes, odds: Floats, linkage: Linkage, judged: Judgements | None = None
    ) -> Codes:
        """The cluster of each record, 0..K-1.

        Args:
            left: (P,) which of the records to cluster, counted from 0.
            right: (P,) likewise, each greater than its left.
            odds: (P,) natural log-odds of a match.
            linkage: When groups join.
            judged: Pairs that people have decided, counted likewise.
        """
        size = self._prepared.size if self._records is None else len(self._records)
        return cluster(size, left, right, odds, self._score, linkage, judged, self._apart)

    def _score(self, left: Codes, right: Codes) -> Floats:
        one, two = self._placed(left), self._placed(right)
        model, found = self._model, np.empty(len(one))
        for start in range(0, len(one), _BATCH):
            part = slice(start, start + _BATCH)
            found[part] = log_odds(self._comparer.compare(one[part], two[part]), model.comparisons, model.parameters)
        return np.where(self._prepared.comparable(one, two), found, -np.inf)

    def _apart(self, left: Codes, right: Codes) -> Bools:
        return self._guards.apart(self._placed(left), self._placed(right))

    def _placed(self, positions: Codes) -> Codes:
        return positions if self._records is None else self._records[positions]


def logit(probability: float) -> float:
    """Natural log-odds of a probability."""
    return float(np.log(probability) - np.log1p(-min(probability, 1 - 1e-12)))
