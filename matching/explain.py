"""Why two records match or do not: the levels, the values, each weight, and the sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa

from matching.arrays import Codes, Floats
from matching.attributes import StandardAttribute
from matching.classify import comparison_weights, log_odds, prior_weight, probability, with_moves
from matching.ground import pair_comparer
from matching.guards import Guards
from matching.hubs import silence
from matching.model import Model
from matching.pairs import PairComparer
from matching.prepare import Prepared, prepare

__all__ = ["ComparedAttribute", "Explanation", "explain", "explain_pairs"]

_BITS = float(np.log(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAttribute:
    """One comparison of a pair.

    Args:
        attribute: The comparison's name.
        left: Standard value of the one record, None where it has none; of several values the ones that agree best.
        right: Likewise of the other.
        level: Name of the level that the two reach.
        match_weight: log2 Bayes factor, adjusted for how common the value is.
    """

    attribute: str
    left: str | None
    right: str | None
    level: str
    match_weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A pair's match weight, part by part: ``prior + crowds + learned + Σ attributes = match_weight``.

    Args:
        attributes: The comparisons in the model's order.
        prior: log2 odds that any two records match.
        crowds: log2 discount because people of one household, area or name agree on as much; a bonus where two records
            say the same and the table could not tell them apart.
        match_weight: log2 odds of a match.
        match_probability: 0..1.
        learned: What judgements have taught beside the weights: log2 odds; see `matching.judged`.
        vetoes: What keeps the two apart whatever else agrees; see `matching.guards.Guards.reasons`.
        shared: Attributes whose values here are on so many records that they count as missing; see `matching.hubs`.
    """

    attributes: tuple[ComparedAttribute, ...]
    prior: float
    crowds: float
    match_weight: float
    match_probability: float
    learned: float = 0.0
    vetoes: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def explain(records: pd.DataFrame, left: int, right: int, model: Model) -> Explanation:
    """Explains one pair as the model sees it; see `explain_pairs`."""
    return explain_pairs(records, [(left, right)], model)[0]


def explain_pairs(records: pd.DataFrame, pairs: Sequence[tuple[int, int]], model: Model) -> tuple[Explanation, ...]:
    """Explains a few pairs as the model sees them.

    Args:
        records: The frame that the positions refer to; only the rows of the pairs are read.
        pairs: Positions of two records each.
        model: The model that decided.
    """
    if not pairs:
        return ()
    rows, place = np.unique(np.array(pairs), return_inverse=True)
    whole = prepare(records.iloc[rows].reset_index(drop=True), model.roles, None, model.comparisons)
    prepared = silence(whole, model.hubs)
    guards = Guards.over(model.comparisons, prepared.attributes, prepared.size, model.vetoes)
    comparer = pair_comparer(model.comparisons, prepared.attributes, model.frequencies, model.rarities)
    now = np.empty(len(rows), dtype=np.int32)
    now[prepared.order] = np.arange(len(rows), dtype=np.int32)
    one, two = now[place.reshape(-1, 2)].T
    compared = comparer.compare(one, two)
    weights = comparison_weights(compared, model.comparisons, model.parameters)
    weights = with_moves(weights, model.comparisons, model.parameters)
    prior = prior_weight(model.parameters)
    totals = log_odds(compared, model.comparisons, model.parameters)
    untaught = log_odds(compared, model.comparisons, replace(model.parameters, scale=1.0, shift=0.0))
    discounts = untaught - prior - weights.sum(axis=1)  # and what equal records gain that nothing could tell apart
    chances = probability(totals)
    return tuple(
        Explanation(
            attributes=_attributes(model, prepared, comparer, levels, weights[at], int(one[at]), int(two[at])),
            prior=prior / _BITS,
            crowds=float(discounts[at]) / _BITS,
            match_weight=float(totals[at]) / _BITS,
            match_probability=float(chances[at]),
            learned=float(totals[at] - untaught[at]) / _BITS,
            vetoes=guards.reasons(int(one[at]), int(two[at])),
            shared=_shared(whole, prepared, int(one[at]), int(two[at])),
        )
        for at, levels in enumerate(compared.levels)
    )


def _shared(whole: Prepared, silenced: Prepared, left: int, right: int) -> tuple[str, ...]:
    """Attributes of which a value of either record was silenced."""
    return tuple(
        name
        for name, attribute in whole.attributes.items()
        for heard in [silenced.attributes[name]]
        if any(
            slot[row] != quiet[row]
            for slot, quiet in zip(attribute.slots, heard.slots, strict=True)
            for row in (left, right)
        )
    )


def _attributes(
    model: Model,
    prepared: Prepared,
    comparer: PairComparer,
    levels: np.ndarray[tuple[int], np.dtype[np.int8]],
    weights: Floats,
    left: int,
    right: int,
) -> tuple[ComparedAttribute, ...]:
    found = []
    for place, comparison in enumerate(model.comparisons):
        attribute = prepared.attributes[comparison.name]
        one, two = _best(attribute, comparer, comparison.name, left, right)
        found.append(
            ComparedAttribute(
                attribute=comparison.name,
                left=_value(attribute.values, one),
                right=_value(attribute.values, two),
                level=comparison.levels[levels[place]],
                match_weight=float(weights[place] / _BITS),
            )
        )
    return tuple(found)


def _best(attribute: StandardAttribute, comparer: PairComparer, name: str, left: int, right: int) -> tuple[int, int]:
    """The codes of the two values that agree best."""
    best, chosen = 127, (_first(attribute.slots, left), _first(attribute.slots, right))
    for one, two in product(attribute.slots, repeat=2):
        level = comparer.value_level(name, int(one[left]), int(two[right]))
        if 0 < level < best:
            best, chosen = level, (int(one[left]), int(two[right]))
    return chosen


def _first(slots: tuple[Codes, ...], row: int) -> int:
    return next((int(s[row]) for s in slots if s[row] >= 0), -1)


def _value(values: pa.StringArray, code: int) -> str | None:
    return None if code < 0 else str(values[code].as_py())
